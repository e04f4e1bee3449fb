// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/curltransport.h"

#include "gitops/cluster/curlcall.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>

namespace gitops {

namespace {

using Clock = std::chrono::steady_clock;

core::Error cancelled()
{
    return {
        core::ErrorCode::Cancelled, "the request was cancelled", {}, core::Fault::Wavewright, {}};
}

void initialiseCurl()
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

} // namespace

/// The I/O thread: epoll over the sockets of two multis, and an eventfd for what comes from
/// outside.
class CurlTransport::Loop
{
public:
    Loop(ClusterConnection connection, Options options);
    ~Loop();

    CallId add(std::unique_ptr<CurlCall> call);
    CallId nextId() { return ++m_lastId; }
    void cancel(CallId id);

private:
    /// One curl multi with its timer. Requests have one, streams the other.
    struct Multi
    {
        Loop* loop = nullptr;
        CURLM* handle = nullptr;
        bool hasTimer = false;
        Clock::time_point due;
    };

    static int onSocket(CURL* easy, curl_socket_t socket, int what, void* multi, void* known);
    static int onTimer(CURLM* handle, long milliseconds, void* multi);

    void open(Multi& multi, long maxConnections);
    void run();
    int waitTime() const;
    void takeOrders();
    void start(std::unique_ptr<CurlCall> call);
    void drop(CallId id, core::Error error);
    void act(Multi& multi, curl_socket_t socket, int events);
    void runTimers();
    void collect(Multi& multi);
    bool retry(CurlCall& call, Multi& multi);
    void wake();
    Multi& multiOf(const CurlCall& call) { return m_multis[call.isStream() ? 1 : 0]; }

    // The I/O thread's alone.
    CurlEndpoint m_endpoint;
    const Options m_options;
    int m_epoll = -1;
    int m_wake = -1;
    std::array<Multi, 2> m_multis;
    std::unordered_map<CallId, std::unique_ptr<CurlCall>> m_calls;

    std::atomic<CallId> m_lastId = 0;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<CurlCall>> m_added; // guarded by m_mutex
    std::vector<CallId> m_cancelled; // guarded by m_mutex
    bool m_stopping = false; // guarded by m_mutex
    std::thread m_thread; // last: it uses all of the above
};

CurlTransport::Loop::Loop(ClusterConnection connection, Options options)
    : m_endpoint(std::move(connection), options)
    , m_options(options)
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u64 = ~std::uint64_t(0);
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
    open(m_multis[0], options.maxConnections);
    open(m_multis[1], 0);
    m_thread = std::thread([this] {
        pthread_setname_np(pthread_self(), "cluster-io");
        run();
    });
}

CurlTransport::Loop::~Loop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    wake();
    m_thread.join();
    ::close(m_wake);
    ::close(m_epoll);
}

void CurlTransport::Loop::open(Multi& multi, long maxConnections)
{
    multi.loop = this;
    multi.handle = curl_multi_init();
    const auto set = [&multi](CURLMoption option, auto value) {
        curl_multi_setopt(multi.handle, option, value);
    };
    set(CURLMOPT_SOCKETFUNCTION, &Loop::onSocket);
    set(CURLMOPT_SOCKETDATA, static_cast<void*>(&multi));
    set(CURLMOPT_TIMERFUNCTION, &Loop::onTimer);
    set(CURLMOPT_TIMERDATA, static_cast<void*>(&multi));
    set(CURLMOPT_PIPELINING, long(CURLPIPE_MULTIPLEX));
    set(CURLMOPT_MAX_CONCURRENT_STREAMS, 100L);
    set(CURLMOPT_MAX_HOST_CONNECTIONS, maxConnections);
    // By default those beyond four times the calls of the moment are closed: of a burst's
    // connections nearly all, and the next would begin with as many TLS handshakes.
    if (maxConnections > 0)
        set(CURLMOPT_MAXCONNECTS, maxConnections);
}

CurlTransport::CallId CurlTransport::Loop::add(std::unique_ptr<CurlCall> call)
{
    const CallId id = call->id();
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_added.empty();
        m_added.push_back(std::move(call));
    }
    if (first)
        wake();
    return id;
}

void CurlTransport::Loop::cancel(CallId id)
{
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled.push_back(id);
    }
    wake();
}

void CurlTransport::Loop::wake()
{
    const std::uint64_t one = 1;
    while (::write(m_wake, &one, sizeof one) < 0 && errno == EINTR) { }
}

int CurlTransport::Loop::onSocket(CURL*, curl_socket_t socket, int what, void* data, void* known)
{
    auto* multi = static_cast<Multi*>(data);
    Loop* loop = multi->loop;
    if (what == CURL_POLL_REMOVE) {
        ::epoll_ctl(loop->m_epoll, EPOLL_CTL_DEL, socket, nullptr);
        return 0;
    }
    epoll_event event = {};
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    event.data.u64 = std::uint64_t(multi - loop->m_multis.data()) << 32 | std::uint32_t(socket);
    if (known) {
        ::epoll_ctl(loop->m_epoll, EPOLL_CTL_MOD, socket, &event);
    } else {
        ::epoll_ctl(loop->m_epoll, EPOLL_CTL_ADD, socket, &event);
        curl_multi_assign(multi->handle, socket, multi);
    }
    return 0;
}

int CurlTransport::Loop::onTimer(CURLM*, long milliseconds, void* data)
{
    auto* multi = static_cast<Multi*>(data);
    multi->hasTimer = milliseconds >= 0;
    multi->due = Clock::now() + std::chrono::milliseconds(std::max(0L, milliseconds));
    return 0;
}

int CurlTransport::Loop::waitTime() const
{
    long out = -1;
    for (const Multi& multi : m_multis) {
        if (!multi.hasTimer)
            continue;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(multi.due - Clock::now()).count();
        out = out < 0 ? std::max(0L, long(left)) : std::min(out, std::max(0L, long(left)));
    }
    return int(std::min(out, 3'600'000L));
}

void CurlTransport::Loop::run()
{
    std::array<epoll_event, 64> events;
    while (true) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopping)
                break;
        }
        const int count = ::epoll_wait(m_epoll, events.data(), int(events.size()), waitTime());
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[std::size_t(i)];
            if (event.data.u64 == ~std::uint64_t(0)) {
                std::uint64_t drained = 0;
                (void)!::read(m_wake, &drained, sizeof drained);
                continue;
            }
            int mask = 0;
            if (event.events & EPOLLIN)
                mask |= CURL_CSELECT_IN;
            if (event.events & EPOLLOUT)
                mask |= CURL_CSELECT_OUT;
            if (event.events & (EPOLLERR | EPOLLHUP))
                mask |= CURL_CSELECT_ERR;
            act(m_multis[event.data.u64 >> 32], int(event.data.u64 & 0xffffffffu), mask);
        }
        runTimers();
        for (Multi& multi : m_multis)
            collect(multi);
        takeOrders();
    }
    takeOrders();
    while (!m_calls.empty())
        drop(m_calls.begin()->first, cancelled());
    for (Multi& multi : m_multis)
        curl_multi_cleanup(multi.handle);
}

void CurlTransport::Loop::takeOrders()
{
    std::vector<std::unique_ptr<CurlCall>> added;
    std::vector<CallId> dropped;
    {
        const std::lock_guard lock(m_mutex);
        added.swap(m_added);
        dropped.swap(m_cancelled);
    }
    for (std::unique_ptr<CurlCall>& call : added) {
        // Cancelled before it began: nothing is sent.
        if (const auto it = std::find(dropped.begin(), dropped.end(), call->id());
            it != dropped.end())
            call->fail(cancelled());
        else
            start(std::move(call));
    }
    for (const CallId id : dropped)
        drop(id, cancelled());
}

void CurlTransport::Loop::start(std::unique_ptr<CurlCall> call)
{
    if (auto problem = call->problem())
        return call->fail(std::move(*problem));
    CURL* easy = call->prepare(m_endpoint, m_options);
    CURLM* multi = multiOf(*call).handle;
    m_calls.emplace(call->id(), std::move(call));
    curl_multi_add_handle(multi, easy);
}

void CurlTransport::Loop::drop(CallId id, core::Error error)
{
    auto node = m_calls.extract(id);
    if (node.empty())
        return; // answered already
    CurlCall& call = *node.mapped();
    curl_multi_remove_handle(multiOf(call).handle, call.handle());
    call.fail(std::move(error));
}

void CurlTransport::Loop::act(Multi& multi, curl_socket_t socket, int events)
{
    int running = 0;
    curl_multi_socket_action(multi.handle, socket, events, &running);
}

void CurlTransport::Loop::runTimers()
{
    const Clock::time_point now = Clock::now();
    for (Multi& multi : m_multis)
        if (multi.hasTimer && multi.due <= now) {
            multi.hasTimer = false;
            act(multi, CURL_SOCKET_TIMEOUT, 0);
        }
}

void CurlTransport::Loop::collect(Multi& multi)
{
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.handle, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        void* data = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &data);
        const CURLcode code = message->data.result;
        auto* call = static_cast<CurlCall*>(data);
        curl_multi_remove_handle(multi.handle, message->easy_handle);
        if (code == CURLE_OK && retry(*call, multi))
            continue;
        const auto node = m_calls.extract(call->id());
        call->finish(code, m_endpoint);
    }
}

/// A 401 was not acted upon by the server: once more, if the token file has another token by now.
bool CurlTransport::Loop::retry(CurlCall& call, Multi& multi)
{
    if (call.status() != 401)
        return false;
    const bool isNew = m_endpoint.refresh(call.authorization());
    if (!isNew || call.wasRetried || call.isStream())
        return false;
    call.wasRetried = true;
    curl_multi_add_handle(multi.handle, call.prepare(m_endpoint, m_options));
    return true;
}

CurlTransport::CurlTransport(ClusterConnection connection)
    : CurlTransport(std::move(connection), Options())
{
}

CurlTransport::CurlTransport(ClusterConnection connection, Options options)
{
    initialiseCurl();
    d = std::make_unique<Loop>(std::move(connection), options);
}

CurlTransport::~CurlTransport() = default;

CurlTransport::CallId CurlTransport::send(core::HttpRequest request, ResponseHandler done)
{
    return d->add(std::make_unique<CurlCall>(d->nextId(), std::move(request), std::move(done)));
}

CurlTransport::CallId CurlTransport::stream(core::HttpRequest request, StreamHandler handler)
{
    return d->add(std::make_unique<CurlCall>(d->nextId(), std::move(request), std::move(handler)));
}

void CurlTransport::cancel(CallId id)
{
    d->cancel(id);
}

} // namespace gitops

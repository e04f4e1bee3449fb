// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/renewingtransport.h"

#include "gitops/cluster/curltransport.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <sys/stat.h>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace gitops {

namespace {

using Clock = std::chrono::steady_clock;

core::Error cancelled()
{
    return {
        core::ErrorCode::Cancelled, "the request was cancelled", {}, core::Fault::Wavewright, {}};
}

/// What tells that a file is another one than before.
using Stamp = std::tuple<std::string, ino_t, off_t, time_t, long>;

std::vector<Stamp> stampsOf(const ClusterConnection& connection)
{
    std::vector<std::string> files = connection.files;
    if (!connection.tokenFile.empty())
        files.push_back(connection.tokenFile);
    std::vector<Stamp> out;
    for (std::string& file : files) {
        struct stat status = {};
        ::stat(file.c_str(), &status);
        out.emplace_back(std::move(file), status.st_ino, status.st_size, status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec);
    }
    return out;
}

} // namespace

struct RenewingTransport::Private : std::enable_shared_from_this<RenewingTransport::Private>
{
    /// A transport under one identity.
    struct Carrier
    {
        std::unique_ptr<Transport> transport;
        std::size_t open = 0; ///< calls
    };
    using CarrierPtr = std::shared_ptr<Carrier>;

    struct Call
    {
        core::HttpRequest request; ///< kept to be sent again
        ResponseHandler done;
        std::shared_ptr<StreamHandler> handler; ///< of a stream
        CarrierPtr carrier; ///< null: waits for a credential
        CallId inner = 0;
        bool wasRetried = false;
        bool isCancelled = false; ///< while it waited
        std::optional<core::HttpResponse> refusal; ///< the 401 that it waits with
        CarrierPtr refusedBy;
        std::optional<core::Error> endsAs; ///< what its end means to the caller
    };

    Private(ClusterConnection connection, Resolve resolveOf, Make makeOf, Options optionsOf)
        : resolve(std::move(resolveOf))
        , make(std::move(makeOf))
        , options(optionsOf)
        , base(std::move(connection))
    {
    }

    const Resolve resolve;
    const Make make;
    const Options options;

    // The worker's.
    ClusterConnection base; ///< without what a plugin gives
    std::vector<Stamp> stamps;
    std::optional<core::WallTime> expiresAt;
    Clock::time_point nextLook {};

    std::atomic<bool> isStopped = false;
    std::mutex mutex;
    std::condition_variable changed;
    // Guarded by mutex.
    CarrierPtr current;
    core::Digest identity {};
    std::list<CarrierPtr> retired;
    std::map<CallId, Call> calls;
    CallId lastId = 0;
    bool isRefused = false; ///< a 401 came since the last renewal
    std::optional<core::Error> failure; ///< why there is no credential
    Clock::time_point notBefore {}; ///< no plugin runs

    std::thread thread; // last

    void start(CallId id, Call& call);
    void answered(CallId id, const CarrierPtr& carrier, core::Result<core::HttpResponse> answer);
    void ended(CallId id, const CarrierPtr& carrier, std::optional<core::Error> error);
    void leave(Carrier& carrier);

    void run();
    bool hasWaiting() const;
    bool isDue() const;
    bool isExpiring() const;
    bool lookAtFiles(bool isForced);
    void renew();
    void adopt(const ClusterConnection& connection);
    void replace(const ClusterConnection& connection);
    void settleWaiting();
    void dropRetired();
    void finish();
};

/// Sends a call on its way, with the mutex held: transports call no handler inside.
void RenewingTransport::Private::start(CallId id, Call& call)
{
    call.carrier = current;
    ++current->open;
    const auto self = shared_from_this();
    const CarrierPtr carrier = current;
    if (!call.handler) {
        call.inner = carrier->transport->send(call.request, [self, id, carrier](auto answer) {
            self->answered(id, carrier, std::move(answer));
        });
        return;
    }
    StreamHandler inner;
    inner.head = [self, handler = call.handler](int status, const core::HttpHeaders& headers) {
        if (status == 401) {
            const std::lock_guard lock(self->mutex);
            self->isRefused = true;
            self->changed.notify_all();
        }
        if (handler->head)
            handler->head(status, headers);
    };
    inner.data = [handler = call.handler](std::string_view bytes) {
        if (handler->data)
            handler->data(bytes);
    };
    inner.end = [self, id, carrier](std::optional<core::Error> error) {
        self->ended(id, carrier, std::move(error));
    };
    call.inner = carrier->transport->stream(call.request, std::move(inner));
}

void RenewingTransport::Private::leave(Carrier& carrier)
{
    if (--carrier.open == 0 && &carrier != current.get())
        changed.notify_all(); // it can go
}

void RenewingTransport::Private::answered(CallId id, const CarrierPtr& carrier,
                                          core::Result<core::HttpResponse> answer)
{
    ResponseHandler done;
    {
        const std::lock_guard lock(mutex);
        leave(*carrier);
        const auto it = calls.find(id);
        if (it == calls.end())
            return;
        Call& call = it->second;
        // The server acted on nothing: once more, with what is there by then.
        if (answer && answer->status == 401 && !std::exchange(call.wasRetried, true)
            && !isStopped) {
            call.refusal = std::move(*answer);
            call.refusedBy = std::move(call.carrier);
            isRefused = isRefused || carrier == current;
            changed.notify_all();
            return;
        }
        done = std::move(call.done);
        calls.erase(it);
    }
    if (done)
        done(std::move(answer));
}

void RenewingTransport::Private::ended(CallId id, const CarrierPtr& carrier,
                                       std::optional<core::Error> error)
{
    std::shared_ptr<StreamHandler> handler;
    {
        const std::lock_guard lock(mutex);
        leave(*carrier);
        const auto it = calls.find(id);
        if (it == calls.end())
            return;
        handler = it->second.handler;
        if (it->second.endsAs)
            error = it->second.endsAs;
        calls.erase(it);
    }
    if (handler->end)
        handler->end(std::move(error));
}

/// With the mutex held.
bool RenewingTransport::Private::hasWaiting() const
{
    return std::ranges::any_of(calls, [](const auto& one) { return !one.second.carrier; });
}

/// With the mutex held.
bool RenewingTransport::Private::isDue() const
{
    return isStopped || hasWaiting() || (isRefused && Clock::now() >= notBefore)
        || std::ranges::any_of(retired, [](const CarrierPtr& one) { return one->open == 0; });
}

bool RenewingTransport::Private::isExpiring() const
{
    return expiresAt && std::chrono::system_clock::now() >= *expiresAt - options.early;
}

void RenewingTransport::Private::run()
{
    stamps = stampsOf(base);
    while (!isStopped) {
        renew();
        settleWaiting();
        dropRetired();
        std::unique_lock lock(mutex);
        const auto wake = isRefused ? std::min(nextLook, notBefore) : nextLook;
        changed.wait_until(lock, wake, [this] { return isDue(); });
    }
    finish();
}

/// Looks at the files and runs the plugin, where it is time for that.
void RenewingTransport::Private::renew()
{
    const auto now = Clock::now();
    bool isRefusedNow = false;
    bool isAwaited = false;
    {
        const std::lock_guard lock(mutex);
        isRefusedNow = isRefused && now >= notBefore;
        isAwaited = !current && now >= notBefore && (!failure || hasWaiting());
    }
    bool hasChanged = false;
    if (now >= nextLook || isRefusedNow) {
        nextLook = now + options.look;
        hasChanged = lookAtFiles(isRefusedNow);
    }
    if (!base.exec) {
        if (hasChanged || isRefusedNow)
            adopt(base);
        return;
    }
    if (!isAwaited && !isRefusedNow && !hasChanged && !(isExpiring() && now >= notBefore))
        return;
    const auto credential = runPlugin(*base.exec, base, options.exec, isStopped);
    if (!credential) {
        const std::lock_guard lock(mutex);
        failure = credential.error();
        isRefused = false;
        notBefore = Clock::now() + options.retry;
        return;
    }
    expiresAt = credential->expiresAt;
    ClusterConnection full = base;
    if (!credential->token.isEmpty())
        full.token = credential->token;
    if (!credential->keyPem.isEmpty()) {
        full.clientCertificatePem = credential->certificatePem;
        full.clientKeyPem = credential->keyPem;
    }
    adopt(full);
}

/// True when a file is another one now. Being replaced, perhaps, or meant for another server: then
/// what is there stays.
bool RenewingTransport::Private::lookAtFiles(bool isForced)
{
    const bool hasChanged = stampsOf(base) != stamps;
    if (!hasChanged && !isForced)
        return false;
    auto fresh = resolve ? resolve() : core::Result<ClusterConnection>(base);
    if (!fresh || fresh->server != base.server)
        return false;
    base = std::move(*fresh);
    stamps = stampsOf(base);
    return hasChanged;
}

void RenewingTransport::Private::adopt(const ClusterConnection& connection)
{
    const core::Digest digest = connection.digest();
    bool isNew = false;
    {
        const std::lock_guard lock(mutex);
        isNew = !current || digest != identity;
        failure.reset();
        isRefused = false;
        // The same again, or one that is over at once: not asked for in a loop.
        notBefore = Clock::now() + (base.exec ? options.retry : std::chrono::milliseconds(0));
        identity = digest;
    }
    if (isNew)
        replace(connection);
}

void RenewingTransport::Private::replace(const ClusterConnection& connection)
{
    const auto next = std::make_shared<Carrier>();
    next->transport = make(connection);
    const std::lock_guard lock(mutex);
    const CarrierPtr before = std::exchange(current, next);
    if (!before)
        return;
    retired.push_back(before);
    for (auto& [id, call] : calls)
        if (call.handler && call.carrier == before) {
            call.endsAs = core::Error {core::ErrorCode::Network,
                                       "the credentials changed; the watch is opened again",
                                       {},
                                       core::Fault::Cluster,
                                       {}};
            before->transport->cancel(call.inner);
        }
}

/// Calls that wait: off they go, or they get told why not.
void RenewingTransport::Private::settleWaiting()
{
    std::vector<std::pair<Call, std::optional<core::Error>>> over;
    {
        const std::lock_guard lock(mutex);
        const bool isPending = isRefused && Clock::now() >= notBefore;
        for (auto it = calls.begin(); it != calls.end();) {
            Call& call = it->second;
            const auto id = it->first;
            const auto next = std::next(it);
            if (!call.carrier) {
                std::optional<core::Error> error;
                if (call.isCancelled)
                    error = cancelled();
                else if (!current && failure)
                    error = failure;
                const bool isRefusedForGood =
                    call.refusal && !error && !isPending && call.refusedBy == current;
                if (error || isRefusedForGood) {
                    over.emplace_back(std::move(call), std::move(error));
                    calls.erase(it);
                } else if (current && !isPending) {
                    start(id, call);
                }
            }
            it = next;
        }
    }
    for (auto& [call, error] : over) {
        if (call.handler && call.handler->end)
            call.handler->end(std::move(error));
        else if (call.done && error)
            call.done(std::unexpected(std::move(*error)));
        else if (call.done)
            call.done(std::move(*call.refusal));
    }
}

void RenewingTransport::Private::dropRetired()
{
    std::vector<CarrierPtr> gone;
    {
        const std::lock_guard lock(mutex);
        for (auto it = retired.begin(); it != retired.end();)
            if ((*it)->open == 0) {
                gone.push_back(std::move(*it));
                it = retired.erase(it);
            } else {
                ++it;
            }
    }
    for (const CarrierPtr& carrier : gone)
        carrier->transport.reset(); // waits for its thread; its handlers may still hold the carrier
}

void RenewingTransport::Private::finish()
{
    std::list<CarrierPtr> all;
    {
        const std::lock_guard lock(mutex);
        all.swap(retired);
        if (current)
            all.push_back(std::move(current));
        for (auto& [id, call] : calls)
            call.isCancelled = call.isCancelled || !call.carrier;
    }
    settleWaiting();
    for (const CarrierPtr& carrier : all)
        carrier->transport.reset();
    settleWaiting(); // refused meanwhile
}

RenewingTransport::RenewingTransport(ClusterConnection connection, Resolve resolve, Make make,
                                     Options options)
    : d(std::make_shared<Private>(std::move(connection), std::move(resolve), std::move(make),
                                  options))
{
    d->nextLook = Clock::now() + options.look;
    if (!d->base.exec)
        d->adopt(d->base);
    d->thread = std::thread([self = d] {
        pthread_setname_np(pthread_self(), "credentials");
        self->run();
    });
}

RenewingTransport::~RenewingTransport()
{
    {
        const std::lock_guard lock(d->mutex);
        d->isStopped = true;
        d->changed.notify_all();
    }
    d->thread.join();
}

RenewingTransport::CallId RenewingTransport::send(core::HttpRequest request, ResponseHandler done)
{
    const std::lock_guard lock(d->mutex);
    const CallId id = ++d->lastId;
    Private::Call& call = d->calls[id];
    call.request = std::move(request);
    call.done = std::move(done);
    if (d->current)
        d->start(id, call);
    else
        d->changed.notify_all();
    return id;
}

RenewingTransport::CallId RenewingTransport::stream(core::HttpRequest request,
                                                    StreamHandler handler)
{
    const std::lock_guard lock(d->mutex);
    const CallId id = ++d->lastId;
    Private::Call& call = d->calls[id];
    call.request = std::move(request);
    call.handler = std::make_shared<StreamHandler>(std::move(handler));
    if (d->current)
        d->start(id, call);
    else
        d->changed.notify_all();
    return id;
}

void RenewingTransport::cancel(CallId id)
{
    const std::lock_guard lock(d->mutex);
    const auto it = d->calls.find(id);
    if (it == d->calls.end())
        return;
    if (it->second.carrier) {
        if (it->second.carrier->transport)
            it->second.carrier->transport->cancel(it->second.inner);
        return;
    }
    it->second.isCancelled = true;
    d->changed.notify_all();
}

std::unique_ptr<Transport> makeTransport(const ClusterConnection& connection,
                                         RenewingTransport::Resolve resolve)
{
    if (!connection.exec && connection.files.empty() && connection.tokenFile.empty())
        return std::make_unique<CurlTransport>(connection);
    return std::make_unique<RenewingTransport>(
        connection, std::move(resolve),
        [](const ClusterConnection& one) { return std::make_unique<CurlTransport>(one); },
        RenewingTransport::Options {});
}

} // namespace gitops

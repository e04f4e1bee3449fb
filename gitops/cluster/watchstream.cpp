// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/watchstream.h"

#include "core/base/strings.h"
#include "gitops/cluster/apierror.h"
#include "gitops/cluster/jsonbody.h"
#include "gitops/cluster/jsonslices.h"

namespace gitops {

namespace {

constexpr std::size_t kMaxRefusal = 64u << 10;

core::Error error(core::ErrorCode code, std::string message)
{
    return {code, std::move(message), {}, core::Fault::Cluster, {}};
}

std::optional<WatchEvent::Type> typeOf(std::string_view text)
{
    if (text == "ADDED")
        return WatchEvent::Type::Added;
    if (text == "MODIFIED")
        return WatchEvent::Type::Modified;
    if (text == "DELETED")
        return WatchEvent::Type::Deleted;
    if (text == "BOOKMARK")
        return WatchEvent::Type::Bookmark;
    return {};
}

} // namespace

WatchStream::WatchStream(Transport& transport, core::Executor& executor, std::shared_ptr<Gate> gate,
                         ApiClient::WatchHandler handler, bool isSensitive, Limits limits)
    : m_transport(transport)
    , m_executor(executor)
    , m_gate(std::move(gate))
    , m_handler(std::move(handler))
    , m_isSensitive(isSensitive)
    , m_limits(limits)
{
}

/// On the transport's thread: puts something into the inbox, and asks for a drain unless one is
/// asked for.
template<class Change>
void WatchStream::arrived(Change change)
{
    bool post = false;
    {
        const std::lock_guard lock(m_inbox.mutex);
        change(m_inbox);
        post = !m_inbox.isPosted;
        m_inbox.isPosted = true;
    }
    if (post)
        m_gate->post([self = shared_from_this()] { self->drain(); });
}

void WatchStream::start(core::HttpRequest request)
{
    m_lastBytes = m_executor.clock().steadyNow();
    watchSilence();
    // The transport keeps the stream until its end has been called.
    Transport::StreamHandler handler;
    const auto self = shared_from_this();
    handler.head = [self](int status, const core::HttpHeaders& headers) {
        self->arrived([&](Inbox& inbox) {
            inbox.status = status;
            inbox.headers = headers;
        });
    };
    handler.data = [self, limit = m_limits.inbox](std::string_view bytes) {
        self->arrived([&](Inbox& inbox) {
            inbox.isOverflown = inbox.isOverflown || inbox.bytes.size() + bytes.size() > limit;
            if (!inbox.isOverflown)
                inbox.bytes += bytes;
        });
    };
    handler.end = [self](std::optional<core::Error> failure) {
        self->arrived([&](Inbox& inbox) {
            inbox.hasEnded = true;
            inbox.error = std::move(failure);
        });
    };
    m_id = m_transport.stream(std::move(request), std::move(handler));
}

void WatchStream::cancel()
{
    if (m_over)
        return;
    m_over = true;
    m_handler = {};
    m_transport.cancel(m_id);
    if (m_timer)
        m_executor.cancel(std::exchange(m_timer, 0));
}

void WatchStream::drain()
{
    std::string bytes;
    int status = 0;
    bool hasEnded = false;
    bool isOverflown = false;
    std::optional<core::Error> failure;
    {
        const std::lock_guard lock(m_inbox.mutex);
        m_inbox.isPosted = false;
        bytes.swap(m_inbox.bytes);
        status = m_inbox.status;
        if (m_status == 0)
            m_headers = m_inbox.headers;
        hasEnded = m_inbox.hasEnded;
        isOverflown = m_inbox.isOverflown;
        failure = m_inbox.error;
    }
    if (m_over)
        return;
    m_lastBytes = m_executor.clock().steadyNow();
    if (m_status == 0 && status != 0)
        takeHead(status);
    if (!m_over && !bytes.empty())
        takeBytes(std::move(bytes));
    if (!m_over && isOverflown)
        end(error(core::ErrorCode::Gone, "the watch brought more than could be taken in"));
    if (!m_over && hasEnded)
        takeEnd(std::move(failure));
}

void WatchStream::takeHead(int status)
{
    m_status = status;
    if (status == 200 && m_handler.started) {
        const auto started = m_handler.started;
        started();
    }
}

void WatchStream::takeBytes(std::string bytes)
{
    if (m_status != 200) {
        m_refusal.append(bytes, 0, kMaxRefusal - std::min(kMaxRefusal, m_refusal.size()));
        return;
    }
    std::vector<WatchEvent> events;
    bool isGood = true;
    for (const std::string_view frame : m_frames.feed(std::move(bytes))) {
        isGood = takeFrame(frame, events);
        if (!isGood)
            break;
    }
    if (isGood && m_frames.isTooLong()) {
        isGood = false;
        m_eventError = error(core::ErrorCode::LimitExceeded, "an event of the watch is too large");
    }
    if (!events.empty() && m_handler.events) {
        const auto deliver = m_handler.events; // it may cancel this watch
        deliver(std::move(events));
    }
    m_frames.releaseLines();
    if (!isGood && !m_over)
        end(std::exchange(m_eventError, std::nullopt));
}

bool WatchStream::takeFrame(std::string_view frame, std::vector<WatchEvent>& events)
{
    // Whatever an unreadable event said is lost: only a new list tells.
    const auto slices = sliceFrame(frame);
    if (!slices) {
        m_eventError = error(core::ErrorCode::Gone, "an event of the watch could not be read");
        return false;
    }
    if (slices->type == "ERROR") {
        const auto status = parseBody(slices->object);
        m_eventError = status
            ? errorFromStatus(*status, 500, m_isSensitive)
            : error(core::ErrorCode::Gone, "an error of the watch could not be read");
        return false;
    }
    const auto type = typeOf(slices->type);
    if (!type) {
        m_eventError = error(core::ErrorCode::Gone, "an event of the watch has an unknown type");
        return false;
    }
    m_hasBookmarks = m_hasBookmarks || *type == WatchEvent::Type::Bookmark;
    events.push_back({*type, slices->object});
    return true;
}

void WatchStream::takeEnd(std::optional<core::Error> failure)
{
    if (failure)
        return end(std::move(failure));
    if (m_status != 200) {
        core::HttpResponse response {m_status, std::move(m_headers), std::move(m_refusal)};
        if (m_status >= 200 && m_status < 300)
            return end(error(core::ErrorCode::Internal,
                             "the server answered a watch with " + std::to_string(m_status)));
        return end(errorFromResponse(response, m_isSensitive));
    }
    if (core::trimmed(m_frames.rest()).empty())
        return end(std::nullopt);
    end(error(core::ErrorCode::Network, "the watch was cut off in the middle of an event"));
}

void WatchStream::end(std::optional<core::Error> failure)
{
    if (m_over)
        return;
    const auto report = std::move(m_handler.end);
    cancel();
    if (report)
        report(std::move(failure));
}

void WatchStream::watchSilence()
{
    const auto allowed = m_status == 0 ? m_limits.head
        : m_hasBookmarks               ? m_limits.silenceWithBookmarks
                                       : m_limits.silence;
    const core::SteadyTime due = m_lastBytes + allowed;
    if (m_executor.clock().steadyNow() >= due) {
        m_timer = 0;
        return end(error(core::ErrorCode::Timeout, "the watch has fallen silent"));
    }
    // Looked at no later than a bookmark could have made the time shorter.
    const core::SteadyTime next =
        std::min(due, m_executor.clock().steadyNow() + m_limits.silenceWithBookmarks);
    m_timer = m_executor.postAt(next, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->m_over)
            self->watchSilence();
    });
}

} // namespace gitops

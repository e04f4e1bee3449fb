// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/framereader.h"
#include "gitops/cluster/gate.h"
#include "gitops/cluster/transport.h"

#include <chrono>
#include <memory>
#include <mutex>

namespace gitops {

/// One watch: bytes come in on the transport's thread, events go out on the Executor. It ends by
/// itself when the server says nothing for longer than it may.
class WatchStream : public std::enable_shared_from_this<WatchStream>
{
public:
    struct Limits
    {
        std::chrono::milliseconds head {60'000}; ///< until the server answers at all
        /// Silence before a first bookmark came (a server need not send any).
        std::chrono::milliseconds silence {660'000};
        std::chrono::milliseconds silenceWithBookmarks {90'000};
        std::size_t inbox = 256u << 20;
    };

    WatchStream(Transport& transport, core::Executor& executor, std::shared_ptr<Gate> gate,
                ApiClient::WatchHandler handler, bool isSensitive, Limits limits);
    void start(core::HttpRequest request);
    /// No handler is called any more.
    void cancel();
    bool isOver() const { return m_over; }

private:
    /// Filled by the transport's thread.
    struct Inbox
    {
        std::mutex mutex;
        std::string bytes;
        bool isPosted = false;
        int status = 0;
        core::HttpHeaders headers;
        bool hasEnded = false;
        bool isOverflown = false;
        std::optional<core::Error> error;
    };

    template<class Change>
    void arrived(Change change);
    void drain();
    void takeHead(int status);
    void takeBytes(std::string bytes);
    bool takeFrame(std::string_view frame, std::vector<WatchEvent>& events);
    void takeEnd(std::optional<core::Error> error);
    void end(std::optional<core::Error> error);
    void watchSilence();

    Transport& m_transport;
    core::Executor& m_executor;
    const std::shared_ptr<Gate> m_gate;
    ApiClient::WatchHandler m_handler;
    const bool m_isSensitive;
    const Limits m_limits;
    Inbox m_inbox;

    // The Executor's.
    Transport::CallId m_id = 0;
    FrameReader m_frames;
    int m_status = 0;
    core::HttpHeaders m_headers;
    std::string m_refusal; ///< body of an answer that is no 200
    bool m_over = false;
    bool m_hasBookmarks = false;
    std::optional<core::Error> m_eventError;
    core::SteadyTime m_lastBytes {};
    core::Executor::TimerId m_timer = 0;
};

} // namespace gitops

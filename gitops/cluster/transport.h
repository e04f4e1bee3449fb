// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/http.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace gitops {

/// Carries requests to one API server under one identity. The real one is libcurl on an I/O thread
/// of its own (CurlTransport); the simulation's talks to a practice cluster in memory and injects
/// faults.
///
/// send, stream and cancel may be called from any thread and return at once. Callbacks run on the
/// transport's thread, never inside send or stream: take the data and post it on, parse nothing
/// there.
class Transport
{
public:
    using CallId = std::uint64_t; ///< never 0
    /// Error codes: Network (nothing was sent, or it surely did not arrive), UnknownOutcome (sent,
    /// no whole answer), Timeout (a read timed out; a write that did is UnknownOutcome), Cancelled.
    /// Any status is a response.
    using ResponseHandler = std::function<void(core::Result<core::HttpResponse>)>;
    struct StreamHandler
    {
        std::function<void(int status, const core::HttpHeaders&)> head;
        std::function<void(std::string_view)> data; ///< any cut of the body
        std::function<void(std::optional<core::Error>)>
            end; ///< once; nullopt: the server closed cleanly
    };

    virtual ~Transport() = default;
    virtual CallId send(core::HttpRequest request, ResponseHandler done) = 0;
    virtual CallId stream(core::HttpRequest request, StreamHandler handler) = 0;
    /// The handler gets Cancelled unless it was called already.
    virtual void cancel(CallId id) = 0;
};

} // namespace gitops

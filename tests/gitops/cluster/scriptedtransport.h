// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/transport.h"
#include "tests/support/manualexecutor.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// A transport without a server: answers come from a function or are given by hand; streams are fed
/// by hand. Everything on one ManualExecutor.
class ScriptedTransport : public gitops::Transport
{
public:
    using Answer = core::Result<core::HttpResponse>;
    /// nullopt leaves the request open.
    using Script = std::function<std::optional<Answer>(const core::HttpRequest&)>;

    explicit ScriptedTransport(ManualExecutor& executor)
        : m_executor(executor)
    {
    }

    Script script;
    std::vector<core::HttpRequest> requests; ///< all, in order; streams apart
    std::vector<core::HttpRequest> streamRequests;
    std::vector<CallId> cancelled;

    CallId send(core::HttpRequest request, ResponseHandler done) override
    {
        const CallId id = ++m_last;
        requests.push_back(request);
        m_open.emplace(id, std::move(done));
        m_executor.post([this, id, request = std::move(request)] {
            if (auto answer = script ? script(request) : std::nullopt)
                finish(id, std::move(*answer));
        });
        return id;
    }
    CallId stream(core::HttpRequest request, StreamHandler handler) override
    {
        const CallId id = ++m_last;
        streamRequests.push_back(std::move(request));
        m_streams.emplace(id, std::move(handler));
        return id;
    }
    void cancel(CallId id) override
    {
        cancelled.push_back(id);
        m_executor.post([this, id] {
            core::Error error {core::ErrorCode::Cancelled, "cancelled", {}, {}, {}};
            finish(id, std::unexpected(error));
            if (m_streams.contains(id))
                endStream(id, error);
        });
    }

    std::size_t openRequests() const { return m_open.size(); }
    std::size_t openStreams() const { return m_streams.size(); }
    CallId lastStream() const { return m_streams.empty() ? 0 : m_streams.rbegin()->first; }
    /// Answers the oldest open request.
    void answerNext(Answer answer) { finish(m_open.begin()->first, std::move(answer)); }
    void finish(CallId id, Answer answer)
    {
        auto node = m_open.extract(id);
        if (!node.empty())
            node.mapped()(std::move(answer));
    }

    // Of the newest stream unless another is named.
    void head(int status, core::HttpHeaders headers = {})
    {
        m_streams.at(lastStream()).head(status, headers);
    }
    void data(std::string_view bytes) { m_streams.at(lastStream()).data(bytes); }
    void endStream(CallId id, std::optional<core::Error> error)
    {
        auto node = m_streams.extract(id);
        if (!node.empty())
            node.mapped().end(std::move(error));
    }
    void endLast(std::optional<core::Error> error = {}) { endStream(lastStream(), error); }

private:
    ManualExecutor& m_executor;
    CallId m_last = 0;
    std::map<CallId, ResponseHandler> m_open;
    std::map<CallId, StreamHandler> m_streams;
};

inline ScriptedTransport::Answer answer(int status, std::string body = "{}",
                                        core::HttpHeaders headers = {})
{
    return core::HttpResponse {status, std::move(headers), std::move(body)};
}

inline ScriptedTransport::Answer failureAnswer(core::ErrorCode code)
{
    return core::failure(code, "scripted");
}

inline std::string statusBody(int code, const std::string& reason, const std::string& message,
                              const std::string& details = "{}")
{
    return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")"
        + message + R"(","reason":")" + reason + R"(","details":)" + details + R"(,"code":)"
        + std::to_string(code) + "}";
}

} // namespace tests

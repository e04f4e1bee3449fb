// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/transport.h"
#include "tests/support/loopbackserver.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// An answer that a test waits for.
class Waiter
{
public:
    gitops::Transport::ResponseHandler handler()
    {
        return [this](core::Result<core::HttpResponse> answer) {
            const std::lock_guard lock(m_mutex);
            m_answers.push_back(std::move(answer));
            m_thread = std::this_thread::get_id();
            m_changed.notify_all();
        };
    }
    bool wait(std::size_t count = 1)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(20),
                                  [&] { return m_answers.size() >= count; });
    }
    core::Result<core::HttpResponse> get()
    {
        if (!wait())
            return core::failure(core::ErrorCode::Internal, "the test waited in vain");
        return m_answers.front();
    }
    std::vector<core::Result<core::HttpResponse>> m_answers;
    std::thread::id m_thread;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

/// A stream that a test waits for.
class StreamWaiter
{
public:
    gitops::Transport::StreamHandler handler()
    {
        return {[this](int status, const core::HttpHeaders&) { set([&] { m_status = status; }); },
                [this](std::string_view bytes) { set([&] { m_data += bytes; }); },
                [this](std::optional<core::Error> error) {
                    set([&] {
                        m_hasEnded = true;
                        m_error = std::move(error);
                    });
                }};
    }
    template<class Condition>
    bool wait(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(20), condition);
    }
    int m_status = 0;
    std::string m_data;
    bool m_hasEnded = false;
    std::optional<core::Error> m_error;

private:
    template<class Change>
    void set(Change change)
    {
        const std::lock_guard lock(m_mutex);
        change();
        m_changed.notify_all();
    }
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

inline core::HttpRequest get(std::string target = "/")
{
    core::HttpRequest request;
    request.target = std::move(target);
    return request;
}

inline core::HttpRequest write(std::string method, std::string body)
{
    core::HttpRequest request;
    request.method = std::move(method);
    request.target = "/x";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

/// Sends and waits for the answer.
inline core::Result<core::HttpResponse> ask(gitops::Transport& transport, core::HttpRequest request)
{
    Waiter waiter;
    transport.send(std::move(request), waiter.handler());
    return waiter.get();
}

/// How to reach a loopback server, with a token.
inline gitops::ClusterConnection connectionTo(const LoopbackServer& server,
                                              const TestAuthority& authority)
{
    gitops::ClusterConnection out;
    out.server = server.url();
    out.caPem = authority.certificatePem();
    out.token = core::Secret("t0ken");
    return out;
}

/// Who loopback servers are, and who trusts them: made once for a test class.
struct LoopbackIdentity
{
    TestAuthority authority;
    LoopbackServer::Tls tls {authority.issue("server", "DNS:localhost,IP:127.0.0.1"), {}};

    gitops::ClusterConnection connectionTo(const LoopbackServer& server) const
    {
        return tests::connectionTo(server, authority);
    }
};

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/practice/apiserver.h"
#include "tests/support/manualexecutor.h"

#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A watcher that keeps the events it got.
struct CollectingSink : gitops::practice::WatchSink
{
    void data(const std::shared_ptr<const std::string>& lines) override;
    void end() override { ended = true; }
    std::vector<core::Json> take(); ///< the events since the last call
    /// "ADDED web", "BOOKMARK" … since the last call.
    std::vector<std::string> takeNames();
    std::string text;
    bool ended = false;
};

/// An API server in memory with a clock that stands still, and short words to speak to it.
class TestServer
{
public:
    explicit TestServer(gitops::practice::ApiServer::Options options = {.seed = 1},
                        std::unique_ptr<gitops::practice::Storage> storage = nullptr);

    core::HttpResponse send(const std::string& method, const std::string& target,
                            const std::string& body = {}, const std::string& contentType = {},
                            const std::string& accept = {});
    core::Json get(const std::string& target);
    core::HttpResponse post(const std::string& target, const std::string& body)
    {
        return send("POST", target, body);
    }
    /// Server-side apply as "tester" unless the target's query says otherwise.
    core::HttpResponse apply(const std::string& target, const std::string& body);
    std::shared_ptr<CollectingSink> watch(const std::string& target);

    gitops::practice::ApiServer& server() { return *m_server; }
    ManualClock& clock() { return m_clock; }

private:
    ManualClock m_clock;
    std::unique_ptr<gitops::practice::ApiServer> m_server;
};

/// The body as a value; null when it is no JSON.
core::Json jsonOf(const core::HttpResponse& response);
std::string text(const core::Json& object, std::initializer_list<std::string_view> path);

} // namespace tests

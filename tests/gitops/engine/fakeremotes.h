// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/remoteservice.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A RemoteService whose answers a test scripts: what is silent answers when it is told to.
class FakeRemotes : public gitops::RemoteService
{
public:
    using Files = std::vector<std::pair<std::string, std::string>>;

    void set(const std::string& url, Files files, const std::string& id, bool isSettled = false)
    {
        auto content = std::make_shared<gitops::RemoteContent>();
        content->id = id;
        content->tree = gitops::makeMemoryTree(std::move(files));
        content->isSettled = isSettled;
        answers.insert_or_assign(url, content);
    }
    void fail(const std::string& url, const std::string& message)
    {
        answers.insert_or_assign(
            url,
            core::failure(core::ErrorCode::Network, message, {.object = url}, core::Fault::Git));
    }
    void fetch(const gitops::RemoteAddress& address, const gitops::RemoteContentPtr& known,
               core::Executor& executor, Handler done) override
    {
        ++looks[address.url];
        ++underWay;
        mostUnderWay = std::max(mostUnderWay, underWay);
        lastKnown = known;
        const auto found = answers.find(address.url);
        if (found == answers.end()) {
            silent.emplace_back(&executor, std::move(done));
            return;
        }
        executor.post([this, answer = found->second, done = std::move(done)] {
            --underWay;
            done(answer);
        });
    }
    /// All that were silent fail.
    void giveUp()
    {
        for (auto& [executor, done] : std::exchange(silent, {}))
            executor->post([this, done = std::move(done)] {
                --underWay;
                done(core::failure(core::ErrorCode::Timeout, "It is silent.",
                                   {.object = "https://host/silent"}, core::Fault::Git));
            });
    }

    std::map<std::string, core::Result<gitops::RemoteContentPtr>> answers; ///< by URL
    std::map<std::string, int> looks;
    std::deque<std::pair<core::Executor*, Handler>> silent;
    gitops::RemoteContentPtr lastKnown;
    int underWay = 0;
    int mostUnderWay = 0;
};

} // namespace tests

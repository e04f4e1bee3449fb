// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/livestate.h"
#include "gitops/health/health.h"
#include "tests/gitops/cluster/scriptedtransport.h"

#include <string>
#include <utility>
#include <vector>

namespace tests {

inline const core::GroupKind kConfigMap {"", "ConfigMap"};

inline gitops::ApiResource configMaps()
{
    gitops::ApiResource out;
    out.kind = {"", "v1", "ConfigMap"};
    out.plural = "configmaps";
    out.verbs = {"get", "list", "watch"};
    return out;
}

inline core::ObjectKey keyOf(const std::string& name)
{
    return {"", "ConfigMap", "shop", name};
}

struct Item
{
    std::string name;
    int version = 1;
    std::string uid = {};
    std::string extra = {}; ///< more members of metadata, with a comma before
    std::string value = "x";
    std::string space = "shop";
    std::string text() const
    {
        return R"({"metadata":{"name":")" + name + R"(","namespace":")" + space + R"(","uid":")"
            + (uid.empty() ? "uid-" + name : uid) + R"(","resourceVersion":")"
            + std::to_string(version) + R"(","creationTimestamp":"2026-01-01T00:00:00Z")" + extra
            + R"(},"data":{"a":")" + value + R"("}})";
    }
};

inline std::string listBody(int version, const std::vector<Item>& items,
                            const std::string& token = {})
{
    std::string out = R"({"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":")"
        + std::to_string(version) + R"(","continue":")" + token + R"("},"items":[)";
    for (const Item& item : items)
        out += (out.back() == '[' ? "" : ",") + item.text();
    return out + "]}";
}

inline std::string frame(const std::string& type, const Item& item)
{
    return R"({"type":")" + type + R"(","object":)" + item.text() + "}\n";
}

inline std::string bookmark(int version)
{
    return R"({"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":")"
        + std::to_string(version) + "\"}}}\n";
}

/// Says that a watch from the start has told of everything.
inline std::string initialEnd(int version)
{
    return R"({"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":")"
        + std::to_string(version) + R"(","annotations":{"k8s.io/initial-events-end":"true"}}}})"
        + "\n";
}

inline std::string errorEvent(int code, const std::string& reason)
{
    return R"({"type":"ERROR","object":)" + statusBody(code, reason, "too old resource version")
        + "}\n";
}

inline std::string tracking(const std::string& application)
{
    return R"(,"annotations":{"wavewright.dev/tracking-id":")" + application
        + R"(:/ConfigMap:shop/a"})";
}

/// A live state over a script, and what its observers heard.
struct LiveFixture
{
    ManualExecutor executor;
    ScriptedTransport transport {executor};
    gitops::ApiClient client {transport, executor};
    gitops::LiveState live;
    std::vector<std::string> heard; ///< "+a", "-a", "~a", "=Complete"
    std::string listing; ///< body for the next lists
    int lists = 0;

    explicit LiveFixture(gitops::LiveState::Options options = {})
        : live(client, executor, &gitops::assessHealth, options)
    {
        transport.script =
            [this](const core::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
            if (request.target.find("/configmaps?limit=") != std::string::npos) {
                ++lists;
                return answer(200, listing);
            }
            return std::nullopt;
        };
        live.setObserver([this](const std::vector<gitops::LiveChange>& changes) {
            for (const gitops::LiveChange& change : changes)
                heard.push_back((!change.before      ? "+"
                                     : !change.after ? "-"
                                                     : "~")
                                + (change.after ? change.after : change.before)->key.name);
        });
        live.setKnowledgeObserver([this](const core::GroupKind&, gitops::KindKnowledge knowledge) {
            heard.push_back("=" + name(knowledge));
        });
    }
    static std::string name(gitops::KindKnowledge knowledge)
    {
        switch (knowledge) {
        case gitops::KindKnowledge::Unwatched:
            return "Unwatched";
        case gitops::KindKnowledge::Listing:
            return "Listing";
        case gitops::KindKnowledge::Complete:
            return "Complete";
        case gitops::KindKnowledge::Stale:
            return "Stale";
        case gitops::KindKnowledge::Forbidden:
            return "Forbidden";
        case gitops::KindKnowledge::Failed:
            return "Failed";
        }
        return {};
    }
    std::string knowledge() const { return name(live.knowledge(kConfigMap)); }
    void run() { executor.runUntilIdle(10'000); }
    /// Listed and watching.
    void begin(int version, const std::vector<Item>& items)
    {
        listing = listBody(version, items);
        live.watch(configMaps());
        run();
        transport.head(200);
        run();
        heard.clear();
    }
    void feed(const std::string& bytes)
    {
        transport.data(bytes);
        run();
    }
    std::vector<std::string> take() { return std::exchange(heard, {}); }
    std::string watchTarget() const { return transport.streamRequests.back().target; }
};

using Heard = std::vector<std::string>;

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/operationhost.h"

#include <map>
#include <set>
#include <string>

namespace tests {

/// An application as a running operation sees it: what a test says, and nothing behind it.
class FakeOperationHost : public gitops::OperationHost
{
public:
    FakeOperationHost()
    {
        application.name = "app";
        application.destinationNamespace = "shop";
        state = std::make_shared<gitops::DesiredState>();
    }

    static core::ObjectKey configMap(const std::string& name)
    {
        return {"", "ConfigMap", "shop", name};
    }
    void declare(const std::string& name)
    {
        const core::ObjectKey key = configMap(name);
        auto made = core::Manifest::make(core::JsonObject {
            {"apiVersion", "v1"},
            {"kind", "ConfigMap"},
            {"metadata", core::JsonObject {{"name", name}, {"namespace", "shop"}}}});
        auto next = std::make_shared<gitops::DesiredState>(*state);
        next->objects[key] = {*made, "", 0};
        next->manifests.push_back(*made);
        state = std::move(next);
    }
    gitops::LiveFacts& live(const core::ObjectKey& key)
    {
        gitops::LiveFacts& facts = objects[key];
        facts.view.uid = "uid-" + key.name;
        facts.view.kind = {key.group, "v1", key.kind};
        return facts;
    }

    const core::Application& spec() const override { return application; }
    const gitops::DesiredStatePtr& desired() const override { return state; }
    std::optional<gitops::LiveFacts> facts(const core::ObjectKey& key) override
    {
        ++looks;
        const auto found = objects.find(key);
        return found == objects.end() ? std::nullopt : std::optional(found->second);
    }
    std::set<core::ObjectKey> tracked() const override { return trackedKeys; }
    gitops::KindAvailability availability(const core::GroupKind&) const override
    {
        return gitops::KindAvailability::Served;
    }
    std::string whyNoPrune() const override { return noPrune; }
    std::set<core::ObjectKey> confirmed() const override { return {}; }
    std::set<core::ObjectKey> outOfSync() const override { return {}; }
    std::set<core::ObjectKey> withheld() const override { return {}; }
    std::string whyWait() const override { return {}; }
    std::string refusal(const gitops::SyncAction&) override { return {}; }
    core::Result<core::ManifestPtr> decorated(const core::ManifestPtr& manifest,
                                              const core::ObjectKey& key) override
    {
        if (key.name == "bad")
            return core::failure(core::ErrorCode::Invalid, "It has no metadata.");
        return manifest;
    }
    bool carryElsewhere(const gitops::SyncAction&, const Done&) override { return false; }
    void carriedOut(const gitops::SyncAction&) override { }
    void coverRecord(Done done) override { done({}); }
    void save(Done done) override { done({}); }
    void operationChanged() override { }
    void wake() override { }

    core::Application application;
    std::shared_ptr<const gitops::DesiredState> state;
    std::map<core::ObjectKey, gitops::LiveFacts> objects;
    std::set<core::ObjectKey> trackedKeys;
    std::string noPrune;
    int looks = 0;
};

} // namespace tests

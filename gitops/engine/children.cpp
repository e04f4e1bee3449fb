// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/children.h"

#include "gitops/application/applicationreader.h"
#include "gitops/engine/applicationcontroller.h"

#include <algorithm>

namespace gitops {

namespace {

/// Before the name of a saved child whose removal has begun: it goes on after a crash.
constexpr std::string_view kRemoving = "removing ";
constexpr std::string_view kArgoGroup = "argoproj.io";
constexpr std::string_view kFinalizer = "resources-finalizer.argocd.argoproj.io";

bool cascades(const core::Application& application)
{
    return std::ranges::any_of(application.finalizers,
                               [](const auto& name) { return name.starts_with(kFinalizer); });
}

core::Result<core::Application> read(const core::Manifest& manifest)
{
    auto application = applicationOf(manifest);
    if (application)
        return std::move(*application);
    return core::failure(core::ErrorCode::Invalid, "It is no Application.", manifest.origin(),
                         core::Fault::Repository);
}

} // namespace

Children::Children(EngineContext& context, std::string parent)
    : m_context(context)
    , m_parent(std::move(parent))
{
}

bool Children::isApplication(const core::GroupKind& kind)
{
    return kind.group == kArgoGroup && kind.kind == "Application";
}

bool Children::livesInEngine(const core::GroupKind& kind) const
{
    return kind.group == kArgoGroup
        && (kind.kind == "Application" || kind.kind == "AppProject"
            || kind.kind == "ApplicationSet")
        && m_context.cluster.availability(kind) == KindAvailability::Missing;
}

void Children::restore(const std::map<std::string, std::string>& saved)
{
    for (const auto& [name, text] : saved) {
        const auto parsed = core::parseJson(text);
        if (!parsed)
            continue;
        auto manifest = core::Manifest::make(*parsed);
        if (!manifest)
            continue;
        (void)put(*manifest);
        if (name.starts_with(kRemoving))
            remove((*manifest)->key());
    }
}

std::map<std::string, std::string> Children::saved() const
{
    std::map<std::string, std::string> result;
    for (const auto& [key, entry] : m_entries)
        result[(entry.removing ? std::string(kRemoving) : std::string()) + key.kind + "/"
               + key.namespaceName + "/" + key.name] = entry.manifest->text();
    return result;
}

std::set<core::ObjectKey> Children::keys() const
{
    std::set<core::ObjectKey> result;
    for (const auto& [key, entry] : m_entries)
        if (livesInEngine(key.groupKind()))
            result.insert(key);
    return result;
}

std::optional<core::ResourceDiff::Verdict> Children::verdict(const core::ObjectKey& key,
                                                             const core::Manifest& desired) const
{
    using Verdict = core::ResourceDiff::Verdict;
    if (key.group != kArgoGroup || !livesInEngine(key.groupKind()))
        return std::nullopt;
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.removing)
        return Verdict::MissingLive;
    return found->second.manifest->digest() == desired.digest() ? Verdict::Same
                                                                : Verdict::Different;
}

std::optional<LiveFacts> Children::facts(const core::ObjectKey& key) const
{
    if (!livesInEngine(key.groupKind()))
        return std::nullopt;
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
        return std::nullopt;
    LiveFacts facts;
    facts.hasApplyEntry = true;
    facts.view.uid = "in-engine/" + key.text();
    facts.view.kind = found->second.manifest->kind();
    facts.view.ours = true;
    facts.view.deleting = found->second.removing;
    const core::Json object = found->second.manifest->value();
    if (const core::Json* annotations = core::findPath(object, {"metadata", "annotations"});
        annotations && annotations->is_object())
        for (const auto& [name, value] : annotations->as_object())
            if (value.is_string())
                facts.view.annotations[std::string(name)] = std::string(value.as_string());
    facts.view.wave = waveOf(facts.view.annotations);
    if (auto judged = health(key))
        facts.view.health = *judged;
    return facts;
}

std::optional<core::HealthAssessment> Children::health(const core::ObjectKey& key) const
{
    if (!isApplication(key.groupKind()))
        return std::nullopt;
    if (key.name == m_parent)
        return core::HealthAssessment {core::Health::Healthy, ""};
    const auto found = m_entries.find(key);
    ApplicationController* child =
        found == m_entries.end() ? nullptr : m_context.directory.find(key.name);
    if (!child)
        return core::HealthAssessment {core::Health::Progressing, "It has not been looked at yet."};
    return child->gate();
}

core::Result<void> Children::put(const core::ManifestPtr& manifest)
{
    const core::ObjectKey& key = manifest->key();
    const bool isChild = isApplication(key.groupKind()) && key.name != m_parent;
    // Applied again as it is: nothing of the child is to be read or compared anew.
    const auto known = m_entries.find(key);
    if (isChild && known != m_entries.end() && !known->second.removing
        && known->second.manifest->digest() == manifest->digest()
        && known->second.manifest->origin() == manifest->origin()
        && m_context.directory.find(key.name))
        return {};
    if (isChild) {
        auto application = read(*manifest);
        if (!application)
            return std::unexpected(std::move(application.error()));
        application->parent = m_parent;
        if (auto put = m_context.directory.putChild(std::move(*application)); !put)
            return put;
    }
    if (Projects::isProject(key.groupKind()))
        m_context.projects.declare(*manifest);
    m_entries[key] = {manifest, false};
    return {};
}

void Children::remove(const core::ObjectKey& key)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.removing)
        return;
    if (Projects::isProject(key.groupKind()))
        m_context.projects.withdraw(key.name);
    if (!isApplication(key.groupKind()) || key.name == m_parent) {
        m_entries.erase(found);
        return;
    }
    found->second.removing = true;
    const auto application = read(*found->second.manifest);
    m_context.directory.removeChild(key.name, application && cascades(*application));
}

void Children::gone(const std::string& name)
{
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        if (!isApplication(entry->first.groupKind()) || entry->first.name != name
            || !entry->second.removing) {
            ++entry;
            continue;
        }
        releaseFinalizer(entry->first);
        entry = m_entries.erase(entry);
    }
}

/// The Application object in the cluster may go now: what its finalizer waited for is done.
void Children::releaseFinalizer(const core::ObjectKey& key)
{
    const LiveObjectPtr live = m_context.live.find(key);
    const ApiResource* resource = m_context.cluster.resource(key.groupKind());
    if (!live || !live->deleting || !resource)
        return;
    core::JsonArray left;
    for (const std::string& finalizer : live->finalizers)
        if (!finalizer.starts_with(kFinalizer))
            left.push_back(core::Json(finalizer));
    if (left.size() == live->finalizers.size())
        return;
    const core::Json patch =
        core::JsonObject {{"metadata",
                           core::JsonObject {{"uid", live->uid},
                                             {"resourceVersion", live->resourceVersion},
                                             {"finalizers", std::move(left)}}}};
    m_context.api.patch(*resource, key.namespaceName, key.name, "application/merge-patch+json",
                        core::toText(patch), "",
                        m_alive.guard([this](core::Result<ApiObject> answer) {
                            if (answer)
                                m_context.live.observeWrite(answer->object);
                        }));
}

} // namespace gitops

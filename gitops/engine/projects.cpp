// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/projects.h"

#include "core/base/strings.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {

constexpr std::string_view kDefault = "default";
constexpr std::string_view kArgoNamespace = "argocd";

const core::GroupKind kProjects {"argoproj.io", "AppProject"};

core::Result<Projects::ProjectPtr> readFrom(const core::Json& object, core::Place place)
{
    auto project = readProject(object, std::move(place));
    if (!project)
        return std::unexpected(std::move(project.error()));
    return std::make_shared<const Project>(std::move(*project));
}

/// Where the cluster may have it: beside the Application object, or beside Argo CD.
std::vector<core::ObjectKey> keysOf(const core::Application& application)
{
    std::vector<core::ObjectKey> keys;
    keys.push_back(
        {kProjects.group, kProjects.kind, application.namespaceName, application.project});
    // A cluster's "default" is for the applications beside it.
    if (application.namespaceName != kArgoNamespace && application.project != kDefault)
        keys.push_back(
            {kProjects.group, kProjects.kind, std::string(kArgoNamespace), application.project});
    return keys;
}

} // namespace

Projects::Projects(const std::vector<Project>& given, LiveState& live, ClusterKnowledge& cluster)
    : m_live(live)
    , m_cluster(cluster)
{
    for (const Project& project : given)
        m_given[project.name] = std::make_shared<const Project>(project);
}

bool Projects::isProject(const core::GroupKind& kind)
{
    return kind == kProjects;
}

void Projects::keep(const core::Application& application)
{
    for (const core::ObjectKey& key : keysOf(application))
        m_live.keep(key, true);
}

std::set<std::string> Projects::placesOf(const core::Application& application)
{
    std::set<std::string> places;
    for (const core::ObjectKey& key : keysOf(application))
        places.insert(key.namespaceName);
    return places;
}

void Projects::declare(const core::Manifest& manifest)
{
    m_declared.insert_or_assign(manifest.key().name, readFrom(manifest.value(), manifest.origin()));
    if (changed)
        changed();
}

void Projects::withdraw(const std::string& name)
{
    if (m_declared.erase(name) > 0 && changed)
        changed();
}

/// Null: it is not there, or its manifest has not come yet. One that may no longer be looked at is
/// as it was last: what it does not permit stays so.
const Projects::Read* Projects::findLive(const core::ObjectKey& key) const
{
    const LiveObjectPtr live = m_live.find(key);
    if (const auto last = m_seen.find(key);
        !live && last != m_seen.end() && m_cluster.isUnseen(kProjects, key.namespaceName))
        return &last->second.read;
    if (!live || !live->manifest) {
        m_seen.erase(key);
        return nullptr;
    }
    Seen& seen = m_seen[key];
    if (seen.object != live) {
        seen.object = live;
        const auto parsed = core::parseJson(*live->manifest);
        seen.read = parsed ? readFrom(*parsed, {.object = key.text()})
                           : Read(std::unexpected(parsed.error()));
    }
    return &seen.read;
}

Projects::Found Projects::find(const core::Application& application) const
{
    const std::string& name = application.project;
    const auto found = [](const Read& read) {
        return read ? Found {.project = *read}
                    : Found {.problem = "Its project cannot be read: " + read.error().text()};
    };
    if (const auto given = m_given.find(name); given != m_given.end())
        return found(given->second);
    if (const auto declared = m_declared.find(name); declared != m_declared.end())
        return found(declared->second);
    const KindAvailability served = m_cluster.availability(kProjects);
    for (const core::ObjectKey& key : keysOf(application)) {
        if (const Read* live = findLive(key))
            return found(*live);
        if (m_live.find(key))
            return {.problem = "Its project has not been read yet.", .isPending = true};
    }
    const bool mayCome = served == KindAvailability::Unknown
        || std::ranges::any_of(placesOf(application), [this](const std::string& place) {
                             return m_cluster.isPending(kProjects, place);
                         });
    if (mayCome && (name != kDefault || served == KindAvailability::Served))
        return {.problem = "The cluster's projects have not been read yet.", .isPending = true};
    if (name.empty() || name == kDefault)
        return {};
    const auto error = m_live.error(kProjects, application.namespaceName);
    return {.problem = "It is in the project \"" + core::sanitised(name)
                + "\", which is neither declared here nor in the cluster"
                + (error ? " as far as can be seen: " + error->message : std::string("."))};
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/manifest.h"
#include "gitops/application/projectreader.h"
#include "gitops/engine/clusterknowledge.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// The AppProjects that count: those given with the applications (-f), then those that applications
/// declare, then those of the cluster. One that cannot be read permits nothing. On the engine's
/// strand.
class Projects
{
public:
    using ProjectPtr = std::shared_ptr<const Project>;
    struct Found
    {
        ProjectPtr project; ///< null without a problem: everything is permitted ("default")
        std::string problem; ///< why nothing is permitted
        bool isPending = false; ///< the problem is only that it is not known yet
    };

    Projects(const std::vector<Project>& given, LiveState& live, ClusterKnowledge& cluster);

    static bool isProject(const core::GroupKind& kind);
    Found find(const core::Application& application) const;
    /// Asks for the manifests of what find() may look at.
    void keep(const core::Application& application);
    /// The namespaces where the cluster may have its project.
    static std::set<std::string> placesOf(const core::Application& application);
    void declare(const core::Manifest& manifest);
    void withdraw(const std::string& name);

    /// A project came, went, or became another one.
    std::function<void()> changed;

private:
    using Read = core::Result<ProjectPtr>;
    const Read* findLive(const core::ObjectKey& key) const;

    LiveState& m_live;
    ClusterKnowledge& m_cluster;
    std::map<std::string, Read> m_given;
    std::map<std::string, Read> m_declared;
    struct Seen
    {
        LiveObjectPtr object;
        Read read;
    };
    mutable std::map<core::ObjectKey, Seen> m_seen;
};

} // namespace gitops

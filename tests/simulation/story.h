// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "tests/simulation/simulatedgit.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// What Git declares in two commits, what stands in the cluster beside it, and what must come of
/// it.
struct Story
{
    core::Application root;
    std::set<std::string> applications; ///< that are there in the end
    SimulatedGit::Files first;
    SimulatedGit::Files second;
    std::map<std::string, std::string> targets; ///< paths that Git ever declares: by whom
    std::set<std::string> pruned; ///< the second commit drops them
    std::set<std::string> hooks;
    /// Path and JSON of objects that are there before; some of them Git declares, too.
    std::vector<std::pair<std::string, std::string>> foreign;
    /// An application of a later wave: the image whose Deployment had to be ready before.
    std::map<std::string, std::string> gates;

    bool isDeclared(const std::string& target) const { return targets.contains(target); }
};

inline constexpr const char* kDeployment = "/apis/apps/v1/namespaces/shop/deployments/web";
inline constexpr const char* kSettings = "/api/v1/namespaces/shop/configmaps/settings";

/// One application: three waves, a CRD and its custom resource, a hook, a prune.
const Story& plainStory();
/// The same things in an App of Apps: children in waves, one that comes and one that goes with the
/// second commit.
const Story& familyStory();

/// Commits in between that cannot be rendered, or that say too little to act on.
std::vector<SimulatedGit::Files> refusedCommits(const Story& story);

} // namespace tests

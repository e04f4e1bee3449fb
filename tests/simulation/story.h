// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "tests/simulation/simulatedgit.h"

#include <string>
#include <utility>
#include <vector>

/// The application that the simulation tells of: what Git declares in two commits, and what stands
/// in the cluster beside it.
namespace tests::story {

inline constexpr const char* kDeployment = "/apis/apps/v1/namespaces/shop/deployments/web";
inline constexpr const char* kSettings = "/api/v1/namespaces/shop/configmaps/settings";

core::Application application();
SimulatedGit::Files firstCommit();
SimulatedGit::Files secondCommit();
/// Path and JSON of objects that are there before; some of them Git declares, too.
std::vector<std::pair<std::string, std::string>> foreignObjects();
std::vector<std::string> allTargets(); ///< of every object that Git ever declares
bool isDeclared(const std::string& target);
bool isPruned(const std::string& target); ///< the second commit drops it

} // namespace tests::story

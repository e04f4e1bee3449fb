// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "core/value/json.h"
#include "gitops/cluster/discovery.h"

#include <string>
#include <vector>

namespace gitops {

/// Value of Accept that asks for aggregated discovery, both versions, then the legacy form.
extern const char* const kDiscoveryAccept;

/// Whether an answer's Content-Type says that it is an APIGroupDiscoveryList (parameters in any
/// order).
bool isAggregatedDiscovery(const core::HttpResponse& response);

/// Adds an APIGroupDiscoveryList. Malformed parts are left out and their groups marked stale: what
/// could not be read is unknown, not absent.
void readAggregated(const core::Json& list, Discovery& out);

struct GroupVersion
{
    std::string group;
    std::string version;
    std::string path() const; ///< "/apis/apps/v1"
};
/// Of an APIVersions (core) or an APIGroupList, the preferred version of each group first.
std::vector<GroupVersion> readLegacyVersions(const core::Json& answer);
/// Adds an APIResourceList.
void readLegacyResources(const core::Json& list, const GroupVersion& groupVersion, Discovery& out);

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/cluster/discovery.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops {

class ClusterAccess;

// What a person asks of a cluster by name: kinds in any spelling, objects, their pods and events.
// All of it waits for answers; errors are the server's.

/// What the server serves, aggregated or in the older form.
core::Result<Discovery> discover(ClusterAccess& access);

/// "deploy", "deployments", "Deployment", "deployments.apps", "kafkas.kafka.strimzi.io". Among
/// several the built-in groups win. NotFound with the nearest names.
core::Result<ApiResource> resourceNamed(const Discovery& discovery, const std::string& word);

/// Which objects of a kind.
struct ObjectSelection
{
    std::string namespaceName; ///< "": all namespaces
    std::string name; ///< "": all
    std::string labelSelector;
};

/// The objects as the server has them, in pages.
core::Result<std::vector<core::Json>> objectsOf(ClusterAccess& access, const ApiResource& resource,
                                                const ObjectSelection& selection);

/// The server's own columns.
struct ObjectTable
{
    struct Column
    {
        std::string name;
        std::int64_t priority = 0; ///< above 0: only on demand
    };
    struct Row
    {
        std::string namespaceName;
        std::vector<std::string> cells;
    };
    std::vector<Column> columns;
    std::vector<Row> rows;
};
core::Result<ObjectTable> tableOf(ClusterAccess& access, const ApiResource& resource,
                                  const ObjectSelection& selection);

/// One Event, of either API.
struct ObjectEvent
{
    std::string type; ///< Normal, Warning
    std::string reason;
    std::string message;
    std::string object; ///< "Pod shop/web-0"
    std::string source;
    std::string lastSeen; ///< RFC 3339
    std::int64_t count = 1;
};
ObjectEvent eventOf(const core::Json& event);
/// Of one object (kind and name), or of all in the namespace ("": in all) when name is "". Oldest
/// first.
core::Result<std::vector<ObjectEvent>> eventsOf(ClusterAccess& access,
                                                const std::string& namespaceName,
                                                const std::string& kind, const std::string& name);

/// The pods that "web-0", "pod/web-0", "deployment/web", "service/web" mean, or those of a label
/// selector when target is "". Sorted by name. NotFound when there is none.
core::Result<std::vector<core::Json>> podsOf(ClusterAccess& access,
                                             const std::string& namespaceName,
                                             const std::string& target,
                                             const std::string& labelSelector);

/// The container that is meant when none is named: the annotation
/// kubectl.kubernetes.io/default-container, else the first.
std::string defaultContainer(const core::Json& pod);
std::vector<std::string> containersOf(const core::Json& pod); ///< init containers first

} // namespace gitops

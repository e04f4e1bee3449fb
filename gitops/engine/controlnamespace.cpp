// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/controlnamespace.h"

#include <utility>

namespace gitops {

ControlNamespace::ControlNamespace(ApiClient& api, ClusterKnowledge& cluster, std::string name)
    : m_api(api)
    , m_cluster(cluster)
    , m_name(std::move(name))
{
}

void ControlNamespace::ensure(Done done)
{
    const ApiResource* resource =
        m_cluster.resource(core::GroupVersionKind {"", "v1", "Namespace"});
    if (!resource) {
        done(core::failure(core::ErrorCode::Unavailable, "The server does not serve namespaces.",
                           {}, core::Fault::Cluster));
        return;
    }
    m_waiting.push_back(std::move(done));
    if (m_waiting.size() > 1)
        return;
    const core::Json body = core::JsonObject {
        {"apiVersion", "v1"},
        {"kind", "Namespace"},
        {"metadata",
         core::JsonObject {
             {"name", m_name},
             {"labels", core::JsonObject {{"app.kubernetes.io/managed-by", "wavewright"}}}}}};
    m_api.apply(*resource, "", m_name, core::toText(body), {.force = false},
                m_alive.guard([this](core::Result<ApiObject> answer) {
                    core::Result<void> result;
                    if (!answer && answer.error().code == core::ErrorCode::Forbidden)
                        result = std::unexpected(std::move(answer.error())
                                                     .within("The namespace \"" + m_name
                                                             + "\" does not exist, and may not be "
                                                               "made"));
                    else if (!answer && answer.error().code != core::ErrorCode::Conflict)
                        result = std::unexpected(answer.error());
                    for (const Done& waiting : std::exchange(m_waiting, {}))
                        waiting(result);
                }));
}

std::string ControlNamespace::advice() const
{
    return " (Records and Leases are kept in the namespace \"" + m_name
        + "\"; --control-namespace, or controlNamespace in the configuration, names another: the "
          "same for all who reconcile this application.)";
}

} // namespace gitops

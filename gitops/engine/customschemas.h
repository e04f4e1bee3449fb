// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/schema/customlistkeys.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/engine/alive.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// How lists of custom kinds merge, from the cluster's own CustomResourceDefinitions. One is read
/// when a comparison cannot do without it, and again after it has changed; only its list keys are
/// kept. On the engine's strand.
class CustomSchemas
{
public:
    using Keys = std::shared_ptr<const core::CustomListKeys>;
    using Done = std::function<void(core::Result<Keys>)>;

    explicit CustomSchemas(ApiClient& api)
        : m_api(api)
    {
    }

    /// Null: not known yet.
    Keys find(const core::GroupKind& kind) const;
    /// Reads the definition of a kind that the cluster serves. Many questions about one kind are
    /// one request.
    void ask(const ApiResource& definitions, const ApiResource& kind, Done done);
    /// A definition was written or removed ("kafkas.kafka.strimzi.io").
    void forget(const std::string& definition);

private:
    void answered(const std::string& name, const core::Result<ApiObject>& answer);

    ApiClient& m_api;
    std::map<std::string, Keys> m_known; ///< by the definition's name
    std::map<core::GroupKind, std::string> m_names;
    std::map<std::string, std::vector<Done>> m_asking;
    Alive m_alive;
};

} // namespace gitops

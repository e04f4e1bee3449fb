// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/practice/apirequest.h"
#include "gitops/practice/resourceregistry.h"

#include <map>
#include <optional>
#include <string>

namespace gitops::practice {

/// Answers /api, /apis and the paths of groups and versions below them, aggregated (v2) where the
/// client accepts that, else in the legacy form. Documents are made once per state of the registry.
/// One thread.
class DiscoveryDocuments
{
public:
    explicit DiscoveryDocuments(const ResourceRegistry& registry)
        : m_registry(registry)
    {
    }
    /// nullopt when the path is none of discovery's, or names a group that is not served.
    std::optional<core::HttpResponse> answer(const core::HttpRequest& request,
                                             const RequestTarget& target);

private:
    std::string make(const RequestTarget& target, bool aggregated) const;
    const ResourceRegistry& m_registry;
    std::map<std::string, std::string> m_made; ///< by path and form
    std::uint64_t m_madeOf = 0;
};

} // namespace gitops::practice

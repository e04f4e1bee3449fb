// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/camelproperties.h"
#include "core/platform/integrationroutes.h"
#include "core/platform/lineagewriter.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// Turns endpoints of Camel routes into ends, by the rules for components
/// (resources/lineage/camel.yaml). What it is given must outlive it.
class CamelResolver
{
public:
    CamelResolver(const LineageWriter& out, const CamelProperties& properties, int depth = 0)
        : m_out(out)
        , m_properties(properties)
        , m_depth(depth)
    {
    }
    /// Empty for components that lead to no data.
    std::vector<LineageEnd> ends(const CamelEndpoint& endpoint) const;
    /// The name of an inner endpoint (direct:, seda:), "" for others.
    static std::string innerName(const std::string& uri);

private:
    struct Component;
    static Component componentOf(std::string_view uri);
    std::optional<std::vector<LineageEnd>> kamelet(const Component& component,
                                                   CamelEndpoint::Use use) const;
    std::string option(const Component& component, const std::vector<std::string>& names) const;
    std::vector<LineageEnd> rabbit(const Component& component, const LineageComponentRule& rule,
                                   CamelEndpoint::Use use) const;
    std::vector<LineageEnd> apply(const Component& component, const LineageComponentRule& rule,
                                  CamelEndpoint::Use use) const;
    std::vector<LineageEnd> http(const Component& component, CamelEndpoint::Use use) const;

    const LineageWriter& m_out;
    const CamelProperties& m_properties;
    const int m_depth; ///< Kamelets may be made of others
};

} // namespace core

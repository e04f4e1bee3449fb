// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/platform/endpoint.h"

#include <string>
#include <string_view>

/// How LineageIndex calls its cells.
namespace core::lineagecells {

/// The name of a cell: what it is about, and of what.
inline std::string cell(std::string_view about, std::string_view of, std::string_view more = {})
{
    std::string out;
    out.reserve(about.size() + of.size() + more.size() + 2);
    out.append(about).append("\n").append(of);
    if (!more.empty())
        out.append("\n").append(more);
    return out;
}

inline std::string cellOf(const ObjectKey& key)
{
    return cell("object", key.group + "\n" + key.kind, key.namespaceName + "\n" + key.name);
}

inline std::string cellOf(const ServiceName& name)
{
    return cell("backend", name.namespaceName, name.name);
}

} // namespace core::lineagecells

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/kindtable.h"
#include "core/value/json.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace core {

/// How the lists of one custom kind merge, in each version: all that is kept of a
/// CustomResourceDefinition once it has been read. Immutable; any thread.
class CustomListKeys
{
public:
    /// Of a CustomResourceDefinition, served by the API or declared in Git.
    static std::shared_ptr<const CustomListKeys> of(const Json& definition);
    static std::shared_ptr<const CustomListKeys> none();

    /// The list at a path of field names without indices ("spec.listeners"); Atomic when the
    /// schema says nothing else.
    ListKeys at(std::string_view version, std::string_view path) const;
    /// Lists that are not atomic, of all versions.
    std::size_t size() const;

private:
    using Lists = std::map<std::string, ListKeys, std::less<>>; ///< "*" stands for any key of a map
    std::map<std::string, Lists, std::less<>> m_versions;
};

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gitops::practice {

/// What the words of a template refer to.
struct TemplateScope
{
    const core::Json& object; ///< ".spec.replicas", ".metadata.name"
    const core::Json* item = nullptr; ///< "@", "@.name": inside $forEach
    std::int64_t index = 0; ///< "index"
    std::string now; ///< "now", RFC 3339
};

/// A template filled in. Texts may hold {{ path }} or {{ path | default value }}; a text that is
/// nothing but one expression becomes the value itself, and is left out when there is none.
/// {$when: path, …}: left out unless the path leads to something true.
/// {$forEach: path, $item: template}: a list with one item for each.
/// {$eachKey: path, $value: template}: a map with the same keys.
/// {$count: path, $key: template, $value: template}: a map of so many; "index" tells them apart.
core::Json fillTemplate(const core::Json& text, const TemplateScope& scope);

/// One expression, without the braces; null when it leads nowhere.
core::Json evaluate(std::string_view expression, const TemplateScope& scope);
/// False for null, false, 0, "", "false" and empty lists.
bool isTruthy(const core::Json& value);

} // namespace gitops::practice

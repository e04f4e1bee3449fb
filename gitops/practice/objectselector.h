// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/selector.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// The labelSelector and fieldSelector of a LIST, WATCH or DELETE of a collection.
class ObjectSelector
{
public:
    /// Refuses (400) what is no selector, and field labels that the resource does not know.
    static ApiResult<ObjectSelector> make(const ResourceType& type, std::string_view labelSelector,
                                          std::string_view fieldSelector);
    bool matches(const core::Json& object) const;
    bool isEmpty() const { return m_labels.isEmpty() && m_fields.empty(); }
    /// The name that a field selector demands, or "".
    std::string_view name() const;

private:
    core::LabelSelector m_labels;
    std::vector<core::FieldRequirement> m_fields;
};

} // namespace gitops::practice

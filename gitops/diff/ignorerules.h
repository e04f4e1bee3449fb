// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/identity.h"
#include "core/schema/managedfields.h"
#include "gitops/diff/jqpath.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// The ignoreDifferences that are for one object, resolved against both of its sides. Made for one
/// comparison.
class IgnoreRules
{
public:
    enum class Answer
    {
        Compare,
        Ignore,
        Below ///< something below is ignored: look at the members one by one
    };

    /// Fails when a rule cannot be followed exactly: what is more than a plain path needs jq.
    /// managed must outlive the result.
    static core::Result<IgnoreRules> make(std::span<const core::IgnoreDifference> rules,
                                          const core::ObjectKey& key, const core::Json& desired,
                                          const core::Json& live,
                                          const core::ManagedFields& managed,
                                          const JqSelect& jq = {});

    bool isEmpty() const { return m_desired.empty() && m_live.empty() && m_trusted.empty(); }
    /// The pointers are the place in each of the two; fields is the same place in managedFields.
    Answer at(std::string_view desiredPointer, std::string_view livePointer,
              std::span<const core::PathElement> fields) const;

private:
    core::Result<void> addSelected(const std::string& expression, const core::Json& desired,
                                   const core::Json& live, const JqSelect& jq);

    std::vector<std::string> m_desired; ///< pointers into the manifest
    std::vector<std::string> m_live;
    std::vector<const core::FieldSet*> m_trusted; ///< what managers own that are let be
};

} // namespace gitops

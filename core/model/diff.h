// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/object/identity.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// Who wrote a field last, as managedFields has it. when is empty for removals: those are not
/// recorded.
struct FieldAuthor
{
    std::string manager;
    std::string operation; ///< "Apply" or "Update"
    std::string subresource;
    std::optional<WallTime> when;
    bool operator==(const FieldAuthor&) const = default;
};

/// One difference between Git and the cluster.
struct FieldChange
{
    enum class Type
    {
        Missing, ///< Git declares it, live has it not
        Different,
        Undeclared, ///< our Apply entry owns it, Git declares it no more
        NotOurs, ///< equal, but somebody else owns it now: taken back quietly
    } type = Type::Different;
    std::string path; ///< JSON pointer into the manifest: "/spec/template/spec/containers/0/image"
    std::string
        display; ///< for people, list items by key: "spec.template.spec.containers[name=web].image"
    std::string desired; ///< compact JSON; masked for Secrets; "" when Undeclared
    std::string live; ///< compact JSON; masked for Secrets; "" when Missing
    std::optional<FieldAuthor> author; ///< of the live value
    Place origin; ///< file and line in Git that says otherwise
    bool operator==(const FieldChange&) const = default;
};

/// The comparison of one object.
struct ResourceDiff
{
    enum class Verdict
    {
        Same,
        Different,
        MissingLive, ///< Git has it, the cluster not
        Extra, ///< tracked to the application, not in Git: wants pruning
        CouldNotTell, ///< the reason says why; never treated as equal
    } verdict = Verdict::Same;
    ObjectKey key;
    std::vector<FieldChange> changes;
    std::string reason;
    bool operator==(const ResourceDiff&) const = default;
    /// True when only quiet NotOurs changes are left.
    bool isQuiet() const;
};

using ResourceDiffPtr = std::shared_ptr<const ResourceDiff>;

} // namespace core

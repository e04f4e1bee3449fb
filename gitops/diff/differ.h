// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/model/diff.h"
#include "core/object/kindtable.h"
#include "core/object/manifest.h"
#include "gitops/diff/jqpath.h"

#include <functional>
#include <span>

namespace gitops {

/// What a comparison may look at beside the two objects.
struct DiffContext
{
    std::span<const core::IgnoreDifference> ignore = {};
    JqSelect jq = {}; ///< for expressions of ignore that are more than a path; empty: refused
    /// How list items are told apart where managedFields does not say; null: the built-in table,
    /// and for a custom kind Comparison::needsListKeys where that matters.
    std::function<core::ListKeys(const core::GroupKind&, std::string_view path)> listKeys = {};
    std::string fieldManager = std::string(core::kFieldManager);
};

/// The outcome of looking at both sides without asking the server.
struct Comparison
{
    core::ResourceDiff diff;
    /// Values differ only in a way that may be spelling (quantity, default, normalised form, an
    /// object applied by another tool): a server-side dry-run decides, and the answer is
    /// remembered. The paths are those in doubt.
    bool needsDryRun = false;
    /// Lists of a custom kind differ, and neither managedFields nor DiffContext::listKeys says how
    /// their items are told apart: the result is worth something only once its schema is known.
    bool needsListKeys = false;
};

/// Field-exact comparison by the three rules of DESIGN.md, section 4 ("Diff without asking the
/// server"): declared but absent or different live, whoever owns it; owned by our Apply entry but
/// no longer declared; equal but no longer ours. live is the object as the server gave it, with
/// managedFields; null when it is not there. Values of Secrets are masked in the result: equal
/// values by equal runs of '+', never the value itself. Pure; any thread.
Comparison compare(const core::Manifest& desired, const core::Json* live,
                   const DiffContext& context = {});

/// The same decision after the server's answer: predicted is what a dry-run apply returned.
core::ResourceDiff compareWithDryRun(const core::Manifest& desired, const core::Json& live,
                                     const core::Json& predicted, const DiffContext& context = {});

/// For the diff view: the object as YAML with secrets masked; without managedFields, status and
/// server-made metadata unless whole.
std::string displayYaml(const core::Json& object, bool whole = false);

/// Both sides of one object: values of a Secret that are equal on both sides are equal runs, which
/// two calls of the above cannot promise. Either may be null.
struct DisplayedPair
{
    std::string desired;
    std::string live;
};
DisplayedPair displayYaml(const core::Json* desired, const core::Json* live, bool whole = false);

} // namespace gitops

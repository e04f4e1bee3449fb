// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/differ.h"

#include "gitops/diff/ignorerules.h"
#include "gitops/diff/objectcomparer.h"

#include <utility>

namespace gitops {

namespace {

using core::Json;
using Verdict = core::ResourceDiff::Verdict;

Comparison couldNotTell(core::ResourceDiff diff, std::string reason)
{
    diff.verdict = Verdict::CouldNotTell;
    diff.reason = std::move(reason);
    return {.diff = std::move(diff)};
}

Comparison compareAll(const core::Manifest& manifest, const Json& live, const Json* predicted,
                      const DiffContext& context)
{
    Comparison result;
    result.diff.key = manifest.key();
    const Json desired = manifest.value();
    if (!desired.is_object() || !live.is_object() || (predicted && !predicted->is_object()))
        return couldNotTell(std::move(result.diff), "The object cannot be read.");
    // Without readable managedFields nothing is ours: values still tell.
    const core::ManagedFields managed =
        core::ManagedFields::of(live).value_or(core::ManagedFields());
    const auto ignore =
        IgnoreRules::make(context.ignore, manifest.key(), desired, live, managed, context.jq);
    if (!ignore)
        return couldNotTell(std::move(result.diff), ignore.error().message);
    ObjectComparer comparer(manifest, managed, *ignore, context);
    comparer.compare(desired, live, predicted);
    result.diff.changes = comparer.takeChanges();
    result.diff.verdict = result.diff.changes.empty() ? Verdict::Same : Verdict::Different;
    result.needsDryRun = comparer.isDoubtful() && !comparer.isCertain();
    result.needsListKeys = comparer.isWithoutListKeys();
    return result;
}

} // namespace

Comparison compare(const core::Manifest& desired, const Json* live, const DiffContext& context)
{
    if (live && !live->is_null())
        return compareAll(desired, *live, nullptr, context);
    Comparison result;
    result.diff.key = desired.key();
    result.diff.verdict = Verdict::MissingLive;
    return result;
}

core::ResourceDiff compareWithDryRun(const core::Manifest& desired, const Json& live,
                                     const Json& predicted, const DiffContext& context)
{
    return compareAll(desired, live, &predicted, context).diff;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/hooks.h"

#include "core/base/strings.h"

#include <algorithm>
#include <set>

namespace gitops {

using core::SyncPhase;

namespace {

std::string annotationOf(const std::map<std::string, std::string>& annotations, const char* name)
{
    const auto found = annotations.find(name);
    return found == annotations.end() ? std::string() : found->second;
}

std::set<std::string> itemsOf(const std::string& list)
{
    std::set<std::string> items;
    for (const std::string_view item : core::split(list, ','))
        if (const std::string_view word = core::trimmed(item); !word.empty())
            items.emplace(word);
    return items;
}

std::optional<SyncPhase> argoPhase(const std::string& word)
{
    for (const SyncPhase phase :
         {SyncPhase::PreSync, SyncPhase::Sync, SyncPhase::PostSync, SyncPhase::SyncFail})
        if (core::toString(phase) == word)
            return phase;
    return std::nullopt;
}

std::optional<SyncPhase> helmPhase(const std::string& word)
{
    if (word == "pre-install" || word == "pre-upgrade")
        return SyncPhase::PreSync;
    if (word == "post-install" || word == "post-upgrade")
        return SyncPhase::PostSync;
    return std::nullopt;
}

bool isDeletionHook(const std::string& word)
{
    return word == "PreDelete" || word == "PostDelete";
}

void readPolicies(Hook& hook, const std::map<std::string, std::string>& annotations)
{
    const auto argo = itemsOf(annotationOf(annotations, "argocd.argoproj.io/hook-delete-policy"));
    const auto helm = itemsOf(annotationOf(annotations, "helm.sh/hook-delete-policy"));
    const auto says = [&](const char* argoWord, const char* helmWord) {
        return argo.contains(argoWord) || helm.contains(helmWord);
    };
    hook.deleteOnSuccess = says("HookSucceeded", "hook-succeeded");
    hook.deleteOnFailure = says("HookFailed", "hook-failed");
    hook.deleteBefore = says("BeforeHookCreation", "before-hook-creation")
        || (!hook.deleteOnSuccess && !hook.deleteOnFailure);
}

} // namespace

Hook hookOf(const std::map<std::string, std::string>& annotations)
{
    Hook hook;
    const std::set<std::string> argo =
        itemsOf(annotationOf(annotations, "argocd.argoproj.io/hook"));
    const std::string helmText = annotationOf(annotations, "helm.sh/hook");
    std::set<SyncPhase> phases;
    bool saysSkip = argo.contains("Skip");
    bool hasArgoType = saysSkip || std::ranges::any_of(argo, isDeletionHook);
    for (const std::string& word : argo)
        if (const auto phase = argoPhase(word)) {
            phases.insert(*phase);
            hasArgoType = true;
        }
    hook.isSkipped = saysSkip && phases.empty() && !std::ranges::any_of(argo, isDeletionHook);
    if (hook.isSkipped)
        return hook;
    hook.isHook = annotations.contains("argocd.argoproj.io/hook")
        || (!helmText.empty() && helmText != "crd-install");
    if (!hook.isHook)
        return hook;
    if (!hasArgoType)
        for (const std::string& word : itemsOf(helmText))
            if (const auto phase = helmPhase(word))
                phases.insert(*phase);
    hook.phases.assign(phases.begin(), phases.end());
    std::vector<std::string> names;
    for (const SyncPhase phase : phases)
        names.emplace_back(core::toString(phase));
    hook.text = core::join(names, ",");
    readPolicies(hook, annotations);
    return hook;
}

std::string hookName(const std::string& generateName, const std::string& revision, SyncPhase phase,
                     core::WallTime startedAt)
{
    const std::string shortRevision = revision.size() >= 8 ? revision.substr(0, 7) : revision;
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(startedAt.time_since_epoch()).count();
    return generateName + shortRevision + "-" + core::toLower(core::toString(phase)) + "-"
        + std::to_string(seconds);
}

} // namespace gitops

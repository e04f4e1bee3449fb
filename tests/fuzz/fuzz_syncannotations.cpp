// SPDX-License-Identifier: GPL-3.0-or-later
// Annotations come from repositories and from live objects: hooks, waves, options, whole plans.
#include "core/base/strings.h"
#include "gitops/sync/hooks.h"
#include "gitops/sync/syncplanner.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

core::ManifestPtr manifestOf(const std::string& name,
                             const std::map<std::string, std::string>& annotations)
{
    core::JsonObject list;
    for (const auto& [key, value] : annotations)
        list[key] = value;
    auto made = core::Manifest::make(core::JsonObject {
        {"apiVersion", "batch/v1"},
        {"kind", "Job"},
        {"metadata",
         core::JsonObject {{"name", name}, {"namespace", "shop"}, {"annotations", list}}}});
    return made ? *made : nullptr;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const char* const names[] = {"argocd.argoproj.io/hook",
                                        "argocd.argoproj.io/hook-delete-policy",
                                        "argocd.argoproj.io/sync-wave",
                                        "argocd.argoproj.io/sync-options",
                                        "helm.sh/hook",
                                        "helm.sh/hook-weight",
                                        "helm.sh/hook-delete-policy"};
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (!core::isValidUtf8(text))
        return 0;
    std::map<std::string, std::string> annotations;
    std::size_t i = 0;
    for (const std::string_view line : core::split(text, '\n'))
        annotations[names[i++ % std::size(names)]] = line;
    gitops::SyncInput input;
    input.options.prune = true;
    if (core::ManifestPtr manifest = manifestOf("a", annotations))
        input.desired.push_back(std::move(manifest));
    gitops::LiveView old {.uid = "u", .ours = true, .annotations = annotations};
    old.wave = gitops::waveOf(annotations);
    input.live[{"batch", "Job", "shop", "old"}] = old;
    const gitops::SyncStep step = gitops::planStep(input);
    for (const gitops::SyncAction& action : step.actions)
        if (action.type == gitops::SyncAction::Type::Delete && action.uid != "u")
            std::abort();
    return 0;
}

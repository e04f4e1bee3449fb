// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/desiredstate.h"

#include "core/base/strings.h"
#include "core/object/kindtable.h"
#include "core/object/selector.h"
#include "gitops/engine/ownership.h"

#include <optional>

namespace gitops {

namespace {

using ScopeTable = std::map<core::GroupKind, bool>; ///< true: namespaced

/// Scopes of the custom kinds that this very render defines.
ScopeTable scopesOfDefinitions(const Rendered& rendered)
{
    ScopeTable scopes;
    for (const core::ManifestPtr& manifest : rendered.manifests) {
        if (manifest->kind().kind != "CustomResourceDefinition")
            continue;
        const core::Json object = manifest->value();
        scopes[{std::string(core::stringAt(object, {"spec", "group"})),
                std::string(core::stringAt(object, {"spec", "names", "kind"}))}] =
            core::stringAt(object, {"spec", "scope"}) != "Cluster";
    }
    return scopes;
}

bool isNamespaced(const core::Manifest& manifest, const Discovery* discovery,
                  const ScopeTable& defined)
{
    const core::GroupKind kind = manifest.key().groupKind();
    if (discovery) {
        if (const ApiResource* resource = discovery->find(manifest.kind()))
            return resource->namespaced;
        if (const ApiResource* resource = discovery->find(kind))
            return resource->namespaced;
    }
    if (auto found = defined.find(kind); found != defined.end())
        return found->second;
    if (const core::KindInfo* builtin = core::builtinKind(kind))
        return builtin->scope == core::Scope::Namespaced;
    return true;
}

std::string hookTypes(const std::map<std::string, std::string>& annotations)
{
    if (auto found = annotations.find("argocd.argoproj.io/hook"); found != annotations.end())
        return found->second;
    if (auto found = annotations.find("helm.sh/hook");
        found != annotations.end() && found->second != "crd-install")
        return found->second;
    return {};
}

/// Names what must not be applied as it stands: SOPS and the placeholders of argocd-vault-plugin.
std::string unreadableValues(const core::Manifest& manifest)
{
    const std::string& text = manifest.text();
    if (text.find("ENC[AES256_GCM") != std::string::npos)
        return "Its values are encrypted with SOPS";
    if (text.find("\"avp.kubernetes.io/") != std::string::npos
        || text.find("<path:") != std::string::npos)
        return "Its values are placeholders for a vault plugin";
    return {};
}

core::Place placeOf(const core::Manifest& manifest)
{
    core::Place place = manifest.origin();
    place.object = manifest.key().text();
    return place;
}

void addDuplicate(DesiredState& state, const core::Manifest& manifest)
{
    const std::string message =
        manifest.key().text() + " is declared more than once; the last one stands.";
    for (core::Condition& warning : state.warnings)
        if (warning.type == "RepeatedResourceWarning") {
            if (warning.message.size() < 1000)
                warning.message += " " + message;
            return;
        }
    state.warnings.push_back({"RepeatedResourceWarning", message, placeOf(manifest), {}});
}

} // namespace

core::Result<DesiredStatePtr> prepareDesired(const core::Application& application,
                                             const core::CommitInfo& commit,
                                             const RenderedPtr& rendered,
                                             const Discovery* discovery)
{
    auto state = std::make_shared<DesiredState>();
    state->commit = commit;
    state->rendered = rendered;
    const ScopeTable defined = scopesOfDefinitions(*rendered);
    for (const core::ManifestPtr& manifest : rendered->manifests) {
        if (const std::string what = unreadableValues(*manifest); !what.empty())
            return core::failure(core::ErrorCode::Unsupported,
                                 what + ", which Wavewright does not read; it is not applied.",
                                 placeOf(*manifest), core::Fault::Repository);
        std::string space;
        if (isNamespaced(*manifest, discovery, defined)) {
            space = manifest->key().namespaceName;
            if (space.empty())
                space = application.destinationNamespace;
            if (space.empty())
                space = "default";
        }
        auto prepared = withOwnership(*manifest, application.name, space, false);
        if (!prepared)
            return std::unexpected(std::move(prepared.error()));
        const auto annotations = core::annotationsOf((*prepared)->value());
        const core::ObjectKey& key = (*prepared)->key();
        DesiredObject object {*prepared, hookTypes(annotations), waveOf(annotations)};
        state->kinds.insert(key.groupKind());
        state->places[key.groupKind()].insert(space);
        if (!space.empty())
            state->namespaces.insert(space);
        if (key.name.empty()) { // named by the server or by the planner: nothing to find it by
            state->manifests.push_back(*prepared);
            continue;
        }
        auto [found, added] = state->objects.try_emplace(key, object);
        if (added) {
            state->manifests.push_back(*prepared);
            continue;
        }
        addDuplicate(*state, **prepared);
        std::erase_if(state->manifests, [&](const auto& other) { return other->key() == key; });
        state->manifests.push_back(*prepared);
        found->second = std::move(object);
    }
    for (const auto& [key, object] : state->objects)
        if (!object.hook.empty())
            state->hooks.push_back(key);
    return state;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
// displayYaml of differ.h.
#include "core/value/yamlwriter.h"
#include "gitops/diff/differ.h"
#include "gitops/diff/secretmask.h"

namespace gitops {

namespace {

using core::Json;

std::string yamlOf(const Json& object, bool whole, SecretMask& mask)
{
    Json shown = object;
    if (SecretMask::isSecret(shown))
        mask.maskObject(shown);
    if (!whole && shown.is_object()) {
        const auto drop = [](Json& map, std::string_view name) {
            if (auto& members = map.get_object(); members.contains(name))
                members.stable_erase(members.find(name));
        };
        drop(shown, "status");
        if (Json* metadata = core::find(shown, "metadata"); metadata && metadata->is_object())
            for (std::string_view name : {"managedFields", "resourceVersion", "uid", "generation",
                                          "creationTimestamp", "selfLink"})
                drop(*metadata, name);
    }
    return core::toYaml(shown);
}

} // namespace

std::string displayYaml(const Json& object, bool whole)
{
    SecretMask mask;
    return yamlOf(object, whole, mask);
}

DisplayedPair displayYaml(const Json* desired, const Json* live, bool whole)
{
    SecretMask mask;
    DisplayedPair result;
    if (desired)
        result.desired = yamlOf(*desired, whole, mask);
    if (live)
        result.live = yamlOf(*live, whole, mask);
    return result;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/value/json.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops::practice {

/// What a server makes of an object of a built-in kind when it decodes it (resources/fields).
struct DecodedFields
{
    /// Without fields that the kind does not have, nulls and empty lists and maps; quantities in
    /// their canonical spelling.
    core::Json object;
    std::vector<std::string> unknown; ///< "spec.template.spec.containers[0].imagePullPolice"
    /// Why it cannot be decoded at all, in the API server's words: "json: cannot unmarshal string
    /// into Go struct field DeploymentSpec.spec.replicas of type int32"; "" when it can.
    std::string mismatch;
};

/// nullopt for a kind that is not in the table.
std::optional<DecodedFields> decodeBuiltin(const core::GroupVersionKind& kind,
                                           const core::Json& object);

/// Why an apply configuration has not the shape of its kind, as server-side apply words it:
/// ".data.k: expected string, got &value.valueUnstructured{Value:7}"; "" when it has.
std::string shapeProblem(const core::GroupVersionKind& kind, const core::Json& configuration);

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

namespace core {

struct JsonPatchOptions
{
    std::size_t maxOperations = 10'000; ///< the API server's own limit
    bool negativeIndices = true; ///< -1 is the last item, as evanphx/json-patch has it
    /// Removing what is not there is no error (kubectl and Kustomize: it is one).
    bool allowMissingRemove = false;
};

/// RFC 6902: add, remove, replace, move, copy, test. All or nothing: on an error, target is as it
/// was. The error names the operation's number (from 0) and its path.
Result<void> applyJsonPatch(Json& target, const Json& patch, const JsonPatchOptions& options = {});

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

core::Result<void> applyReplacement(const Folder& folder, ResourceMap&,
                                    const Replacement& replacement)
{
    return core::failure(core::ErrorCode::Unsupported,
                         "the kustomization field 'replacements' is not supported",
                         folder.context().placeOf(replacement.from), core::Fault::Repository);
}

} // namespace gitops::kustomize

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>

struct git_repository;

namespace gitops {

class JobWatch;

/// How much a mirror may gather before it is tidied.
struct MirrorLimits
{
    std::size_t packs = 20; ///< each fetch leaves one
    std::size_t looseObjects = 1'000;
};

bool needsTidying(const std::string& folder, const MirrorLimits& limits);

/// Puts all that references reach into one pack and removes what else there is: commits that no
/// branch has any more, and doubles. Until the new pack is on the disk nothing is removed, and one
/// that ends early leaves all as it was. Under the mirror's lock; readers may go on meanwhile.
core::Result<void> tidyMirror(git_repository* repository, const std::string& folder,
                              JobWatch& watch);

} // namespace gitops

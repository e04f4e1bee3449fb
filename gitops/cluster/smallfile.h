// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <string>

namespace gitops {

/// A whole regular file of at most limit bytes. The error (NotFound, Disk, LimitExceeded) says why
/// in one sentence, with the path as its place.
core::Result<std::string> readSmallFile(const std::string& path, std::size_t limit = 4u << 20);

} // namespace gitops

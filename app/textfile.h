// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace app {

/// The text of a file that the user named; "-" is standard input. Limited in size; a folder, a
/// missing or an unreadable file is an error with its name.
core::Result<std::string> readTextFile(const std::string& path, std::uint64_t maxBytes = 64u << 20);

} // namespace app

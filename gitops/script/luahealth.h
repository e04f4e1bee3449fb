// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

extern "C" {
#include <jv.h>
}

#include <string>

namespace gitops::script {

/// Runs a health script (Lua 5.1) on an object, its global "obj", as Argo CD does: {"status": …,
/// "message": …}; {} when it returns nothing; {"error": …} when it fails. Consumes the object.
///
/// Scripts have the base functions, table, string, math, and of os time, date and clock; with
/// openLibraries also what else cannot leave the process. Nothing loads code or files.
jv luaHealth(const std::string& script, bool openLibraries, jv object);

} // namespace gitops::script

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

extern "C" {
#include <jv.h>
}

#include <string>

namespace gitops::script {

/// The paths that a jq expression selects in an object: {"paths": […]}, or {"error": …} when it is
/// no expression. What fails for this object only (a member that is not there) selects nothing, as
/// in Argo CD. Consumes the object. Programs are compiled once.
jv jqPaths(const std::string& expression, jv object);

} // namespace gitops::script

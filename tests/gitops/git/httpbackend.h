// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/loopbackserver.h"

#include <string>

namespace tests {

/// Answers a request as a web server with "git http-backend" does, for the repositories below
/// folder.
void serveGit(LoopbackServer::Connection& connection, const LoopbackServer::Request& request,
              const std::string& folder);

} // namespace tests

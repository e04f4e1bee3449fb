// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace gitops::script {

/// Answers requests until the end of the input: one JSON text a line in, one out.
///   {"do": "paths", "text": EXPRESSION, "object": {…}}   →  {"paths": [["spec", "replicas"], …]}
///   {"do": "health", "text": SCRIPT, "open": false, "object": {…}}
///                                      →  {"status": "Healthy", "message": "…"}, {} without one
/// or {"error": "…"}. An answer that takes longer than kSeconds ends the process: its parent then
/// knows what it was about.
inline constexpr int kSeconds = 1;
inline constexpr unsigned kMaxRequest = 8u << 20;
inline constexpr unsigned kMaxAnswer = 1u << 20;

int serve(int input, int output);

} // namespace gitops::script

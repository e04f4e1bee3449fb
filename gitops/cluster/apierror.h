// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/cluster/apiclient.h"

#include <string>
#include <vector>

namespace gitops {

/// A Status object (also from an ERROR event) as an Error. httpStatus decides where it has no
/// reason that we know. isSensitive: nothing that may quote a value of the object gets into the
/// message.
core::Error errorFromStatus(const core::Json& status, int httpStatus, bool isSensitive);
core::Error errorFromResponse(const core::HttpResponse& response, bool isSensitive);

/// What a write's refusal means: a server that gave up half-way (500, 502, 504) may have written.
core::Error writeErrorFromResponse(const core::HttpResponse& response, bool isSensitive,
                                   bool isDryRun);

/// "Retry-After" in seconds; nullopt without, or when it is no number.
std::optional<std::chrono::milliseconds> retryAfterOf(const core::HttpResponse& response);

/// Texts of the Warning headers ("299 - \"text\""), without doubles, in order.
std::vector<std::string> warningsOf(const core::HttpHeaders& headers);

} // namespace gitops

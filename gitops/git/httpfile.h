// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/git/gitpool.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace gitops {

struct HttpFileOptions
{
    std::string caFile; ///< PEM; "": the system's certificate authorities
    std::uint64_t maxBytes = 32u << 20;
    std::chrono::milliseconds timeout {120'000}; ///< for all of it
};

struct HttpFile
{
    std::string text;
    std::string etag; ///< "": the server gave none
    bool isUnchanged = false; ///< since the etag given; text is then empty
};

/// Gets one file by https (http on loopback only). Never with a credential: no user name in the
/// URL, no netrc, no cookies. Certificates are verified; at most ten redirects are followed, to
/// https only, since releases and raw files live behind them. Blocks; a cancelled watch ends it
/// within a second.
core::Result<HttpFile> fetchHttpFile(const std::string& url, const std::string& etag,
                                     const HttpFileOptions& options, JobWatch& watch);

} // namespace gitops

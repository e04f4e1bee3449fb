// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagefacts.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// The parts of an address, as far as it has them. User and password are dropped at once: they must
/// reach no graph, no export and no message.
struct LineageUri
{
    std::string scheme; ///< lower case, "s3a"
    std::string authority; ///< "host:port" or "a:1,b:2", without user and password
    std::string path; ///< without the leading "/", percent-decoded not
    std::map<std::string, std::string> query;
};

/// nullopt where the text is no "scheme://…" (nor "jdbc:scheme://…").
std::optional<LineageUri> parseLineageUri(std::string_view text);

/// What an address leads to: a dataset where it names one (s3a://bucket/path, postgres://host/db,
/// kafka://host/topic, amqp://host/vhost), else what answers at its host. nullopt where it is no
/// address of a system that we know.
std::optional<LineageEnd> endOfUri(std::string_view text);

/// "s3" for s3a, s3n, s3; "postgres" for postgresql and jdbc:postgresql; the scheme itself for
/// others; "" for schemes that lead to no data (file, classpath).
std::string systemOfScheme(std::string_view scheme);

/// Bucket and path as "bucket/path": without slashes at the ends, without what stands from the
/// first wildcard on, without ports.
std::string objectStorePath(std::string_view bucketAndPath);

/// The port of a host, 0 when it has none.
int portOf(std::string_view host);
std::string_view withoutPort(std::string_view host);

} // namespace core

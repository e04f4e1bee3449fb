// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/manifests/platformmanifests.h"

#include <map>
#include <string>

namespace tests {

/// Columns folder, kind, name, pointer, value: what a platform's document says, as a table.
void addFactColumns();
void addFact(const char* folder, const char* kind, const char* name, const char* pointer,
             const char* value);
/// Looks the row's fact up: "" when it is as it should be, else what stands there instead.
QString checkFact(const PlatformManifests& manifests);

/// Objects of a kind that a folder renders; -1 when it does not render.
qsizetype countOf(const PlatformManifests& manifests, const QString& folder,
                  const std::string& kind);
/// The sync waves of an environment's Applications, by name.
std::map<std::string, std::string> wavesOf(const PlatformManifests& manifests,
                                           const QString& environment);

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagewriter.h"

#include <expected>
#include <map>
#include <string>

namespace core {

using CamelProperties = std::map<std::string, std::string>;

/// What {{names}} of an Integration or a Pipe stand for: the camel trait, spec.configuration,
/// mounted ConfigMaps. Secrets that it mounts are noted by their names.
CamelProperties camelProperties(LineageWriter& out);

/// Puts the properties in; the name of one that is set nowhere is the error.
std::expected<std::string, std::string> withProperties(std::string text,
                                                       const CamelProperties& properties);

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/topics.h"

#include <vector>

namespace core {

/// The topics with what is measured of them: figures or the reason why there is none, what brokers
/// have and nobody declares (at its place in the order), and what is declared and not there, where
/// a broker of the same cluster told of all that it has.
std::vector<Topic> withTelemetry(std::vector<Topic> topics, const Telemetry& telemetry);

/// Why there is no figure of a subject, in one sentence: never empty.
std::string reasonWithoutFigure(const Telemetry& telemetry, const std::string& subject,
                                std::string_view system);

} // namespace core

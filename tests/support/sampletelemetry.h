// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"
#include "core/model/telemetry.h"

/// Figures as sources would tell them, for tests and pictures: the same ones at every run.
namespace tests {

/// Two topics and a queue of the event-driven platform: one topic flows with two groups, one of
/// them behind; what a broker has and nobody declares; a source that is missing. All simulated.
core::TelemetryPtr sampleTelemetry(core::WallTime at);

/// The half-hour before `at` of a subject that flows, with a gap; nothing for others.
core::SamplesAnswer sampleHistory(const core::query::Samples& question, core::WallTime at);

/// The topic that flows.
inline constexpr const char* kFlowingTopic =
    "kafka://event-cluster-kafka-bootstrap.kafka.svc:9092/events";

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/model/telemetry.h"
#include "tests/core/platform/platformchanges.h"

#include <string>
#include <vector>

namespace tests {

/// A small platform in which every rule of findings has something to say.
core::PlatformInput madePlatform();
/// What may come to it or say something else, that no change of one member of a text makes.
std::vector<PlatformChange> madeChanges();
/// What brokers and Prometheus tell of its topics.
core::Telemetry madeTelemetry();

/// A workload that names a host, topics, Secrets, and what it takes.
std::string madeJob(const std::string& space, const std::string& name, const std::string& host,
                    const std::string& reads, const std::string& writes,
                    const std::string& more = {});

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"
#include "core/model/event.h"
#include "core/model/snapshot.h"

#include <string>
#include <vector>

/// The event-driven platform as an engine would publish it: operators in wave 0, Kafka, RabbitMQ
/// and Camel K in wave 1, Backstage in wave 2, user namespaces in wave 3. Made up, for tests and
/// screenshots; every time is relative to sampleTime().
namespace tests {

core::WallTime sampleTime();

/// Mid-sync: wave 1 runs, Kafka is waited for, Backstage has drifted, a namespace waits to be
/// pruned.
core::Snapshot samplePlatform();
/// The same without a connection, seen last four minutes before sampleTime().
core::Snapshot sampleDisconnected();
core::Snapshot sampleEmpty();

/// Changes one application of a snapshot.
template<class Change>
void changeApplication(core::Snapshot& snapshot, const std::string& name, Change change)
{
    core::ApplicationState state = *snapshot.applications.at(name);
    change(state);
    snapshot.applications[name] = std::make_shared<const core::ApplicationState>(std::move(state));
}

/// Both sides of the drifted Deployment backstage/backstage.
core::ObjectKey sampleDriftedKey();
core::ManifestsAnswer sampleDriftedManifests();
/// What an engine would answer for objects that differ.
std::map<core::ObjectKey, core::ManifestsAnswer> sampleManifests();
/// What happened in the last minutes, oldest first.
std::vector<core::Event> sampleEvents();

} // namespace tests

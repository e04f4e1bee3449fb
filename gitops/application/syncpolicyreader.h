// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "gitops/application/fieldreader.h"

#include <optional>
#include <string_view>

namespace gitops {

/// Reads spec.syncPolicy: automation, sync options, retry, metadata of the managed namespace.
/// Without a retry block an automated sync is tried again five times, another one not at all; a
/// block without limit means no retry (argo-cd controller/appcontroller.go).
void readSyncPolicy(FieldReader& spec, core::Application& out);

/// Argo CD's durations: "5s", "1m30s", and a bare number of seconds. nullopt for anything else,
/// negative ones and those over a year.
std::optional<std::chrono::milliseconds> parsePolicyDuration(std::string_view text);

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/diff.h"
#include "core/model/snapshot.h"

#include <QString>

#include <chrono>
#include <string_view>

/// Engine values in words for the screen. Everything from outside passes through here, which makes
/// control characters visible.
namespace widgets {

/// UTF-8 from the engine, made safe to show.
QString text(std::string_view utf8);
/// "just now", "4 s ago", "3 min ago", "2 h ago", "5 d ago"; "in 3 min" for the future.
QString ago(core::WallTime when, core::WallTime now);
/// As kubectl prints ages: "5s", "3h10m".
QString age(core::WallTime when, core::WallTime now);
/// "12 s", "3 min 5 s".
QString duration(core::WallTime from, core::WallTime to);
/// Local time of day with seconds: "12:03:04"; with the day before it when it is not today.
QString clockTime(core::WallTime when, core::WallTime now);

/// "kafka/event-cluster", or the name alone for objects of the cluster.
QString nameOf(const core::ObjectKey& key);
/// "Kafka kafka/event-cluster"
QString objectText(const core::ObjectKey& key);
/// "kubectl-scale through /scale, 3 min ago"; "not recorded" when managedFields does not tell.
QString authorText(const std::optional<core::FieldAuthor>& author, core::WallTime now);
/// "1 object", "3 objects"
QString objectCount(int count);

} // namespace widgets

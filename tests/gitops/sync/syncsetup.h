// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gitops/sync/synccluster.h"

#include <QString>

namespace tests {

/// Prepares a run: what Git declares, what is live (lines, see ObjectLine), and settings with
/// blanks between: degraded=NAME, stuck=NAME, slow=NAME, suspended=NAME, unknown=NAME, refuse=NAME;
/// missing=KIND, unknownkind=KIND, served=KIND (of example.com); only=KIND/NAME, outofsync=NAME,
/// dryrun, force, replace, createnamespace, applyoutofsynconly, skipdryrun, noprune.
void setUp(SyncRun& run, const QString& desired, const QString& live, const QString& settings);

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/tasks.h"

#include <string>
#include <vector>

namespace gitops {

/// Why an object of the application that Git no longer declares stays for now; "" when nothing
/// stands against its deletion but a person's word (see waitsForPerson).
std::string whyNotPruned(const core::ObjectKey& key, const LiveView& live, const SyncInput& input);

/// A prune of it is out of the question, whoever agrees: it is kept by its annotations or by the
/// application's options, was there before us, or is a namespace of the cluster's own.
bool isNeverPruned(const core::ObjectKey& key, const LiveView& live, const SyncOptions& options);

/// Protected kinds and Prune=confirm; how many others go along is not looked at here.
bool waitsForPerson(const core::ObjectKey& key, const LiveView& live, const SyncInput& input);

/// Prune=confirm, as in Argo CD: the wave stops until a person has agreed.
bool stopsWave(const LiveView& live, const SyncInput& input);

/// A namespace takes all that is in it along: why it stays while objects of the application are in
/// it whose own prune has not begun (nobody agreed to it, or they are to be kept); else "".
std::string whyNamespaceStays(const core::ObjectKey& key, const SyncInput& input);

/// At the first step: the prune tasks of the operation, decided once and for all, each with the
/// result that says so (to be saved). others are its other tasks.
std::vector<SyncTask> decidePrunes(const SyncInput& input, const std::vector<SyncTask>& others);

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectstore.h"

namespace gitops::practice {

/// Gives a service its cluster IP and node ports, as the API server does when it is written: free
/// ones for a new service, those that it has for an update that leaves them out.
void assignAddresses(const ObjectStore& store, const core::Json* old, core::Json& service);

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "gitops/application/fieldreader.h"

namespace gitops {

/// Reads spec.source; several sources, charts, Helm, plugins, jsonnet and the source hydrator are
/// reported as unsupported.
void readSource(FieldReader& spec, core::ApplicationSource& out);

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findings.h"
#include "core/platform/namespaces.h"
#include "core/platform/tenants.h"

namespace core {

// Views as JSON, for -o json. Members keep their names: scripts read them.
Json toJson(const Place& place);
Json toJson(const ObjectKey& key);
Json toJson(const NamespaceView& view);
Json toJson(const QuotaView& view);
Json toJson(const LimitView& view);
Json toJson(const TenantView& view);
Json toJson(const ReachMatrix& matrix);
Json toJson(const Finding& finding);

std::string_view toString(Reach reach); ///< "allowed", "denied", "depends"

} // namespace core

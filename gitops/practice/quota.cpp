// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/quota.h"

namespace gitops::practice {

ApiResult<void> admitQuota(const ObjectStore&, const ResourceType&, const core::Json*,
                           const core::Json&)
{
    return {};
}

void applyLimitRanges(const ObjectStore&, core::Json&) { }

core::JsonObject quotaUsage(const ObjectStore&, const std::string&, const core::Json&)
{
    return {};
}

} // namespace gitops::practice

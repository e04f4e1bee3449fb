// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/validation.h"

namespace gitops::practice {

std::vector<Cause> validateCreate(const ResourceType&, const core::Json&)
{
    return {};
}

std::vector<Cause> validateUpdate(const ResourceType&, const core::Json&, const core::Json&)
{
    return {};
}

} // namespace gitops::practice

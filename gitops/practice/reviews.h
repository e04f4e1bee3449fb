// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/resourcerequest.h"

namespace gitops::practice {

/// Authorization and authentication reviews: the practice cluster lets its one user do everything,
/// and says so.
Answer answerReview(const ResourceRequest& request);

} // namespace gitops::practice

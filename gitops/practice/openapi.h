// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/practice/apirequest.h"
#include "gitops/practice/resourceregistry.h"

#include <optional>

namespace gitops::practice {

/// Answers /openapi/v3: the least that kubectl needs. Every patch operation says which kind it is
/// for and takes fieldValidation, so that kubectl leaves validation to the server; the strategic
/// content type is not listed, so that kubectl merges with what it knows itself. Schemas of custom
/// resources are served as their CRDs have them.
std::optional<core::HttpResponse> answerOpenApi(const ResourceRegistry& registry,
                                                const core::HttpRequest& request,
                                                const RequestTarget& target);

} // namespace gitops::practice

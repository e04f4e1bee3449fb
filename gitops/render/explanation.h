// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/renderer.h"

#include <string>

namespace gitops {

/// What of a render to explain; empty members mean all.
struct ExplanationRequest
{
    std::string object; ///< "NAME" or "KIND/NAME"
    std::string field; ///< JSON pointer: it, and what is below it
};

/// For people: each object with the place it comes from, and each field that a transformer touched
/// with the place of its value and all who touched it, in order. A field that was asked for and
/// touched by nobody is told too. Values are not printed: there may be secrets among them. "" when
/// no object is meant. The render must have been made with RenderRequest::explain.
std::string explanationOf(const Rendered& rendered, const ExplanationRequest& request);

} // namespace gitops

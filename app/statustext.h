// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/value/json.h"

#include <string>
#include <vector>

namespace app {

/// What a person has to know of an application beyond its row in the table of wavewright status,
/// from the JSON that the running process answers: conditions with file and line, what is not
/// Healthy, pauses, prunes that wait. One line each, beginning with the application's name.
std::vector<std::string> statusNotes(const core::Json& state);

/// A member that is a list; an empty one otherwise.
const core::JsonArray& listIn(const core::Json& state, const char* member);
/// The members group, kind, namespace and name.
core::ObjectKey keyOf(const core::Json& object);
/// "ConfigMap default/a, ConfigMap default/b and 3 more"
std::string objectNames(const core::JsonArray& objects);

} // namespace app

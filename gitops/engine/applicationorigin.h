// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"

#include <optional>
#include <string>
#include <string_view>

namespace gitops {

/// Where an application comes from and goes to. It tells an application from another one of the
/// same name, whose objects carry the same tracking ids.
struct ApplicationOrigin
{
    std::string repository; ///< without credentials, without ".git"
    std::string path;
    std::string destination; ///< namespace
    std::string namespaceName; ///< of the Application object
    bool operator==(const ApplicationOrigin&) const = default;

    /// For people: "https://host/shop, path overlays/production, into namespace shop".
    std::string text() const;
};

ApplicationOrigin originOf(const core::Application& application);

/// As the record and the state folder keep it.
std::string toText(const ApplicationOrigin& origin);
/// Nullopt: it is damaged, or of a version that is not known.
std::optional<ApplicationOrigin> originFromText(std::string_view text);

/// Can `now` be what an edit of the application made of `before`? Its path or its repository moved,
/// and it still goes where it went. A folder given on the command line is not edited: another
/// folder is another application.
bool isEditOf(const ApplicationOrigin& before, const ApplicationOrigin& now);

/// What a record says, for people.
std::string describeOrigin(std::string_view recorded);

} // namespace gitops

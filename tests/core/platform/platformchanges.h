// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/findings.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// One thing of a platform that is another, against the platform as it is.
struct PlatformChange
{
    std::string what; ///< in words
    core::ObjectKey key; ///< of the object that is another; its kind is "" where none is
    std::optional<core::PlatformObject> now; ///< nullopt: it is not there
    std::function<void(core::PlatformInput&)> beside; ///< changes what is no object; may be empty
};

/// The platform with some changes, the later ones over the earlier ones.
core::PlatformInputPtr changed(const core::PlatformInput& platform,
                               const std::vector<const PlatformChange*>& changes);

/// Each object goes.
std::vector<PlatformChange> goings(const core::PlatformInput& platform);
/// What else can be another with one object: any member of its text, or of the cluster's, is
/// missing or says what another one of that name says; it stands in another line; a finding of it
/// is accepted; the cluster has it, or has it otherwise; it changes hands.
std::vector<PlatformChange> changesOf(const core::PlatformInput& platform,
                                      const std::vector<core::Finding>& findings);
/// What is told of the whole: gaps, kinds that are not known, waves and parents of applications.
std::vector<PlatformChange> changesBeside(const core::PlatformInput& platform);

} // namespace tests

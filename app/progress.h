// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/event.h"

#include <memory>

namespace app {

/// Shows what an engine does, while it does it. Main thread only.
class Progress
{
public:
    virtual ~Progress() = default;
    virtual void event(const core::Event& event) = 0;
    virtual void tick() { } ///< ten times a second
    /// Leaves the screen as it should stay.
    virtual void finish() { }
};

/// A live display of applications and waves on a terminal, plain lines elsewhere, a JSON line an
/// event with -o json.
std::unique_ptr<Progress> makeProgress(Format format);

} // namespace app

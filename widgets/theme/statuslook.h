// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/operation.h"
#include "core/model/status.h"

#include <QColor>
#include <QString>

#include <optional>

namespace widgets {

struct Colours;

/// How a state is shown: a shape of its own, the field's own word (never translated), a colour.
struct StatusLook
{
    QString icon; ///< a name for paintIcon
    QString word;
    QColor colour;
};

StatusLook lookOf(core::Health health, const Colours& colours);
StatusLook lookOf(core::SyncState state, const Colours& colours);
/// OutOfSync that wants pruning is marked with a bin.
StatusLook pruneLook(const Colours& colours);
StatusLook lookOf(core::OperationPhase phase, const Colours& colours);
StatusLook lookOf(core::WaveProgress::State state, const Colours& colours);

} // namespace widgets

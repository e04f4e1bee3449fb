// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/platformpage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/emptystate.h"
#include "widgets/text/texts.h"

namespace widgets {

bool PlatformPage::describeUnanswered(EmptyState& empty, const PageContext& context,
                                      const PlatformReading& reading, const QString& icon,
                                      const QString& reads)
{
    if (reading.hasAnswer)
        return false;
    const core::ClusterState& cluster = context.bridge.snapshot()->cluster;
    if (cluster.connection == core::ClusterState::Connection::Disconnected)
        empty.describe(QStringLiteral("server"), tr("Not connected"), text(cluster.message));
    else if (!reading.failure.isEmpty())
        empty.describe(icon, tr("The platform cannot be read"),
                       tr("%1 It is tried again.").arg(reading.failure));
    else
        empty.describe(icon, tr("Reading the platform"), reads);
    return true;
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/clusterbar.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/controls/badge.h"
#include "widgets/delegates/paint.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace widgets {

namespace {

using Connection = core::ClusterState::Connection;

QString connectionWord(Connection connection)
{
    switch (connection) {
    case Connection::Connected:
        return ClusterBar::tr("Connected to %1");
    case Connection::Connecting:
        return ClusterBar::tr("Connecting to %1");
    case Connection::Disconnected:
        break;
    }
    return ClusterBar::tr("Not connected to %1");
}

} // namespace

ClusterBar::ClusterBar(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_where(new QLabel(this))
    , m_fresh(new QLabel(this))
    , m_insecure(new Badge(Badge::Tone::Danger, tr("TLS NOT VERIFIED"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(32, 3, 10, 3);
    layout->setSpacing(10);
    for (QLabel* label : {m_where, m_fresh}) {
        label->setTextFormat(Qt::PlainText);
        label->setProperty("role", QStringLiteral("small"));
    }
    layout->addWidget(m_where);
    layout->addWidget(m_insecure);
    layout->addStretch(1);
    layout->addWidget(m_fresh);
    connect(&clock, &WallClock::ticked, this, &ClusterBar::refreshAge);
}

void ClusterBar::show(const core::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    const core::ClusterState& cluster = snapshot->cluster;
    QStringList parts {
        connectionWord(cluster.connection)
            .arg(cluster.context.empty() ? tr("no cluster") : text(cluster.context))};
    if (!cluster.server.empty())
        parts << text(cluster.server);
    if (!cluster.version.empty())
        parts << text(cluster.version);
    const bool isLimited = cluster.connection == Connection::Connected && !cluster.message.empty();
    if (isLimited)
        parts << tr("not everything may be listed");
    m_where->setToolTip(isLimited
                            ? QStringLiteral("<p>%1</p>").arg(text(cluster.message).toHtmlEscaped())
                            : QString());
    m_where->setText(parts.join(QStringLiteral("  ·  ")));
    m_insecure->setVisible(cluster.insecure);
    refreshAge();
    update();
}

void ClusterBar::refreshAge()
{
    if (!m_snapshot || m_snapshot->at == core::WallTime()) {
        m_fresh->clear();
        return;
    }
    m_fresh->setText(tr("Updated %1").arg(ago(m_snapshot->at, m_clock.now())));
}

void ClusterBar::paintEvent(QPaintEvent*)
{
    if (!m_snapshot)
        return;
    const Colours& c = coloursOf(palette());
    QPainter painter(this);
    const QRect box(12, 0, kGlyph, height());
    switch (m_snapshot->cluster.connection) {
    case Connection::Connected:
        paintGlyph(painter, box, QStringLiteral("sync-synced"), c.healthy, 13);
        break;
    case Connection::Connecting:
        paintGlyph(painter, box, QStringLiteral("health-progressing"), c.progressing, 13);
        break;
    case Connection::Disconnected:
        paintGlyph(painter, box, QStringLiteral("row-failed"), c.danger, 13);
        break;
    }
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/applicationheader.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/statuschip.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace widgets {

namespace {

QString destinationOf(const core::Application& spec, const core::ClusterState& cluster)
{
    QString place = text(cluster.context.empty() ? spec.destinationServer : cluster.context);
    if (cluster.practice)
        place = ApplicationHeader::tr("%1 (practice cluster)").arg(place);
    if (spec.destinationNamespace.empty())
        return place;
    return ApplicationHeader::tr("%1 on %2").arg(text(spec.destinationNamespace), place);
}

} // namespace

ApplicationHeader::ApplicationHeader(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_name(new QLabel(this))
    , m_sync(new StatusChip([](const Colours& c) { return lookOf(core::SyncState::Unknown, c); },
                            false, this))
    , m_health(new StatusChip([](const Colours& c) { return lookOf(core::Health::Unknown, c); },
                              false, this))
    , m_why(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_syncButton(new QPushButton(tr("Sync…"), this))
    , m_refreshButton(new QPushButton(tr("Refresh"), this))
    , m_pauseButton(new QPushButton(this))
    , m_revision(new ElidedLabel(ElidedLabel::Tone::Plain, this))
    , m_destination(new ElidedLabel(ElidedLabel::Tone::Plain, this))
    , m_route(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_reconciled(new ElidedLabel(ElidedLabel::Tone::Plain, this))
    , m_activity(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
{
    m_name->setProperty("role", QStringLiteral("title"));
    m_name->setTextFormat(Qt::PlainText);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_syncButton->setProperty("primary", true);
    m_revision->setIcon(QStringLiteral("commit"));
    m_destination->setIcon(QStringLiteral("server"));
    m_destination->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_reconciled->setAlignment(Qt::AlignRight);
    m_activity->setAlignment(Qt::AlignRight);
    setupLayout();
    connect(m_syncButton, &QPushButton::clicked, this, &ApplicationHeader::syncRequested);
    connect(m_refreshButton, &QPushButton::clicked, this, &ApplicationHeader::refreshRequested);
    connect(m_pauseButton, &QPushButton::clicked, this, [this] {
        if (m_state && !m_state->pauses.empty())
            Q_EMIT resumeRequested();
        else
            Q_EMIT pauseRequested();
    });
    connect(&clock, &WallClock::ticked, this, &ApplicationHeader::refreshAges);
}

void ApplicationHeader::setupLayout()
{
    auto* top = new QHBoxLayout;
    top->setSpacing(14);
    top->addWidget(m_name);
    top->addWidget(m_sync);
    top->addWidget(m_health);
    top->addWidget(m_why, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QPushButton* button : {m_pauseButton, m_refreshButton, m_syncButton})
        buttons->addWidget(button);
    top->addLayout(buttons);
    auto* route = new QHBoxLayout;
    route->setSpacing(10);
    route->addWidget(m_destination);
    route->addWidget(m_route, 1);
    auto* facts = new QGridLayout;
    facts->setHorizontalSpacing(16);
    facts->setVerticalSpacing(3);
    facts->setColumnStretch(0, 1);
    facts->addWidget(m_revision, 0, 0);
    facts->addWidget(m_reconciled, 0, 1);
    facts->addLayout(route, 1, 0);
    facts->addWidget(m_activity, 1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 8);
    layout->setSpacing(7);
    layout->addLayout(top);
    layout->addLayout(facts);
}

void ApplicationHeader::show(const core::ApplicationStatePtr& state,
                             const core::ClusterState& cluster)
{
    m_state = state;
    const core::SyncState sync = state->sync;
    const core::Health health = state->health;
    m_name->setText(text(state->spec.name));
    m_sync->setLook([sync](const Colours& c) { return lookOf(sync, c); });
    m_health->setLook([health](const Colours& c) { return lookOf(health, c); });
    m_why->setText(text(state->healthMessage));
    const bool paused = !state->pauses.empty();
    m_pauseButton->setText(paused ? tr("Resume") : tr("Pause…"));
    const bool connected = cluster.connection == core::ClusterState::Connection::Connected;
    const bool running = state->operation && !core::isCompleted(state->operation->phase);
    m_syncButton->setEnabled(connected && state->holder.empty() && !running);
    m_syncButton->setToolTip(!connected    ? tr("Not connected to the cluster")
                                 : running ? tr("A sync is running")
                                 : !state->holder.empty()
                                 ? tr("Held by %1: adopt it first").arg(text(state->holder))
                                 : tr("Bring the cluster to what Git says (Ctrl+S)"));
    const core::ApplicationSource& source = state->spec.source;
    m_destination->setText(destinationOf(state->spec, cluster));
    m_route->setText(tr("from %1 at %2, %3")
                         .arg(text(source.path.empty() ? "." : source.path),
                              text(source.targetRevision), text(source.repoUrl)));
    m_activity->setText(text(state->activity));
    refreshAges();
}

void ApplicationHeader::refreshAges()
{
    if (!m_state)
        return;
    const core::WallTime now = m_clock.now();
    if (const auto& commit = m_state->revision)
        m_revision->setText(tr("%1   %2   by %3, %4")
                                .arg(text(commit->shortId()), text(commit->subject),
                                     text(commit->author), ago(commit->when, now)));
    else
        m_revision->setText(tr("No commit has been rendered yet"));
    m_reconciled->setText(m_state->lastReconciled
                              ? tr("Reconciled %1").arg(ago(*m_state->lastReconciled, now))
                              : tr("Not reconciled yet"));
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/wavessection.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/lanecard.h"
#include "widgets/controls/statuschip.h"
#include "widgets/models/wavelanesmodel.h"
#include "widgets/text/texts.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace widgets {

namespace {

QString triggerWord(core::Operation::Trigger trigger)
{
    switch (trigger) {
    case core::Operation::Trigger::Manual:
        return WavesSection::tr("Started by a person");
    case core::Operation::Trigger::SelfHeal:
        return WavesSection::tr("Self-heal");
    case core::Operation::Trigger::Automated:
        break;
    }
    return WavesSection::tr("Automated sync");
}

} // namespace

WavesSection::WavesSection(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_model(new WaveLanesModel(clock, this))
    , m_phase(new StatusChip(
          [](const Colours& c) { return lookOf(core::OperationPhase::Running, c); }, false, this))
    , m_summary(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_stop(new QPushButton(tr("Stop"), this))
    , m_stack(new QStackedWidget(this))
    , m_scroll(new QScrollArea(m_stack))
    , m_row(nullptr)
    , m_empty(new EmptyState(m_stack))
{
    setupLayout();
    connect(m_stop, &QPushButton::clicked, this, &WavesSection::stopRequested);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& above) {
        if (!above.isValid())
            rebuild();
    });
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex& above) {
        if (!above.isValid())
            rebuild();
    });
    connect(m_model, &QAbstractItemModel::rowsMoved, this, [this](const QModelIndex& above) {
        if (!above.isValid())
            rebuild();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &WavesSection::rebuild);
    connect(&clock, &WallClock::ticked, this, &WavesSection::refresh);
}

void WavesSection::setupLayout()
{
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(16, 10, 16, 10);
    bar->setSpacing(12);
    bar->addWidget(m_phase);
    bar->addWidget(m_summary, 1);
    bar->addWidget(m_stop);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    auto* lanes = new QWidget(m_scroll);
    lanes->setObjectName(QStringLiteral("lanes"));
    m_row = new QHBoxLayout(lanes);
    m_row->setContentsMargins(12, 12, 12, 12);
    m_row->setSpacing(10);
    m_scroll->setWidget(lanes);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setAccessibleName(tr("Waves"));
    m_scroll->viewport()->setAutoFillBackground(false);
    lanes->setAutoFillBackground(false);
    m_empty->describe(QStringLiteral("wavewright"), tr("No waves"),
                      tr("This commit declares no objects."));
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(line);
    layout->addWidget(m_stack, 1);
}

void WavesSection::show(const core::ApplicationStatePtr& state)
{
    m_state = state;
    m_model->setApplication(state);
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget*>(m_scroll) : m_empty);
    refresh();
}

void WavesSection::noteEvents(const std::vector<core::Event>& events)
{
    m_model->noteEvents(events);
    refresh();
}

void WavesSection::rebuild()
{
    for (LaneCard* card : m_lanes) {
        card->hide();
        card->deleteLater();
    }
    m_lanes.clear();
    while (QLayoutItem* item = m_row->takeAt(0))
        delete item;
    for (int lane = 0; lane < m_model->rowCount(); ++lane) {
        auto* card = new LaneCard(*m_model, m_model->index(lane, 0), m_scroll->widget());
        card->list()->installEventFilter(this);
        connect(card, &LaneCard::objectActivated, this, [this](const QModelIndex& index) {
            Q_EMIT objectActivated(m_model->objectKey(index));
        });
        m_lanes.push_back(card);
        m_row->addWidget(card, 1);
    }
    m_row->addStretch(0);
}

void WavesSection::refresh()
{
    for (LaneCard* card : m_lanes)
        card->refresh();
    refreshSummary();
}

void WavesSection::refreshSummary()
{
    if (!m_state)
        return;
    const auto& operation = m_state->operation;
    m_phase->setVisible(operation.has_value());
    const bool running = operation && !core::isCompleted(operation->phase);
    m_stop->setVisible(running);
    if (!operation) {
        m_summary->setText(tr("No sync has run yet. These are the waves that it will go through."));
        return;
    }
    const core::OperationPhase phase = operation->phase;
    m_phase->setLook([phase](const Colours& c) { return lookOf(phase, c); });
    QStringList parts {triggerWord(operation->trigger), text(operation->revision.substr(0, 7))};
    const core::WallTime now = m_clock.now();
    if (operation->dryRun)
        parts << tr("dry run");
    if (!operation->only.empty())
        parts << tr("only %1").arg(objectCount(int(operation->only.size())));
    if (operation->attempt > 0)
        parts << tr("attempt %1").arg(operation->attempt + 1);
    if (running)
        parts << tr("running for %1").arg(duration(operation->startedAt, now));
    else if (operation->finishedAt)
        parts << tr("ended %1, took %2")
                     .arg(ago(*operation->finishedAt, now),
                          duration(operation->startedAt, *operation->finishedAt));
    if (operation->nextRetryAt)
        parts << tr("tries again %1").arg(ago(*operation->nextRetryAt, now));
    if (!operation->message.empty())
        parts << text(operation->message);
    m_summary->setText(parts.join(QStringLiteral("  ·  ")));
}

void WavesSection::focusLanes()
{
    if (m_lanes.empty())
        return;
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const auto state = m_model->progress(int(i)).state;
        if (state == core::WaveProgress::State::Applying
            || state == core::WaveProgress::State::Waiting
            || state == core::WaveProgress::State::Failed) {
            m_lanes[i]->list()->setFocus();
            m_scroll->ensureWidgetVisible(m_lanes[i]);
            return;
        }
    }
    m_lanes.front()->list()->setFocus();
}

bool WavesSection::moveFocus(QObject* list, int step)
{
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        if (m_lanes[i]->list() != list)
            continue;
        const std::ptrdiff_t to = std::ptrdiff_t(i) + step;
        if (to < 0 || to >= std::ptrdiff_t(m_lanes.size()))
            return false;
        m_lanes[std::size_t(to)]->list()->setFocus();
        m_scroll->ensureWidgetVisible(m_lanes[std::size_t(to)]);
        return true;
    }
    return false;
}

bool WavesSection::eventFilter(QObject* watched, QEvent* event)
{
    // Left and right go from lane to lane, as the eye does.
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right)
            if (moveFocus(watched, key == Qt::Key_Left ? -1 : 1))
                return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace widgets

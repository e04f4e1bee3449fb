// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/lanecard.h"

#include "widgets/delegates/paint.h"
#include "widgets/delegates/waveitemdelegate.h"
#include "widgets/models/wavelanesmodel.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

namespace widgets {

namespace {

using State = core::WaveProgress::State;

QString stateWord(State state)
{
    switch (state) {
    case State::Pending:
        return LaneHead::tr("Pending");
    case State::Applying:
        return LaneHead::tr("Applying");
    case State::Waiting:
        return LaneHead::tr("Waiting");
    case State::Done:
        return LaneHead::tr("Done");
    case State::Failed:
        break;
    }
    return LaneHead::tr("Failed");
}

} // namespace

LaneHead::LaneHead(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void LaneHead::show(const WaveLanesModel& model, int lane)
{
    const core::WaveProgress& wave = model.progress(lane);
    m_title = model.title(lane);
    m_stateNumber = int(wave.state);
    m_state = stateWord(wave.state);
    const auto time = model.elapsed(lane);
    m_time = time ? text(core::describeDuration(*time)) : QString();
    const int total = std::max(wave.total, 1);
    m_applied = double(wave.applied) / total;
    m_ready = double(wave.ready) / total;
    if (wave.state == State::Pending)
        m_counts = objectCount(wave.total);
    else if (wave.applied < wave.total)
        m_counts = tr("%1 of %2 applied").arg(wave.applied).arg(wave.total);
    else
        m_counts = tr("%1 of %2 ready").arg(wave.ready).arg(wave.total);
    setAccessibleName(tr("%1: %2, %3").arg(m_title, m_state, m_counts));
    update();
}

void LaneHead::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    const StatusLook look = lookOf(State(m_stateNumber), c);
    QPainter painter(this);
    const int left = 12;
    const int right = width() - 12;
    const QRect title(left, 9, right - left, 20);
    const int titleWidth = QFontMetrics(textFont(14, QFont::DemiBold)).horizontalAdvance(m_title);
    paintText(painter, title, m_title, textFont(14, QFont::DemiBold),
              State(m_stateNumber) == State::Pending ? c.secondary : c.text);
    const int word = QFontMetrics(textFont(kSmallSize)).horizontalAdvance(m_state);
    const int room = std::min(word + 24, title.width() - titleWidth - 10);
    const QRect state(right - room, title.top(), room, title.height());
    paintGlyph(painter, state, look.icon, look.colour, 13);
    paintText(painter, state.adjusted(20, 0, 0, 0), m_state, textFont(kSmallSize), c.text);
    const QRect counts(left, 31, right - left, 16);
    paintText(painter, counts, m_counts, textFont(kSmallSize), c.secondary);
    paintText(painter, counts, m_time, textFont(kSmallSize), c.secondary, Qt::AlignRight);
    // Applied in a pale tone, ready over it in the full one.
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRectF bar(left, 52, right - left, 5);
    const QColor tone = State(m_stateNumber) == State::Failed ? c.degraded
        : State(m_stateNumber) == State::Done                 ? c.healthy
                                                              : c.progressing;
    for (const auto& [share, colour] :
         {std::pair(1.0, c.border), std::pair(m_applied, mixed(tone, c.surface, 0.35)),
          std::pair(m_ready, tone)}) {
        if (share <= 0)
            continue;
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()),
                                2.5, 2.5);
    }
}

LaneCard::LaneCard(WaveLanesModel& model, const QModelIndex& lane, QWidget* parent)
    : QFrame(parent)
    , m_model(model)
    , m_lane(lane)
    , m_head(new LaneHead(this))
    , m_waits(new QLabel(this))
    , m_list(new QListView(this))
{
    setProperty("card", true);
    setMinimumWidth(196);
    setMaximumWidth(340);
    m_waits->setWordWrap(true);
    m_waits->setTextFormat(Qt::PlainText);
    m_waits->setContentsMargins(12, 0, 12, 10);
    m_waits->setProperty("role", QStringLiteral("small"));
    m_list->setModel(&model);
    m_list->setRootIndex(lane);
    m_list->setItemDelegate(new WaveItemDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 6);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_waits);
    layout->addWidget(line);
    layout->addWidget(m_list, 1);
    connect(m_list, &QListView::activated, this, &LaneCard::objectActivated);
    refresh();
}

void LaneCard::refresh()
{
    if (!m_lane.isValid())
        return;
    m_head->show(m_model, m_lane.row());
    m_list->setAccessibleName(m_model.title(m_lane.row()));
    QStringList lines;
    const core::WaveProgress& wave = m_model.progress(m_lane.row());
    if (wave.state != State::Done)
        for (const std::string& reason : wave.waitsFor)
            lines << text(reason);
    m_waits->setText(lines.isEmpty() ? QString()
                                     : tr("Waits for %1").arg(lines.join(QLatin1Char('\n'))));
    m_waits->setVisible(!lines.isEmpty());
}

} // namespace widgets

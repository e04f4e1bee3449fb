// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/diffsection.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/banner.h"
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptystate.h"
#include "widgets/delegates/difflinedelegate.h"
#include "widgets/delegates/diffobjectdelegate.h"
#include "widgets/models/difflinemodel.h"
#include "widgets/models/diffmodel.h"
#include "widgets/text/texts.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace widgets {

namespace {

using Type = core::FieldChange::Type;

QToolButton* toggle(const QString& label, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setText(label);
    button->setCheckable(true);
    button->setProperty("pill", true);
    return button;
}

QString valueOf(const std::string& json)
{
    const QString value = text(json);
    return value.size() > 80 ? value.left(79) + QStringLiteral("…") : value;
}

/// A change in one sentence.
QString sentenceOn(const core::FieldChange& change, core::WallTime now)
{
    QString words;
    const QString path = text(change.display.empty() ? change.path : change.display);
    const QString author = authorText(change.author, now);
    switch (change.type) {
    case Type::Missing:
        words = DiffSection::tr("%1 is missing in the cluster; Git says %2.")
                    .arg(path, valueOf(change.desired));
        break;
    case Type::Undeclared:
        words = DiffSection::tr("%1 is %2 in the cluster, and Git declares it no more.")
                    .arg(path, valueOf(change.live));
        break;
    case Type::NotOurs:
        words = DiffSection::tr("%1 is what Git says, but owned by %2; it is taken back quietly.")
                    .arg(path, author);
        return words;
    case Type::Different:
        words = DiffSection::tr("%1 is %2 in the cluster; Git says %3.")
                    .arg(path, valueOf(change.live), valueOf(change.desired));
        break;
    }
    if (change.type != Type::Missing)
        words += QLatin1Char(' ') + DiffSection::tr("Last written by: %1.").arg(author);
    if (!change.origin.isEmpty())
        words += QLatin1Char(' ') + DiffSection::tr("In Git: %1.").arg(text(change.origin.text()));
    return words;
}

} // namespace

DiffSection::DiffSection(EngineBridge& bridge, const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_bridge(bridge)
    , m_clock(clock)
    , m_objects(new DiffModel(this))
    , m_lines(new DiffLineModel(clock, this))
    , m_stack(new QStackedWidget(this))
    , m_list(new QListView(this))
    , m_table(new QTableView(this))
    , m_empty(new EmptyState(m_stack))
    , m_title(new ElidedLabel(ElidedLabel::Tone::Plain, this))
    , m_position(new QLabel(this))
    , m_inline(toggle(tr("Inline"), this))
    , m_undeclared(toggle(tr("Undeclared fields"), this))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
    , m_banner(new Banner(this))
    , m_detail(new QLabel(this))
{
    setupList();
    setupLines();
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(setupBar());
    column->addWidget(m_banner);
    column->addWidget(m_table, 1);
    auto* line = new QFrame(right);
    line->setProperty("line", true);
    column->addWidget(line);
    column->addWidget(m_detail);
    auto* splitter = new QSplitter(Qt::Horizontal, m_stack);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_list);
    splitter->addWidget(right);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({230, 800});
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    setupConnections();
}

void DiffSection::setupList()
{
    m_list->setModel(m_objects);
    m_list->setItemDelegate(new DiffObjectDelegate(m_list));
    m_list->setAccessibleName(tr("Objects that differ"));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setMinimumWidth(150);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void DiffSection::setupLines()
{
    m_table->setModel(m_lines);
    m_table->setItemDelegate(new DiffLineDelegate(m_table));
    m_table->setAccessibleName(tr("Live on the left, desired on the right"));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setMinimumSectionSize(20);
    m_table->verticalHeader()->setDefaultSectionSize(20);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    m_detail->setContentsMargins(14, 8, 14, 8);
    m_detail->setMinimumHeight(34);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
}

QWidget* DiffSection::setupBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(14, 7, 10, 7);
    layout->setSpacing(8);
    m_title->setFont(textFont(kTextSize, QFont::DemiBold));
    m_position->setProperty("role", QStringLiteral("secondary"));
    m_previous->setIcon(themedIcon(QStringLiteral("chevron-up")));
    m_previous->setAccessibleName(tr("Previous difference"));
    m_previous->setToolTip(tr("Previous difference (Shift+F7)"));
    m_next->setIcon(themedIcon(QStringLiteral("chevron-down")));
    m_next->setAccessibleName(tr("Next difference"));
    m_next->setToolTip(tr("Next difference (F7)"));
    m_undeclared->setToolTip(
        tr("Show what the cluster has and Git does not speak of: defaults, other people's fields"));
    layout->addWidget(m_title, 1);
    layout->addWidget(m_position);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addSpacing(6);
    layout->addWidget(m_undeclared);
    layout->addWidget(m_inline);
    return bar;
}

void DiffSection::setupConnections()
{
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &DiffSection::openCurrent);
    connect(m_list, &QListView::activated, this, [this] { m_table->setFocus(); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &DiffSection::updateDetail);
    connect(m_table, &QTableView::activated, m_lines, &DiffLineModel::unfold);
    connect(m_table, &QTableView::clicked, m_lines, &DiffLineModel::unfold);
    connect(m_inline, &QToolButton::toggled, this, [this](bool on) {
        m_lines->setInline(on);
        updateDetail();
    });
    connect(m_undeclared, &QToolButton::toggled, this, [this](bool on) {
        m_lines->setShowUndeclared(on);
        updateDetail();
    });
    connect(m_previous, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(1); });
}

void DiffSection::show(const core::ApplicationStatePtr& state)
{
    m_state = state;
    m_objects->setApplication(state);
    if (!m_list->currentIndex().isValid() && m_objects->rowCount() > 0)
        m_list->setCurrentIndex(m_objects->index(firstWorthReading()));
    else
        openCurrent();
    updateState();
}

int DiffSection::firstWorthReading() const
{
    for (int row = 0; row < m_objects->rowCount(); ++row)
        if (m_objects->index(row).data(DiffModel::VerdictRole).toInt()
            == int(core::ResourceDiff::Verdict::Different))
            return row;
    return 0;
}

void DiffSection::openCurrent()
{
    const core::ResourceState* resource = m_objects->resource(m_list->currentIndex());
    if (!resource || !m_state) {
        m_shownKey.reset();
        m_lines->clear();
        return;
    }
    if (m_shownKey == resource->key && m_shownDiff == resource->diff)
        return;
    if (m_shownKey != resource->key)
        m_lines->clear();
    m_shownKey = resource->key;
    m_shownDiff = resource->diff;
    m_title->setText(objectText(resource->key) + QStringLiteral("  ·  ") + verdictText(*resource));
    m_bridge.ask(core::query::Manifests {m_state->spec.name, resource->key, false}, this,
                 [this, asked = ++m_asked, shown = *resource](const auto& answer) {
                     if (asked == m_asked)
                         receive(shown, answer);
                 });
}

void DiffSection::receive(const core::ResourceState& resource,
                          const core::Result<core::Answer>& answer)
{
    const auto* manifests = answer ? std::get_if<core::ManifestsAnswer>(&*answer) : nullptr;
    if (!manifests) {
        m_lines->clear();
        m_banner->show(Banner::Tone::Error, tr("The manifests could not be read."),
                       answer ? QString() : text(answer.error().text()));
        updateDetail();
        return;
    }
    m_lines->setManifests(*manifests);
    if (verdictOn(resource) == core::ResourceDiff::Verdict::CouldNotTell)
        m_banner->show(Banner::Tone::Warning, tr("Could not tell whether this differs."),
                       resource.diff ? text(resource.diff->reason) : QString());
    else
        m_banner->hide();
    const int direction = m_pendingStep == 0 ? 1 : m_pendingStep;
    m_pendingStep = 0;
    goTo(m_lines->nextDifference(direction > 0 ? -1 : m_lines->rowCount(), direction));
    updateDetail();
}

void DiffSection::goTo(int row)
{
    if (row < 0)
        return;
    const QModelIndex index = m_lines->index(row, 0);
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index, QAbstractItemView::EnsureVisible);
    updateDetail();
}

void DiffSection::step(int direction)
{
    const int from = m_table->currentIndex().isValid() ? m_table->currentIndex().row()
                                                       : (direction > 0 ? -1 : m_lines->rowCount());
    if (const int row = m_lines->nextDifference(from, direction); row >= 0) {
        goTo(row);
        return;
    }
    const QModelIndex next = m_objects->index(m_list->currentIndex().row() + direction);
    if (!next.isValid())
        return;
    m_pendingStep = direction;
    m_list->setCurrentIndex(next);
}

void DiffSection::updateDetail()
{
    const int row = m_table->currentIndex().row();
    const int all = m_lines->differenceCount();
    int position = 0;
    for (int at = m_lines->nextDifference(-1, 1); at >= 0 && at <= row;
         at = m_lines->nextDifference(at, 1))
        ++position;
    m_position->setText(all == 0 ? QString() : tr("%1 of %2").arg(position).arg(all));
    m_previous->setEnabled(position > 1 || m_list->currentIndex().row() > 0);
    m_next->setEnabled(position < all || m_list->currentIndex().row() + 1 < m_objects->rowCount());
    m_undeclared->setText(tr("Undeclared fields %1").arg(m_lines->undeclaredCount()));
    m_undeclared->setEnabled(m_lines->undeclaredCount() > 0);
    const core::FieldChange* change = m_lines->change(row);
    m_detail->setText(change ? sentenceOn(*change, m_clock.now())
                             : tr("Live is on the left, desired on the right. F7 goes to the next "
                                  "difference."));
    m_detail->setAccessibleName(m_detail->text());
}

void DiffSection::updateState()
{
    if (m_objects->rowCount() > 0) {
        m_stack->setCurrentIndex(0);
        return;
    }
    QString detail;
    if (m_state && m_state->revision)
        detail = tr("Every object is in the cluster as commit %1 says")
                     .arg(text(m_state->revision->shortId()))
            + (m_state->lastReconciled
                   ? tr(", compared %1.").arg(ago(*m_state->lastReconciled, m_clock.now()))
                   : QStringLiteral("."));
    if (m_state && m_state->sync != core::SyncState::Synced)
        m_empty->describe(QStringLiteral("sync-unknown"), tr("Not compared"),
                          tr("The state is %1: see the conditions above.")
                              .arg(text(core::toString(m_state->sync))));
    else
        m_empty->describe(QStringLiteral("sync-synced"), tr("No differences"), detail);
    m_stack->setCurrentWidget(m_empty);
}

void DiffSection::select(const core::ObjectKey& key)
{
    const QModelIndex index = m_objects->indexOf(key);
    if (index.isValid())
        m_list->setCurrentIndex(index);
    m_table->setFocus();
}

void DiffSection::focusList()
{
    m_list->setFocus();
}

} // namespace widgets

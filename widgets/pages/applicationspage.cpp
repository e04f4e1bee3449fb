// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/applicationspage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/statuschip.h"
#include "widgets/delegates/applicationdelegate.h"
#include "widgets/models/applicationfilterproxy.h"
#include "widgets/models/applicationtablemodel.h"
#include "widgets/text/texts.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace widgets {

namespace {

using Model = ApplicationTableModel;

constexpr std::pair<Model::Column, int> kWidths[] = {
    {Model::NameColumn, 210},     {Model::SyncColumn, 116},      {Model::HealthColumn, 124},
    {Model::RevisionColumn, 350}, {Model::ReconciledColumn, 96}, {Model::ObjectsColumn, 116},
};

QFrame* verticalLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setFixedSize(1, 18);
    line->setProperty("line", true);
    line->setStyleSheet(QStringLiteral("max-height: 18px; min-height: 18px;"));
    return line;
}

} // namespace

ApplicationsPage::ApplicationsPage(EngineBridge& bridge, const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_bridge(bridge)
    , m_model(new ApplicationTableModel(clock, this))
    , m_proxy(new ApplicationFilterProxy(this))
    , m_delegate(new ApplicationDelegate(this))
    , m_filter(new FilterField(tr("Filter applications"), this))
    , m_bar(new QWidget(this))
    , m_chipRow(new QWidget(m_bar))
    , m_stack(new QStackedWidget(this))
    , m_view(new QTreeView(m_stack))
    , m_empty(new EmptyState(m_stack))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setupBar();
    setupView();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    layout->addWidget(line);
    layout->addWidget(m_stack, 1);
    setupConnections();
    receive(m_bridge.snapshot());
}

void ApplicationsPage::setupBar()
{
    auto* layout = new QHBoxLayout(m_bar);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(12);
    layout->addWidget(m_filter);
    auto* chips = new QHBoxLayout(m_chipRow);
    chips->setContentsMargins(0, 0, 0, 0);
    chips->setSpacing(6);
    for (auto sync :
         {core::SyncState::OutOfSync, core::SyncState::Synced, core::SyncState::Unknown}) {
        auto* chip =
            new StatusChip([sync](const Colours& c) { return lookOf(sync, c); }, true, m_chipRow);
        m_syncChips.emplace(sync, chip);
        chips->addWidget(chip);
    }
    chips->addSpacing(4);
    chips->addWidget(verticalLine(m_chipRow));
    chips->addSpacing(4);
    for (auto health : {core::Health::Degraded, core::Health::Progressing, core::Health::Missing,
                        core::Health::Suspended, core::Health::Healthy, core::Health::Unknown}) {
        auto* chip = new StatusChip([health](const Colours& c) { return lookOf(health, c); }, true,
                                    m_chipRow);
        m_healthChips.emplace(health, chip);
        chips->addWidget(chip);
    }
    layout->addWidget(m_chipRow);
    layout->addStretch(1);
}

void ApplicationsPage::setupView()
{
    m_proxy->setSourceModel(m_model);
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(m_delegate);
    m_view->setAccessibleName(tr("Applications"));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setMouseTracking(true);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(Model::NameColumn, Qt::AscendingOrder);
    m_view->header()->setSectionsMovable(true);
    m_view->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->header()->setMinimumSectionSize(60);
    for (const auto& [column, width] : kWidths)
        m_view->setColumnWidth(column, width);
    m_view->header()->setStretchLastSection(true);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
}

void ApplicationsPage::setupConnections()
{
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, &ApplicationsPage::receive);
    m_filter->setKeys(filterKeys(*m_proxy));
    connect(m_filter, &FilterField::wordsChanged, this, [this](const QString& words) {
        m_proxy->setWords(words);
        updateState();
    });
    connect(m_filter, &FilterField::cleared, this, &ApplicationsPage::clearFilter);
    connect(m_filter, &FilterField::left, this, &ApplicationsPage::focusList);
    for (const auto& [state, chip] : m_syncChips)
        connect(chip, &StatusChip::toggled, this, &ApplicationsPage::applyChips);
    for (const auto& [state, chip] : m_healthChips)
        connect(chip, &StatusChip::toggled, this, &ApplicationsPage::applyChips);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT opened(index.data(Model::NameRole).toString());
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                const QString name = current.data(Model::NameRole).toString();
                Q_EMIT selectionChanged(name);
                if (m_compact && !m_receiving && !name.isEmpty() && m_view->hasFocus())
                    Q_EMIT opened(name);
            });
    connect(m_empty, &EmptyState::triggered, this, &ApplicationsPage::clearFilter);
    connect(m_view->header(), &QHeaderView::sortIndicatorChanged, this,
            &ApplicationsPage::updateState);
}

void ApplicationsPage::receive(const core::SnapshotPtr& snapshot)
{
    m_receiving = true; // a row that goes must not open its neighbour
    m_model->setSnapshot(snapshot);
    m_receiving = false;
    updateCounts(*snapshot);
    updateState();
    if (!m_view->currentIndex().isValid() && m_proxy->rowCount() > 0)
        m_view->setCurrentIndex(m_proxy->index(0, 0));
}

void ApplicationsPage::updateCounts(const core::Snapshot& snapshot)
{
    std::map<core::Health, int> health;
    std::map<core::SyncState, int> sync;
    for (const auto& [name, state] : snapshot.applications) {
        ++health[state->health];
        ++sync[state->sync];
    }
    // What nobody has needs no chip, unless it filters right now.
    for (const auto& [state, chip] : m_healthChips) {
        chip->setCount(health[state]);
        chip->setVisible(health[state] > 0 || chip->isChecked());
    }
    for (const auto& [state, chip] : m_syncChips) {
        chip->setCount(sync[state]);
        chip->setVisible(sync[state] > 0 || chip->isChecked());
    }
}

void ApplicationsPage::applyChips()
{
    std::set<core::Health> health;
    std::set<core::SyncState> sync;
    for (const auto& [state, chip] : m_healthChips)
        if (chip->isChecked())
            health.insert(state);
    for (const auto& [state, chip] : m_syncChips)
        if (chip->isChecked())
            sync.insert(state);
    m_proxy->setHealth(std::move(health));
    m_proxy->setSync(std::move(sync));
    updateState();
}

void ApplicationsPage::updateState()
{
    const int all = m_model->rowCount();
    const int shown = m_proxy->rowCount();
    m_filter->setCount(shown, all, m_proxy->isFiltering());
    m_chipRow->setVisible(!m_compact && all > 0);
    // The tree is drawn only while rows stand in its order.
    m_delegate->setIndented(m_proxy->sortColumn() == Model::NameColumn
                            && m_proxy->sortOrder() == Qt::AscendingOrder
                            && !m_proxy->isFiltering());
    m_view->viewport()->update();
    if (shown > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    const core::ClusterState& cluster = m_bridge.snapshot()->cluster;
    if (all > 0)
        m_empty->describe(QStringLiteral("search"), tr("No application matches the filter"),
                          tr("%1 are there.").arg(all), tr("Clear the filter"));
    else if (cluster.connection == core::ClusterState::Connection::Disconnected)
        m_empty->describe(QStringLiteral("server"), tr("Not connected"),
                          cluster.message.empty() ? tr("The cluster cannot be reached.")
                                                  : text(cluster.message));
    else if (cluster.connection == core::ClusterState::Connection::Connecting)
        m_empty->describe(QStringLiteral("server"), tr("Connecting"),
                          tr("Reading applications from %1.").arg(text(cluster.context)));
    else
        m_empty->describe(QStringLiteral("wavewright"), tr("No applications yet"),
                          tr("Start Wavewright with -f FILE to read Argo CD Application manifests, "
                             "or with --path FOLDER to make an application of a folder."));
    m_stack->setCurrentWidget(m_empty);
}

void ApplicationsPage::setCompact(bool compact)
{
    if (m_compact == compact)
        return;
    m_compact = compact;
    m_delegate->setCompact(compact);
    for (int column = Model::NameColumn + 1; column < Model::ColumnCount; ++column)
        m_view->setColumnHidden(column, compact);
    m_view->setHeaderHidden(compact);
    if (compact)
        m_view->sortByColumn(Model::NameColumn, Qt::AscendingOrder);
    else
        m_view->setColumnWidth(Model::NameColumn, kWidths[0].second);
    updateState();
    // At once: the splitter asks next how narrow this can be.
    m_bar->layout()->activate();
    layout()->activate();
}

void ApplicationsPage::select(const std::string& name)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOf(name));
    if (index.isValid() && index.row() != m_view->currentIndex().row()) {
        m_view->setCurrentIndex(index);
        m_view->scrollTo(index);
    }
}

QString ApplicationsPage::selected() const
{
    return m_view->currentIndex().data(Model::NameRole).toString();
}

void ApplicationsPage::activateFilter()
{
    m_filter->activate();
}

void ApplicationsPage::setOnlyFaults(bool only)
{
    for (auto health : {core::Health::Degraded, core::Health::Missing, core::Health::Unknown})
        m_healthChips.at(health)->setChecked(only);
}

void ApplicationsPage::clearFilter()
{
    for (const auto& [state, chip] : m_healthChips)
        chip->setChecked(false);
    for (const auto& [state, chip] : m_syncChips)
        chip->setChecked(false);
    m_filter->setWords({});
    updateCounts(*m_bridge.snapshot());
}

void ApplicationsPage::focusList()
{
    m_view->setFocus(Qt::OtherFocusReason);
    if (!m_view->currentIndex().isValid() && m_proxy->rowCount() > 0)
        m_view->setCurrentIndex(m_proxy->index(0, 0));
}

int ApplicationsPage::shownCount() const
{
    return m_proxy->rowCount();
}

QByteArray ApplicationsPage::columnState() const
{
    return m_compact ? QByteArray() : m_view->header()->saveState();
}

void ApplicationsPage::restoreColumnState(const QByteArray& state)
{
    if (!state.isEmpty())
        m_view->header()->restoreState(state);
}

} // namespace widgets

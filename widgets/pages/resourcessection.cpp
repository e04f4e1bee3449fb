// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/resourcessection.h"

#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/delegates/resourcedelegate.h"
#include "widgets/models/diffmodel.h"
#include "widgets/models/resourcetreemodel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace widgets {

namespace {

using Model = ResourceTreeModel;

int rowsBelow(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    int count = model.rowCount(parent);
    for (int row = 0, rows = count; row < rows; ++row)
        count += rowsBelow(model, model.index(row, 0, parent));
    return count;
}

} // namespace

ResourceFilterProxy::ResourceFilterProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void ResourceFilterProxy::setWords(const QString& words)
{
    m_words = FilterWords(words);
    invalidateFilter();
}

bool ResourceFilterProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_words.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return m_words.matches(ModelRow(index, index.data(Model::SearchRole).toString()));
}

ResourcesSection::ResourcesSection(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_model(new ResourceTreeModel(clock, this))
    , m_proxy(new ResourceFilterProxy(this))
    , m_filter(new FilterField(tr("Filter objects"), this))
    , m_stack(new QStackedWidget(this))
    , m_view(new QTreeView(m_stack))
    , m_empty(new EmptyState(m_stack))
{
    setupView();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 8, 10, 8);
    bar->addWidget(m_filter);
    bar->addStretch(1);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(line);
    layout->addWidget(m_stack, 1);
    m_filter->setKeys(filterKeys(*m_model));
    connect(m_filter, &FilterField::wordsChanged, this, [this](const QString& words) {
        m_proxy->setWords(words);
        m_view->expandAll();
        updateState();
    });
    connect(m_filter, &FilterField::left, m_view, [this] { m_view->setFocus(); });
    connect(m_empty, &EmptyState::triggered, this, [this] { m_filter->setWords({}); });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const auto* resource = m_model->resource(m_proxy->mapToSource(index));
        if (resource && verdictOn(*resource) != core::ResourceDiff::Verdict::Same)
            Q_EMIT differenceRequested(resource->key);
    });
    // Small trees open by themselves, also what comes later; big ones stay as the person left them.
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& above) {
        if (m_model->objectCount() <= 300)
            m_view->expand(above);
    });
}

void ResourcesSection::setupView()
{
    m_proxy->setSourceModel(m_model);
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(new ResourceDelegate(m_view));
    m_view->setAccessibleName(tr("Objects of the application"));
    m_view->setUniformRowHeights(true);
    m_view->setIndentation(18);
    m_view->setMouseTracking(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setExpandsOnDoubleClick(false);
    m_view->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    constexpr std::pair<Model::Column, int> widths[] = {
        {Model::ObjectColumn, 380}, {Model::WaveColumn, 80}, {Model::SyncColumn, 116},
        {Model::HealthColumn, 122}, {Model::AgeColumn, 64},
    };
    for (const auto& [column, width] : widths)
        m_view->setColumnWidth(column, width);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
}

void ResourcesSection::show(const core::ApplicationStatePtr& state)
{
    m_model->setApplication(state);
    updateState();
}

void ResourcesSection::updateState()
{
    const int shown = rowsBelow(*m_proxy);
    m_filter->setCount(shown, m_model->objectCount(), m_proxy->isFiltering());
    if (shown > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    if (m_proxy->isFiltering())
        m_empty->describe(QStringLiteral("search"), tr("No object matches the filter"), {},
                          tr("Clear the filter"));
    else
        m_empty->describe(QStringLiteral("health-missing"), tr("No objects"),
                          tr("The rendered manifests of this commit are empty, or nothing has been "
                             "rendered yet."));
    m_stack->setCurrentWidget(m_empty);
}

void ResourcesSection::activateFilter()
{
    m_filter->activate();
}

void ResourcesSection::focusList()
{
    m_view->setFocus();
    if (!m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_proxy->index(0, 0));
}

void ResourcesSection::select(const core::ObjectKey& key)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOf(key));
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
    m_view->setFocus();
}

} // namespace widgets

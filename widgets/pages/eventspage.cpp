// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/eventspage.h"

#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/delegates/eventdelegate.h"
#include "widgets/models/eventlogmodel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace widgets {

EventsPage::EventsPage(EventLogModel& model, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_proxy(new EventFilterProxy(this))
    , m_filter(new FilterField(tr("Filter events"), this))
    , m_warnings(new QToolButton(this))
    , m_stack(new QStackedWidget(this))
    , m_view(new QTreeView(m_stack))
    , m_empty(new EmptyState(m_stack))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_warnings->setText(tr("Only warnings"));
    m_warnings->setCheckable(true);
    m_warnings->setProperty("pill", true);
    setupView();
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 8, 10, 8);
    bar->setSpacing(12);
    bar->addWidget(m_filter);
    bar->addWidget(m_warnings);
    bar->addStretch(1);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(line);
    layout->addWidget(m_stack, 1);
    m_filter->setKeys(filterKeys(*m_proxy));
    connect(m_filter, &FilterField::wordsChanged, this, [this](const QString& words) {
        m_proxy->setWords(words);
        updateState();
    });
    connect(m_filter, &FilterField::left, this, &EventsPage::focusList);
    connect(m_filter, &FilterField::cleared, m_warnings, [this] { m_warnings->setChecked(false); });
    connect(m_warnings, &QToolButton::toggled, this, [this](bool only) {
        m_proxy->setOnlyWarnings(only);
        updateState();
    });
    connect(m_empty, &EmptyState::triggered, this, [this] {
        m_filter->setWords({});
        m_warnings->setChecked(false);
    });
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &EventsPage::updateState);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, &EventsPage::updateState);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const QString name = index.data(EventLogModel::ApplicationRole).toString();
        if (!name.isEmpty() && m_application.isEmpty())
            Q_EMIT applicationRequested(name);
    });
    updateState();
}

void EventsPage::setupView()
{
    m_proxy->setSourceModel(&m_model);
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(new EventDelegate(m_view));
    m_view->setAccessibleName(tr("Events, newest first"));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setMouseTracking(true);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->setColumnWidth(EventLogModel::TimeColumn, 96);
    m_view->setColumnWidth(EventLogModel::ApplicationColumn, 160);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
}

void EventsPage::setApplication(const QString& application)
{
    m_application = application;
    m_proxy->setApplication(application);
    m_view->setColumnHidden(EventLogModel::ApplicationColumn, !application.isEmpty());
    updateState();
}

void EventsPage::updateState()
{
    const int shown = m_proxy->rowCount();
    m_filter->setCount(shown, m_model.rowCount(), m_proxy->isFiltering());
    if (shown > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    if (m_proxy->isFiltering())
        m_empty->describe(QStringLiteral("search"), tr("No event matches the filter"), {},
                          tr("Clear the filter"));
    else
        m_empty->describe(QStringLiteral("events"),
                          tr("Nothing has happened since this window opened"),
                          tr("Commits, syncs, drift and health changes appear here as they happen. "
                             "What was before is in \"wavewright history\"."));
    m_stack->setCurrentWidget(m_empty);
}

void EventsPage::activateFilter()
{
    m_filter->activate();
}

void EventsPage::focusList()
{
    m_view->setFocus();
    if (!m_view->currentIndex().isValid() && m_proxy->rowCount() > 0)
        m_view->setCurrentIndex(m_proxy->index(0, 0));
}

} // namespace widgets

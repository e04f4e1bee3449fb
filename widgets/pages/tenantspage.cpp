// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/tenantspage.h"

#include "core/platform/namespacesummary.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/reachsection.h"
#include "widgets/pages/tenantdetail.h"
#include "widgets/text/texts.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kListWidth = 260; ///< of the list beside an open tenant
constexpr int kNarrow = 860; ///< below this an open tenant has the page for itself
enum Column
{
    NameColumn,
    IsolationColumn,
    NamespacesColumn,
    QuotaColumn,
    WorkloadsColumn,
    TopicsColumn,
    KnownByColumn,
};

QString joined(const std::vector<std::string>& words)
{
    QStringList out;
    for (const std::string& word : words)
        out << text(word);
    return out.join(QStringLiteral(", "));
}

Cell rowCell(const core::TenantView& tenant, int column)
{
    switch (column) {
    case NameColumn:
        return {.text = text(tenant.name), .tip = text(tenant.name)};
    case IsolationColumn:
        return scoreCell(tenant);
    case NamespacesColumn:
        return {.text = joined(tenant.namespaces),
                .tone = Cell::Tone::Secondary,
                .tip = joined(tenant.namespaces)};
    case QuotaColumn: {
        const auto fullest = core::fullestLine(tenant.quotas);
        if (!fullest)
            return {.text = TenantsPage::tr("no quota"),
                    .icon = QStringLiteral("warning"),
                    .tone = Cell::Tone::Warning,
                    .order = -1};
        return {.text = QStringLiteral("%1 % %2")
                            .arg(qRound(fullest->pending * 100))
                            .arg(text(fullest->resource)),
                .tone = fullest->pending > 1 ? Cell::Tone::Bad : Cell::Tone::Secondary,
                .order = fullest->pending,
                .tip = TenantsPage::tr("Its fullest line after a sync"),
                .bar = QuotaBar {fullest->used, 0, fullest->pending}};
    }
    case WorkloadsColumn:
        return countCell(qint64(tenant.workloads.size()));
    case TopicsColumn: {
        Cell cell = countCell(qint64(tenant.usedTopics.size()));
        cell.tip = TenantsPage::tr("%1 used, %2 permitted")
                       .arg(tenant.usedTopics.size())
                       .arg(tenant.permittedTopics.size());
        return cell;
    }
    default:
        return {.text = text(tenant.knownBy),
                .tone = Cell::Tone::Secondary,
                .tip = text(tenant.knownBy)};
    }
}

} // namespace

TenantsPage::TenantsPage(const PageContext& context, QWidget* parent)
    : PlatformPage(parent)
    , m_context(context)
    , m_views(core::noViews())
    , m_master(new QWidget(this))
    , m_bar(new QWidget(m_master))
    , m_filter(new FilterField(tr("Filter tenants and services"), m_bar))
    , m_counts(new QLabel(m_bar))
    , m_listButton(new QToolButton(m_bar))
    , m_matrixButton(new QToolButton(m_bar))
    , m_stack(new QStackedWidget(m_master))
    , m_table(new ViewTable(
          {{tr("Tenant"), 160},
           {tr("Isolation"), 100},
           {tr("Namespaces"), 180},
           {.title = tr("Quota after a sync"), .width = 260, .key = QStringLiteral("quota")},
           {tr("Workloads"), 90, true},
           {tr("Topics"), 76, true},
           {tr("Known by"), 260}},
          tr("Tenants"), m_stack))
    , m_reach(new ReachSection(m_stack))
    , m_empty(new EmptyState(m_stack))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_detail(new TenantDetail(m_splitter))
{
    setupBar();
    setupViews();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    setupConnections();
    updateState();
}

void TenantsPage::setupBar()
{
    m_master->setProperty("surface", true);
    m_master->setAttribute(Qt::WA_StyledBackground);
    m_listButton->setText(tr("Tenants"));
    m_matrixButton->setText(tr("Reachability"));
    for (QToolButton* button : {m_listButton, m_matrixButton}) {
        button->setProperty("pill", true);
        button->setCheckable(true);
    }
    m_listButton->setChecked(true);
    m_counts->setProperty("role", QStringLiteral("secondary"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 8, 10, 8);
    bar->setSpacing(8);
    bar->addWidget(m_filter);
    bar->addWidget(m_counts);
    bar->addStretch(1);
    bar->addWidget(m_listButton);
    bar->addWidget(m_matrixButton);
    auto* line = new QFrame(m_bar);
    line->setProperty("line", true);
    auto* above = new QVBoxLayout(m_bar);
    above->setContentsMargins(0, 0, 0, 0);
    above->setSpacing(0);
    above->addLayout(bar);
    above->addWidget(line);
    auto* column = new QVBoxLayout(m_master);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_stack, 1);
}

void TenantsPage::setupViews()
{
    m_table->sortByColumn(NameColumn, Qt::AscendingOrder);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_reach);
    m_stack->addWidget(m_empty);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_master);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_master->setMinimumWidth(220);
    m_filter->setMinimumWidth(240);
    m_detail->hide();
}

void TenantsPage::setupConnections()
{
    connect(m_filter, &FilterField::wordsChanged, this, &TenantsPage::applyWords);
    connect(m_filter, &FilterField::left, this, &TenantsPage::focusContent);
    connect(m_empty, &EmptyState::triggered, this, [this] { m_filter->setWords({}); });
    connect(m_listButton, &QToolButton::clicked, this, [this] { showMatrix(false); });
    connect(m_matrixButton, &QToolButton::clicked, this, [this] { showMatrix(true); });
    connect(m_table, &ViewTable::chosen, this,
            [this](int row) { go(text((*m_views->tenants)[std::size_t(row)].name)); });
    connect(m_table, &ViewTable::browsed, this, [this](int row) {
        if (!m_open.isEmpty())
            go(text((*m_views->tenants)[std::size_t(row)].name));
    });
    connect(m_detail, &TenantDetail::closed, this, [this] { go({}); });
    connect(m_detail, &TenantDetail::objectRequested, this, &PlatformPage::objectRequested);
    connect(m_detail, &TenantDetail::namespaceRequested, this, [this](const QString& name) {
        Q_EMIT pageRequested(QStringLiteral("namespaces"), name);
    });
    connect(m_detail, &TenantDetail::topicRequested, this,
            [this](const QString& id) { Q_EMIT pageRequested(QStringLiteral("topics"), id); });
}

void TenantsPage::setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    const bool hadFocus = !focusWidget() || !focusWidget()->isVisible();
    m_reading = reading;
    if (before->tenants != m_views->tenants) {
        fillTable();
        m_table->select(m_open);
        m_reach->show(m_views);
    }
    if (!m_open.isEmpty() && before != m_views) {
        if (m_views->tenantOf(m_open.toStdString()))
            m_detail->show(m_views, m_open.toStdString());
        else if (m_reading.hasAnswer) // it is gone
            go({});
    }
    updateState();
    // What had the focus before there was anything to show is out of sight now.
    if (hadFocus && before->tenants->empty() && isVisible())
        focusContent();
}

void TenantsPage::fillTable()
{
    m_table->setFields({{QStringLiteral("state"), QStringLiteral("owner")},
                        [views = m_views](int row, const QString& key) {
                            const core::TenantView& tenant = (*views->tenants)[std::size_t(row)];
                            return key == QLatin1String("state") ? text(tenant.state)
                                                                 : joined(tenant.owners);
                        },
                        [views = m_views](int row) { // its namespaces'
                            FilterRow::LabelSets out;
                            for (const auto& name : (*views->tenants)[std::size_t(row)].namespaces)
                                if (const auto* space = views->namespaceOf(name))
                                    out.push_back(&space->labels);
                            return out;
                        }});
    m_filter->setKeys(m_table->fieldKeys());
    m_table->setRows(
        int(m_views->tenants->size()),
        [views = m_views](int row, int column) {
            return rowCell((*views->tenants)[std::size_t(row)], column);
        },
        [this](int row) { return text((*m_views->tenants)[std::size_t(row)].name); });
}

bool TenantsPage::showsMatrix() const
{
    return m_matrixButton->isChecked() && m_open.isEmpty();
}

void TenantsPage::applyWords()
{
    const QString words = m_filter->words();
    m_reach->setWords(words);
    m_table->setWords(words);
    updateState();
}

void TenantsPage::updateState()
{
    const int all = int(m_views->tenants->size());
    const bool filtered = !m_filter->words().isEmpty();
    if (showsMatrix())
        m_filter->setCount(m_reach->shownCount(), m_reach->allCount(), filtered);
    else
        m_filter->setCount(m_table->shownCount(), all, filtered);
    const auto whole = std::ranges::count_if(*m_views->tenants, [](const core::TenantView& each) {
        return each.passed() == int(each.checks.size());
    });
    m_counts->setText(tr("%1 tenants, %2 fully isolated").arg(all).arg(whole));
    m_counts->setVisible(m_open.isEmpty() && !filtered);
    m_bar->setVisible(all > 0); // nothing to filter: not even its line
    for (QToolButton* button : {m_listButton, m_matrixButton})
        button->setVisible(m_open.isEmpty());
    const int shown = all == 0 ? 0 : showsMatrix() ? m_reach->shownCount() : m_table->shownCount();
    if (shown == 0) {
        describeEmpty(all > 0);
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_stack->setCurrentWidget(showsMatrix() ? static_cast<QWidget*>(m_reach) : m_table);
}

void TenantsPage::describeEmpty(bool filtered)
{
    const QString icon = QStringLiteral("tenants");
    if (filtered)
        m_empty->describe(QStringLiteral("search"), tr("Nothing matches the filter"), {},
                          tr("Clear the filter"));
    else if (!describeUnanswered(*m_empty, m_context, m_reading, icon,
                                 tr("Its objects are asked for, rendered and listed.")))
        m_empty->describe(icon, tr("No tenants"),
                          tr("No namespace has the label platform.wavewright.dev/tenant, none is "
                             "called user-…, and there is no Capsule Tenant. Label the namespaces "
                             "of a tenant with its name."));
}

void TenantsPage::showMatrix(bool matrix)
{
    m_listButton->setChecked(!matrix);
    m_matrixButton->setChecked(matrix);
    updateState();
    focusContent();
}

void TenantsPage::go(const QString& name)
{
    if (name == m_open)
        return;
    open(name);
    Q_EMIT subjectChanged();
}

void TenantsPage::open(const QString& subject)
{
    const bool isThere = m_views->tenantOf(subject.toStdString()) != nullptr;
    const bool wasOpen = !m_open.isEmpty();
    // Before the first answer it is only remembered: setViews shows it.
    m_open = isThere || !m_reading.hasAnswer ? subject : QString();
    if (isThere) {
        m_detail->show(m_views, subject.toStdString());
        m_table->select(subject);
    }
    arrange();
    updateState();
    if (isThere && !wasOpen)
        m_detail->focusList();
    else if (wasOpen && m_open.isEmpty())
        focusContent();
}

void TenantsPage::arrange()
{
    const bool isOpen = !m_open.isEmpty();
    m_detail->setVisible(isOpen);
    m_master->setVisible(!isOpen || width() >= kNarrow);
    for (int column = NamespacesColumn; column <= KnownByColumn; ++column)
        m_table->setColumnWanted(column, !isOpen);
    if (isOpen)
        m_splitter->setSizes({kListWidth, std::max(width() - kListWidth, 100)});
}

void TenantsPage::resizeEvent(QResizeEvent* event)
{
    PlatformPage::resizeEvent(event);
    arrange();
}

void TenantsPage::activateFilter()
{
    m_filter->activate();
}

void TenantsPage::focusContent()
{
    if (!m_open.isEmpty() && !m_master->isVisible())
        m_detail->focusList();
    else if (showsMatrix())
        m_reach->focusMatrix();
    else
        m_table->focusRows();
}

QByteArray TenantsPage::state() const
{
    return (m_matrixButton->isChecked() ? "matrix " : "list ") + m_filter->words().toUtf8();
}

void TenantsPage::restoreState(const QByteArray& state)
{
    const bool matrix = state.startsWith("matrix");
    m_listButton->setChecked(!matrix);
    m_matrixButton->setChecked(matrix);
    m_filter->setWords(QString::fromUtf8(state.mid(state.indexOf(' ') + 1)));
}

} // namespace widgets

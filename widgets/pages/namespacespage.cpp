// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/namespacespage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/viewtable.h"
#include "widgets/delegates/tiledelegate.h"
#include "widgets/models/namespacemapmodel.h"
#include "widgets/pages/namespacedetail.h"
#include "widgets/text/texts.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kListWidth = 300; ///< of the list beside an open namespace
constexpr int kNarrow = 860; ///< below this an open namespace has the page for itself
enum Column
{
    NameColumn,
    HealthColumn,
    ApplicationsColumn,
    ObjectsColumn,
    PodsColumn,
    QuotaColumn,
    UndeclaredColumn,
    FindingsColumn,
};

Cell findingsCell(const core::FindingCounts& counts)
{
    if (counts.all() == 0)
        return countCell(0);
    const bool isError = counts.errors > 0;
    return {.text = QString::number(counts.all()),
            .icon = isError           ? QStringLiteral("error")
                : counts.warnings > 0 ? QStringLiteral("warning")
                                      : QStringLiteral("info"),
            .tone = isError           ? Cell::Tone::Bad
                : counts.warnings > 0 ? Cell::Tone::Warning
                                      : Cell::Tone::Link,
            .order = counts.errors * 10000 + counts.warnings * 100 + counts.notes,
            .tip = NamespacesPage::tr("%1 errors, %2 warnings, %3 notes")
                       .arg(counts.errors)
                       .arg(counts.warnings)
                       .arg(counts.notes)};
}

Cell applicationsCell(const core::NamespaceView& view)
{
    QStringList words;
    for (const core::NamespaceView::Bringer& each : view.applications)
        words << (each.firstWave == each.lastWave
                      ? QStringLiteral("%1 (%2)").arg(text(each.application)).arg(each.firstWave)
                      : QStringLiteral("%1 (%2–%3)")
                            .arg(text(each.application))
                            .arg(each.firstWave)
                            .arg(each.lastWave));
    const QString all = words.join(QStringLiteral(", "));
    return {.text = all, .tone = Cell::Tone::Secondary, .tip = all};
}

Cell rowCell(const core::NamespaceView& view, const core::NamespaceSummary& summary, int column)
{
    switch (column) {
    case NameColumn:
        return {.text = text(view.name), .tip = text(view.name)};
    case HealthColumn:
        return healthCell(view.health, text(view.healthMessage));
    case ApplicationsColumn:
        return applicationsCell(view);
    case ObjectsColumn:
        return countCell(summary.objects);
    case PodsColumn: {
        if (!summary.livePods)
            return countCell(summary.pods);
        if (summary.pods == 0 && *summary.livePods == 0)
            return countCell(0);
        Cell cell {.text = QStringLiteral("%1 / %2").arg(*summary.livePods).arg(summary.pods),
                   .order = qint64(*summary.livePods)};
        cell.tone = *summary.livePods < summary.pods ? Cell::Tone::Warning : Cell::Tone::Plain;
        cell.tip =
            NamespacesPage::tr("%1 pods there, %2 wanted").arg(*summary.livePods).arg(summary.pods);
        return cell;
    }
    case QuotaColumn:
        if (!summary.quota)
            return countCell(0);
        return {.text = QStringLiteral("%1 %").arg(qRound(summary.quota->pending * 100)),
                .tone = summary.quota->pending > 1 ? Cell::Tone::Bad : Cell::Tone::Secondary,
                .order = summary.quota->pending,
                .tip = NamespacesPage::tr("Fullest line after a sync: %1")
                           .arg(text(summary.quota->resource)),
                .bar = QuotaBar {summary.quota->used, 0, summary.quota->pending}};
    case UndeclaredColumn:
        return countCell(summary.undeclared + summary.leftOver, Cell::Tone::Warning);
    default:
        return findingsCell(summary.findings);
    }
}

} // namespace

NamespacesPage::NamespacesPage(const PageContext& context, QWidget* parent)
    : PlatformPage(parent)
    , m_context(context)
    , m_views(core::noViews())
    , m_mapModel(new NamespaceMapModel(this))
    , m_master(new QWidget(this))
    , m_filter(new FilterField(tr("Filter namespaces"), m_master))
    , m_mapButton(new QToolButton(m_master))
    , m_tableButton(new QToolButton(m_master))
    , m_counts(new QLabel(m_master))
    , m_stack(new QStackedWidget(m_master))
    , m_map(new QListView(m_stack))
    , m_table(new ViewTable(
          {{tr("Namespace"), 190},
           {tr("Health"), 122},
           {tr("Applications (waves)"), 230},
           {tr("Objects"), 70, true},
           {tr("Pods"), 90, true},
           {.title = tr("Quota after a sync"), .width = 170, .key = QStringLiteral("quota")},
           {tr("Undeclared"), 92, true},
           {tr("Findings"), 80}},
          tr("Namespaces"), m_stack))
    , m_empty(new EmptyState(m_stack))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_detail(new NamespaceDetail(context.clock, m_splitter))
{
    setupBar();
    setupViews();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    setupConnections();
    updateState();
}

void NamespacesPage::setupBar()
{
    m_master->setProperty("surface", true);
    m_master->setAttribute(Qt::WA_StyledBackground);
    m_mapButton->setText(tr("Map"));
    m_tableButton->setText(tr("Table"));
    for (QToolButton* button : {m_mapButton, m_tableButton}) {
        button->setProperty("pill", true);
        button->setCheckable(true);
    }
    m_mapButton->setChecked(true);
    m_counts->setProperty("role", QStringLiteral("secondary"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 8, 10, 8);
    bar->setSpacing(8);
    bar->addWidget(m_filter);
    bar->addWidget(m_counts);
    bar->addStretch(1);
    bar->addWidget(m_mapButton);
    bar->addWidget(m_tableButton);
    auto* line = new QFrame(m_master);
    line->setProperty("line", true);
    auto* column = new QVBoxLayout(m_master);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(line);
    column->addWidget(m_stack, 1);
}

void NamespacesPage::setupViews()
{
    m_map->setModel(m_mapModel);
    m_map->setItemDelegate(new TileDelegate(m_map));
    m_map->setAccessibleName(tr("Map of the namespaces"));
    m_map->setFlow(QListView::LeftToRight);
    m_map->setWrapping(true);
    m_map->setResizeMode(QListView::Adjust);
    m_map->setMovement(QListView::Static);
    m_map->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_map->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_map->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_map->setMouseTracking(true);
    m_map->setContentsMargins(6, 0, 6, 6);
    m_table->sortByColumn(NameColumn, Qt::AscendingOrder);
    m_stack->addWidget(m_map);
    m_stack->addWidget(m_table);
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

void NamespacesPage::setupConnections()
{
    connect(m_filter, &FilterField::wordsChanged, this, &NamespacesPage::applyWords);
    connect(m_filter, &FilterField::left, this, &NamespacesPage::focusContent);
    connect(m_empty, &EmptyState::triggered, this, [this] {
        m_onlyFaults = false;
        m_filter->setWords({});
        applyWords();
    });
    connect(m_mapButton, &QToolButton::clicked, this, [this] { showTable(false); });
    connect(m_tableButton, &QToolButton::clicked, this, [this] { showTable(true); });
    connect(m_map, &QListView::activated, this,
            [this](const QModelIndex& index) { go(index.data().toString()); });
    connect(m_table, &ViewTable::chosen, this,
            [this](int row) { go(text((*m_views->namespaces)[std::size_t(row)].name)); });
    connect(m_table, &ViewTable::browsed, this, [this](int row) {
        if (!m_open.isEmpty())
            go(text((*m_views->namespaces)[std::size_t(row)].name));
    });
    connect(m_detail, &NamespaceDetail::closed, this, [this] { go({}); });
    connect(m_detail, &NamespaceDetail::applicationRequested, this,
            &PlatformPage::applicationRequested);
    connect(m_detail, &NamespaceDetail::objectRequested, this, &PlatformPage::objectRequested);
    connect(m_detail, &NamespaceDetail::manifestRequested, this, &PlatformPage::manifestRequested);
    connect(m_detail, &NamespaceDetail::namespaceRequested, this, &NamespacesPage::go);
    connect(m_detail, &NamespaceDetail::tenantRequested, this,
            [this](const QString& name) { Q_EMIT pageRequested(QStringLiteral("tenants"), name); });
}

void NamespacesPage::setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    const bool hadFocus = !focusWidget() || !focusWidget()->isVisible();
    m_reading = reading;
    if (before->summaries != m_views->summaries) {
        fillTable();
        const QString current = m_map->currentIndex().data().toString();
        m_mapModel->setSummaries(m_views->summaries, m_views->namespaces);
        if (const int row = m_mapModel->rowOf(current); row >= 0)
            m_map->setCurrentIndex(m_mapModel->index(row));
        m_table->select(m_open);
        chooseFirst();
    }
    if (!m_open.isEmpty() && before != m_views) {
        if (m_views->namespaceOf(m_open.toStdString()))
            m_detail->show(m_views, m_open.toStdString());
        else if (m_reading.hasAnswer) // it is gone
            go({});
    }
    updateState();
    // What had the focus before there was anything to show is out of sight now.
    if (hadFocus && before->namespaces->empty() && isVisible())
        focusContent();
}

void NamespacesPage::fillTable()
{
    m_table->setFields({namespaceFilterKeys(),
                        [views = m_views](int row, const QString& key) {
                            return namespaceField((*views->summaries)[std::size_t(row)], key);
                        },
                        [views = m_views](int row) {
                            return FilterRow::LabelSets {
                                &(*views->namespaces)[std::size_t(row)].labels};
                        }});
    m_filter->setKeys(m_table->fieldKeys());
    m_table->setRows(
        int(m_views->namespaces->size()),
        [views = m_views](int row, int column) {
            return rowCell((*views->namespaces)[std::size_t(row)],
                           (*views->summaries)[std::size_t(row)], column);
        },
        [this](int row) { return text((*m_views->namespaces)[std::size_t(row)].name); });
}

void NamespacesPage::applyWords()
{
    QString words = m_filter->words();
    if (m_onlyFaults)
        words += QStringLiteral(" !healthy");
    m_table->setWords(words);
    m_mapModel->setWords(words);
    updateState();
}

void NamespacesPage::updateState()
{
    const int all = int(m_views->namespaces->size());
    const bool asTable = m_tableButton->isChecked() || !m_open.isEmpty();
    const int shown = asTable ? m_table->shownCount() : m_mapModel->shownCount();
    m_filter->setCount(shown, all, !m_filter->words().isEmpty() || m_onlyFaults);
    qint64 pods = 0;
    for (const core::NamespaceSummary& each : *m_views->summaries)
        pods += each.livePods.value_or(each.pods);
    m_counts->setText(tr("%1 namespaces, %2 pods").arg(all).arg(pods));
    m_counts->setVisible(m_open.isEmpty() && all > 0 && m_filter->words().isEmpty());
    for (QToolButton* button : {m_mapButton, m_tableButton})
        button->setVisible(m_open.isEmpty());
    if (shown > 0) {
        m_stack->setCurrentWidget(asTable ? static_cast<QWidget*>(m_table) : m_map);
        return;
    }
    m_stack->setCurrentWidget(m_empty);
    const QString icon = QStringLiteral("namespaces");
    if (all > 0)
        m_empty->describe(QStringLiteral("search"), tr("No namespace matches the filter"),
                          tr("%1 are there.").arg(all), tr("Clear the filter"));
    else if (!describeUnanswered(*m_empty, m_context, m_reading, icon,
                                 tr("Its objects are asked for, rendered and listed.")))
        m_empty->describe(icon, tr("No namespaces"),
                          tr("Neither does an application declare an object in one, nor has the "
                             "cluster been listed. Add an application: start Wavewright with "
                             "-f FILE or --path FOLDER."));
}

void NamespacesPage::showTable(bool table)
{
    m_mapButton->setChecked(!table);
    m_tableButton->setChecked(table);
    updateState();
    focusContent();
}

void NamespacesPage::go(const QString& name)
{
    if (name == m_open)
        return;
    open(name);
    Q_EMIT subjectChanged();
}

void NamespacesPage::open(const QString& subject)
{
    const bool isThere = m_views->namespaceOf(subject.toStdString()) != nullptr;
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

void NamespacesPage::arrange()
{
    const bool isOpen = !m_open.isEmpty();
    m_detail->setVisible(isOpen);
    m_master->setVisible(!isOpen || width() >= kNarrow);
    for (int column = ApplicationsColumn; column <= FindingsColumn; ++column)
        m_table->setColumnWanted(column, !isOpen);
    if (isOpen)
        m_splitter->setSizes({kListWidth, std::max(width() - kListWidth, 100)});
}

void NamespacesPage::resizeEvent(QResizeEvent* event)
{
    PlatformPage::resizeEvent(event);
    arrange();
}

void NamespacesPage::activateFilter()
{
    if (!m_open.isEmpty() && (!m_master->isVisible() || m_detail->isAncestorOf(focusWidget())))
        m_detail->activateFilter();
    else
        m_filter->activate();
}

void NamespacesPage::focusContent()
{
    if (!m_open.isEmpty() && !m_master->isVisible()) {
        m_detail->focusList();
        return;
    }
    if (m_stack->currentWidget() != m_map) {
        m_table->focusRows();
        return;
    }
    m_map->setFocus(Qt::OtherFocusReason);
    chooseFirst();
}

void NamespacesPage::chooseFirst()
{
    for (int row = 0; !m_map->currentIndex().isValid() && row < m_mapModel->rowCount(); ++row)
        if (const QModelIndex index = m_mapModel->index(row); index.flags() & Qt::ItemIsEnabled)
            m_map->setCurrentIndex(index);
}

void NamespacesPage::setOnlyFaults(bool only)
{
    m_onlyFaults = only;
    applyWords();
}

QByteArray NamespacesPage::state() const
{
    return (m_tableButton->isChecked() ? "table " : "map ") + m_filter->words().toUtf8();
}

void NamespacesPage::restoreState(const QByteArray& state)
{
    const bool table = state.startsWith("table");
    m_mapButton->setChecked(!table);
    m_tableButton->setChecked(table);
    m_filter->setWords(QString::fromUtf8(state.mid(state.indexOf(' ') + 1)));
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/topicspage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/topiccells.h"
#include "widgets/pages/topicdetail.h"
#include "widgets/pages/topicsamples.h"
#include "widgets/text/texts.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

constexpr int kListWidth = 360; ///< of the list beside an open topic
constexpr int kNarrow = 860; ///< below this an open topic has the page for itself

} // namespace

TopicsPage::TopicsPage(const PageContext& context, QWidget* parent)
    : PlatformPage(parent)
    , m_context(context)
    , m_views(core::noViews())
    , m_rows(std::make_shared<const std::vector<core::TopicRow>>())
    , m_labels(std::make_shared<const ObjectLabels>(m_views->input))
    , m_samples(std::make_shared<TopicSamples>())
    , m_pasts(new TopicPasts(context.bridge, *m_samples, this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_master(new QWidget(m_splitter))
    , m_filter(new FilterField(tr("Filter topics"), m_master))
    , m_sources(new QLabel(m_master))
    , m_stack(new QStackedWidget(m_master))
    , m_table(new ViewTable(topicColumns(), tr("Topics, exchanges and queues"), m_stack))
    , m_empty(new EmptyState(m_stack))
    , m_detail(new TopicDetail(context.bridge, context.clock, m_splitter))
{
    setupMaster();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_splitter->addWidget(m_master);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_detail->hide();
    setupConnections();
    updateState();
}

void TopicsPage::setupMaster()
{
    m_master->setProperty("surface", true);
    m_master->setAttribute(Qt::WA_StyledBackground);
    m_master->setMinimumWidth(220);
    m_sources->setProperty("role", QStringLiteral("small"));
    m_sources->setTextFormat(Qt::PlainText);
    m_sources->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_sources->setWordWrap(true); // beside an open topic it is narrow
    m_sources->setContentsMargins(12, 4, 12, 4);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(10, 8, 10, 8);
    bar->setSpacing(12);
    bar->addWidget(m_filter);
    bar->addStretch(1);
    const auto line = [this] {
        auto* out = new QFrame(m_master);
        out->setProperty("line", true);
        return out;
    };
    auto* column = new QVBoxLayout(m_master);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(line());
    column->addWidget(m_stack, 1);
    column->addWidget(line());
    column->addWidget(m_sources);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
}

void TopicsPage::setupConnections()
{
    connect(m_filter, &FilterField::wordsChanged, this, [this] {
        m_table->setWords(m_filter->words());
        updateState();
    });
    connect(m_filter, &FilterField::left, this, &TopicsPage::focusContent);
    connect(m_empty, &EmptyState::triggered, this, [this] {
        m_onlyFaults = false;
        m_filter->setWords({});
        fillTable();
        updateState();
    });
    connect(m_pasts, &TopicPasts::changed, this, &TopicsPage::fillTable);
    connect(m_table, &ViewTable::chosen, this,
            [this](int row) { go(text((*m_rows)[std::size_t(row)].topic.id)); });
    connect(m_table, &ViewTable::rowChanged, this, [this](int row) {
        if (!m_open.isEmpty() && row >= 0 && m_table->hasFocus())
            go(text((*m_rows)[std::size_t(row)].topic.id));
    });
    connect(m_detail, &TopicDetail::closed, this, [this] { go({}); });
    connect(m_detail, &TopicDetail::lineageRequested, this,
            [this](const QString& node) { Q_EMIT pageRequested(QStringLiteral("lineage"), node); });
    connect(m_detail, &TopicDetail::topicRequested, this, &TopicsPage::go);
    connect(m_detail, &TopicDetail::applicationRequested, this,
            &PlatformPage::applicationRequested);
    connect(m_detail, &TopicDetail::manifestRequested, this, &PlatformPage::manifestRequested);
}

void TopicsPage::setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    m_reading = reading;
    if (views->telemetry)
        m_samples->add(*views->telemetry);
    if (before->input != views->input)
        m_labels = std::make_shared<const ObjectLabels>(views->input);
    if (before->topics != views->topics || before->telemetry != views->telemetry
        || before->noTelemetry != views->noTelemetry) {
        fillTable();
        updateSources();
    }
    if (views->telemetry && before->telemetry != views->telemetry)
        askPasts();
    if (!m_open.isEmpty() && before != views) {
        const int row = rowOf(m_open);
        if (row >= 0) {
            m_detail->setRow(m_views, (*m_rows)[std::size_t(row)]);
            m_table->select(m_open);
            if (!m_detail->isVisibleTo(m_splitter))
                arrange();
        } else if (m_reading.hasAnswer) // it is gone
            go({});
    }
    updateState();
}

bool TopicsPage::isAsking() const
{
    return m_pasts->isAsking();
}

/// Of topics that a source tells of now: others have no line.
void TopicsPage::askPasts()
{
    std::vector<std::string> subjects;
    for (const core::TopicRow& row : *m_rows)
        if (row.in.value)
            subjects.push_back(row.topic.id);
    m_pasts->want(subjects, m_views->telemetry->at);
}

void TopicsPage::fillTable()
{
    auto rows = core::topicRows(*m_views->topics, m_views->telemetry.get(), m_views->noTelemetry);
    if (m_onlyFaults)
        std::erase_if(rows, [](const core::TopicRow& row) {
            using enum core::TopicMark;
            return !row.has(Silent) && !row.has(Unread) && !row.has(Undeclared)
                && !row.has(Missing);
        });
    m_rows = std::make_shared<const std::vector<core::TopicRow>>(std::move(rows));
    m_table->setFields({topicFilterKeys(),
                        [rows = m_rows, views = m_views](int row, const QString& key) {
                            return topicField((*rows)[std::size_t(row)], *views->tenants, key);
                        },
                        [rows = m_rows, graph = m_views->lineage, labels = m_labels](int row) {
                            const auto node = graph->find((*rows)[std::size_t(row)].topic.id);
                            return node && graph->node(*node).object
                                ? FilterRow::LabelSets {labels->of(*graph->node(*node).object)}
                                : FilterRow::LabelSets {};
                        }});
    m_filter->setKeys(m_table->fieldKeys());
    m_table->setRows(
        int(m_rows->size()),
        [rows = m_rows, samples = m_samples](int row, int column) {
            const core::TopicRow& shown = (*rows)[std::size_t(row)];
            const bool hasLine = TopicColumn(column) == TopicColumn::In;
            return topicCell(shown, TopicColumn(column),
                             hasLine ? samples->recent(shown.topic.id) : std::vector<double> {});
        },
        [rows = m_rows](int row) { return text((*rows)[std::size_t(row)].topic.id); });
}

/// Where figures come from, or which source is missing and how it is added.
void TopicsPage::updateSources()
{
    QStringList words;
    if (m_views->telemetry)
        for (const core::TelemetrySource& source : m_views->telemetry->sources) {
            QString line =
                text(source.name) + QStringLiteral(": ") + text(core::toString(source.state));
            if (!source.message.empty())
                line += QStringLiteral(", ") + text(source.message);
            words << line;
        }
    if (words.isEmpty())
        words << text(core::missingSources(m_views->telemetry.get(), m_views->noTelemetry));
    m_sources->setText(tr("Figures: %1").arg(words.join(QStringLiteral(" · "))));
    m_sources->setToolTip(words.join(QLatin1Char('\n')));
}

int TopicsPage::rowOf(const QString& id) const
{
    const auto found =
        std::ranges::find(*m_rows, id.toStdString(),
                          [](const core::TopicRow& row) -> const auto& { return row.topic.id; });
    return found == m_rows->end() ? -1 : int(found - m_rows->begin());
}

void TopicsPage::updateState()
{
    const int all = int(m_rows->size());
    const int shown = m_table->shownCount();
    m_filter->setCount(shown, int(m_views->topics->size()), m_table->isFiltering() || m_onlyFaults);
    m_sources->setVisible(shown > 0);
    if (shown > 0) {
        m_stack->setCurrentWidget(m_table);
        return;
    }
    m_stack->setCurrentWidget(m_empty);
    const QString icon = QStringLiteral("topics");
    if (all > 0 || !m_views->topics->empty())
        m_empty->describe(QStringLiteral("search"), tr("No topic matches the filter"),
                          tr("%1 are there.").arg(m_views->topics->size()), tr("Clear the filter"));
    else if (!describeUnanswered(*m_empty, m_context, m_reading, icon,
                                 tr("Its manifests are being read for topics and queues.")))
        m_empty->describe(
            icon, tr("No topics"),
            tr("Nothing here declares or uses a Kafka topic or a RabbitMQ exchange or "
               "queue. KafkaTopic and Queue objects, integrations, variables of "
               "containers and the annotations wavewright.dev/produces and "
               "wavewright.dev/consumes do."));
}

void TopicsPage::go(const QString& id)
{
    if (id == m_open)
        return;
    open(id);
    Q_EMIT subjectChanged();
}

void TopicsPage::open(const QString& subject)
{
    const int row = subject.isEmpty() ? -1 : rowOf(subject);
    const bool wasOpen = !m_open.isEmpty();
    // Before the first answer it is only remembered: setViews shows it.
    m_open = row >= 0 || !m_reading.hasAnswer ? subject : QString();
    if (row >= 0) {
        m_detail->setRow(m_views, (*m_rows)[std::size_t(row)]);
        m_table->select(subject);
    } else {
        m_detail->clear();
    }
    arrange();
    updateState();
    if (wasOpen && m_open.isEmpty())
        focusContent();
}

void TopicsPage::arrange()
{
    const bool isOpen = !m_open.isEmpty() && rowOf(m_open) >= 0;
    m_detail->setVisible(isOpen);
    m_master->setVisible(!isOpen || width() >= kNarrow);
    for (int column = 0; column <= int(TopicColumn::Application); ++column)
        m_table->setColumnWanted(
            column, !isOpen || column == int(TopicColumn::Name) || column == int(TopicColumn::In));
    if (isOpen)
        m_splitter->setSizes({kListWidth, std::max(width() - kListWidth, 100)});
}

void TopicsPage::resizeEvent(QResizeEvent* event)
{
    PlatformPage::resizeEvent(event);
    arrange();
}

void TopicsPage::activateFilter()
{
    m_filter->activate();
}

void TopicsPage::focusContent()
{
    if (m_master->isVisible()) {
        m_table->select(m_open);
        m_table->focusRows();
    } else
        m_detail->setFocus(Qt::OtherFocusReason);
}

void TopicsPage::setOnlyFaults(bool only)
{
    m_onlyFaults = only;
    fillTable();
    updateState();
}

QByteArray TopicsPage::state() const
{
    return m_filter->words().toUtf8();
}

void TopicsPage::restoreState(const QByteArray& state)
{
    m_filter->setWords(QString::fromUtf8(state));
    m_table->setWords(m_filter->words());
    updateState();
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/lineagepage.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/filterfield.h"
#include "widgets/graph/graphlook.h"
#include "widgets/graph/lineagegraph.h"
#include "widgets/pages/lineagebar.h"
#include "widgets/pages/lineagedetail.h"
#include "widgets/pages/lineagelist.h"
#include "widgets/text/texts.h"

#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

constexpr int kDetailWidth = 320;

core::LineageSurroundings surroundingsOf(const core::PlatformViews& views)
{
    core::LineageSurroundings out {views.input.get(), views.telemetry.get(), {}};
    for (const core::TenantView& tenant : *views.tenants)
        for (const std::string& space : tenant.namespaces)
            out.tenants.emplace(space, tenant.name);
    return out;
}

} // namespace

LineagePage::LineagePage(const PageContext& context, QWidget* parent)
    : PlatformPage(parent)
    , m_context(context)
    , m_views(core::noViews())
    , m_labels(std::make_shared<const ObjectLabels>(m_views->input))
    , m_bar(new LineageBar(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_stack(new QStackedWidget(m_splitter))
    , m_graph(new LineageGraph(m_stack))
    , m_list(new LineageList(m_stack))
    , m_empty(new EmptyState(m_stack))
    , m_detail(new LineageDetail(m_splitter))
    , m_foot(new QLabel(this))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setupLayout();
    setupConnections();
    updateState();
}

void LineagePage::setupLayout()
{
    m_stack->addWidget(m_graph);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    m_stack->setMinimumWidth(240);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_detail->hide();
    m_foot->setTextFormat(Qt::PlainText);
    m_foot->setProperty("role", QStringLiteral("small"));
    m_foot->setContentsMargins(12, 4, 12, 4);
    m_foot->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    const auto line = [this] {
        auto* out = new QFrame(this);
        out->setProperty("line", true);
        return out;
    };
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(line());
    layout->addWidget(m_splitter, 1);
    layout->addWidget(line());
    layout->addWidget(m_foot);
}

void LineagePage::setupConnections()
{
    connect(m_bar, &LineageBar::asked, this, &LineagePage::ask);
    connect(m_bar, &LineageBar::listToggled, this, &LineagePage::showList);
    connect(m_bar, &LineageBar::exportRequested, this, &LineagePage::askFile);
    connect(m_bar, &LineageBar::zoomRequested, this, [this](double factor) {
        if (factor > 0)
            m_graph->zoomBy(factor);
        else
            m_graph->fit();
    });
    connect(&m_bar->search(), &FilterField::wordsChanged, this, &LineagePage::updateWords);
    connect(&m_bar->search(), &FilterField::left, this, [this] {
        if (!m_bar->asList())
            m_graph->nextMatch();
        focusContent();
    });
    connect(m_graph, &LineageGraph::choiceChanged, this, &LineagePage::take);
    connect(m_graph, &LineageGraph::opened, this, &LineagePage::enter);
    connect(m_list, &LineageList::choiceChanged, this, &LineagePage::take);
    connect(m_list, &LineageList::opened, this, &LineagePage::enter);
    connect(m_empty, &EmptyState::triggered, this, [this] { ask({}); });
    connect(m_detail, &LineageDetail::closed, this, [this] {
        take({});
        focusContent();
    });
    connect(m_detail, &LineageDetail::scopeRequested, this, &LineagePage::scope);
    connect(m_detail, &LineageDetail::pathRequested, this, [this] {
        m_wantsEnd = true;
        m_question.focus = m_chosen;
        m_foot->setText(tr("Choose the node at the other end of the path; Esc gives up."));
        focusContent();
    });
    connect(m_detail, &LineageDetail::nodeRequested, this, [this](const std::string& node) {
        const auto index = m_views->lineage->find(node);
        const auto box = index ? m_view.boxOf(*index) : std::nullopt;
        if (box)
            take(m_view.boxes[*box].id);
        else
            open(text(node));
    });
    connect(m_detail, &LineageDetail::groupOpened, this, &LineagePage::enter);
    connect(m_detail, &LineageDetail::applicationRequested, this,
            &PlatformPage::applicationRequested);
    connect(m_detail, &LineageDetail::manifestRequested, this, &PlatformPage::manifestRequested);
    connect(m_detail, &LineageDetail::topicRequested, this,
            [this](const QString& id) { Q_EMIT pageRequested(QStringLiteral("topics"), id); });
}

void LineagePage::setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    const PlatformReading readBefore = std::exchange(m_reading, reading);
    const bool isFirst = !readBefore.hasAnswer && reading.hasAnswer;
    if (isFirst && m_question == core::LineageQuestion {})
        m_question = core::usualQuestion(*views->lineage);
    if (isFirst && m_chosen.empty()) // opened before there was anything to choose
        m_chosen = m_question.focus;
    if (before->input != views->input)
        m_labels = std::make_shared<const ObjectLabels>(views->input);
    if (before != views || readBefore != reading)
        refresh();
}

void LineagePage::refresh()
{
    m_view = core::lineageView(*m_views->lineage, m_question, surroundingsOf(*m_views));
    m_graph->setLineage(m_view, m_views->lineage, m_labels);
    m_list->setLineage(m_views->lineage, m_view, m_labels);
    m_bar->setHidden(m_view);
    choose(m_chosen);
    updateWords();
}

void LineagePage::choose(const std::string& box)
{
    const auto found = m_view.find(box);
    m_chosen = found ? box : std::string();
    m_graph->choose(m_chosen);
    m_list->choose(m_chosen);
    const bool wasShown = m_detail->isVisibleTo(m_splitter);
    m_detail->setVisible(found.has_value());
    if (found) {
        m_detail->setBox(m_views->lineage, m_view.boxes[*found]);
        if (!wasShown)
            m_splitter->setSizes({std::max(width() - kDetailWidth, 240), kDetailWidth});
    }
    m_bar->setQuestion(m_question, !m_chosen.empty() || !m_question.focus.empty());
    updateState();
}

void LineagePage::take(const std::string& box)
{
    if (std::exchange(m_wantsEnd, false) && !box.empty() && box != m_question.focus) {
        m_question.end = box;
        m_question.scope = core::LineageScope::Path;
        m_question.grouping = core::LineageGrouping::None;
        refresh();
        return;
    }
    choose(box);
}

void LineagePage::enter(const std::string& box)
{
    const auto found = m_view.find(box);
    if (!found)
        return;
    if (m_view.boxes[*found].isGroup) {
        m_question.open.insert(box);
        refresh();
        return;
    }
    choose(box);
    scope(core::LineageScope::Near);
}

void LineagePage::scope(core::LineageScope scope)
{
    core::LineageQuestion question = m_question;
    question.scope = scope;
    question.focus = m_chosen;
    question.end.clear();
    ask(question);
}

void LineagePage::ask(const core::LineageQuestion& question)
{
    core::LineageQuestion asked = question;
    if (asked.scope != core::LineageScope::Whole && asked.focus.empty())
        asked.focus = m_chosen;
    if (asked.scope == core::LineageScope::Whole)
        asked.focus.clear();
    if (asked.grouping != m_question.grouping)
        asked.open.clear();
    const bool moved = asked.focus != m_question.focus;
    m_question = asked;
    refresh();
    if (moved)
        Q_EMIT subjectChanged();
}

QString LineagePage::subject() const
{
    return text(m_question.focus);
}

void LineagePage::open(const QString& subject)
{
    const std::string id = subject.toStdString();
    if (id == m_question.focus && m_reading.hasAnswer)
        return;
    m_question.scope = id.empty() ? core::LineageScope::Whole : core::LineageScope::Near;
    m_question.focus = id;
    m_chosen = id;
    refresh();
}

void LineagePage::showList(bool list)
{
    m_bar->setAsList(list);
    updateState();
    focusContent();
}

void LineagePage::updateWords()
{
    QString words = m_bar->search().words();
    m_graph->search(words);
    m_list->setWords(m_onlyFaults ? words + QStringLiteral(" !healthy") : words);
    const int shown = m_bar->asList() ? m_list->shownCount() : m_graph->matches();
    m_bar->search().setCount(shown, int(m_view.boxes.size()), !words.isEmpty());
}

QString LineagePage::foot() const
{
    QStringList out {tr("%n nodes", nullptr, int(m_view.boxes.size()))
                     + tr(", %n edges", nullptr, int(m_view.arrows.size()))};
    if (m_view.outside > 0)
        out << tr("%n nodes are outside what is shown", nullptr, m_view.outside);
    if (m_view.hiddenKinds > 0)
        out << (m_question.kinds == core::LineageKinds::Datasets
                    ? tr("arrows stand for %n jobs and services", nullptr, m_view.hiddenKinds)
                    : tr("arrows stand for %n datasets and stores", nullptr, m_view.hiddenKinds));
    if (m_view.hiddenUnlinked > 0)
        out << tr("%n without an edge left out", nullptr, m_view.hiddenUnlinked);
    const std::vector<bool> told = toldByName(m_view);
    if (const auto count = std::ranges::count(told, true); count > 0 && !m_bar->asList())
        out << tr("%n edges into folders are told by their names", nullptr, int(count));
    if (m_view.hiddenInternal > 0)
        out << tr("%n of plumbing left out", nullptr, m_view.hiddenInternal);
    if (m_view.hiddenPermitted > 0)
        out << tr("%n edges that are only permitted left out", nullptr, m_view.hiddenPermitted);
    if (m_view.noPath)
        out << tr("no way leads from one to the other");
    if (!m_views->telemetry)
        out << (m_views->noTelemetry.empty() ? tr("no rates yet") : text(m_views->noTelemetry));
    return out.join(QStringLiteral(" · "));
}

void LineagePage::updateState()
{
    if (!m_wantsEnd)
        m_foot->setText(foot());
    m_foot->setToolTip(m_foot->text());
    m_foot->setVisible(!m_view.boxes.empty());
    if (!m_view.boxes.empty()) {
        m_stack->setCurrentWidget(m_bar->asList() ? static_cast<QWidget*>(m_list) : m_graph);
        return;
    }
    m_stack->setCurrentWidget(m_empty);
    const QString icon = QStringLiteral("lineage");
    if (describeUnanswered(*m_empty, m_context, m_reading, icon,
                           tr("Its manifests are being read for where data comes from and goes.")))
        return;
    if (m_question != core::LineageQuestion {})
        m_empty->describe(icon, tr("Nothing of the lineage fits"),
                          tr("%n nodes are there.", nullptr, int(m_views->lineage->nodes().size())),
                          tr("Show the whole platform"));
    else
        m_empty->describe(icon, tr("No lineage"),
                          tr("No manifest says what reads or writes what. Topics, integrations, "
                             "Spark and Airflow jobs, variables of containers and the annotations "
                             "wavewright.dev/produces and wavewright.dev/consumes do."));
}

void LineagePage::activateFilter()
{
    m_bar->search().activate();
}

void LineagePage::focusContent()
{
    if (m_bar->asList())
        m_list->focusRows();
    else
        m_graph->setFocus(Qt::OtherFocusReason);
}

void LineagePage::setOnlyFaults(bool only)
{
    m_onlyFaults = only;
    updateWords();
}

void LineagePage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_T && event->modifiers() == Qt::NoModifier) {
        showList(!m_bar->asList());
        return;
    }
    if (event->key() == Qt::Key_Escape && m_wantsEnd) {
        m_wantsEnd = false;
        updateState();
        return;
    }
    PlatformPage::keyPressEvent(event);
}

/// Where there is little room the details go below the picture.
void LineagePage::resizeEvent(QResizeEvent* event)
{
    PlatformPage::resizeEvent(event);
    if (m_detail->isVisibleTo(m_splitter) && m_splitter->width() > 0)
        m_splitter->setSizes({std::max(width() - kDetailWidth, 240), kDetailWidth});
}

QByteArray LineagePage::state() const
{
    return QByteArray(m_bar->asList() ? "list " : "graph ")
        + QByteArray::number(int(m_question.grouping)) + (m_question.permitted ? " p" : "")
        + (m_question.internal ? " i" : "") + (m_question.unlinked ? " u" : "")
        + (m_question.kinds == core::LineageKinds::Datasets   ? " d"
               : m_question.kinds == core::LineageKinds::Jobs ? " j"
                                                              : "");
}

void LineagePage::restoreState(const QByteArray& state)
{
    const QList<QByteArray> parts = state.split(' ');
    if (parts.size() < 2)
        return;
    m_bar->setAsList(parts[0] == "list");
    const int grouping = parts[1].toInt();
    if (grouping >= 0 && grouping <= int(core::LineageGrouping::Application))
        m_question.grouping = core::LineageGrouping(grouping);
    m_question.permitted = parts.contains("p");
    m_question.internal = parts.contains("i");
    m_question.unlinked = parts.contains("u");
    m_question.kinds = parts.contains("d") ? core::LineageKinds::Datasets
        : parts.contains("j")              ? core::LineageKinds::Jobs
                                           : core::LineageKinds::All;
    refresh();
}

} // namespace widgets

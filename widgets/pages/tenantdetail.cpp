// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/tenantdetail.h"

#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/quotasection.h"
#include "widgets/pages/reachsection.h"
#include "widgets/text/texts.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

QString joined(const std::vector<std::string>& words)
{
    QStringList out;
    for (const std::string& word : words)
        out << text(word);
    return out.join(QStringLiteral(", "));
}

/// "pods, pods/log" with the groups that need saying: "pods, deployments (apps)".
QString resourcesOf(const core::RbacRule& rule)
{
    if (!rule.urls.empty())
        return joined(rule.urls);
    QString out = joined(rule.resources);
    std::vector<std::string> groups;
    std::ranges::copy_if(rule.groups, std::back_inserter(groups),
                         [](const std::string& group) { return !group.empty(); });
    if (!groups.empty())
        out += QStringLiteral(" (%1)").arg(joined(groups));
    if (!rule.names.empty())
        out += TenantDetail::tr(", only %1").arg(joined(rule.names));
    return out;
}

bool isEverything(const std::vector<std::string>& words)
{
    return std::ranges::find(words, "*") != words.end();
}

Cell useCell(bool does, bool may, const QString& doing, const QString& mayDo)
{
    if (does)
        return {
            .text = doing, .icon = QStringLiteral("check"), .tone = Cell::Tone::Good, .order = 2};
    if (may)
        return {.text = mayDo,
                .icon = QStringLiteral("unlocked"),
                .tone = Cell::Tone::Secondary,
                .order = 1};
    return {.text = QStringLiteral("–"),
            .tone = Cell::Tone::Faint,
            .order = 0,
            .spoken = TenantDetail::tr("no")};
}

} // namespace

Cell scoreCell(const core::TenantView& tenant)
{
    const int passed = tenant.passed();
    const int all = int(tenant.checks.size());
    const bool whole = passed == all;
    return {.text = TenantDetail::tr("%1 of %2").arg(passed).arg(all),
            .icon = whole ? QStringLiteral("check") : QStringLiteral("warning"),
            .tone = whole ? Cell::Tone::Good : Cell::Tone::Warning,
            .order = all > 0 ? double(passed) / all : 1.0,
            .tip = whole ? TenantDetail::tr("Every check of its isolation passes")
                         : TenantDetail::tr("%1 checks of its isolation fail").arg(all - passed)};
}

TenantDetail::TenantDetail(QWidget* parent)
    : QWidget(parent)
    , m_views(core::noViews())
    , m_name(new QLabel(this))
    , m_score(new QLabel(this))
    , m_namespaces(new QWidget(this))
    , m_namespaceRow(new QHBoxLayout(m_namespaces))
    , m_facts(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
    , m_reading(new QLabel(this))
    , m_quota(new QuotaSection(m_stack))
    , m_reach(new ReachSection(m_stack))
    , m_empty(new EmptyState(m_stack))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setupSections();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setupHeader(*layout);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_reading);
    m_reading->setProperty("reading", true);
    m_reading->setTextFormat(Qt::PlainText);
    m_reading->setWordWrap(true);
    m_reading->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (ViewTable* table : {m_checkTable, m_rightTable, m_topicTable})
        connect(table, &ViewTable::rowChanged, this, &TenantDetail::updateSection);
    connect(m_tabs, &QTabBar::currentChanged, this, &TenantDetail::updateSection);
    connect(m_quota, &QuotaSection::objectChosen, this, &TenantDetail::objectRequested);
    connect(m_topicTable, &ViewTable::chosen, this, [this](int row) {
        if (row >= 0 && row < int(m_topics.size()))
            Q_EMIT topicRequested(text(m_topics[std::size_t(row)].topic->id));
    });
}

void TenantDetail::setupHeader(QVBoxLayout& layout)
{
    m_name->setProperty("role", QStringLiteral("title"));
    m_name->setTextFormat(Qt::PlainText);
    m_score->setProperty("role", QStringLiteral("secondary"));
    auto* close = new QToolButton(this);
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close the tenant"));
    connect(close, &QToolButton::clicked, this, &TenantDetail::closed);
    auto* first = new QHBoxLayout;
    first->setSpacing(12);
    first->addWidget(m_name);
    first->addWidget(m_score);
    first->addStretch(1);
    first->addWidget(close);
    m_namespaceRow->setContentsMargins(0, 0, 0, 0);
    m_namespaceRow->setSpacing(6);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 12, 0);
    head->setSpacing(6);
    head->addLayout(first);
    head->addWidget(m_namespaces);
    head->addWidget(m_facts);
    m_tabs->setAccessibleName(tr("Sections of the tenant"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    for (int i = 0; i < SectionCount; ++i)
        m_tabs->addTab({});
    head->addWidget(m_tabs);
    layout.addLayout(head);
    auto* line = new QFrame(this);
    line->setProperty("line", true);
    layout.addWidget(line);
}

void TenantDetail::setupSections()
{
    using Columns = std::vector<ViewTableModel::Column>;
    m_checkTable = new ViewTable(Columns {{tr("Result"), 90},
                                          {tr("Check"), 250},
                                          {tr("What was found"), 330},
                                          {tr("What to do"), 300},
                                          {tr("In Git"), 260}},
                                 tr("Isolation checklist"), m_stack);
    m_rightTable = new ViewTable(Columns {{tr("Who"), 230},
                                          {tr("Where"), 130},
                                          {tr("May"), 170},
                                          {tr("What"), 240},
                                          {tr("Through"), 280},
                                          {tr("In Git"), 260}},
                                 tr("Who has which rights"), m_stack);
    m_topicTable = new ViewTable(Columns {{tr("Topic"), 170},
                                          {tr("Kind"), 90},
                                          {tr("Held by"), 190},
                                          {tr("Writes"), 110},
                                          {tr("Reads"), 110},
                                          {tr("By"), 300}},
                                 tr("Topics of the tenant"), m_stack);
    for (QWidget* section : std::initializer_list<QWidget*> {m_checkTable, m_quota, m_reach,
                                                             m_rightTable, m_topicTable, m_empty})
        m_stack->addWidget(section);
}

void TenantDetail::show(const core::PlatformViewsPtr& views, const std::string& name)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    const bool isSame = m_tenant && before->input == views->input && m_tenant->name == name;
    m_tenant = m_views->tenantOf(name);
    if (isSame || !m_tenant)
        return;
    m_rights.clear();
    for (const core::Grant& grant : m_tenant->grants) {
        for (int rule = 0; rule < int(grant.rules.size()); ++rule)
            m_rights.push_back({&grant, rule});
        if (!grant.isKnown)
            m_rights.push_back({&grant, -1});
    }
    m_topics.clear();
    for (const core::Topic& topic : *m_views->topics) {
        core::TopicUse use = core::topicUse(*m_tenant, topic, *m_views->lineage);
        if (use.isUsed() || use.mayRead || use.mayWrite)
            m_topics.push_back({&topic, std::move(use)});
    }
    showHeader();
    fillChecks();
    fillRights();
    fillTopics();
    m_quota->showTenant(m_views, *m_tenant);
    m_reach->show(m_views, m_tenant->name);
    const auto counted = [](const QString& word, std::size_t count) {
        return count > 0 ? QStringLiteral("%1 %2").arg(word).arg(count) : word;
    };
    m_tabs->setTabText(Isolation, tr("Isolation %1").arg(scoreCell(*m_tenant).text));
    m_tabs->setTabText(Quota, tr("Quota"));
    m_tabs->setTabText(Reachability, tr("Reachability"));
    m_tabs->setTabText(Rights, counted(tr("Rights"), m_rights.size()));
    m_tabs->setTabText(Topics, counted(tr("Topics"), m_topics.size()));
    updateSection();
}

void TenantDetail::showHeader()
{
    m_name->setText(text(m_tenant->name));
    m_score->setText(tr("%1 checks passed").arg(scoreCell(*m_tenant).text));
    while (QLayoutItem* item = m_namespaceRow->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const std::string& name : m_tenant->namespaces) {
        auto* button = new QToolButton(m_namespaces);
        button->setProperty("pill", true);
        button->setText(text(name));
        button->setToolTip(tr("Open the namespace %1").arg(text(name)));
        connect(button, &QToolButton::clicked, this,
                [this, name = text(name)] { Q_EMIT namespaceRequested(name); });
        m_namespaceRow->addWidget(button);
    }
    m_namespaceRow->addStretch(1);
    QStringList facts {tr("known by %1").arg(text(m_tenant->knownBy))};
    if (!m_tenant->owners.empty())
        facts << tr("owned by %1").arg(joined(m_tenant->owners));
    if (!m_tenant->state.empty())
        facts << text(m_tenant->state);
    if (const QString place = placeText(m_tenant->place); !place.isEmpty())
        facts << place;
    m_facts->setText(facts.join(QStringLiteral("  ·  ")));
}

void TenantDetail::fillChecks()
{
    m_checkTable->setRows(
        int(m_tenant->checks.size()),
        [tenant = m_tenant, keep = m_views](int row, int column) -> Cell {
            const core::IsolationCheck& check = tenant->checks[std::size_t(row)];
            const core::FindingRule* rule = core::findingRule(check.code);
            switch (column) {
            case 0:
                return check.ok ? Cell {.text = tr("passed"),
                                        .icon = QStringLiteral("check"),
                                        .tone = Cell::Tone::Good,
                                        .order = 1}
                                : Cell {.text = tr("failed"),
                                        .icon = QStringLiteral("close"),
                                        .tone = Cell::Tone::Bad,
                                        .order = 0};
            case 1:
                return {.text = text(check.title), .tip = text(check.code)};
            case 2:
                return {.text = text(check.text),
                        .tone = Cell::Tone::Secondary,
                        .tip = text(check.text)};
            case 3:
                return check.ok || !rule ? Cell {}
                                         : Cell {.text = text(rule->help), .tip = text(rule->help)};
            default:
                return placeCell(check.place);
            }
        },
        [this](int row) {
            const core::IsolationCheck& check = m_tenant->checks[std::size_t(row)];
            return text(check.code) + text(check.text);
        });
}

void TenantDetail::fillRights()
{
    m_rightTable->setRows(
        int(m_rights.size()),
        [rights = m_rights, keep = m_views](int row, int column) -> Cell {
            const core::Grant& grant = *rights[std::size_t(row)].grant;
            const int at = rights[std::size_t(row)].rule;
            const core::RbacRule* rule = at >= 0 ? &grant.rules[std::size_t(at)] : nullptr;
            switch (column) {
            case 0:
                return {.text = text(grant.subject.text()), .tip = text(grant.subject.text())};
            case 1:
                return grant.namespaceName.empty() ? Cell {.text = tr("everywhere"),
                                                           .icon = QStringLiteral("warning"),
                                                           .tone = Cell::Tone::Warning}
                                                   : Cell {.text = text(grant.namespaceName)};
            case 2: {
                if (!rule)
                    return {.text = tr("not known"),
                            .icon = QStringLiteral("health-unknown"),
                            .tone = Cell::Tone::Unknown};
                const bool all = isEverything(rule->verbs);
                return {.text = all ? tr("everything") : joined(rule->verbs),
                        .tone = all ? Cell::Tone::Warning : Cell::Tone::Plain,
                        .tip = joined(rule->verbs)};
            }
            case 3: {
                if (!rule)
                    return {.text = tr("the role's rules are not known"),
                            .tone = Cell::Tone::Secondary};
                const QString what = isEverything(rule->resources) && isEverything(rule->groups)
                    ? tr("everything")
                    : resourcesOf(*rule);
                return {.text = what, .tip = what};
            }
            case 4: {
                const QString way =
                    tr("%1 to %2")
                        .arg(text(grant.binding.kind) + QLatin1Char(' ') + text(grant.binding.name),
                             text(grant.role.kind) + QLatin1Char(' ') + text(grant.role.name));
                return {.text = way, .tone = Cell::Tone::Secondary, .tip = way};
            }
            default: {
                const core::PlatformObject* binding = keep->input->find(grant.binding);
                return binding ? placeCell(binding->place()) : Cell {};
            }
            }
        },
        [this](int row) {
            const Right& right = m_rights[std::size_t(row)];
            return text(right.grant->subject.text()) + text(right.grant->binding.text())
                + QString::number(right.rule);
        });
}

void TenantDetail::fillTopics()
{
    m_topicTable->setRows(
        int(m_topics.size()),
        [topics = m_topics, keep = m_views](int row, int column) -> Cell {
            const auto& [topic, use] = topics[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = text(topic->name), .tip = text(topic->id)};
            case 1:
                return {.text = text(toString(topic->type)), .tone = Cell::Tone::Secondary};
            case 2:
                return {.text = text(topic->cluster), .tone = Cell::Tone::Secondary};
            case 3:
                return useCell(use.writes, use.mayWrite, tr("writes"), tr("may write"));
            case 4:
                return useCell(use.reads, use.mayRead, tr("reads"), tr("may read"));
            default: {
                QStringList users;
                for (const std::string& id : use.users)
                    if (const auto node = keep->lineage->find(id))
                        users << text(keep->lineage->node(*node).label);
                return {.text = users.join(QStringLiteral(", ")),
                        .tone = Cell::Tone::Secondary,
                        .tip = users.join(QLatin1Char('\n'))};
            }
            }
        },
        [this](int row) { return text(m_topics[std::size_t(row)].topic->id); });
}

void TenantDetail::updateSection()
{
    const int section = m_tabs->currentIndex();
    m_stack->setCurrentIndex(section);
    if (section == Rights && m_rights.empty())
        m_empty->describe(QStringLiteral("person"), tr("No rights"),
                          tr("No binding gives anybody a right in its namespaces."));
    else if (section == Topics && m_topics.empty())
        m_empty->describe(QStringLiteral("topics"), tr("No topics"),
                          tr("Nothing in its namespaces is known to read or write a topic, and no "
                             "access list permits it."));
    if ((section == Rights && m_rights.empty()) || (section == Topics && m_topics.empty()))
        m_stack->setCurrentWidget(m_empty);
    const auto* table = qobject_cast<const ViewTable*>(m_stack->currentWidget());
    m_reading->setVisible(table && table->currentRow() >= 0);
    m_reading->setText(table ? table->currentWords() : QString());
}

void TenantDetail::showSection(Section section)
{
    m_tabs->setCurrentIndex(section);
}

TenantDetail::Section TenantDetail::section() const
{
    return Section(m_tabs->currentIndex());
}

void TenantDetail::focusList()
{
    if (auto* table = qobject_cast<ViewTable*>(m_stack->currentWidget()))
        table->focusRows();
    else if (section() == Quota)
        m_quota->focusList();
    else if (section() == Reachability)
        m_reach->focusMatrix();
}

} // namespace widgets

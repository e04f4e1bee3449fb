// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/namespacedetail.h"

#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/statuschip.h"
#include "widgets/controls/viewtable.h"
#include "widgets/models/namespacemapmodel.h"
#include "widgets/pages/quotasection.h"
#include "widgets/text/texts.h"
#include "widgets/theme/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kMostBringers = 5;

void clear(QHBoxLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

NamespaceDetail::NamespaceDetail(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_views(core::noViews())
    , m_name(new QLabel(this))
    , m_health(new StatusChip([](const Colours& c) { return lookOf(core::Health::Unknown, c); },
                              false, this))
    , m_why(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_tenant(new QPushButton(this))
    , m_bringers(new QWidget(this))
    , m_bringerRow(new QHBoxLayout(m_bringers))
    , m_facts(new ElidedLabel(ElidedLabel::Tone::Secondary, this))
    , m_tabs(new QTabBar(this))
    , m_filter(new FilterField(tr("Filter this list"), this))
    , m_openButton(new QPushButton(tr("Open in its application"), this))
    , m_manifestButton(new QPushButton(tr("Manifest"), this))
    , m_bar(new QWidget(this))
    , m_stack(new QStackedWidget(this))
    , m_reading(new QLabel(this))
    , m_quota(new QuotaSection(m_stack))
{
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    setupTables();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setupHeader(*layout);
    auto* bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(10, 6, 10, 6);
    bar->setSpacing(8);
    bar->addWidget(m_filter);
    bar->addStretch(1);
    bar->addWidget(m_openButton);
    bar->addWidget(m_manifestButton);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_reading);
    m_reading->setProperty("reading", true);
    m_reading->setTextFormat(Qt::PlainText);
    m_reading->setWordWrap(true);
    m_reading->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int section) {
        m_stack->setCurrentIndex(section);
        fillShown();
    });
    connect(m_filter, &FilterField::wordsChanged, this, [this](const QString& words) {
        for (ViewTable* table : {m_workloadTable, m_objectTable, m_referenceTable, m_findingTable})
            table->setWords(words);
        fillShown();
    });
    connect(m_filter, &FilterField::left, this, &NamespaceDetail::focusList);
    connect(m_openButton, &QPushButton::clicked, this, [this] {
        if (const core::ObjectKey* key = currentObject())
            choose(*key, false);
    });
    connect(m_manifestButton, &QPushButton::clicked, this, [this] {
        if (const core::ObjectKey* key = currentObject())
            choose(*key, true);
    });
    connect(m_quota, &QuotaSection::objectChosen, this, &NamespaceDetail::objectRequested);
    connect(m_tenant, &QPushButton::clicked, this, [this] {
        if (m_summary)
            Q_EMIT tenantRequested(text(m_summary->tenant));
    });
}

void NamespaceDetail::setupHeader(QVBoxLayout& layout)
{
    m_name->setProperty("role", QStringLiteral("title"));
    m_name->setTextFormat(Qt::PlainText);
    auto* close = new QToolButton(this);
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setToolTip(tr("Close (Esc)"));
    close->setAccessibleName(tr("Close the namespace"));
    connect(close, &QToolButton::clicked, this, &NamespaceDetail::closed);
    auto* first = new QHBoxLayout;
    first->setSpacing(12);
    first->addWidget(m_name);
    first->addWidget(m_health);
    first->addWidget(m_why, 1);
    first->addWidget(m_tenant);
    first->addWidget(close);
    m_bringerRow->setContentsMargins(0, 0, 0, 0);
    m_bringerRow->setSpacing(6);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(16, 12, 12, 0);
    head->setSpacing(6);
    head->addLayout(first);
    head->addWidget(m_bringers);
    head->addWidget(m_facts);
    m_tabs->setAccessibleName(tr("Sections of the namespace"));
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

void NamespaceDetail::show(const core::PlatformViewsPtr& views, const std::string& name)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    const bool isSame = m_view && before->input == m_views->input && m_view->name == name;
    if (isSame) { // only figures have changed
        m_view = m_views->namespaceOf(name);
        return;
    }
    m_view = m_views->namespaceOf(name);
    m_summary = nullptr;
    for (const core::NamespaceSummary& each : *m_views->summaries)
        if (each.name == name)
            m_summary = &each;
    m_objects.clear();
    for (const core::PlatformObject& object : m_views->input->objects)
        if (object.key.namespaceName == name)
            m_objects.push_back(&object);
    m_standings = m_view ? core::standingsOf(*m_view, m_objects, m_views->input->hasLive)
                         : std::vector<core::ObjectStanding>(m_objects.size());
    m_references.clear();
    for (const core::NamespaceView& each : *m_views->namespaces)
        for (const core::CrossReference& reference : each.references)
            if (reference.namespaceName == name || reference.toNamespace == name)
                m_references.push_back({&reference, reference.namespaceName == name});
    std::stable_sort(
        m_references.begin(), m_references.end(),
        [](const Reference& a, const Reference& b) { return a.outgoing > b.outgoing; });
    m_findings.clear();
    for (const core::Finding& finding : *m_views->findings)
        if (finding.namespaceName == name)
            m_findings.push_back(&finding);
    showHeader();
    fillLabels();
    fillWorkloads();
    fillObjects();
    fillReferences();
    fillFindings();
    m_quota->show(m_views, {name});
    updateTabs();
    fillShown();
}

void NamespaceDetail::showHeader()
{
    if (!m_view || !m_summary)
        return;
    m_name->setText(text(m_view->name));
    m_health->setVisible(m_view->health.has_value());
    if (m_view->health)
        m_health->setLook(
            [health = *m_view->health](const Colours& c) { return lookOf(health, c); });
    m_why->setText(text(m_view->healthMessage));
    m_tenant->setText(tr("Tenant %1").arg(text(m_summary->tenant)));
    m_tenant->setVisible(!m_summary->tenant.empty());
    showBringers();
    QStringList facts {podsText(*m_summary), objectCount(m_summary->objects)};
    if (m_summary->undeclared > 0)
        facts << tr("%1 undeclared: nobody's in Git").arg(m_summary->undeclared);
    if (m_summary->leftOver > 0)
        facts << tr("%1 left over: no longer declared").arg(m_summary->leftOver);
    if (!m_view->declared)
        facts << tr("the namespace itself is not declared");
    if (const QString place = placeText(m_view->place); !place.isEmpty())
        facts << place;
    m_facts->setText(facts.join(QStringLiteral("  ·  ")));
}

void NamespaceDetail::showBringers()
{
    clear(*m_bringerRow);
    auto* label = new QLabel(
        m_view->applications.empty() ? tr("No application brings anything here") : tr("Brought by"),
        m_bringers);
    label->setProperty("role", QStringLiteral("secondary"));
    m_bringerRow->addWidget(label);
    int count = 0;
    for (const core::NamespaceView::Bringer& each : m_view->applications) {
        if (++count > kMostBringers)
            break;
        auto* button = new QToolButton(m_bringers);
        button->setProperty("pill", true);
        const QString waves = each.firstWave == each.lastWave
            ? tr("wave %1").arg(each.firstWave)
            : tr("waves %1 to %2").arg(each.firstWave).arg(each.lastWave);
        button->setText(QStringLiteral("%1  %2").arg(text(each.application), waves));
        button->setToolTip(
            tr("%1 brings %2 in %3").arg(text(each.application), objectCount(each.objects), waves));
        button->setAccessibleName(button->toolTip());
        connect(button, &QToolButton::clicked, this,
                [this, name = text(each.application)] { Q_EMIT applicationRequested(name); });
        m_bringerRow->addWidget(button);
    }
    if (const int more = int(m_view->applications.size()) - kMostBringers; more > 0)
        m_bringerRow->addWidget(new QLabel(tr("and %1 more").arg(more), m_bringers));
    m_bringerRow->addStretch(1);
}

void NamespaceDetail::updateTabs()
{
    const auto counted = [](const QString& word, std::size_t count) {
        return count > 0 ? QStringLiteral("%1 %2").arg(word).arg(count) : word;
    };
    m_tabs->setTabText(Workloads, counted(tr("Workloads"), m_view ? m_view->workloads.size() : 0));
    m_tabs->setTabText(Objects, counted(tr("Objects"), m_objects.size()));
    m_tabs->setTabText(Quota, tr("Quota"));
    m_tabs->setTabText(References, counted(tr("Cross-references"), m_references.size()));
    m_tabs->setTabText(Findings, counted(tr("Findings"), m_findings.size()));
}

void NamespaceDetail::showSection(Section section)
{
    m_tabs->setCurrentIndex(section);
}

NamespaceDetail::Section NamespaceDetail::section() const
{
    return Section(m_tabs->currentIndex());
}

void NamespaceDetail::activateFilter()
{
    if (section() == Quota)
        showSection(Objects);
    m_filter->activate();
}

} // namespace widgets

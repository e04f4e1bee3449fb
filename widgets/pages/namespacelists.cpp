// SPDX-License-Identifier: GPL-3.0-or-later
// The lists of one namespace: what runs, its objects, references, findings.
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/filterfield.h"
#include "widgets/controls/viewtable.h"
#include "widgets/models/objectlabels.h"
#include "widgets/pages/namespacedetail.h"
#include "widgets/pages/quotasection.h"
#include "widgets/text/texts.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>
#include <memory>

namespace widgets {

namespace {

QString needText(const core::ResourceList& need, const char* resource)
{
    const auto found = need.find(resource);
    return found == need.end() ? QString() : text(found->second.canonical());
}

Cell needCell(const core::ResourceList& need, const char* resource)
{
    const auto found = need.find(resource);
    if (found == need.end())
        return {.text = QStringLiteral("–"), .tone = Cell::Tone::Faint, .order = -1};
    return {.text = needText(need, resource), .order = found->second.toDouble()};
}

Cell standingCell(const core::PlatformObject& object, core::ObjectStanding standing)
{
    using core::ObjectStanding;
    const int order = int(standing);
    switch (standing) {
    case ObjectStanding::Absent:
        return {.text = NamespaceDetail::tr("declared, not there"),
                .icon = QStringLiteral("health-missing"),
                .tone = Cell::Tone::Warning,
                .order = order};
    case ObjectStanding::Undeclared:
        return {.text = NamespaceDetail::tr("undeclared"),
                .icon = QStringLiteral("person"),
                .tone = Cell::Tone::Warning,
                .order = order,
                .tip = NamespaceDetail::tr("In the cluster, and in nobody's Git")};
    case ObjectStanding::LeftOver:
        return {.text = NamespaceDetail::tr("left over"),
                .icon = QStringLiteral("prune"),
                .tone = Cell::Tone::Warning,
                .order = order,
                .tip = NamespaceDetail::tr("Its application declares it no more")};
    case ObjectStanding::Declared:
        return {.text = NamespaceDetail::tr("declared"), .order = order};
    case ObjectStanding::Present:
        return {.text = NamespaceDetail::tr("declared and there"), .order = order};
    case ObjectStanding::Owned: {
        const core::LiveRecord::Owner& owner = object.live->owners.front();
        return {.text =
                    NamespaceDetail::tr("of %1 %2").arg(text(owner.kind.kind), text(owner.name)),
                .tone = Cell::Tone::Secondary,
                .order = order};
    }
    case ObjectStanding::System:
        break;
    }
    return {.text = NamespaceDetail::tr("made by the system"),
            .tone = Cell::Tone::Secondary,
            .order = order};
}

} // namespace

void NamespaceDetail::setupTables()
{
    using Columns = std::vector<ViewTableModel::Column>;
    m_workloadTable = new ViewTable(Columns {{tr("Workload"), 240},
                                             {tr("Health"), 118},
                                             {tr("Application"), 120},
                                             {tr("Wave"), 56, true},
                                             {tr("Pods"), 52, true},
                                             {tr("CPU"), 66, true},
                                             {tr("Memory"), 74, true},
                                             {tr("Filled in by LimitRanges"), 180},
                                             {tr("In Git"), 260}},
                                    tr("Workloads"), m_stack);
    m_objectTable = new ViewTable(Columns {{tr("Kind"), 178},
                                           {tr("Name"), 220},
                                           {tr("Health"), 118},
                                           {tr("Between Git and cluster"), 190},
                                           {tr("Application"), 120},
                                           {tr("Wave"), 56, true},
                                           {tr("Age"), 60, true},
                                           {tr("In Git"), 260}},
                                  tr("Objects of the namespace"), m_stack);
    m_referenceTable = new ViewTable(Columns {{tr("Object"), 230},
                                              {tr("Uses"), 240},
                                              {tr("How"), 150},
                                              {tr("Why we think so"), 330},
                                              {tr("In Git"), 260}},
                                     tr("Cross-references of namespaces"), m_stack);
    m_findingTable = new ViewTable(
        Columns {
            {tr("Severity"), 100}, {tr("Finding"), 440}, {tr("Code"), 190}, {tr("In Git"), 260}},
        tr("Findings"), m_stack);
    m_stack->addWidget(m_workloadTable);
    m_stack->addWidget(m_objectTable);
    m_stack->addWidget(m_quota);
    m_stack->addWidget(m_referenceTable);
    m_stack->addWidget(m_findingTable);
    connect(m_findingTable, &ViewTable::rowChanged, this, &NamespaceDetail::fillShown);
    for (ViewTable* table : {m_workloadTable, m_objectTable, m_referenceTable}) {
        connect(table, &ViewTable::chosen, this, [this] {
            if (const core::ObjectKey* key = currentObject())
                choose(*key, false);
        });
        connect(table, &ViewTable::rowChanged, this, &NamespaceDetail::fillShown);
        auto* manifest = new QAction(tr("Manifest"), table);
        manifest->setShortcut(QKeySequence(Qt::Key_Y));
        manifest->setShortcutContext(Qt::WidgetShortcut);
        table->addAction(manifest);
        connect(manifest, &QAction::triggered, m_manifestButton, &QPushButton::click);
    }
    m_openButton->setToolTip(tr("Its row among the resources of its application (Enter)"));
    m_manifestButton->setToolTip(tr("Its manifest, in Git and in the cluster (Y)"));
}

void NamespaceDetail::fillLabels()
{
    const auto labels = std::make_shared<const ObjectLabels>(m_views->input);
    m_workloadTable->setFields({{}, {}, [labels, view = m_view, keep = m_views](int row) {
                                    const auto& each = view->workloads[std::size_t(row)];
                                    return FilterRow::LabelSets {labels->of(each.key)};
                                }});
    m_objectTable->setFields({{}, {}, [labels, objects = m_objects, keep = m_views](int row) {
                                  const auto* each = objects[std::size_t(row)];
                                  return FilterRow::LabelSets {labels->of(each->key)};
                              }});
    m_referenceTable->setFields({{}, {}, [labels, all = m_references, keep = m_views](int row) {
                                     const auto* each = all[std::size_t(row)].reference;
                                     return FilterRow::LabelSets {labels->of(each->from)};
                                 }});
    m_findingTable->setFields({{}, {}, [labels, all = m_findings, keep = m_views](int row) {
                                   const auto* each = all[std::size_t(row)];
                                   return FilterRow::LabelSets {labels->of(each->key)};
                               }});
}

void NamespaceDetail::fillWorkloads()
{
    m_workloadTable->setRows(
        m_view ? int(m_view->workloads.size()) : 0,
        [view = m_view, keep = m_views](int row, int column) -> Cell {
            const core::WorkloadView& each = view->workloads[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = text(each.key.kind) + QLatin1Char(' ') + text(each.key.name)};
            case 1:
                return healthCell(each.health);
            case 2:
                return {.text = text(each.application), .tone = Cell::Tone::Secondary};
            case 3:
                return each.wave ? numberCell(*each.wave, Cell::Tone::Secondary) : Cell {};
            case 4:
                return countCell(each.pods);
            case 5:
                return needCell(each.need, "requests.cpu");
            case 6:
                return needCell(each.need, "requests.memory");
            case 7: {
                QStringList words;
                for (const std::string& what : each.defaulted)
                    words << text(what);
                const QString all = words.join(QStringLiteral(", "));
                return {.text = all, .tone = Cell::Tone::Secondary, .tip = all};
            }
            default:
                return placeCell(each.place);
            }
        },
        [this](int row) { return objectText(m_view->workloads[std::size_t(row)].key); });
}

void NamespaceDetail::fillObjects()
{
    m_objectTable->setRows(
        int(m_objects.size()),
        [objects = m_objects, standings = m_standings, keep = m_views,
         now = m_clock.now()](int row, int column) -> Cell {
            const core::PlatformObject& each = *objects[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = text(each.key.kind), .tip = text(each.key.groupKind().text())};
            case 1:
                return {.text = text(each.key.name), .tip = text(each.key.name)};
            case 2:
                return each.live
                    ? healthCell(each.live->health.status, text(each.live->health.message))
                    : Cell {.text = QStringLiteral("–"), .tone = Cell::Tone::Faint, .order = -1};
            case 3:
                return standingCell(each, standings[std::size_t(row)]);
            case 4:
                return {.text =
                            each.isDeclared() ? text(each.declared.front().application) : QString(),
                        .tone = Cell::Tone::Secondary};
            case 5:
                return each.isDeclared()
                    ? numberCell(each.declared.front().wave, Cell::Tone::Secondary)
                    : Cell {};
            case 6:
                return each.live ? Cell {.text = age(each.live->createdAt, now),
                                         .tone = Cell::Tone::Secondary,
                                         .order = double((now - each.live->createdAt).count())}
                                 : Cell {};
            default:
                return placeCell(each.place());
            }
        },
        [this](int row) { return text(m_objects[std::size_t(row)]->key.text()); });
}

void NamespaceDetail::fillReferences()
{
    m_referenceTable->setRows(
        int(m_references.size()),
        [references = m_references, keep = m_views](int row, int column) -> Cell {
            const auto& [reference, outgoing] = references[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = objectText(reference->from),
                        .icon = outgoing ? QStringLiteral("chevron-right")
                                         : QStringLiteral("chevron-left"),
                        .tone = Cell::Tone::Secondary,
                        .order = objectText(reference->from),
                        .tip = outgoing ? tr("of this namespace") : tr("of another namespace"),
                        .spoken = (outgoing ? tr("from here: %1") : tr("from elsewhere: %1"))
                                      .arg(objectText(reference->from))};
            case 1:
                return {.text = text(reference->to), .tip = text(reference->to)};
            case 2:
                return {.text = text(reference->how), .tone = Cell::Tone::Secondary};
            case 3:
                return {.text = text(reference->text),
                        .tone = Cell::Tone::Secondary,
                        .tip = text(reference->text)};
            default:
                return placeCell(reference->place);
            }
        },
        [this](int row) {
            const core::CrossReference& each = *m_references[std::size_t(row)].reference;
            return objectText(each.from) + text(each.to) + text(each.how) + placeText(each.place);
        });
}

void NamespaceDetail::fillFindings()
{
    m_findingTable->setRows(
        int(m_findings.size()),
        [findings = m_findings, keep = m_views](int row, int column) -> Cell {
            const core::Finding& each = *findings[std::size_t(row)];
            const core::FindingRule* rule = core::findingRule(each.code);
            const QString help = rule ? text(rule->help) : QString();
            switch (column) {
            case 0:
                return severityCell(each.severity, each.accepted);
            case 1:
                return {.text = text(each.message),
                        .tip = text(each.message) + QLatin1Char('\n') + help};
            case 2:
                return {.text = text(each.code),
                        .tone = Cell::Tone::Secondary,
                        .tip = help,
                        .mono = true};
            default:
                return placeCell(each.place);
            }
        },
        [this](int row) {
            const core::Finding& each = *m_findings[std::size_t(row)];
            return text(each.code) + placeText(each.place) + text(each.message);
        });
}

void NamespaceDetail::fillShown()
{
    auto* table = qobject_cast<ViewTable*>(m_stack->currentWidget());
    m_bar->setVisible(table != nullptr);
    m_reading->setVisible(table && table->currentRow() >= 0);
    if (!table)
        return;
    m_reading->setText(table->currentWords());
    m_filter->setKeys(table->fieldKeys());
    m_filter->setCount(table->shownCount(), table->allCount(), table->isFiltering());
    const core::ObjectKey* key = currentObject();
    m_openButton->setEnabled(key && !applicationOf(*key).isEmpty());
    m_manifestButton->setEnabled(key && !applicationOf(*key).isEmpty());
    m_openButton->setVisible(table != m_findingTable);
    m_manifestButton->setVisible(table != m_findingTable);
}

const core::ObjectKey* NamespaceDetail::currentObject() const
{
    const auto* table = qobject_cast<const ViewTable*>(m_stack->currentWidget());
    const int row = table ? table->currentRow() : -1;
    if (row < 0)
        return nullptr;
    const auto at = std::size_t(row);
    if (table == m_workloadTable && m_view && at < m_view->workloads.size())
        return &m_view->workloads[at].key;
    if (table == m_objectTable && at < m_objects.size())
        return &m_objects[at]->key;
    if (table == m_referenceTable && at < m_references.size())
        return &m_references[at].reference->from;
    return nullptr;
}

QString NamespaceDetail::applicationOf(const core::ObjectKey& key) const
{
    const core::PlatformObject* object = m_views->input->find(key);
    if (!object)
        return {};
    if (object->isDeclared())
        return text(object->declared.front().application);
    return object->live ? text(object->live->application) : QString();
}

void NamespaceDetail::choose(const core::ObjectKey& key, bool manifest)
{
    const QString application = applicationOf(key);
    if (application.isEmpty())
        return;
    if (manifest)
        Q_EMIT manifestRequested(application, key);
    else
        Q_EMIT objectRequested(application, key);
}

void NamespaceDetail::focusList()
{
    if (auto* table = qobject_cast<ViewTable*>(m_stack->currentWidget()))
        table->focusRows();
    else
        m_quota->focusList();
}

} // namespace widgets

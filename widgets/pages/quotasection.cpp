// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/quotasection.h"

#include "core/model/measureduse.h"
#include "core/platform/namespacesummary.h"
#include "widgets/controls/quotalegend.h"
#include "widgets/controls/viewtable.h"
#include "widgets/text/texts.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace widgets {

namespace {

QLabel* heading(const QString& words, QWidget* parent)
{
    auto* label = new QLabel(words, parent);
    label->setProperty("role", QStringLiteral("heading"));
    label->setTextFormat(Qt::PlainText);
    label->setContentsMargins(10, 12, 10, 4);
    return label;
}

QString amount(const core::Quantity& quantity)
{
    return text(quantity.canonical());
}

Cell amountCell(const core::Quantity& quantity, Cell::Tone tone = Cell::Tone::Plain)
{
    return {.text = amount(quantity), .tone = tone, .order = quantity.toDouble()};
}

Cell barCell(const core::QuotaLine& line, bool isCounted)
{
    QuotaBar bar;
    if (line.used)
        bar.used = core::shareOf(*line.used, line.hard);
    bar.requested = isCounted ? core::shareOf(line.requested, line.hard) : 0;
    bar.pending = core::shareOf(line.pending, line.hard);
    const int percent = qRound(bar.pending * 100);
    Cell cell {.text = QStringLiteral("%1 %").arg(percent), .order = bar.pending, .bar = bar};
    cell.tone = line.isExceeded() ? Cell::Tone::Bad : Cell::Tone::Secondary;
    cell.tip = line.isExceeded()
        ? QuotaSection::tr("A sync would exceed it: the API server will refuse pods")
        : QuotaSection::tr("%1 % of it is taken after a sync").arg(percent);
    return cell;
}

Cell maybeAmount(const core::ResourceList& list, const std::string& resource)
{
    const auto found = list.find(resource);
    if (found != list.end())
        return amountCell(found->second);
    return {.text = QStringLiteral("–"), .tone = Cell::Tone::Faint, .order = -1};
}

} // namespace

QuotaSection::QuotaSection(QWidget* parent)
    : QWidget(parent)
    , m_legend(new QuotaLegend(this))
    , m_table(new ViewTable({{tr("Resource"), 184},
                             {tr("After a sync"), 170},
                             {tr("Used"), 74, true},
                             {tr("Git asks for"), 90, true},
                             {tr("After"), 74, true},
                             {tr("Allowed"), 78, true},
                             {tr("Quota"), 240}},
                            tr("Lines of the quotas"), this))
    , m_who(heading({}, this))
    , m_consumers(new ViewTable({{tr("Object"), 260},
                                 {tr("Application"), 150},
                                 {tr("Amount"), 90, true},
                                 {tr("In Git"), 300}},
                                tr("Who asks for it"), this))
    , m_limitTitle(heading(tr("Filled in by LimitRanges"), this))
    , m_limitTable(new ViewTable({{tr("Resource"), 184},
                                  {tr("Default request"), 124, true},
                                  {tr("Default limit"), 108, true},
                                  {tr("At least"), 84, true},
                                  {tr("At most"), 84, true},
                                  {tr("LimitRange"), 240}},
                                 tr("Defaults and bounds of containers"), this))
    , m_measured(new QLabel(tr("Measured use is not shown: this engine does not read "
                               "metrics.k8s.io. \"Used\" is what the quota's controller counts."),
                            this))
    , m_none(new QLabel(tr("No ResourceQuota here: nothing limits what this namespace takes from "
                           "the others. Declare one in Git."),
                        this))
{
    for (QLabel* label : {m_measured, m_none}) {
        label->setProperty("role", QStringLiteral("secondary"));
        label->setWordWrap(true);
        label->setContentsMargins(10, 8, 10, 8);
    }
    auto* inner = new QWidget(this);
    inner->setProperty("surface", true);
    auto* content = new QVBoxLayout(inner);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(0);
    auto* legend = new QHBoxLayout;
    legend->setContentsMargins(10, 8, 10, 4);
    legend->addWidget(m_legend);
    legend->addStretch(1);
    content->addLayout(legend);
    content->addWidget(m_none);
    content->addWidget(m_table);
    content->addWidget(m_who);
    content->addWidget(m_consumers);
    content->addWidget(m_limitTitle);
    content->addWidget(m_limitTable);
    content->addWidget(m_measured);
    content->addStretch(1);
    m_table->setFitted(12);
    m_consumers->setFitted(8);
    m_limitTable->setFitted(8);
    auto* area = new QScrollArea(this);
    area->setWidget(inner);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(area);
    connect(m_table, &ViewTable::rowChanged, this, &QuotaSection::showConsumers);
    connect(m_consumers, &ViewTable::chosen, this, [this](int row) {
        if (!m_shown || row < 0 || row >= int(m_shown->consumers.size()))
            return;
        const auto& consumer = m_shown->consumers[std::size_t(row)];
        Q_EMIT objectChosen(text(consumer.application), consumer.key);
    });
}

void QuotaSection::show(const core::PlatformViewsPtr& views,
                        const std::vector<std::string>& namespaces)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    m_lines.clear();
    collect(namespaces);
    showAll();
}

void QuotaSection::showTenant(const core::PlatformViewsPtr& views, const core::TenantView& tenant)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    m_lines.clear();
    const auto isSaidAlready = [&](const core::QuotaLine& line) {
        return tenant.quotas.size() == 1
            && std::ranges::any_of(tenant.quotas.front().lines, [&](const core::QuotaLine& each) {
                   return each.resource == line.resource && !(each.hard < line.hard)
                       && !(line.hard < each.hard);
               });
    };
    for (const core::QuotaLine& line : tenant.total)
        if (!isSaidAlready(line))
            m_lines.push_back({nullptr, &line});
    collect(tenant.namespaces);
    showAll();
}

QString QuotaSection::quotaName(const Line& line)
{
    return line.quota ? nameOf(line.quota->key) : tr("the whole tenant");
}

void QuotaSection::collect(const std::vector<std::string>& namespaces)
{
    m_limits.clear();
    for (const std::string& name : namespaces) {
        const core::NamespaceView* view = m_views->namespaceOf(name);
        if (!view)
            continue;
        for (const core::QuotaView& quota : view->quotas)
            for (const core::QuotaLine& line : quota.lines)
                m_lines.push_back({&quota, &line});
        for (const core::LimitView& limit : view->limits) {
            std::set<std::string> resources;
            for (const core::ResourceList* list :
                 {&limit.facts.defaults, &limit.facts.defaultRequests, &limit.facts.min,
                  &limit.facts.max})
                for (const auto& [resource, quantity] : *list)
                    resources.insert(resource);
            for (const std::string& resource : resources)
                m_limits.push_back({&limit, resource});
        }
    }
    showUse(namespaces);
}

void QuotaSection::showAll()
{
    showLines();
    showLimits();
    const bool any = !m_lines.empty();
    m_none->setVisible(!any);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_legend, m_table, m_who, m_consumers})
        widget->setVisible(any);
}

void QuotaSection::showLines()
{
    m_table->setRows(
        int(m_lines.size()),
        [lines = m_lines, keep = m_views](int row, int column) -> Cell {
            const auto& [quota, line] = lines[std::size_t(row)];
            const bool isCounted = !quota || quota->scopes.empty();
            switch (column) {
            case 0:
                return {.text = text(line->resource)};
            case 1:
                return barCell(*line, isCounted);
            case 2:
                return line->used
                    ? amountCell(*line->used)
                    : Cell {.text = tr("not counted"), .tone = Cell::Tone::Faint, .order = -1};
            case 3:
                return isCounted ? amountCell(line->requested)
                                 : Cell {.text = tr("unknown"),
                                         .tone = Cell::Tone::Faint,
                                         .order = -1,
                                         .tip = tr("The quota counts some pods only")};
            case 4:
                return amountCell(line->pending,
                                  line->isExceeded() ? Cell::Tone::Bad : Cell::Tone::Plain);
            case 5:
                return amountCell(line->hard);
            default:
                return {.text = quotaName(lines[std::size_t(row)]),
                        .tone = quota ? Cell::Tone::Secondary : Cell::Tone::Plain,
                        .tip = quota ? placeText(quota->place)
                                     : tr("What its namespaces are granted and take together")};
            }
        },
        [this](int row) {
            const Line& each = m_lines[std::size_t(row)];
            return quotaName(each) + QLatin1Char(' ') + text(each.line->resource);
        });
    int row = m_table->currentRow();
    if (row < 0 && !m_lines.empty()) { // the fullest: that is what people come for
        const auto fullest =
            std::max_element(m_lines.begin(), m_lines.end(), [](const Line& a, const Line& b) {
                return core::shareOf(a.line->pending, a.line->hard)
                    < core::shareOf(b.line->pending, b.line->hard);
            });
        row = int(fullest - m_lines.begin());
        m_table->select(quotaName(*fullest) + QLatin1Char(' ') + text(fullest->line->resource));
    }
    showConsumers(row);
}

void QuotaSection::showConsumers(int row)
{
    m_shown = row >= 0 && row < int(m_lines.size()) ? m_lines[std::size_t(row)].line : nullptr;
    const auto* line = m_shown;
    m_who->setText(!line || line->consumers.empty()
                       ? tr("Nobody asks for it in Git")
                       : tr("Who asks for %1").arg(text(line->resource)));
    m_consumers->setRows(
        line ? int(line->consumers.size()) : 0,
        [line, keep = m_views](int at, int column) -> Cell {
            const auto& consumer = line->consumers[std::size_t(at)];
            switch (column) {
            case 0:
                return {.text = objectText(consumer.key)};
            case 1:
                return {.text = text(consumer.application)};
            case 2:
                return amountCell(consumer.amount);
            default:
                return placeCell(consumer.place);
            }
        },
        [line](int at) { return objectText(line->consumers[std::size_t(at)].key); });
    m_consumers->setVisible(line && !line->consumers.empty());
}

void QuotaSection::showLimits()
{
    m_limitTable->setRows(
        int(m_limits.size()),
        [limits = m_limits, keep = m_views](int row, int column) -> Cell {
            const auto& [view, resource] = limits[std::size_t(row)];
            switch (column) {
            case 0:
                return {.text = text(resource)};
            case 1:
                return maybeAmount(view->facts.defaultRequests, resource);
            case 2:
                return maybeAmount(view->facts.defaults, resource);
            case 3:
                return maybeAmount(view->facts.min, resource);
            case 4:
                return maybeAmount(view->facts.max, resource);
            default:
                return {.text = nameOf(view->key),
                        .tone = Cell::Tone::Secondary,
                        .tip = placeText(view->place)};
            }
        },
        [this](int row) {
            const Limit& limit = m_limits[std::size_t(row)];
            return nameOf(limit.view->key) + QLatin1Char(' ') + text(limit.resource);
        });
    m_limitTitle->setText(
        m_limits.empty()
            ? tr("No LimitRange: what a container does not ask for, it has without limit")
            : tr("Filled in by LimitRanges"));
    m_limitTable->setVisible(!m_limits.empty());
}

/// Below the bars: what metrics.k8s.io measures of these namespaces together, or why nothing.
void QuotaSection::showUse(const std::vector<std::string>& namespaces)
{
    const core::MeasuredUsePtr& use = m_views->input->use;
    if (!use)
        return;
    if (use->state != core::MeasuredUse::State::Known) {
        m_measured->setText(tr("Measured use is not shown: %1. \"Used\" is what the quota's "
                               "controller counts.")
                                .arg(text(use->why)));
        return;
    }
    core::ResourceUse sum;
    for (const std::string& name : namespaces)
        if (const core::ResourceUse* each = use->of(name)) {
            sum.cpu = sum.cpu + each->cpu;
            sum.memory = sum.memory + each->memory;
            sum.pods += each->pods;
        }
    const QString words = use->simulated
        ? tr("In use now, simulated: %1 of CPU and %2 of memory by %n pod(s).", nullptr, sum.pods)
        : tr("In use now, as metrics.k8s.io measures it: %1 of CPU and %2 of memory by %n pod(s).",
             nullptr, sum.pods);
    m_measured->setText(words.arg(text(core::cpuText(sum.cpu)), text(core::memoryText(sum.memory)))
                        + QLatin1Char(' ') + tr("\"Used\" is what the quota's controller counts."));
}

void QuotaSection::focusList()
{
    m_table->focusRows();
}

} // namespace widgets

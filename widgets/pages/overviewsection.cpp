// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/overviewsection.h"

#include "core/base/strings.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/controls/factcard.h"
#include "widgets/controls/statuschip.h"
#include "widgets/delegates/diffobjectdelegate.h"
#include "widgets/models/diffmodel.h"
#include "widgets/text/texts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

QString policyOf(const core::Application& spec)
{
    if (!spec.automated)
        return OverviewSection::tr("Syncs only when told to");
    QStringList parts {OverviewSection::tr("Automated")};
    if (spec.selfHeal)
        parts << OverviewSection::tr("heals drift");
    if (spec.prune)
        parts << OverviewSection::tr("prunes");
    return parts.join(QStringLiteral(", "));
}

std::vector<std::pair<QString, QString>> operationFacts(const core::Operation& operation,
                                                        core::WallTime now)
{
    const bool ended = operation.finishedAt.has_value();
    const auto failed =
        std::count_if(operation.results.begin(), operation.results.end(),
                      [](const auto& r) { return r.code == core::ResultCode::SyncFailed; });
    const auto pruned =
        std::count_if(operation.results.begin(), operation.results.end(),
                      [](const auto& r) { return r.code == core::ResultCode::Pruned; });
    QString results = OverviewSection::tr("%1 written")
                          .arg(qsizetype(operation.results.size()) - failed - pruned);
    if (pruned > 0)
        results += OverviewSection::tr(", %1 pruned").arg(pruned);
    if (failed > 0)
        results += OverviewSection::tr(", %1 failed").arg(failed);
    return {
        {OverviewSection::tr("Result"), text(core::toString(operation.phase))},
        {OverviewSection::tr("Message"), text(operation.message)},
        {OverviewSection::tr("Commit"), text(operation.revision.substr(0, 7))},
        {OverviewSection::tr("Trigger"), text(core::toString(operation.trigger))},
        {OverviewSection::tr("Started"), ago(operation.startedAt, now)},
        {OverviewSection::tr("Took"),
         ended ? duration(operation.startedAt, *operation.finishedAt) : QString()},
        {OverviewSection::tr("Objects"), results},
    };
}

} // namespace

OverviewSection::OverviewSection(const WallClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_attention(new AttentionModel(this))
    , m_count(new QLabel(this))
    , m_attentionTitle(new QLabel(this))
    , m_list(new QListView(this))
    , m_calm(new QLabel(this))
    , m_operation(new FactCard(tr("Last sync"), this))
    , m_source(new FactCard(tr("Source and destination"), this))
{
    setupAttention();
    auto* attention = new QFrame(this);
    m_attentionCard = attention;
    attention->setProperty("card", true);
    auto* attentionLayout = new QVBoxLayout(attention);
    attentionLayout->setContentsMargins(1, 11, 1, 6);
    attentionLayout->setSpacing(8);
    m_attentionTitle->setProperty("role", QStringLiteral("heading"));
    m_attentionTitle->setContentsMargins(13, 0, 13, 0);
    attentionLayout->addWidget(m_attentionTitle);
    attentionLayout->addWidget(m_calm);
    attentionLayout->addWidget(m_list, 1);
    auto* left = new QVBoxLayout;
    left->setSpacing(12);
    left->addWidget(setupObjects());
    left->addWidget(attention, 1);
    left->addStretch(0);
    auto* right = new QVBoxLayout;
    right->setSpacing(12);
    right->addWidget(m_operation);
    right->addWidget(m_source);
    right->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(12);
    layout->addLayout(left, 5);
    layout->addLayout(right, 4);
    connect(&clock, &WallClock::ticked, this, &OverviewSection::refresh);
}

QWidget* OverviewSection::setupObjects()
{
    auto* card = new QFrame(this);
    card->setProperty("card", true);
    m_count->setProperty("role", QStringLiteral("heading"));
    auto* health = new QHBoxLayout;
    auto* sync = new QHBoxLayout;
    for (QHBoxLayout* row : {health, sync})
        row->setSpacing(18);
    for (auto state : {core::Health::Healthy, core::Health::Progressing, core::Health::Degraded,
                       core::Health::Missing, core::Health::Suspended, core::Health::Unknown}) {
        auto* chip =
            new StatusChip([state](const Colours& c) { return lookOf(state, c); }, false, card);
        m_health.emplace(state, chip);
        health->addWidget(chip);
    }
    for (auto state :
         {core::SyncState::Synced, core::SyncState::OutOfSync, core::SyncState::Unknown}) {
        auto* chip =
            new StatusChip([state](const Colours& c) { return lookOf(state, c); }, false, card);
        m_sync.emplace(state, chip);
        sync->addWidget(chip);
    }
    health->addStretch(1);
    sync->addStretch(1);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(14, 11, 14, 12);
    layout->setSpacing(7);
    layout->addWidget(m_count);
    layout->addLayout(sync);
    layout->addLayout(health);
    return card;
}

void OverviewSection::setupAttention()
{
    auto* delegate = new DiffObjectDelegate(m_list);
    delegate->setShowHealth(true);
    m_list->setModel(m_attention);
    m_list->setItemDelegate(delegate);
    m_list->setAccessibleName(tr("Objects that need attention"));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_calm->setText(tr("Nothing: every object is as Git says, and well."));
    m_calm->setProperty("role", QStringLiteral("secondary"));
    m_calm->setContentsMargins(13, 0, 13, 8);
    m_calm->setAlignment(Qt::AlignTop);
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) {
        if (const auto* resource = m_attention->resource(index))
            Q_EMIT objectActivated(resource->key);
    });
}

void OverviewSection::show(const core::ApplicationStatePtr& state,
                           const core::ClusterState& cluster)
{
    m_state = state;
    m_cluster = cluster;
    m_attention->setApplication(state);
    refresh();
}

void OverviewSection::refreshCounts()
{
    std::map<core::Health, int> health;
    std::map<core::SyncState, int> sync;
    int declared = 0;
    for (const core::ResourceState& resource : m_state->resources) {
        declared += resource.declared;
        if (resource.health)
            ++health[*resource.health];
        if (resource.declared || resource.requiresPrune)
            ++sync[resource.sync];
    }
    for (const auto& [state, chip] : m_health) {
        chip->setCount(health[state]);
        chip->setVisible(health[state] > 0);
    }
    for (const auto& [state, chip] : m_sync) {
        chip->setCount(sync[state]);
        chip->setVisible(sync[state] > 0);
    }
    const int all = int(m_state->resources.size());
    m_count->setText(tr("%1 in Git, %2 with what they own").arg(objectCount(declared)).arg(all));
}

void OverviewSection::refresh()
{
    if (!m_state)
        return;
    refreshCounts();
    const int waiting = m_attention->rowCount();
    m_attentionTitle->setText(waiting == 0 ? tr("Needs attention")
                                           : tr("Needs attention: %1").arg(objectCount(waiting)));
    m_list->setVisible(waiting > 0);
    m_calm->setVisible(waiting == 0);
    m_attentionCard->setSizePolicy(QSizePolicy::Preferred,
                                   waiting > 0 ? QSizePolicy::Preferred : QSizePolicy::Maximum);
    if (m_state->operation)
        m_operation->setFacts(operationFacts(*m_state->operation, m_clock.now()));
    else
        m_operation->setFacts({{tr("Result"), tr("None has run yet")}});
    const core::Application& spec = m_state->spec;
    m_source->setFacts({
        {tr("Repository"), text(spec.source.repoUrl)},
        {tr("Path"), text(spec.source.path.empty() ? "." : spec.source.path)},
        {tr("Revision"), text(spec.source.targetRevision)},
        {tr("Fetched"),
         m_state->lastFetched ? ago(*m_state->lastFetched, m_clock.now()) : tr("not yet")},
        {tr("Cluster"),
         text(m_cluster.context) + (m_cluster.practice ? tr(" (practice cluster)") : QString())},
        {tr("Namespace"), text(spec.destinationNamespace)},
        {tr("Project"), text(spec.project)},
        {tr("Policy"), policyOf(spec)},
        {tr("Sync options"), text(core::join(spec.syncOptions, ", "))},
    });
}

void OverviewSection::focusList()
{
    m_list->setFocus();
}

} // namespace widgets

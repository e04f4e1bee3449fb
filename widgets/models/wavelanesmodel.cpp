// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/wavelanesmodel.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/models/rowchanges.h"
#include "widgets/text/texts.h"

#include <algorithm>

namespace widgets {

struct WaveLanesModel::Item
{
    core::ObjectKey key;
    Step step = Step::Pending;
    std::optional<core::Health> health;
    std::string words;
    bool operator==(const Item&) const = default;
};

struct WaveLanesModel::Lane
{
    core::WaveProgress progress;
    std::vector<Item> items;
    int row = 0;
    LaneKey key() const { return {progress.phase, progress.wave}; }
};

namespace {

using Step = WaveLanesModel::Step;

/// Times are forgotten all at once when a window has stayed open for very many syncs.
constexpr std::size_t kMostSpans = 4096;

std::size_t hashOfLane(const std::pair<core::SyncPhase, int>& key)
{
    return std::hash<long>()(long(key.first) * 1'000'003L + key.second);
}

/// Which phase a hook runs in; other hook types (Skip, PostDelete) run in none.
std::optional<core::SyncPhase> phaseOf(const core::ResourceState& resource)
{
    if (resource.hook.empty())
        return core::SyncPhase::Sync;
    for (auto phase : {core::SyncPhase::PreSync, core::SyncPhase::PostSync,
                       core::SyncPhase::SyncFail, core::SyncPhase::Sync})
        if (resource.hook.find(core::toString(phase)) != std::string::npos)
            return phase;
    return std::nullopt;
}

/// ended: the operation is over, and waits for nothing; then an object is as it is now.
Step stepOf(const core::ResourceResult& result, const core::ResourceState* resource, bool ended)
{
    switch (result.code) {
    case core::ResultCode::SyncFailed:
        return Step::Failed;
    case core::ResultCode::Pruned:
        return Step::Pruned;
    case core::ResultCode::PruneSkipped:
        return Step::Skipped;
    case core::ResultCode::Synced:
        break;
    }
    if (result.hookPhase == core::OperationPhase::Failed
        || result.hookPhase == core::OperationPhase::Error)
        return Step::Failed;
    const bool hook = !result.hook.empty();
    if (result.hookPhase && !core::isCompleted(*result.hookPhase) && (hook || !ended))
        return Step::Waited;
    if (!hook && resource && resource->health && *resource->health != core::Health::Healthy
        && *resource->health != core::Health::Suspended)
        return *resource->health == core::Health::Degraded ? Step::Failed : Step::Waited;
    return Step::Ready;
}

const core::ResourceState* findResource(const core::ApplicationState& state,
                                        const core::ObjectKey& key)
{
    const auto found =
        std::find_if(state.resources.begin(), state.resources.end(),
                     [&](const core::ResourceState& resource) { return resource.key == key; });
    return found == state.resources.end() ? nullptr : &*found;
}

/// The lanes that a sync would go through, as no operation has run yet.
std::vector<core::WaveProgress> lanesAhead(const core::ApplicationState& state)
{
    std::map<std::pair<core::SyncPhase, int>, core::WaveProgress> waves;
    for (const core::ResourceState& resource : state.resources) {
        const auto phase = phaseOf(resource);
        if (!resource.declared || !phase)
            continue;
        core::WaveProgress& wave = waves[{*phase, resource.wave}];
        wave.phase = *phase;
        wave.wave = resource.wave;
        ++wave.total;
    }
    std::vector<core::WaveProgress> list;
    for (const auto& [key, wave] : waves)
        list.push_back(wave);
    return list;
}

} // namespace

WaveLanesModel::WaveLanesModel(const WallClock& clock, QObject* parent)
    : QAbstractItemModel(parent)
    , m_clock(clock)
{
}

WaveLanesModel::~WaveLanesModel() = default;

std::vector<WaveLanesModel::Lane> WaveLanesModel::lanesOf(const core::ApplicationState& state)
{
    std::vector<Lane> lanes;
    for (const core::WaveProgress& wave :
         state.operation ? state.operation->waves : lanesAhead(state))
        lanes.push_back({wave, {}, 0});
    auto laneOf = [&](core::SyncPhase phase, int wave) -> Lane* {
        for (Lane& lane : lanes)
            if (lane.key() == LaneKey(phase, wave))
                return &lane;
        return nullptr;
    };
    const bool ended = state.operation && core::isCompleted(state.operation->phase);
    std::vector<std::pair<core::ObjectKey, core::SyncPhase>> written;
    if (state.operation)
        for (const core::ResourceResult& result : state.operation->results) {
            written.emplace_back(result.key, result.phase);
            const core::ResourceState* resource = findResource(state, result.key);
            const Step step = stepOf(result, resource, ended);
            const bool waits = step == Step::Waited;
            const auto health = resource && result.hook.empty() ? resource->health : std::nullopt;
            const bool speaks = waits && resource && !resource->healthMessage.empty();
            if (Lane* lane = laneOf(result.phase, result.wave))
                lane->items.push_back(
                    {result.key, step, health, speaks ? resource->healthMessage : result.message});
        }
    const bool partial = state.operation && !state.operation->only.empty();
    for (const core::ResourceState& resource : state.resources) {
        const auto phase = phaseOf(resource);
        if (!resource.declared || !phase || partial || ended
            || std::find(written.begin(), written.end(), std::pair(resource.key, *phase))
                != written.end())
            continue;
        if (Lane* lane = laneOf(*phase, resource.wave))
            lane->items.push_back({resource.key, Step::Pending, std::nullopt, {}});
    }
    for (Lane& lane : lanes)
        if (ended && lane.progress.state == core::WaveProgress::State::Done)
            lane.progress.ready = int(std::ranges::count_if(lane.items, [](const Item& item) {
                return item.step != Step::Waited && item.step != Step::Failed;
            }));
    return lanes;
}

void WaveLanesModel::setApplication(const core::ApplicationStatePtr& state)
{
    if (state == m_state)
        return;
    const bool another = !state || !m_state || state->spec.name != m_state->spec.name;
    if (another) {
        beginResetModel();
        m_lanes.clear();
        endResetModel();
    }
    m_state = state;
    if (!state)
        return;
    std::vector<Lane> target = lanesOf(*state);
    auto renumber = [this] {
        for (std::size_t i = 0; i < m_lanes.size(); ++i)
            m_lanes[i]->row = int(i);
    };
    applyRowChanges(
        m_lanes, target, hashOfLane, [](const std::unique_ptr<Lane>& lane) { return lane->key(); },
        [](const Lane& lane) { return lane.key(); },
        [](const Lane& lane) { return std::make_unique<Lane>(Lane {lane.progress, {}, 0}); },
        {.beginInsert = [this](int a, int b) { beginInsertRows({}, a, b); },
         .endInsert = [&] { renumber(), endInsertRows(); },
         .beginRemove = [this](int a, int b) { beginRemoveRows({}, a, b); },
         .endRemove = [&] { renumber(), endRemoveRows(); },
         .beginMove = [this](int a, int b) { beginMoveRows({}, a, a, {}, b); },
         .endMove = [&] { renumber(), endMoveRows(); }});
    for (std::size_t row = 0; row < m_lanes.size(); ++row) {
        Lane& lane = *m_lanes[row];
        syncItems(lane, std::move(target[row].items), int(row));
        if (lane.progress != target[row].progress) {
            lane.progress = target[row].progress;
            Q_EMIT dataChanged(index(int(row), 0), index(int(row), 0));
        }
    }
}

void WaveLanesModel::syncItems(Lane& lane, std::vector<Item>&& target, int row)
{
    const QModelIndex here = index(row, 0);
    auto keyOf = [](const Item& item) { return item.key; };
    applyRowChanges(lane.items, target, core::ObjectKeyHash(), keyOf, keyOf,
                    [](const Item& item) { return item; },
                    {.beginInsert = [&](int a, int b) { beginInsertRows(here, a, b); },
                     .endInsert = [&] { endInsertRows(); },
                     .beginRemove = [&](int a, int b) { beginRemoveRows(here, a, b); },
                     .endRemove = [&] { endRemoveRows(); },
                     .beginMove = [&](int a, int b) { beginMoveRows(here, a, a, here, b); },
                     .endMove = [&] { endMoveRows(); }});
    for (std::size_t i = 0; i < lane.items.size(); ++i)
        if (lane.items[i] != target[i]) {
            lane.items[i] = std::move(target[i]);
            const QModelIndex changed = index(int(i), 0, here);
            Q_EMIT dataChanged(changed, changed);
        }
}

void WaveLanesModel::noteEvents(const std::vector<core::Event>& events)
{
    for (const core::Event& event : events) {
        const auto* progressed = std::get_if<core::event::OperationProgressed>(&event.what);
        if (!progressed)
            continue;
        if (m_spans.size() > kMostSpans)
            m_spans.clear();
        using State = core::WaveProgress::State;
        Span& span =
            m_spans[{progressed->operationId, {progressed->wave.phase, progressed->wave.wave}}];
        const State state = progressed->wave.state;
        if ((state == State::Applying || state == State::Waiting) && !span.begin)
            span.begin = event.at;
        if ((state == State::Done || state == State::Failed) && !span.end)
            span.end = event.at;
    }
}

const core::WaveProgress& WaveLanesModel::progress(int lane) const
{
    return m_lanes[std::size_t(lane)]->progress;
}

std::optional<std::chrono::milliseconds> WaveLanesModel::elapsed(int lane) const
{
    if (!m_state || !m_state->operation)
        return std::nullopt;
    const auto found = m_spans.find({m_state->operation->id, m_lanes[std::size_t(lane)]->key()});
    if (found == m_spans.end() || !found->second.begin)
        return std::nullopt;
    const core::WallTime end = found->second.end.value_or(m_clock.now());
    return std::chrono::duration_cast<std::chrono::milliseconds>(end - *found->second.begin);
}

QString WaveLanesModel::title(int lane) const
{
    const core::WaveProgress& wave = progress(lane);
    if (wave.phase == core::SyncPhase::Sync)
        return tr("Wave %1").arg(wave.wave);
    const QString phase = text(core::toString(wave.phase));
    return wave.wave == 0 ? phase : tr("%1, wave %2").arg(phase).arg(wave.wave);
}

core::ObjectKey WaveLanesModel::objectKey(const QModelIndex& index) const
{
    if (!index.isValid() || !index.internalPointer())
        return {};
    const auto* lane = static_cast<const Lane*>(index.internalPointer());
    return lane->items[std::size_t(index.row())].key;
}

// A lane's index carries no pointer, an object's carries its lane.
QModelIndex WaveLanesModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column != 0 || row >= rowCount(parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column);
    return createIndex(row, column, m_lanes[std::size_t(parent.row())].get());
}

QModelIndex WaveLanesModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || !index.internalPointer())
        return {};
    return createIndex(static_cast<const Lane*>(index.internalPointer())->row, 0);
}

int WaveLanesModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return int(m_lanes.size());
    return parent.internalPointer() ? 0 : int(m_lanes[std::size_t(parent.row())]->items.size());
}

int WaveLanesModel::columnCount(const QModelIndex&) const
{
    return 1;
}

QVariant WaveLanesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (!index.internalPointer())
        return role == Qt::DisplayRole ? QVariant(title(index.row())) : QVariant();
    const Item& item =
        static_cast<const Lane*>(index.internalPointer())->items[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(item.key.name);
    case Qt::ToolTipRole:
        return objectText(item.key)
            + (item.words.empty() ? QString() : QLatin1Char('\n') + text(item.words));
    case Qt::AccessibleTextRole:
        return accessibleText(item);
    case StepRole:
        return int(item.step);
    case KindRole:
        return text(item.key.kind);
    case WordsRole:
        return text(item.words);
    case HealthRole:
        return item.health ? QVariant(int(*item.health)) : QVariant();
    default:
        return {};
    }
}

QString WaveLanesModel::accessibleText(const Item& item)
{
    const QString words = item.words.empty() ? QString() : QStringLiteral(": ") + text(item.words);
    switch (item.step) {
    case Step::Pending:
        return tr("%1, pending").arg(objectText(item.key));
    case Step::Waited:
        return tr("%1, waited for%2").arg(objectText(item.key), words);
    case Step::Ready:
        return tr("%1, ready%2").arg(objectText(item.key), words);
    case Step::Failed:
        return tr("%1, failed%2").arg(objectText(item.key), words);
    case Step::Pruned:
        return tr("%1, pruned%2").arg(objectText(item.key), words);
    case Step::Skipped:
        break;
    }
    return tr("%1, skipped%2").arg(objectText(item.key), words);
}

} // namespace widgets

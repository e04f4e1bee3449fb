// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/eventlogmodel.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/text/texts.h"

namespace widgets {

namespace {

using Tone = EventLogModel::Tone;
namespace event = core::event;

struct Mark
{
    const char* icon;
    Tone tone = Tone::Plain;
};

Mark markOf(core::Health health)
{
    switch (health) {
    case core::Health::Healthy:
        return {"health-healthy", Tone::Good};
    case core::Health::Progressing:
        return {"health-progressing", Tone::Busy};
    case core::Health::Suspended:
        return {"health-suspended"};
    case core::Health::Missing:
        return {"health-missing", Tone::Warning};
    case core::Health::Degraded:
        return {"health-degraded", Tone::Bad};
    case core::Health::Unknown:
        break;
    }
    return {"health-unknown"};
}

/// What an event looks like in the list; a null icon keeps it out of the list.
struct MarkOf
{
    Mark operator()(const event::RevisionFound&) const { return {"commit"}; }
    Mark operator()(const event::OperationStarted&) const { return {"play", Tone::Busy}; }
    Mark operator()(const event::OperationProgressed& e) const
    {
        using State = core::WaveProgress::State;
        if (e.wave.state == State::Done)
            return {"check", Tone::Good};
        if (e.wave.state == State::Failed)
            return {"row-failed", Tone::Bad};
        return {nullptr}; // the lanes show it
    }
    Mark operator()(const event::OperationFinished& e) const
    {
        if (e.operation.phase == core::OperationPhase::Succeeded)
            return {"sync-synced", Tone::Good};
        return {"row-failed", Tone::Bad};
    }
    Mark operator()(const event::ResourceApplied& e) const
    {
        switch (e.result.code) {
        case core::ResultCode::SyncFailed:
            return {"row-failed", Tone::Bad};
        case core::ResultCode::Pruned:
            return {"prune"};
        case core::ResultCode::PruneSkipped:
            return {"row-skipped"};
        case core::ResultCode::Synced:
            break;
        }
        return {"row-applied"};
    }
    Mark operator()(const event::HealthChanged& e) const
    {
        return e.to ? markOf(*e.to) : Mark {"health-unknown"};
    }
    Mark operator()(const event::SyncStateChanged& e) const
    {
        switch (e.to) {
        case core::SyncState::Synced:
            return {"sync-synced", Tone::Good};
        case core::SyncState::OutOfSync:
            return {"sync-outofsync", Tone::Warning};
        case core::SyncState::Unknown:
            break;
        }
        return {"sync-unknown", Tone::Warning};
    }
    Mark operator()(const event::DriftFound&) const { return {"sync-outofsync", Tone::Warning}; }
    Mark operator()(const event::DriftHealed&) const { return {"check", Tone::Good}; }
    Mark operator()(const event::ConditionRaised& e) const
    {
        return {"warning", e.condition.isError() ? Tone::Bad : Tone::Warning};
    }
    Mark operator()(const event::ConditionCleared&) const { return {"check", Tone::Good}; }
    Mark operator()(const event::ConfirmationNeeded&) const { return {"prune", Tone::Warning}; }
    Mark operator()(const event::ConnectionChanged& e) const
    {
        const bool up = e.cluster.connection == core::ClusterState::Connection::Connected;
        return {"server", up ? Tone::Good : Tone::Bad};
    }
    Mark operator()(const event::SnapshotPublished&) const { return {nullptr}; }
};

} // namespace

EventLogModel::EventLogModel(const WallClock& clock, int capacity, QObject* parent)
    : QAbstractTableModel(parent)
    , m_clock(clock)
    , m_capacity(capacity)
{
}

EventLogModel::Entry EventLogModel::makeEntry(const core::Event& event)
{
    const Mark mark = std::visit(MarkOf(), event.what);
    if (!mark.icon)
        return {};
    Entry entry {event.at, text(core::applicationOf(event)), text(core::describe(event)),
                 QString::fromLatin1(mark.icon), mark.tone};
    // The application has a column of its own.
    const QString prefix = entry.application + QStringLiteral(": ");
    if (!entry.application.isEmpty() && entry.text.startsWith(prefix))
        entry.text.remove(0, prefix.size());
    return entry;
}

void EventLogModel::add(const std::vector<core::Event>& events)
{
    std::deque<Entry> added;
    for (const core::Event& event : events)
        if (Entry entry = makeEntry(event); !entry.icon.isEmpty())
            added.push_front(std::move(entry));
    if (int(added.size()) > m_capacity) {
        m_dropped += qint64(added.size()) - m_capacity;
        added.resize(std::size_t(m_capacity));
    }
    if (added.empty())
        return;
    const int excess = int(m_entries.size() + added.size()) - m_capacity;
    if (excess > 0) {
        const int count = int(m_entries.size());
        beginRemoveRows({}, count - excess, count - 1);
        m_entries.resize(std::size_t(count - excess));
        endRemoveRows();
        m_dropped += excess;
    }
    beginInsertRows({}, 0, int(added.size()) - 1);
    m_entries.insert(m_entries.begin(), std::make_move_iterator(added.begin()),
                     std::make_move_iterator(added.end()));
    endInsertRows();
}

int EventLogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int EventLogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EventLogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Entry& entry = m_entries[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == TimeColumn)
            return clockTime(entry.at, m_clock.now());
        return index.column() == ApplicationColumn ? entry.application : entry.text;
    case Qt::ToolTipRole:
        return index.column() == TimeColumn ? ago(entry.at, m_clock.now()) : entry.text;
    case IconRole:
        return entry.icon;
    case ToneRole:
        return int(entry.tone);
    case ApplicationRole:
        return entry.application;
    default:
        return {};
    }
}

QVariant EventLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case ApplicationColumn:
        return tr("Application");
    case TextColumn:
        return tr("Event");
    default:
        return {};
    }
}

EventFilterProxy::EventFilterProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
}

void EventFilterProxy::setApplication(const QString& application)
{
    m_application = application;
    invalidateFilter();
}

void EventFilterProxy::setWords(const QString& words)
{
    m_words = FilterWords(words);
    invalidateFilter();
}

void EventFilterProxy::setOnlyWarnings(bool only)
{
    m_onlyWarnings = only;
    invalidateFilter();
}

bool EventFilterProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, EventLogModel::TextColumn, parent);
    const QString application = index.data(EventLogModel::ApplicationRole).toString();
    if (!m_application.isEmpty() && application != m_application)
        return false;
    const auto tone = Tone(index.data(EventLogModel::ToneRole).toInt());
    if (m_onlyWarnings && tone != Tone::Warning && tone != Tone::Bad)
        return false;
    return m_words.isEmpty()
        || m_words.matches(
            ModelRow(index, application + QLatin1Char(' ') + index.data().toString()));
}

} // namespace widgets

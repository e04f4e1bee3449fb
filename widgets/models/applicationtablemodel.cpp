// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/applicationtablemodel.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/models/rowchanges.h"
#include "widgets/text/texts.h"

#include <map>
#include <set>

namespace widgets {

ApplicationTableModel::ApplicationTableModel(const WallClock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , m_clock(clock)
{
    connect(&clock, &WallClock::ticked, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, ReconciledColumn),
                               index(int(m_rows.size()) - 1, ReconciledColumn), {Qt::DisplayRole});
    });
}

ApplicationTableModel::Row ApplicationTableModel::makeRow(const core::ApplicationStatePtr& state,
                                                          int depth)
{
    Row row {state, std::min(depth, kMaxDepth)};
    for (const core::ResourceState& resource : state->resources) {
        row.declared += resource.declared;
        row.toPrune += resource.requiresPrune;
        row.differing += resource.declared && resource.sync == core::SyncState::OutOfSync;
    }
    return row;
}

void ApplicationTableModel::drawGuides(std::vector<Row>& rows)
{
    int open = 0;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        open &= (2 << row->depth) - 1; // deeper rows below belong to others
        row->guides = open;
        open |= 1 << row->depth;
    }
}

std::vector<ApplicationTableModel::Row>
ApplicationTableModel::ordered(const core::Snapshot& snapshot)
{
    std::map<std::string, std::vector<core::ApplicationStatePtr>> children;
    for (const auto& [name, state] : snapshot.applications) {
        const std::string& parent = state->spec.parent;
        const bool known = parent != name && snapshot.applications.contains(parent);
        children[known ? parent : std::string()].push_back(state);
    }
    std::vector<Row> rows;
    std::set<std::string> placed;
    // Depth first by hand: names from outside may form a ring, which must not be followed.
    std::vector<std::pair<core::ApplicationStatePtr, int>> open;
    auto push = [&](const std::string& parent, int depth) {
        const auto& list = children[parent];
        for (auto child = list.rbegin(); child != list.rend(); ++child)
            open.emplace_back(*child, depth);
    };
    auto drain = [&] {
        while (!open.empty()) {
            const auto [state, depth] = open.back();
            open.pop_back();
            if (!placed.insert(state->spec.name).second)
                continue;
            rows.push_back(makeRow(state, depth));
            push(state->spec.name, depth + 1);
        }
    };
    push({}, 0);
    drain();
    for (const auto& [name, state] : snapshot.applications)
        if (!placed.contains(name)) {
            open.emplace_back(state, 0);
            drain();
        }
    drawGuides(rows);
    return rows;
}

void ApplicationTableModel::setSnapshot(const core::SnapshotPtr& snapshot)
{
    const std::vector<Row> target = ordered(*snapshot);
    auto keyOf = [](const Row& row) { return row.state->spec.name; };
    applyRowChanges(m_rows, target, std::hash<std::string>(), keyOf, keyOf,
                    [](const Row& row) { return row; },
                    {.beginInsert = [this](int a, int b) { beginInsertRows({}, a, b); },
                     .endInsert = [this] { endInsertRows(); },
                     .beginRemove = [this](int a, int b) { beginRemoveRows({}, a, b); },
                     .endRemove = [this] { endRemoveRows(); },
                     .beginMove = [this](int a, int b) { beginMoveRows({}, a, a, {}, b); },
                     .endMove = [this] { endMoveRows(); }});
    // Unchanged applications are the same pointer. One range per run of changed rows.
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        auto changed = [&](std::size_t i) {
            return m_rows[i].state != target[i].state || m_rows[i].depth != target[i].depth
                || m_rows[i].guides != target[i].guides;
        };
        if (!changed(row))
            continue;
        std::size_t last = row;
        for (; last < m_rows.size() && changed(last); ++last)
            m_rows[last] = target[last];
        Q_EMIT dataChanged(index(int(row), 0), index(int(last) - 1, ColumnCount - 1));
        row = last - 1;
    }
}

QModelIndex ApplicationTableModel::indexOf(const std::string& name) const
{
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].state->spec.name == name)
            return index(int(row), NameColumn);
    return {};
}

core::ApplicationStatePtr ApplicationTableModel::application(const QModelIndex& index) const
{
    return index.isValid() ? m_rows[std::size_t(index.row())].state : nullptr;
}

int ApplicationTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ApplicationTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ApplicationTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    const core::ApplicationState& state = *row.state;
    switch (role) {
    case Qt::DisplayRole:
        return display(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::AccessibleTextRole:
        return accessibleText(row, index.column());
    case NameRole:
        return QString::fromStdString(state.spec.name);
    case SortRole:
        return sortKey(index.row(), row, index.column());
    case DepthRole:
        return row.depth;
    case GuidesRole:
        return row.guides;
    case SyncRole:
        return int(state.sync);
    case HealthRole:
        return int(state.health);
    case SubjectRole:
        return state.revision ? text(state.revision->subject) : QString();
    case PausedRole:
        return !state.pauses.empty();
    case HolderRole:
        return text(state.holder);
    case WaitsRole:
        return int(state.awaitingConfirmation.size());
    case AttentionRole:
        return state.health == core::Health::Degraded || state.health == core::Health::Missing
            || !state.awaitingConfirmation.empty()
            || std::any_of(state.conditions.begin(), state.conditions.end(),
                           [](const core::Condition& c) { return c.isError(); });
    default:
        return {};
    }
}

QString ApplicationTableModel::objects(const Row& row)
{
    QString words = QString::number(row.declared);
    if (row.differing > 0)
        words = tr("%1, %2 differ").arg(words).arg(row.differing);
    if (row.toPrune > 0)
        words = tr("%1, %2 to prune").arg(words).arg(row.toPrune);
    return words;
}

/// All of them, errors first: none hides another.
static QString conditionsOf(const core::ApplicationState& state)
{
    QStringList words;
    for (const bool isError : {true, false})
        for (const core::Condition& condition : state.conditions)
            if (condition.isError() == isError)
                words << text(condition.type + ": " + condition.message);
    return words.join(QLatin1String("; "));
}

QString ApplicationTableModel::display(const Row& row, int column) const
{
    const core::ApplicationState& state = *row.state;
    switch (column) {
    case NameColumn:
        return text(state.spec.name);
    case SyncColumn:
        return text(core::toString(state.sync));
    case HealthColumn:
        return text(core::toString(state.health));
    case RevisionColumn:
        return state.revision ? text(state.revision->shortId()) : QString();
    case ReconciledColumn:
        return state.lastReconciled ? ago(*state.lastReconciled, m_clock.now()) : tr("not yet");
    case ObjectsColumn:
        return objects(row);
    case ActivityColumn:
        if (!state.awaitingConfirmation.empty())
            return tr("Waits for you: prune %1")
                .arg(objectCount(int(state.awaitingConfirmation.size())));
        if (!state.activity.empty())
            return text(state.activity);
        if (!state.conditions.empty())
            return conditionsOf(state);
        if (!state.holder.empty())
            return tr("Read-only: held by %1").arg(text(state.holder));
        return text(state.pauses.empty() ? std::string()
                                         : "Paused: " + state.pauses.front().reason);
    default:
        return {};
    }
}

QVariant ApplicationTableModel::sortKey(int number, const Row& row, int column) const
{
    const core::ApplicationState& state = *row.state;
    switch (column) {
    case NameColumn:
        return number;
    case SyncColumn:
        // From what needs nobody to what needs somebody.
        return state.sync == core::SyncState::Synced ? 0
            : state.sync == core::SyncState::Unknown ? 1
                                                     : 2;
    case HealthColumn:
        return int(state.health);
    case ReconciledColumn:
        return state.lastReconciled ? qlonglong(state.lastReconciled->time_since_epoch().count())
                                    : qlonglong(0);
    case ObjectsColumn:
        return row.declared;
    default:
        return display(row, column);
    }
}

QString ApplicationTableModel::toolTip(const Row& row, int column) const
{
    const core::ApplicationState& state = *row.state;
    if (column == HealthColumn)
        return text(state.healthMessage);
    if (column == RevisionColumn && state.revision)
        return tr("%1\n%2\n%3, %4")
            .arg(text(state.revision->id), text(state.revision->subject),
                 text(state.revision->author), ago(state.revision->when, m_clock.now()));
    if (column == ActivityColumn)
        return display(row, column);
    return {};
}

QString ApplicationTableModel::accessibleText(const Row& row, int column) const
{
    const core::ApplicationState& state = *row.state;
    if (column == HealthColumn && !state.healthMessage.empty())
        return display(row, column) + QStringLiteral(": ") + text(state.healthMessage);
    if (column == NameColumn)
        return tr("%1, %2, %3")
            .arg(text(state.spec.name), text(core::toString(state.sync)),
                 text(core::toString(state.health)));
    if (column == RevisionColumn && state.revision)
        return display(row, column) + QLatin1Char(' ') + text(state.revision->subject);
    return display(row, column);
}

QVariant ApplicationTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Application");
    case SyncColumn:
        return tr("Sync");
    case HealthColumn:
        return tr("Health");
    case RevisionColumn:
        return tr("Revision");
    case ReconciledColumn:
        return tr("Reconciled");
    case ObjectsColumn:
        return tr("Objects");
    case ActivityColumn:
        return tr("Activity");
    default:
        return {};
    }
}

} // namespace widgets

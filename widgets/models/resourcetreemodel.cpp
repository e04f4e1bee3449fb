// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/resourcetreemodel.h"

#include "core/base/strings.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/rowchanges.h"
#include "widgets/text/texts.h"

#include <unordered_map>
#include <unordered_set>

namespace widgets {

struct ResourceTreeModel::Node
{
    core::ResourceState state;
    Node* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;

    void renumber()
    {
        for (std::size_t i = 0; i < children.size(); ++i)
            children[i]->row = int(i);
    }
};

/// Who stands under whom in the new state; numbers are places in its resources.
struct ResourceTreeModel::Plan
{
    const core::SharedList<core::ResourceState>& resources;
    std::vector<int> roots;
    std::vector<std::vector<int>> children;

    explicit Plan(const core::SharedList<core::ResourceState>& all)
        : resources(all)
        , children(all.size())
    {
        std::unordered_map<core::ObjectKey, int, core::ObjectKeyHash> places;
        for (std::size_t i = 0; i < all.size(); ++i)
            places.emplace(all[i].key, int(i));
        std::unordered_set<core::ObjectKey, core::ObjectKeyHash> seen;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!seen.insert(all[i].key).second)
                continue; // a key twice would be a defect of the engine: the first one counts
            const int owner = ownerOf(all[i], places);
            if (owner < 0)
                roots.push_back(int(i));
            else
                children[std::size_t(owner)].push_back(int(i));
        }
    }

    /// -1 for a root. Owners may form a ring in a broken cluster: nobody in it has an owner then.
    int ownerOf(const core::ResourceState& resource,
                const std::unordered_map<core::ObjectKey, int, core::ObjectKeyHash>& places) const
    {
        int owner = -1;
        const core::ResourceState* at = &resource;
        for (int depth = 0; at->parent; ++depth) {
            const auto found = places.find(*at->parent);
            if (found == places.end())
                return depth == 0 ? -1 : owner;
            if (depth == 0)
                owner = found->second;
            at = &resources[std::size_t(found->second)];
            if (at == &resource || depth > 32)
                return -1;
        }
        return owner;
    }
};

namespace {

bool looksSame(const core::ResourceState& a, const core::ResourceState& b)
{
    return a.sync == b.sync && a.health == b.health && a.healthMessage == b.healthMessage
        && a.wave == b.wave && a.uid == b.uid && a.declared == b.declared
        && a.requiresPrune == b.requiresPrune && a.deleting == b.deleting && a.paused == b.paused
        && a.createdAt == b.createdAt && a.diff == b.diff && a.finalizers == b.finalizers
        && a.hook == b.hook && a.version == b.version && a.origin == b.origin;
}

bool showsSync(const core::ResourceState& state)
{
    return state.declared || state.requiresPrune;
}

} // namespace

ResourceTreeModel::ResourceTreeModel(const WallClock& clock, QObject* parent)
    : QAbstractItemModel(parent)
    , m_clock(clock)
    , m_root(std::make_unique<Node>())
{
    connect(&clock, &WallClock::ticked, this, [this] { refreshAges(*m_root); });
}

ResourceTreeModel::~ResourceTreeModel() = default;

void ResourceTreeModel::setApplication(const core::ApplicationStatePtr& state)
{
    if (state == m_state)
        return;
    const bool another = !state || !m_state || state->spec.name != m_state->spec.name;
    if (another)
        beginResetModel();
    if (another)
        m_root = std::make_unique<Node>();
    if (another)
        endResetModel();
    m_state = state;
    if (!state)
        return;
    const Plan plan(state->resources);
    syncLevel(*m_root, plan, plan.roots);
}

void ResourceTreeModel::syncLevel(Node& node, const Plan& plan, const std::vector<int>& wanted)
{
    const QModelIndex here = indexOfNode(&node);
    applyRowChanges(
        node.children, wanted, core::ObjectKeyHash(),
        [](const std::unique_ptr<Node>& child) { return child->state.key; },
        [&plan](int place) { return plan.resources[std::size_t(place)].key; },
        [&](int place) {
            auto child = std::make_unique<Node>();
            child->state = plan.resources[std::size_t(place)];
            child->parent = &node;
            return child;
        },
        {.beginInsert = [&](int a, int b) { beginInsertRows(here, a, b); },
         .endInsert = [&] { node.renumber(), endInsertRows(); },
         .beginRemove = [&](int a, int b) { beginRemoveRows(here, a, b); },
         .endRemove = [&] { node.renumber(), endRemoveRows(); },
         .beginMove = [&](int a, int b) { beginMoveRows(here, a, a, here, b); },
         .endMove = [&] { node.renumber(), endMoveRows(); }});
    for (std::size_t row = 0; row < wanted.size(); ++row) {
        Node& child = *node.children[row];
        const core::ResourceState& now = plan.resources[std::size_t(wanted[row])];
        if (!looksSame(child.state, now)) {
            child.state = now;
            Q_EMIT dataChanged(indexOfNode(&child), indexOfNode(&child, ColumnCount - 1));
        }
        syncLevel(child, plan, plan.children[std::size_t(wanted[row])]);
    }
}

void ResourceTreeModel::refreshAges(const Node& node)
{
    if (node.children.empty())
        return;
    Q_EMIT dataChanged(indexOfNode(node.children.front().get(), AgeColumn),
                       indexOfNode(node.children.back().get(), AgeColumn), {Qt::DisplayRole});
    for (const auto& child : node.children)
        refreshAges(*child);
}

const core::ResourceState* ResourceTreeModel::resource(const QModelIndex& index) const
{
    return index.isValid() ? &nodeOf(index)->state : nullptr;
}

const ResourceTreeModel::Node* ResourceTreeModel::find(const Node& node,
                                                       const core::ObjectKey& key) const
{
    for (const auto& child : node.children) {
        if (child->state.key == key)
            return child.get();
        if (const Node* below = find(*child, key))
            return below;
    }
    return nullptr;
}

QModelIndex ResourceTreeModel::indexOf(const core::ObjectKey& key) const
{
    const Node* node = find(*m_root, key);
    return node ? indexOfNode(node) : QModelIndex();
}

int ResourceTreeModel::objectCount() const
{
    return m_state ? int(m_state->resources.size()) : 0;
}

ResourceTreeModel::Node* ResourceTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex ResourceTreeModel::indexOfNode(const Node* node, int column) const
{
    if (node == m_root.get())
        return {};
    return createIndex(node->row, column, node);
}

QModelIndex ResourceTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    const Node* node = nodeOf(parent);
    if (row < 0 || row >= int(node->children.size()) || column < 0 || column >= ColumnCount
        || parent.column() > 0)
        return {};
    return createIndex(row, column, node->children[std::size_t(row)].get());
}

QModelIndex ResourceTreeModel::parent(const QModelIndex& index) const
{
    return index.isValid() ? indexOfNode(nodeOf(index)->parent) : QModelIndex();
}

int ResourceTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : int(nodeOf(parent)->children.size());
}

int ResourceTreeModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant ResourceTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const core::ResourceState& state = nodeOf(index)->state;
    switch (role) {
    case Qt::DisplayRole:
        return display(state, index.column());
    case Qt::AccessibleTextRole:
        return accessibleText(state, index.column());
    case Qt::ToolTipRole:
        return index.column() == ObjectColumn ? text(state.key.text() + "\n" + state.origin.text())
                                              : display(state, index.column());
    case KindRole:
        return text(state.key.kind);
    case NamespaceRole:
        return text(state.key.namespaceName);
    case SyncRole:
        return showsSync(state) ? QVariant(int(state.sync)) : QVariant();
    case HealthRole:
        return state.health ? QVariant(int(*state.health)) : QVariant();
    case PruneRole:
        return state.requiresPrune;
    case DeletingRole:
        return state.deleting;
    case SearchRole:
        return text(state.key.text()) + QLatin1Char(' ') + display(state, SyncColumn)
            + QLatin1Char(' ') + display(state, HealthColumn) + QLatin1Char(' ')
            + display(state, MessageColumn);
    default:
        return {};
    }
}

QString ResourceTreeModel::display(const core::ResourceState& state, int column) const
{
    switch (column) {
    case ObjectColumn:
        return text(state.key.name);
    case WaveColumn:
        if (!state.hook.empty())
            return text(state.hook);
        return state.declared ? QString::number(state.wave) : QString();
    case SyncColumn:
        if (state.requiresPrune)
            return tr("OutOfSync, to prune");
        return showsSync(state) ? text(core::toString(state.sync)) : QString();
    case HealthColumn:
        return state.health ? text(core::toString(*state.health)) : QString();
    case AgeColumn:
        return state.createdAt ? age(*state.createdAt, m_clock.now()) : QString();
    case MessageColumn:
        return remarkOn(state);
    default:
        return {};
    }
}

QString ResourceTreeModel::accessibleText(const core::ResourceState& state, int column) const
{
    if (column == ObjectColumn)
        return objectText(state.key);
    if (column == HealthColumn && !state.healthMessage.empty())
        return display(state, column) + QStringLiteral(": ") + text(state.healthMessage);
    return display(state, column);
}

QVariant ResourceTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ObjectColumn:
        return tr("Object");
    case WaveColumn:
        return tr("Wave");
    case SyncColumn:
        return tr("Sync");
    case HealthColumn:
        return tr("Health");
    case AgeColumn:
        return tr("Age");
    case MessageColumn:
        return tr("Remark");
    default:
        return {};
    }
}

QString remarkOn(const core::ResourceState& state)
{
    if (state.deleting) {
        if (state.finalizers.empty())
            return ResourceTreeModel::tr("Being deleted");
        return ResourceTreeModel::tr("Being deleted, waits for %1")
            .arg(text(core::join(state.finalizers, ", ")));
    }
    if (!state.paused.empty())
        return ResourceTreeModel::tr("Paused: %1").arg(text(state.paused));
    if (!state.healthMessage.empty())
        return text(state.healthMessage);
    if (state.diff && state.diff->verdict == core::ResourceDiff::Verdict::CouldNotTell)
        return text(state.diff->reason);
    return {};
}

} // namespace widgets

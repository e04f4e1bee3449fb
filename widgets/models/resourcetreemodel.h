// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace widgets {

class WallClock;

/// An application's objects as a tree by owner reference: what Git declares at the top, in the
/// order of the waves, what the cluster made of it below. A node stays itself as long as its object
/// is there under the same owner; only another application resets the model.
class ResourceTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column
    {
        ObjectColumn,
        WaveColumn,
        SyncColumn,
        HealthColumn,
        AgeColumn,
        MessageColumn,
        ColumnCount
    };
    enum Role
    {
        KindRole = Qt::UserRole, ///< QString
        NamespaceRole, ///< QString
        SyncRole, ///< int(core::SyncState), invalid where it does not apply
        HealthRole, ///< int(core::Health), invalid for kinds without health
        PruneRole, ///< bool
        DeletingRole, ///< bool
        SearchRole, ///< QString: everything that a filter looks at
    };

    explicit ResourceTreeModel(const WallClock& clock, QObject* parent = nullptr);
    ~ResourceTreeModel() override;

    void setApplication(const core::ApplicationStatePtr& state);
    const core::ResourceState* resource(const QModelIndex& index) const;
    QModelIndex indexOf(const core::ObjectKey& key) const;
    int objectCount() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Node;
    struct Plan;

    Node* nodeOf(const QModelIndex& index) const;
    QModelIndex indexOfNode(const Node* node, int column = 0) const;
    void syncLevel(Node& node, const Plan& plan, const std::vector<int>& wanted);
    void refreshAges(const Node& node);
    const Node* find(const Node& node, const core::ObjectKey& key) const;
    QString display(const core::ResourceState& state, int column) const;
    QString accessibleText(const core::ResourceState& state, int column) const;

    const WallClock& m_clock;
    core::ApplicationStatePtr m_state;
    std::unique_ptr<Node> m_root;
};

/// One sentence on what holds an object back: its health message, what its deletion waits for, its
/// pause. "" when there is nothing to say.
QString remarkOn(const core::ResourceState& state);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QAbstractTableModel>

#include <vector>

namespace widgets {

class WallClock;

/// One row for each application: children under the application that declares them (App of Apps),
/// siblings by name. Rows come, go and move; there is no reset, so a view keeps its selection.
class ApplicationTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        NameColumn,
        SyncColumn,
        HealthColumn,
        RevisionColumn,
        ReconciledColumn,
        ObjectsColumn,
        ActivityColumn,
        ColumnCount
    };
    enum Role
    {
        NameRole = Qt::UserRole, ///< QString, the application's name
        SortRole, ///< what the column sorts by
        DepthRole, ///< int, 0 for a root, at most kMaxDepth
        GuidesRole, ///< int, bit n: a later row at depth n has the same parent
        SyncRole, ///< int(core::SyncState)
        HealthRole, ///< int(core::Health)
        SubjectRole, ///< QString, of the commit
        PausedRole, ///< bool
        HolderRole, ///< QString, who reconciles it when that is not us
        AttentionRole, ///< bool: a person should look at it
        WaitsRole, ///< int, prunes that wait for a person
    };

    static constexpr int kMaxDepth = 8; ///< deeper ones are shown as deep as this

    explicit ApplicationTableModel(const WallClock& clock, QObject* parent = nullptr);

    void setSnapshot(const core::SnapshotPtr& snapshot);
    QModelIndex indexOf(const std::string& name) const;
    core::ApplicationStatePtr application(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        core::ApplicationStatePtr state;
        int depth = 0;
        int declared = 0; ///< objects that Git has
        int differing = 0;
        int toPrune = 0;
        int guides = 0;
    };

    static Row makeRow(const core::ApplicationStatePtr& state, int depth);
    static void drawGuides(std::vector<Row>& rows);
    static std::vector<Row> ordered(const core::Snapshot& snapshot);
    static QString objects(const Row& row);
    QString display(const Row& row, int column) const;
    QVariant sortKey(int number, const Row& row, int column) const;
    QString toolTip(const Row& row, int column) const;
    QString accessibleText(const Row& row, int column) const;

    const WallClock& m_clock;
    std::vector<Row> m_rows;
};

} // namespace widgets

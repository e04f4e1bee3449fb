// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/manifestdiff.h"

#include <QAbstractTableModel>

#include <set>

namespace widgets {

class WallClock;

/// The lines of one object's diff as they are shown: long equal runs folded, what Git does not
/// speak of hidden unless asked for, live on the left and desired on the right, or below each
/// other.
class DiffLineModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        LiveColumn,
        DesiredColumn,
        ColumnCount
    };
    enum Role
    {
        KindRole = Qt::UserRole, ///< int(DiffRow::Kind)
        FoldRole, ///< int, how many lines a fold stands for; 0 for a line
        NoteRole, ///< QString: who wrote it (live), where Git says so (desired)
        PresentRole, ///< bool: this side has the line
        SideRole, ///< int(Column): in inline mode which side the line is of
        MarkRole, ///< QSize(from, length) of the changed part of a line
    };
    static constexpr int kContext = 3;

    explicit DiffLineModel(const WallClock& clock, QObject* parent = nullptr);

    void setManifests(const core::ManifestsAnswer& manifests);
    void clear();
    void setInline(bool inlined);
    bool isInline() const { return m_inline; }
    void setShowUndeclared(bool show);
    int undeclaredCount() const { return m_undeclared; }
    void unfold(const QModelIndex& index);

    int differenceCount() const; ///< changes with a row, as next and previous count them
    /// The next change after row, or before it; -1 when there is none.
    int nextDifference(int row, int step) const;
    const core::FieldChange* change(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Line
    {
        std::string id;
        int row = -1; ///< place in m_rows, or -1 for a fold
        int fold = 0; ///< lines that a fold hides
        int side = -1; ///< inline: LiveColumn, DesiredColumn, or -1 for both
        bool operator==(const Line&) const = default;
    };

    std::vector<Line> layout() const;
    void appendRow(std::vector<Line>& lines, int row) const;
    bool isHidden(const DiffRow& row) const;
    void update();
    QString lineText(const Line& line, int column) const;
    QString note(const Line& line, int column) const;
    QString accessibleText(const Line& line, int column) const;

    const WallClock& m_clock;
    core::ManifestsAnswer m_manifests;
    std::vector<DiffRow> m_rows;
    std::vector<Line> m_lines;
    std::set<std::string> m_unfolded;
    int m_undeclared = 0;
    bool m_inline = false;
    bool m_showUndeclared = false;
};

} // namespace widgets

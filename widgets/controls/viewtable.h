// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/viewtablemodel.h"

#include <QTreeView>

namespace widgets {

/// What columnWidths() knows of a column.
struct ColumnRoom
{
    int width = 0; ///< that it usually has
    int needed = 0; ///< that shows everything in it; 0: not known
    bool isFigures = false; ///< keeps its width whatever is in it
    bool stretches = false;
};
/// Widths that fill the room: what is cut gets what others do not need.
std::vector<int> columnWidths(const std::vector<ColumnRoom>& columns, int room);

/// A list of cells: sorted by its headers, filtered by words, with its row kept when what it shows
/// changes.
class ViewTable : public QTreeView
{
    Q_OBJECT

public:
    ViewTable(std::vector<ViewTableModel::Column> columns, const QString& accessibleName,
              QWidget* parent = nullptr);

    void setRows(int count, ViewTableModel::Reader reader, const ViewTableModel::Keys& keys);
    /// What filters find beside the columns of the rows that the next setRows sets.
    void setFields(ViewTableModel::Fields fields);
    QStringList fieldKeys() const { return m_model->fieldKeys(); }
    void setWords(const QString& words);
    const FilterWords& words() const { return m_proxy->words(); }
    bool isFiltering() const { return m_proxy->isFiltering(); }
    int shownCount() const { return m_proxy->rowCount(); }
    int allCount() const { return m_model->rowCount(); }

    int currentRow() const; ///< as setRows counts; -1 without one
    QString currentKey() const;
    /// The whole of the current row, "Title: text" each: what columns have no room for.
    QString currentWords() const;
    void select(const QString& key); ///< does nothing when it is not there
    void focusRows(); ///< takes the focus; the first row where none is current
    /// As high as its rows, up to so many; it scrolls beyond them.
    void setFitted(int mostRows);

    /// A page wants the column; where there is little room it is hidden all the same, by its rank.
    void setColumnWanted(int column, bool wanted);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

Q_SIGNALS:
    void chosen(int row); ///< Enter or double click
    void rowChanged(int row); ///< another row is current; not for setRows
    void browsed(int row); ///< the same, by a person's key or mouse: never by itself

private:
    void fit();
    void fitColumns();
    void measureColumns();

    ViewTableModel* m_model;
    ViewTableProxy* m_proxy;
    int m_mostRows = 0; ///< 0: as high as there is room
    bool m_filling = false;
    bool m_fitting = false;
    bool m_handmade = false; ///< a person has set widths
    std::vector<bool> m_wanted;
    std::vector<int> m_needed; ///< width of each column with all its texts; empty: no rows yet
    bool m_byHand = false;
};

} // namespace widgets

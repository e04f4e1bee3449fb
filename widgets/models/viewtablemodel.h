// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/cell.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QStringList>

#include <functional>
#include <vector>

namespace widgets {

/// A list over an immutable view: cells are read when they are painted, so that ten thousand rows
/// cost nothing. What is sorted or filtered by is read once for each setRows.
class ViewTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    struct Column
    {
        QString title;
        int width = 120;
        bool right = false; ///< numbers
        bool sortable = true;
    };
    enum Role
    {
        CellRole = Qt::UserRole, ///< Cell
        OrderRole, ///< what to sort by
        KeyRole, ///< QString: which row this is, over setRows
        SearchRole, ///< QString: all texts of the row
    };
    using Reader = std::function<Cell(int row, int column)>;
    using Keys = std::function<QString(int row)>;

    explicit ViewTableModel(std::vector<Column> columns, QObject* parent = nullptr);

    /// What reader and keys see has to live as long as they do: let them hold it.
    void setRows(int count, Reader reader, const Keys& keys);
    const std::vector<Column>& columns() const { return m_columns; }
    int rowOf(const QString& key) const; ///< -1 when it is not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    QVariant order(int row, int column) const;
    QString search(int row) const;

    std::vector<Column> m_columns;
    Reader m_reader;
    QStringList m_keys;
    mutable std::vector<QVariant> m_orders; ///< of m_orderColumn
    mutable int m_orderColumn = -1;
    mutable QStringList m_search;
};

/// Rows that hold every word; "!word" is one that must not be there.
class ViewTableProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ViewTableProxy(QObject* parent = nullptr);
    void setWords(const QString& words);
    bool isFiltering() const { return !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
};

/// Whether a text holds each word, and none of those with "!" before it; without regard to case.
bool holdsWords(const QString& text, const QStringList& words);

} // namespace widgets

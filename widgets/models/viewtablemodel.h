// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/cell.h"
#include "widgets/models/filterwords.h"

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
        /// Where there is little room the columns with the greatest number go first; 0 stays.
        int rank = 0;
        bool stretches = false; ///< takes what is left of the width
        QString key = {}; ///< for filters: "lag"; "": from the title
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
    /// What filters find beside the columns.
    struct Fields
    {
        QStringList keys;
        std::function<QString(int row, const QString& key)> read;
        std::function<FilterRow::LabelSets(int row)> labels; ///< null: rows have none
    };

    explicit ViewTableModel(std::vector<Column> columns, QObject* parent = nullptr);

    /// What reader and keys see has to live as long as they do: let them hold it.
    void setRows(int count, Reader reader, const Keys& keys);
    void setFields(Fields fields); ///< of the rows that the next setRows sets: call it before
    QStringList fieldKeys() const; ///< of columns and other fields, as people type them
    std::optional<QString> field(int row, const QString& key) const;
    std::optional<double> number(int row, const QString& key) const;
    std::optional<FilterRow::LabelSets> labels(int row) const;
    QString search(int row) const; ///< all texts of the row
    const std::vector<Column>& columns() const { return m_columns; }
    int rowOf(const QString& key) const; ///< -1 when it is not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    QVariant order(int row, int column) const;
    struct Found
    {
        int column = -1;
        QString field = {}; ///< where it is no column's; "": there is no such key
    };
    Found find(const QString& typed) const;

    std::vector<Column> m_columns;
    Reader m_reader;
    QStringList m_keys;
    Fields m_fields;
    mutable std::vector<QVariant> m_orders; ///< of m_orderColumn
    mutable int m_orderColumn = -1;
    mutable QStringList m_search;
};

/// Rows that match what was typed, in the grammar of FilterWords.
class ViewTableProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ViewTableProxy(QObject* parent = nullptr);
    void setWords(const QString& words);
    bool isFiltering() const { return !m_words.isEmpty(); }
    const FilterWords& words() const { return m_words; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    FilterWords m_words;
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/viewtablemodel.h"

#include <algorithm>

namespace widgets {

namespace {

/// A row as filters see it.
class TableRow : public FilterRow
{
public:
    TableRow(const ViewTableModel& model, int row)
        : m_model(model)
        , m_row(row)
    {
    }
    QString words() const override { return m_model.search(m_row); }
    std::optional<QString> field(const QString& key) const override
    {
        return m_model.field(m_row, key);
    }
    std::optional<double> number(const QString& key) const override
    {
        return m_model.number(m_row, key);
    }
    std::optional<LabelSets> labels() const override { return m_model.labels(m_row); }

private:
    const ViewTableModel& m_model;
    int m_row;
};

} // namespace

ViewTableModel::ViewTableModel(std::vector<Column> columns, QObject* parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
    for (Column& column : m_columns)
        if (column.key.isEmpty())
            column.key = filterKey(column.title);
}

void ViewTableModel::setRows(int count, Reader reader, const Keys& keys)
{
    QStringList names;
    names.reserve(count);
    for (int row = 0; row < count; ++row)
        names << keys(row);
    const bool sameRows = names == m_keys;
    if (!sameRows)
        beginResetModel();
    m_keys = std::move(names);
    m_reader = std::move(reader);
    m_orderColumn = -1;
    m_search.clear();
    if (!sameRows)
        endResetModel();
    else if (count > 0)
        Q_EMIT dataChanged(index(0, 0), index(count - 1, int(m_columns.size()) - 1));
}

void ViewTableModel::setFields(Fields fields)
{
    m_fields = std::move(fields);
}

QStringList ViewTableModel::fieldKeys() const
{
    QStringList out;
    for (const Column& column : m_columns)
        out << column.key;
    out << m_fields.keys;
    if (m_fields.labels)
        out << QStringLiteral("label");
    return out;
}

/// A key in full goes before one that is only begun.
ViewTableModel::Found ViewTableModel::find(const QString& typed) const
{
    for (const bool whole : {true, false}) {
        const auto fits = [&](const QString& key) {
            return whole ? key == typed : isKey(typed, key);
        };
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            if (fits(m_columns[i].key))
                return {int(i), {}};
        for (const QString& key : m_fields.keys)
            if (fits(key))
                return {-1, key};
    }
    return {};
}

std::optional<QString> ViewTableModel::field(int row, const QString& key) const
{
    const Found found = find(key);
    if (found.column >= 0)
        return m_reader(row, found.column).text;
    return found.field.isEmpty() ? std::nullopt : std::optional(m_fields.read(row, found.field));
}

/// What the column is sorted by; a dash, which is sorted below all, is no number.
std::optional<double> ViewTableModel::number(int row, const QString& key) const
{
    const Found found = find(key);
    if (found.column < 0)
        return std::nullopt;
    const Cell cell = m_reader(row, found.column);
    bool ok = false;
    const double value = cell.order.toDouble(&ok);
    const bool isDash = cell.tone == Cell::Tone::Faint && value < 0;
    return ok && !isDash ? std::optional(value) : std::nullopt;
}

std::optional<FilterRow::LabelSets> ViewTableModel::labels(int row) const
{
    return m_fields.labels ? std::optional(m_fields.labels(row)) : std::nullopt;
}

int ViewTableModel::rowOf(const QString& key) const
{
    return int(m_keys.indexOf(key));
}

int ViewTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_keys.size());
}

int ViewTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant ViewTableModel::order(int row, int column) const
{
    if (m_orderColumn != column || m_orders.size() != std::size_t(m_keys.size())) {
        m_orders.clear();
        m_orders.reserve(std::size_t(m_keys.size()));
        for (int i = 0; i < int(m_keys.size()); ++i) {
            const Cell cell = m_reader(i, column);
            m_orders.push_back(cell.order.isValid() ? cell.order : QVariant(cell.text));
        }
        m_orderColumn = column;
    }
    return m_orders[std::size_t(row)];
}

QString ViewTableModel::search(int row) const
{
    if (m_search.size() != m_keys.size()) {
        m_search.clear();
        for (int i = 0; i < int(m_keys.size()); ++i) {
            QString all;
            for (int column = 0; column < int(m_columns.size()); ++column)
                all += m_reader(i, column).text + QLatin1Char(' ');
            m_search << all;
        }
    }
    return m_search.at(row);
}

QVariant ViewTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const int column = index.column();
    if (role == KeyRole)
        return m_keys.at(row);
    if (role == OrderRole)
        return order(row, column);
    if (role == SearchRole)
        return search(row);
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter
                   | (m_columns[std::size_t(column)].right ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole
        && role != CellRole)
        return {};
    Cell cell = m_reader(row, column);
    if (role == CellRole)
        return QVariant::fromValue(std::move(cell));
    if (role == Qt::ToolTipRole)
        return cell.tip.isEmpty() ? QVariant() : cell.tip;
    if (role == Qt::AccessibleTextRole && !cell.spoken.isEmpty())
        return cell.spoken;
    return cell.text;
}

QVariant ViewTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= int(m_columns.size()))
        return {};
    const Column& column = m_columns[std::size_t(section)];
    if (role == Qt::DisplayRole)
        return column.title;
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (column.right ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

ViewTableProxy::ViewTableProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(ViewTableModel::OrderRole);
}

void ViewTableProxy::setWords(const QString& words)
{
    m_words = FilterWords(words);
    invalidateFilter();
}

bool ViewTableProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    if (m_words.isEmpty())
        return true;
    return !parent.isValid()
        && m_words.matches(TableRow(*static_cast<const ViewTableModel*>(sourceModel()), row));
}

bool ViewTableProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(ViewTableModel::OrderRole);
    const QVariant b = right.data(ViewTableModel::OrderRole);
    if (a.userType() == QMetaType::QString || b.userType() == QMetaType::QString)
        return QString::compare(a.toString(), b.toString(), Qt::CaseInsensitive) < 0;
    return a.toDouble() < b.toDouble();
}

} // namespace widgets

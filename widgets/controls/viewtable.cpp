// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/viewtable.h"

#include "widgets/delegates/celldelegate.h"
#include "widgets/delegates/paint.h"

#include <QApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>

namespace widgets {

namespace {

constexpr int kMeasuredRows = 100;
constexpr int kHeaderPadding = 22;
constexpr int kSortArrow = 18;

} // namespace

ViewTable::ViewTable(std::vector<ViewTableModel::Column> columns, const QString& accessibleName,
                     QWidget* parent)
    : QTreeView(parent)
    , m_model(new ViewTableModel(std::move(columns), this))
    , m_proxy(new ViewTableProxy(this))
{
    m_proxy->setSourceModel(m_model);
    setModel(m_proxy);
    setItemDelegate(new CellDelegate(this));
    setAccessibleName(accessibleName);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setMouseTracking(true);
    setExpandsOnDoubleClick(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setMinimumSectionSize(44);
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(true);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    for (int i = 0; i < int(m_model->columns().size()); ++i)
        setColumnWidth(i, m_model->columns()[std::size_t(i)].width);
    m_wanted.assign(m_model->columns().size(), true);
    connect(header(), &QHeaderView::sectionResized, this, [this] {
        // Not by a press on a row, after which the list is given another width.
        const bool isByHand =
            QApplication::mouseButtons() != Qt::NoButton && header()->viewport()->underMouse();
        m_handmade = m_handmade || (!m_fitting && isByHand);
    });
    connect(header(), &QHeaderView::sortIndicatorChanged, this, [this] {
        measureColumns();
        fitColumns();
    });
    connect(this, &QTreeView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT chosen(m_proxy->mapToSource(index).row()); });
}

void ViewTable::setRows(int count, ViewTableModel::Reader reader, const ViewTableModel::Keys& keys)
{
    const QString kept = currentKey();
    const int scrolled = verticalScrollBar()->value();
    m_filling = true;
    m_model->setRows(count, std::move(reader), keys);
    if (!kept.isEmpty() && currentKey() != kept)
        select(kept);
    m_filling = false;
    verticalScrollBar()->setValue(scrolled);
    const std::vector<int> before = m_needed;
    measureColumns();
    if (m_needed != before)
        fitColumns();
    fit();
}

void ViewTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_filling || current.row() == previous.row())
        return;
    const int row = current.isValid() ? m_proxy->mapToSource(current).row() : -1;
    Q_EMIT rowChanged(row);
    if (m_byHand && row >= 0)
        Q_EMIT browsed(row);
}

void ViewTable::keyPressEvent(QKeyEvent* event)
{
    m_byHand = true;
    QTreeView::keyPressEvent(event);
    m_byHand = false;
}

void ViewTable::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex before = currentIndex();
    m_byHand = true;
    QTreeView::mousePressEvent(event);
    m_byHand = false;
    if (before.isValid() && before == currentIndex() && indexAt(event->pos()).row() == before.row())
        Q_EMIT browsed(currentRow()); // it was current, and nobody had asked for it
}

void ViewTable::setFields(ViewTableModel::Fields fields)
{
    m_model->setFields(std::move(fields));
}

void ViewTable::setColumnWanted(int column, bool wanted)
{
    m_wanted[std::size_t(column)] = wanted;
    fitColumns();
}

void ViewTable::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fitColumns();
}

/// How wide each column of texts has to be to show all of them; columns of figures are made for
/// the largest of them, so that they do not jump.
void ViewTable::measureColumns()
{
    const auto& columns = m_model->columns();
    const QFontMetrics head(header()->font());
    m_needed.assign(columns.size(), 0);
    const int rows = std::min(m_model->rowCount(), kMeasuredRows);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool isSorted = header()->sortIndicatorSection() == int(i);
        m_needed[i] =
            head.horizontalAdvance(columns[i].title) + kHeaderPadding + (isSorted ? kSortArrow : 0);
        if (columns[i].right)
            continue;
        for (int row = 0; row < rows; ++row) {
            const QVariant cell = m_model->index(row, int(i)).data(ViewTableModel::CellRole);
            m_needed[i] = std::max(m_needed[i], CellDelegate::widthOf(cell.value<Cell>()));
        }
    }
}

/// As many columns as fit, the most important ones. What is cut gets what others do not need; the
/// rest of the width goes to those that stretch.
void ViewTable::fitColumns()
{
    const auto& columns = m_model->columns();
    if (m_fitting || viewport()->width() < 100)
        return;
    m_fitting = true;
    const int room = viewport()->width();
    int most = 0;
    for (const auto& column : columns)
        most = std::max(most, column.rank);
    const auto isIn = [&](std::size_t i, int rank) {
        return m_wanted[i] && columns[i].rank <= rank;
    };
    int width = 0;
    for (;; --most) {
        width = 0;
        for (std::size_t i = 0; i < columns.size(); ++i)
            width += isIn(i, most) ? columns[i].width : 0;
        if (most == 0 || width <= room)
            break;
    }
    std::vector<ColumnRoom> rooms;
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (isIn(i, most))
            rooms.push_back({columns[i].width, i < m_needed.size() ? m_needed[i] : 0,
                             columns[i].right, columns[i].stretches});
    const std::vector<int> widths = columnWidths(rooms, room);
    for (std::size_t i = 0, at = 0; i < columns.size(); ++i) {
        setColumnHidden(int(i), !isIn(i, most));
        if (!isIn(i, most))
            continue;
        if (!m_handmade)
            setColumnWidth(int(i), widths[at]);
        ++at;
    }
    m_fitting = false;
}

std::vector<int> columnWidths(const std::vector<ColumnRoom>& columns, int room)
{
    std::vector<int> out;
    int left = room;
    int missing = 0;
    int stretching = 0;
    for (const ColumnRoom& column : columns) {
        // A header is never cut; a column of texts gives away what it does not need.
        const int width = column.isFigures ? std::max(column.width, column.needed)
            : column.needed > 0            ? std::min(column.width, column.needed)
                                           : column.width;
        out.push_back(width);
        left -= width;
        missing += std::max(0, column.needed - width);
        stretching += column.stretches ? 1 : 0;
    }
    const double share = missing > 0 ? std::clamp(double(left) / missing, 0.0, 1.0) : 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int more = int(share * std::max(0, columns[i].needed - out[i]));
        out[i] += more;
        left -= more;
    }
    for (std::size_t i = 0; i < columns.size() && left > 0 && stretching > 0; ++i)
        if (columns[i].stretches)
            out[i] += left / stretching;
    return out;
}

void ViewTable::setWords(const QString& words)
{
    m_proxy->setWords(words);
    fit();
}

int ViewTable::currentRow() const
{
    return currentIndex().isValid() ? m_proxy->mapToSource(currentIndex()).row() : -1;
}

QString ViewTable::currentKey() const
{
    return currentIndex().data(ViewTableModel::KeyRole).toString();
}

QString ViewTable::currentWords() const
{
    const int row = currentRow();
    QStringList words;
    for (int column = 0; row >= 0 && column < m_model->columnCount(); ++column) {
        const auto cell = m_model->index(row, column).data(ViewTableModel::CellRole).value<Cell>();
        const QString& title = m_model->columns()[std::size_t(column)].title;
        const bool more = cell.tip.size() > cell.text.size() && cell.tip.startsWith(cell.text);
        if (!cell.text.isEmpty() && cell.tone != Cell::Tone::Faint)
            words << QStringLiteral("%1: %2").arg(title, more ? cell.tip : cell.text);
    }
    return words.join(QStringLiteral("  ·  "));
}

void ViewTable::select(const QString& key)
{
    const int row = m_model->rowOf(key);
    const QModelIndex index =
        row < 0 ? QModelIndex() : m_proxy->mapFromSource(m_model->index(row, 0));
    if (!index.isValid() || index.row() == currentIndex().row())
        return;
    setCurrentIndex(index);
    scrollTo(index);
}

void ViewTable::focusRows()
{
    setFocus(Qt::OtherFocusReason);
    // The focus alone makes the first row current, and does not select it.
    const QModelIndex row = currentIndex().isValid() ? currentIndex() : m_proxy->index(0, 0);
    if (row.isValid())
        setCurrentIndex(row);
}

void ViewTable::setFitted(int mostRows)
{
    m_mostRows = mostRows;
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    fit();
}

void ViewTable::fit()
{
    if (m_mostRows > 0)
        updateGeometry();
}

QSize ViewTable::sizeHint() const
{
    if (m_mostRows == 0)
        return QTreeView::sizeHint();
    const int rows = std::min(m_proxy->rowCount(), m_mostRows);
    const int head = isHeaderHidden() ? 0 : header()->sizeHint().height();
    return {QTreeView::sizeHint().width(), head + rows * kRowHeight + 2};
}

QSize ViewTable::minimumSizeHint() const
{
    if (m_mostRows == 0)
        return {120, 90};
    return {120, sizeHint().height()};
}

} // namespace widgets

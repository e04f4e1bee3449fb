// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/difflinemodel.h"

#include "widgets/bridge/wallclock.h"
#include "widgets/models/rowchanges.h"
#include "widgets/text/texts.h"

#include <QSize>

#include <algorithm>

namespace widgets {

namespace {

/// The part of b that a has not: what lies between the equal beginning and the equal end.
QSize changedPart(const QString& a, const QString& b)
{
    const qsizetype most = std::min(a.size(), b.size());
    qsizetype head = 0;
    while (head < most && a[head] == b[head])
        ++head;
    qsizetype tail = 0;
    while (tail < most - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    return {int(head), int(b.size() - head - tail)};
}

} // namespace

DiffLineModel::DiffLineModel(const WallClock& clock, QObject* parent)
    : QAbstractTableModel(parent)
    , m_clock(clock)
{
}

void DiffLineModel::setManifests(const core::ManifestsAnswer& manifests)
{
    m_manifests = manifests;
    m_rows = diffRows(manifests);
    m_undeclared = int(std::count_if(m_rows.begin(), m_rows.end(), [](const DiffRow& row) {
        return row.kind == DiffRow::Kind::Undeclared;
    }));
    update();
    if (!m_lines.empty())
        Q_EMIT dataChanged(index(0, 0), index(int(m_lines.size()) - 1, columnCount() - 1));
}

void DiffLineModel::clear()
{
    m_unfolded.clear();
    setManifests({});
}

void DiffLineModel::setInline(bool inlined)
{
    if (m_inline == inlined)
        return;
    beginResetModel(); // another number of columns
    m_inline = inlined;
    m_lines = layout();
    endResetModel();
}

void DiffLineModel::setShowUndeclared(bool show)
{
    m_showUndeclared = show;
    update();
}

void DiffLineModel::unfold(const QModelIndex& index)
{
    if (!index.isValid() || m_lines[std::size_t(index.row())].fold == 0)
        return;
    m_unfolded.insert(m_lines[std::size_t(index.row())].id);
    update();
}

bool DiffLineModel::isHidden(const DiffRow& row) const
{
    return row.kind == DiffRow::Kind::Undeclared && !m_showUndeclared;
}

void DiffLineModel::appendRow(std::vector<Line>& lines, int number) const
{
    const DiffRow& row = m_rows[std::size_t(number)];
    const bool alike = row.kind == DiffRow::Kind::Same || row.kind == DiffRow::Kind::NotOurs;
    if (!m_inline || alike) {
        lines.push_back({row.id, number, 0, -1});
        return;
    }
    if (row.hasLive)
        lines.push_back({row.id + "-", number, 0, LiveColumn});
    if (row.hasDesired)
        lines.push_back({row.id + "+", number, 0, DesiredColumn});
}

std::vector<DiffLineModel::Line> DiffLineModel::layout() const
{
    std::vector<int> shown;
    for (int row = 0; row < int(m_rows.size()); ++row)
        if (!isHidden(m_rows[std::size_t(row)]))
            shown.push_back(row);
    const bool any = std::any_of(m_rows.begin(), m_rows.end(),
                                 [](const DiffRow& row) { return row.isDifference(); });
    std::vector<bool> near(shown.size(), !any); // without differences nothing is folded
    for (int i = 0; any && i < int(shown.size()); ++i)
        if (m_rows[std::size_t(shown[std::size_t(i)])].isDifference())
            for (int j = std::max(0, i - kContext);
                 j <= std::min(int(shown.size()) - 1, i + kContext); ++j)
                near[std::size_t(j)] = true;
    std::vector<Line> lines;
    for (std::size_t i = 0; i < shown.size();) {
        std::size_t end = i;
        while (end < shown.size() && !near[end])
            ++end;
        const std::string id = "fold " + m_rows[std::size_t(shown[i])].id;
        if (end - i > 1 && !m_unfolded.contains(id)) {
            lines.push_back({id, -1, int(end - i), -1});
            i = end;
            continue;
        }
        const std::size_t stop = std::max(end, i + 1);
        for (; i < stop; ++i)
            appendRow(lines, shown[i]);
    }
    return lines;
}

void DiffLineModel::update()
{
    const std::vector<Line> target = layout();
    auto keyOf = [](const Line& line) { return line.id; };
    applyRowChanges(m_lines, target, std::hash<std::string>(), keyOf, keyOf,
                    [](const Line& line) { return line; },
                    {.beginInsert = [this](int a, int b) { beginInsertRows({}, a, b); },
                     .endInsert = [this] { endInsertRows(); },
                     .beginRemove = [this](int a, int b) { beginRemoveRows({}, a, b); },
                     .endRemove = [this] { endRemoveRows(); },
                     .beginMove = [this](int a, int b) { beginMoveRows({}, a, a, {}, b); },
                     .endMove = [this] { endMoveRows(); }});
    m_lines = target; // the same lines with their new places in m_rows
}

int DiffLineModel::differenceCount() const
{
    int count = 0;
    for (int row = 0; row < int(m_lines.size()); ++row)
        count += change(row) != nullptr;
    return count;
}

int DiffLineModel::nextDifference(int row, int step) const
{
    for (int at = row + step; at >= 0 && at < int(m_lines.size()); at += step)
        if (change(at))
            return at;
    return -1;
}

const core::FieldChange* DiffLineModel::change(int at) const
{
    if (at < 0 || at >= int(m_lines.size()) || m_lines[std::size_t(at)].row < 0)
        return nullptr;
    const Line& line = m_lines[std::size_t(at)];
    const DiffRow& row = m_rows[std::size_t(line.row)];
    const bool first = line.side != DesiredColumn || !row.hasLive;
    if (row.change < 0 || !first || !m_manifests.diff)
        return nullptr;
    return &m_manifests.diff->changes[std::size_t(row.change)];
}

int DiffLineModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int DiffLineModel::columnCount(const QModelIndex& parent) const
{
    if (parent.isValid())
        return 0;
    return m_inline ? 1 : int(ColumnCount);
}

QString DiffLineModel::lineText(const Line& line, int column) const
{
    if (line.row < 0)
        return tr("%1 equal lines").arg(line.fold);
    const DiffRow& row = m_rows[std::size_t(line.row)];
    const int side = m_inline ? (line.side < 0 ? int(DesiredColumn) : line.side) : column;
    return text(side == LiveColumn ? row.live : row.desired);
}

QString DiffLineModel::note(const Line& line, int column) const
{
    if (line.row < 0 || !m_manifests.diff)
        return {};
    const DiffRow& row = m_rows[std::size_t(line.row)];
    const int side = m_inline && line.side >= 0 ? line.side : column;
    if (row.change < 0 || (m_inline && line.side < 0))
        return {};
    const core::FieldChange& change = m_manifests.diff->changes[std::size_t(row.change)];
    if (side == LiveColumn)
        return row.hasLive ? authorText(change.author, m_clock.now()) : QString();
    if (row.hasDesired && !change.origin.isEmpty())
        return text(change.origin.line > 0
                        ? change.origin.file + ":" + std::to_string(change.origin.line)
                        : change.origin.text());
    return {};
}

QString DiffLineModel::accessibleText(const Line& line, int column) const
{
    const QString words = lineText(line, column).trimmed();
    if (line.row < 0)
        return words;
    const QString about = note(line, column);
    const QString tail = about.isEmpty() ? QString() : QStringLiteral(", ") + about;
    const bool live = (m_inline ? line.side : column) == LiveColumn;
    const DiffRow& row = m_rows[std::size_t(line.row)];
    if (!row.isDifference())
        return words;
    if (words.isEmpty())
        return live ? tr("not in the cluster") : tr("not in Git");
    return (live ? tr("live: %1%2") : tr("desired: %1%2")).arg(words, tail);
}

QVariant DiffLineModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Line& line = m_lines[std::size_t(index.row())];
    const DiffRow* row = line.row < 0 ? nullptr : &m_rows[std::size_t(line.row)];
    const int side = m_inline && line.side >= 0 ? line.side : index.column();
    switch (role) {
    case Qt::DisplayRole:
        return lineText(line, index.column());
    case Qt::AccessibleTextRole:
        return accessibleText(line, index.column());
    case Qt::ToolTipRole:
        if (row && row->kind == DiffRow::Kind::Spelling)
            return tr("Written differently, the same for the server");
        if (row && row->kind == DiffRow::Kind::Undeclared)
            return tr("Git does not speak of this field");
        return note(line, index.column());
    case KindRole:
        return row ? int(row->kind) : int(DiffRow::Kind::Same);
    case FoldRole:
        return line.fold;
    case NoteRole:
        return note(line, index.column());
    case PresentRole:
        return row && (side == LiveColumn ? row->hasLive : row->hasDesired);
    case SideRole:
        return m_inline ? line.side : index.column();
    case MarkRole:
        if (!row || row->kind != DiffRow::Kind::Changed)
            return {};
        return side == LiveColumn ? changedPart(text(row->desired), text(row->live))
                                  : changedPart(text(row->live), text(row->desired));
    default:
        return {};
    }
}

QVariant DiffLineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    if (m_inline)
        return tr("− live in the cluster, + desired by Git");
    return section == LiveColumn ? tr("Live in the cluster") : tr("Desired by Git");
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/reachmatrixmodel.h"

#include "widgets/models/viewtablemodel.h"
#include "widgets/text/texts.h"

namespace widgets {

namespace {

/// What can be reached, as filters see it: labels are those of the Services.
class TargetRow : public FieldRow
{
public:
    TargetRow(const core::ReachTarget& target, const ObjectLabels& labels)
        : FieldRow({{QStringLiteral("name"), text(target.title)},
                    {QStringLiteral("namespace"), text(target.namespaceName)},
                    {QStringLiteral("port"),
                     target.servicePort > 0 ? QString::number(target.servicePort) : QString()}})
        , m_target(target)
        , m_labels(labels)
    {
    }
    std::optional<LabelSets> labels() const override
    {
        LabelSets out;
        for (const std::string& name : m_target.services)
            out.push_back(m_labels.of({"", "Service", m_target.namespaceName, name}));
        return out;
    }

private:
    const core::ReachTarget& m_target;
    const ObjectLabels& m_labels;
};

} // namespace

Cell reachCell(core::Reach reach, bool isMixed)
{
    Cell cell;
    switch (reach) {
    case core::Reach::Allowed:
        cell = {.text = ReachMatrixModel::tr("allowed"),
                .icon = QStringLiteral("reach-allowed"),
                .tone = Cell::Tone::Good};
        break;
    case core::Reach::Denied:
        cell = {.text = ReachMatrixModel::tr("denied"),
                .icon = QStringLiteral("reach-denied"),
                .tone = Cell::Tone::Bad};
        break;
    case core::Reach::Depends:
        cell = {.text = ReachMatrixModel::tr("depends"),
                .icon = QStringLiteral("reach-depends"),
                .tone = Cell::Tone::Warning};
        break;
    }
    cell.spoken = cell.text;
    if (isMixed) {
        cell.text += QStringLiteral(" *");
        cell.spoken = ReachMatrixModel::tr("%1, with exceptions").arg(cell.spoken);
    }
    return cell;
}

ReachMatrixModel::ReachMatrixModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_views(core::noViews())
    , m_labels(std::make_shared<const ObjectLabels>(m_views->input))
{
}

void ReachMatrixModel::setViews(const core::PlatformViewsPtr& views, const std::string& tenant)
{
    const core::PlatformViewsPtr before = std::exchange(m_views, views);
    if (before->input != views->input)
        m_labels = std::make_shared<const ObjectLabels>(views->input);
    m_tenant = tenant;
    build();
}

void ReachMatrixModel::setWords(const QString& words)
{
    m_words = FilterWords(words);
    build();
}

void ReachMatrixModel::build()
{
    const core::ReachMatrix& matrix = *m_views->reach;
    std::vector<int> targets;
    for (int i = 0; i < int(matrix.targets.size()); ++i)
        if (m_words.matches(TargetRow(matrix.targets[std::size_t(i)], *m_labels)))
            targets.push_back(i);
    std::vector<int> sources;
    for (int i = 0; i < int(matrix.rows.size()); ++i)
        if (m_tenant.empty() || matrix.rows[std::size_t(i)].tenant == m_tenant)
            sources.push_back(i);
    if (targets == m_targets && sources == m_sources) {
        if (!targets.empty() && !sources.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_targets = std::move(targets);
    m_sources = std::move(sources);
    endResetModel();
}

int ReachMatrixModel::targetCount() const
{
    return int(m_views->reach->targets.size());
}

const core::ReachTarget* ReachMatrixModel::target(int row) const
{
    if (row < 0 || row >= int(m_targets.size()))
        return nullptr;
    const auto at = std::size_t(m_targets[std::size_t(row)]);
    return at < m_views->reach->targets.size() ? &m_views->reach->targets[at] : nullptr;
}

const core::ReachRow* ReachMatrixModel::source(int column) const
{
    if (column < 0 || column >= int(m_sources.size()))
        return nullptr;
    const auto at = std::size_t(m_sources[std::size_t(column)]);
    return at < m_views->reach->rows.size() ? &m_views->reach->rows[at] : nullptr;
}

const core::ReachCell* ReachMatrixModel::cell(const QModelIndex& index) const
{
    const core::ReachRow* row = source(index.column());
    if (!index.isValid() || !row || !target(index.row()))
        return nullptr;
    return &row->cells[std::size_t(m_targets[std::size_t(index.row())])];
}

int ReachMatrixModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_targets.size());
}

int ReachMatrixModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_sources.size());
}

QVariant ReachMatrixModel::data(const QModelIndex& index, int role) const
{
    const core::ReachCell* reached = cell(index);
    if (!reached)
        return {};
    const Cell shown = reachCell(reached->reach, reached->isMixed);
    if (role == ViewTableModel::CellRole)
        return QVariant::fromValue(shown);
    if (role == Qt::DisplayRole)
        return shown.text;
    if (role == Qt::ToolTipRole)
        return text(reached->verdict.reason());
    if (role == Qt::AccessibleTextRole)
        return tr("%1 to %2: %3")
            .arg(text(source(index.column())->namespaceName), text(target(index.row())->title),
                 shown.spoken);
    return {};
}

QVariant ReachMatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (orientation == Qt::Horizontal) {
        const core::ReachRow* row = source(section);
        return row ? text(row->namespaceName) : QVariant();
    }
    const core::ReachTarget* reached = target(section);
    if (!reached)
        return {};
    if (role == Qt::DisplayRole)
        return text(reached->title);
    QStringList names;
    for (const std::string& name : reached->services)
        names << text(name);
    return names.size() > 1 ? QVariant(tr("Also as %1").arg(names.join(QStringLiteral(", "))))
                            : QVariant(text(reached->title));
}

} // namespace widgets

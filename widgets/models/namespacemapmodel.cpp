// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/namespacemapmodel.h"

#include "widgets/text/texts.h"

#include <algorithm>

namespace widgets {

namespace {

using core::NamespaceGroup;
using core::NamespaceSummary;

QString headingOf(NamespaceGroup group)
{
    switch (group) {
    case NamespaceGroup::Tenant:
        return NamespaceMapModel::tr("Tenants");
    case NamespaceGroup::Platform:
        return NamespaceMapModel::tr("Platform");
    case NamespaceGroup::System:
        break;
    }
    return NamespaceMapModel::tr("System");
}

} // namespace

QString podsText(const NamespaceSummary& summary)
{
    const qint64 wanted = summary.pods;
    const qint64 there = summary.livePods.value_or(wanted);
    if (wanted == 0 && there == 0)
        return NamespaceMapModel::tr("no pods");
    if (there < wanted)
        return NamespaceMapModel::tr("%1 of %2 pods").arg(there).arg(wanted);
    return there == 1 ? NamespaceMapModel::tr("1 pod")
                      : NamespaceMapModel::tr("%1 pods").arg(there);
}

int troubleOf(const NamespaceSummary& summary)
{
    const int health = summary.health ? int(*summary.health) : 0;
    const bool full = summary.quota && summary.quota->pending > 1;
    return health * 100 + (full ? 40 : 0) + summary.findings.errors * 8 + summary.findings.warnings;
}

QStringList namespaceFilterKeys()
{
    return {QStringLiteral("tenant"), QStringLiteral("group"), QStringLiteral("name")};
}

QString namespaceField(const NamespaceSummary& summary, const QString& key)
{
    if (key == QLatin1String("tenant"))
        return text(summary.tenant);
    return key == QLatin1String("group") ? text(toString(summary.group)) : text(summary.name);
}

namespace {

/// A tile as filters see it: with the fields that the table has as columns.
class TileRow : public FieldRow
{
public:
    TileRow(const NamespaceSummary& summary, const core::NamespaceView* view)
        : FieldRow(fieldsOf(summary, view))
        , m_labels(view ? &view->labels : nullptr)
    {
    }
    std::optional<LabelSets> labels() const override
    {
        return m_labels ? LabelSets {m_labels} : LabelSets {};
    }

private:
    static std::vector<std::pair<QString, QString>> fieldsOf(const NamespaceSummary& summary,
                                                             const core::NamespaceView* view)
    {
        std::vector<std::pair<QString, QString>> out;
        const auto add = [&out](const char* key, const QString& value) {
            out.emplace_back(QString::fromLatin1(key), value);
        };
        add("namespace", text(summary.name));
        for (const QString& key : namespaceFilterKeys())
            out.emplace_back(key, namespaceField(summary, key));
        add("health", summary.health ? text(toString(*summary.health)) : QString());
        add("objects", QString::number(summary.objects));
        add("pods", QString::number(summary.livePods.value_or(summary.pods)));
        add("findings", QString::number(summary.findings.all()));
        const int undeclared = summary.undeclared + summary.leftOver;
        add("undeclared",
            undeclared > 0 ? QStringLiteral("%1 undeclared").arg(undeclared) : QStringLiteral("0"));
        if (summary.quota)
            add("quota", QString::number(qRound(summary.quota->pending * 100)));
        QStringList applications;
        if (view)
            for (const auto& each : view->applications)
                applications << text(each.application);
        add("applications", applications.join(QStringLiteral(", ")));
        return out;
    }

    const Labels* m_labels;
};

} // namespace

NamespaceMapModel::NamespaceMapModel(QObject* parent)
    : QAbstractListModel(parent)
    , m_summaries(std::make_shared<const std::vector<NamespaceSummary>>())
{
}

void NamespaceMapModel::setSummaries(NamespaceSummaries summaries, NamespaceViews views)
{
    m_views = views && views->size() == summaries->size() ? std::move(views) : NamespaceViews();
    // The old ones stay until nothing points at them any more.
    const NamespaceSummaries before = std::exchange(m_summaries, std::move(summaries));
    build();
}

void NamespaceMapModel::setWords(const QString& words)
{
    m_words = FilterWords(words);
    build();
}

void NamespaceMapModel::build()
{
    std::vector<Row> rows;
    for (auto group : {NamespaceGroup::Tenant, NamespaceGroup::Platform, NamespaceGroup::System}) {
        std::vector<int> members;
        qint64 pods = 0;
        for (int i = 0; i < int(m_summaries->size()); ++i) {
            const NamespaceSummary& each = (*m_summaries)[std::size_t(i)];
            const core::NamespaceView* view = m_views ? &(*m_views)[std::size_t(i)] : nullptr;
            if (each.group != group
                || (!m_words.isEmpty() && !m_words.matches(TileRow(each, view))))
                continue;
            members.push_back(i);
            pods += each.livePods.value_or(each.pods);
        }
        if (members.empty())
            continue;
        std::stable_sort(members.begin(), members.end(), [&](int a, int b) {
            return troubleOf((*m_summaries)[std::size_t(a)])
                > troubleOf((*m_summaries)[std::size_t(b)]);
        });
        const QString counts = members.size() == 1
            ? tr("1 namespace, %1 pods").arg(pods)
            : tr("%1 namespaces, %2 pods").arg(members.size()).arg(pods);
        rows.push_back({-1, headingOf(group), counts});
        for (const int member : members)
            rows.push_back({member});
    }
    if (rows == m_rows) {
        if (!rows.empty())
            Q_EMIT dataChanged(index(0), index(int(rows.size()) - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const NamespaceSummary* NamespaceMapModel::at(int row) const
{
    const int summary = m_rows[std::size_t(row)].summary;
    return summary < 0 || summary >= int(m_summaries->size())
        ? nullptr
        : &(*m_summaries)[std::size_t(summary)];
}

int NamespaceMapModel::shownCount() const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [](const Row& row) { return row.summary >= 0; }));
}

int NamespaceMapModel::rowOf(const QString& name) const
{
    for (int row = 0; row < int(m_rows.size()); ++row)
        if (const NamespaceSummary* summary = at(row); summary && text(summary->name) == name)
            return row;
    return -1;
}

int NamespaceMapModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant NamespaceMapModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[std::size_t(index.row())];
    const NamespaceSummary* summary = at(index.row());
    if (role == SummaryRole)
        return QVariant::fromValue(summary);
    if (!summary) {
        if (role == Qt::DisplayRole)
            return row.heading;
        if (role == Qt::StatusTipRole)
            return row.counts;
        return role == Qt::AccessibleTextRole
            ? QVariant(row.heading + QStringLiteral(", ") + row.counts)
            : QVariant();
    }
    if (role == Qt::DisplayRole)
        return text(summary->name);
    if (role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    QStringList parts {text(summary->name)};
    if (summary->health)
        parts << text(toString(*summary->health));
    parts << podsText(*summary);
    if (summary->quota)
        parts << tr("%1 % of its quota's %2 after a sync")
                     .arg(qRound(summary->quota->pending * 100))
                     .arg(text(summary->quota->resource));
    if (summary->undeclared > 0)
        parts << tr("%1 undeclared").arg(summary->undeclared);
    if (summary->findings.all() > 0)
        parts << tr("%1 findings").arg(summary->findings.all());
    return parts.join(QStringLiteral(", "));
}

Qt::ItemFlags NamespaceMapModel::flags(const QModelIndex& index) const
{
    if (!index.isValid() || !at(index.row()))
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace widgets

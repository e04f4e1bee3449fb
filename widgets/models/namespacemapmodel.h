// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/namespacesummary.h"
#include "widgets/models/filterwords.h"

#include <QAbstractListModel>
#include <QStringList>

#include <memory>
#include <vector>

namespace widgets {

using NamespaceSummaries = std::shared_ptr<const std::vector<core::NamespaceSummary>>;
using NamespaceViews = std::shared_ptr<const std::vector<core::NamespaceView>>;

/// The tiles of the map: for each group a heading, below it its namespaces, those with trouble
/// first.
class NamespaceMapModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role
    {
        SummaryRole = Qt::UserRole, ///< const core::NamespaceSummary*; null for a heading
    };

    explicit NamespaceMapModel(QObject* parent = nullptr);
    /// views: in the same order, for what filters look at; null for none.
    void setSummaries(NamespaceSummaries summaries, NamespaceViews views = {});
    void setWords(const QString& words);
    int shownCount() const; ///< namespaces
    int rowOf(const QString& name) const; ///< -1 when it is not shown

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row
    {
        int summary = -1; ///< -1: a heading
        QString heading = {};
        QString counts = {};
        bool operator==(const Row&) const = default;
    };
    void build();
    const core::NamespaceSummary* at(int row) const;

    NamespaceSummaries m_summaries;
    FilterWords m_words;
    NamespaceViews m_views;
    std::vector<Row> m_rows;
};

/// "5 pods", "4 of 5 pods", "no pods".
QString podsText(const core::NamespaceSummary& summary);
/// How bad it is, to have the worst first: greater is worse.
int troubleOf(const core::NamespaceSummary& summary);
/// What a filter looks at beside a table's columns: "tenant", "group", "label" and the like.
QStringList namespaceFilterKeys();
QString namespaceField(const core::NamespaceSummary& summary, const QString& key);

} // namespace widgets

Q_DECLARE_METATYPE(const core::NamespaceSummary*)

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"
#include "widgets/models/cell.h"
#include "widgets/models/filterwords.h"
#include "widgets/models/objectlabels.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace widgets {

/// Who reaches what: what can be reached goes down, tenants' namespaces go across, since there are
/// more Services than tenants.
class ReachMatrixModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit ReachMatrixModel(QObject* parent = nullptr);

    /// tenant "": all of them.
    void setViews(const core::PlatformViewsPtr& views, const std::string& tenant);
    void setWords(const QString& words); ///< looks at what can be reached

    int targetCount() const; ///< without a filter
    const core::ReachTarget* target(int row) const;
    const core::ReachRow* source(int column) const;
    const core::ReachCell* cell(const QModelIndex& index) const; ///< null for an invalid index

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    void build();

    core::PlatformViewsPtr m_views;
    std::string m_tenant;
    FilterWords m_words;
    ObjectLabelsPtr m_labels;
    std::vector<int> m_targets; ///< shown, as indices into the matrix
    std::vector<int> m_sources;
};

/// "allowed", "denied", "depends" with a shape and a colour of its own.
Cell reachCell(core::Reach reach, bool isMixed);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QAbstractListModel>

#include <vector>

namespace widgets {

/// The objects of an application that differ from Git, are missing, want pruning, or could not be
/// compared.
class DiffModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role
    {
        KindRole = Qt::UserRole, ///< QString
        VerdictRole, ///< int(core::ResourceDiff::Verdict)
        WordsRole, ///< QString: "3 fields differ", "not in the cluster"
        HealthRole, ///< int(core::Health), invalid for kinds without
    };

    explicit DiffModel(QObject* parent = nullptr);

    void setApplication(const core::ApplicationStatePtr& state);
    /// Null for an invalid index.
    const core::ResourceState* resource(const QModelIndex& index) const;
    QModelIndex indexOf(const core::ObjectKey& key) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

protected:
    virtual bool belongs(const core::ResourceState& resource) const;
    virtual QString words(const core::ResourceState& resource) const;

private:
    core::ApplicationStatePtr m_state;
    std::vector<core::ResourceState> m_rows;
};

/// The objects that a person should look at: unhealthy, different, stuck in deletion, paused.
class AttentionModel : public DiffModel
{
    Q_OBJECT

public:
    using DiffModel::DiffModel;

protected:
    bool belongs(const core::ResourceState& resource) const override;
    QString words(const core::ResourceState& resource) const override;
};

/// What the comparison of an object says; Same where it does not belong into the list.
core::ResourceDiff::Verdict verdictOn(const core::ResourceState& resource);
QString verdictText(const core::ResourceState& resource);

} // namespace widgets

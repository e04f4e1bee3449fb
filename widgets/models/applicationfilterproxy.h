// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/status.h"
#include "widgets/models/filterwords.h"

#include <QSortFilterProxyModel>

#include <set>

namespace widgets {

/// Applications that match what was typed (the grammar of FilterWords) and, where states are
/// chosen, have one of the chosen ones. Sorts on SortRole.
class ApplicationFilterProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ApplicationFilterProxy(QObject* parent = nullptr);

    void setWords(const QString& words);
    void setHealth(std::set<core::Health> health);
    void setSync(std::set<core::SyncState> sync);
    bool isFiltering() const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    FilterWords m_words;
    std::set<core::Health> m_health;
    std::set<core::SyncState> m_sync;
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/applicationfilterproxy.h"

#include "widgets/models/applicationtablemodel.h"

namespace widgets {

ApplicationFilterProxy::ApplicationFilterProxy(QObject* parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(ApplicationTableModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

void ApplicationFilterProxy::setWords(const QString& words)
{
    m_words = FilterWords(words);
    invalidateFilter();
}

void ApplicationFilterProxy::setHealth(std::set<core::Health> health)
{
    m_health = std::move(health);
    invalidateFilter();
}

void ApplicationFilterProxy::setSync(std::set<core::SyncState> sync)
{
    m_sync = std::move(sync);
    invalidateFilter();
}

bool ApplicationFilterProxy::isFiltering() const
{
    return !m_words.isEmpty() || !m_health.empty() || !m_sync.empty();
}

bool ApplicationFilterProxy::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto health = core::Health(index.data(ApplicationTableModel::HealthRole).toInt());
    const auto sync = core::SyncState(index.data(ApplicationTableModel::SyncRole).toInt());
    if (!m_health.empty() && !m_health.contains(health))
        return false;
    if (!m_sync.empty() && !m_sync.contains(sync))
        return false;
    return m_words.isEmpty() || m_words.matches(ModelRow(index));
}

} // namespace widgets

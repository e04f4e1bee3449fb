// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;

namespace widgets {

class ViewTable;

/// Quotas as bars, who asks for the line that is chosen, and what LimitRanges fill in.
class QuotaSection : public QWidget
{
    Q_OBJECT

public:
    explicit QuotaSection(QWidget* parent = nullptr);

    /// Of these namespaces of the views.
    void show(const core::PlatformViewsPtr& views, const std::vector<std::string>& namespaces);
    /// Of a tenant of the views: first what all its namespaces have together, where that is more
    /// than a quota says by itself.
    void showTenant(const core::PlatformViewsPtr& views, const core::TenantView& tenant);
    void focusList();

Q_SIGNALS:
    void objectChosen(const QString& application, const core::ObjectKey& key);

private:
    struct Line
    {
        const core::QuotaView* quota; ///< null: of the whole tenant
        const core::QuotaLine* line;
    };
    struct Limit
    {
        const core::LimitView* view;
        std::string resource;
    };
    void collect(const std::vector<std::string>& namespaces);
    void showAll();
    static QString quotaName(const Line& line);
    void showLines();
    void showConsumers(int row);
    void showLimits();
    void showUse(const std::vector<std::string>& namespaces);

    core::PlatformViewsPtr m_views; ///< keeps what the rows point at
    std::vector<Line> m_lines;
    std::vector<Limit> m_limits;
    const core::QuotaLine* m_shown = nullptr;
    QWidget* m_legend;
    ViewTable* m_table;
    QLabel* m_who;
    ViewTable* m_consumers;
    QLabel* m_limitTitle;
    ViewTable* m_limitTable;
    QLabel* m_measured;
    QLabel* m_none;
};

} // namespace widgets

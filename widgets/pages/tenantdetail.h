// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"
#include "core/platform/tenanttopics.h"
#include "widgets/models/cell.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace widgets {

class ElidedLabel;
class EmptyState;
class QuotaSection;
class ReachSection;
class ViewTable;

/// One tenant: how well it is kept apart, what it may take, whom it reaches, who has rights in it,
/// its topics.
class TenantDetail : public QWidget
{
    Q_OBJECT

public:
    enum Section
    {
        Isolation,
        Quota,
        Reachability,
        Rights,
        Topics,
        SectionCount
    };

    explicit TenantDetail(QWidget* parent = nullptr);

    /// The tenant is in the views.
    void show(const core::PlatformViewsPtr& views, const std::string& name);
    void showSection(Section section);
    Section section() const;
    void focusList();

Q_SIGNALS:
    void closed();
    void namespaceRequested(const QString& name);
    void objectRequested(const QString& application, const core::ObjectKey& key);
    void topicRequested(const QString& id);

private:
    void setupHeader(QVBoxLayout& layout);
    void setupSections();
    void showHeader();
    void fillChecks();
    void fillRights();
    void fillTopics();
    void updateSection();

    struct Right
    {
        const core::Grant* grant;
        int rule; ///< -1: its rules are not known
    };
    struct TopicRow
    {
        const core::Topic* topic;
        core::TopicUse use;
    };

    core::PlatformViewsPtr m_views; ///< keeps what the rest points at
    const core::TenantView* m_tenant = nullptr;
    std::vector<Right> m_rights;
    std::vector<TopicRow> m_topics;
    QLabel* m_name;
    QLabel* m_score;
    QWidget* m_namespaces;
    QHBoxLayout* m_namespaceRow;
    ElidedLabel* m_facts;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    QLabel* m_reading; ///< the current row in full
    ViewTable* m_checkTable;
    QuotaSection* m_quota;
    ReachSection* m_reach;
    ViewTable* m_rightTable;
    ViewTable* m_topicTable;
    EmptyState* m_empty;
};

/// The isolation score: "4 of 6" with a shape.
Cell scoreCell(const core::TenantView& tenant);

} // namespace widgets

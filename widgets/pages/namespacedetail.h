// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace widgets {

class ElidedLabel;
class FilterField;
class QuotaSection;
class StatusChip;
class ViewTable;
class WallClock;

/// One namespace: who brought it, what runs, its objects, quotas, what it uses and who uses it,
/// what is wrong with it.
class NamespaceDetail : public QWidget
{
    Q_OBJECT

public:
    enum Section
    {
        Workloads,
        Objects,
        Quota,
        References,
        Findings,
        SectionCount
    };

    explicit NamespaceDetail(const WallClock& clock, QWidget* parent = nullptr);

    /// The namespace is in the views.
    void show(const core::PlatformViewsPtr& views, const std::string& name);
    void showSection(Section section);
    Section section() const;
    void activateFilter();
    void focusList();

Q_SIGNALS:
    void closed();
    void applicationRequested(const QString& name);
    void objectRequested(const QString& application, const core::ObjectKey& key);
    void manifestRequested(const QString& application, const core::ObjectKey& key);
    void namespaceRequested(const QString& name);
    void tenantRequested(const QString& name);

private:
    void setupHeader(QVBoxLayout& layout);
    void setupTables();
    void showHeader();
    void showBringers();
    void fillLabels(); ///< for filters; before the lists that they filter
    void fillWorkloads();
    void fillObjects();
    void fillReferences();
    void fillFindings();
    void fillShown();
    void updateTabs();
    void choose(const core::ObjectKey& key, bool manifest);
    const core::ObjectKey* currentObject() const;
    QString applicationOf(const core::ObjectKey& key) const;

    struct Reference
    {
        const core::CrossReference* reference;
        bool outgoing;
    };

    const WallClock& m_clock;
    core::PlatformViewsPtr m_views; ///< keeps what the rest points at
    const core::NamespaceView* m_view = nullptr;
    const core::NamespaceSummary* m_summary = nullptr;
    std::vector<const core::PlatformObject*> m_objects;
    std::vector<core::ObjectStanding> m_standings; ///< of each
    std::vector<Reference> m_references;
    std::vector<const core::Finding*> m_findings;
    QLabel* m_name;
    StatusChip* m_health;
    ElidedLabel* m_why;
    QPushButton* m_tenant;
    QWidget* m_bringers;
    QHBoxLayout* m_bringerRow;
    ElidedLabel* m_facts;
    QTabBar* m_tabs;
    FilterField* m_filter;
    QPushButton* m_openButton;
    QPushButton* m_manifestButton;
    QWidget* m_bar;
    QStackedWidget* m_stack;
    QLabel* m_reading; ///< the current row in full
    ViewTable* m_workloadTable;
    ViewTable* m_objectTable;
    QuotaSection* m_quota;
    ViewTable* m_referenceTable;
    ViewTable* m_findingTable;
};

} // namespace widgets

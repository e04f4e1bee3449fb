// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QScrollArea>

#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace widgets {

class FactCard;

/// What is known of a node of the lineage: what it is, who brought it, and of each of its edges
/// every proof with its place. From here a person goes on.
class LineageDetail : public QScrollArea
{
    Q_OBJECT

public:
    explicit LineageDetail(QWidget* parent = nullptr);

    void setBox(const core::LineageGraphPtr& graph, const core::LineageBox& box);
    const std::string& box() const { return m_id; }
    QString spoken() const; ///< all that it says, for tests

Q_SIGNALS:
    void closed();
    void scopeRequested(core::LineageScope scope);
    void pathRequested(); ///< from this node to the next one that is chosen
    void nodeRequested(const std::string& node);
    void groupOpened(const std::string& group);
    void applicationRequested(const QString& name);
    void manifestRequested(const QString& application, const core::ObjectKey& key);
    void topicRequested(const QString& id);

protected:
    QSize sizeHint() const override { return {320, 300}; }

private:
    void setupActions(QVBoxLayout* layout);
    void fillFacts(const core::LineageNode& node, const core::LineageBox& box);
    void fillGroup(const core::LineageGraph& graph, const core::LineageBox& box);
    void fillEdges(const core::LineageGraph& graph, core::LineageGraph::Index node);
    void addHeading(const QString& words);
    void addLink(const QString& words, const QString& icon, const std::string& node);
    void addText(const QString& words, bool mono = false);
    void clearEdges();

    core::LineageGraphPtr m_graph;
    std::string m_id;
    std::vector<core::LineageGraph::Index> m_nodes;
    QLabel* m_kind;
    QLabel* m_title;
    FactCard* m_facts;
    QWidget* m_actions;
    QPushButton* m_manifest;
    QPushButton* m_application;
    QPushButton* m_topic;
    QPushButton* m_open;
    QWidget* m_edges;
    QVBoxLayout* m_edgeLayout;
};

} // namespace widgets

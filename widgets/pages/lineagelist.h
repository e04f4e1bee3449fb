// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"
#include "widgets/models/objectlabels.h"

#include <QWidget>

#include <string>

class QStackedWidget;
class QTabBar;

namespace widgets {

class ViewTable;

/// What the picture of a lineage shows, as two lists: its nodes and its edges. Everything can be
/// reached by keys and is read aloud.
class LineageList : public QWidget
{
    Q_OBJECT

public:
    explicit LineageList(QWidget* parent = nullptr);

    void setLineage(const core::LineageGraphPtr& graph, const core::LineageView& view,
                    const ObjectLabelsPtr& labels);
    void setWords(const QString& words);
    void choose(const std::string& box);
    void focusRows();
    int shownCount() const;
    int allCount() const;
    void showEdges(bool edges);

Q_SIGNALS:
    void choiceChanged(const std::string& box);
    void opened(const std::string& box);

private:
    ViewTable* current() const;

    core::LineageView m_view;
    QTabBar* m_tabs;
    QStackedWidget* m_stack;
    ViewTable* m_nodes;
    ViewTable* m_edges;
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"
#include "widgets/models/objectlabels.h"
#include "widgets/pages/platformpage.h"

class QLabel;
class QSplitter;
class QStackedWidget;

namespace widgets {

class EmptyState;
class LineageBar;
class LineageDetail;
class LineageGraph;
class LineageList;

/// Where data comes from and goes to: a picture or a list, with the details of what is chosen.
class LineagePage : public PlatformPage
{
    Q_OBJECT

public:
    explicit LineagePage(const PageContext& context, QWidget* parent = nullptr);

    void setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading) override;
    QString subject() const override;
    /// Shows a node with what is around it; "" shows the whole.
    void open(const QString& subject) override;
    void activateFilter() override;
    void focusContent() override;
    void setOnlyFaults(bool only) override;
    QByteArray state() const override;
    void restoreState(const QByteArray& state) override;

    void ask(const core::LineageQuestion& question);
    const core::LineageQuestion& question() const { return m_question; }
    void choose(const std::string& box);
    void showList(bool list);
    LineageGraph& graph() { return *m_graph; }
    LineageList& list() { return *m_list; }
    /// Writes what is shown; "" or why it could not.
    QString exportTo(const QString& format, const QString& file);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void setupLayout();
    void setupConnections();
    void refresh();
    void updateState();
    void updateWords();
    void take(const std::string& box); ///< a person chose it
    void enter(const std::string& box); ///< Enter or double click
    void scope(core::LineageScope scope);
    void askFile(const QString& format);
    QString foot() const;

    PageContext m_context;
    core::PlatformViewsPtr m_views;
    ObjectLabelsPtr m_labels;
    PlatformReading m_reading;
    bool m_onlyFaults = false;
    bool m_wantsEnd = false; ///< the next node that is chosen ends the path
    core::LineageQuestion m_question;
    core::LineageView m_view;
    std::string m_chosen;
    LineageBar* m_bar;
    QSplitter* m_splitter;
    QStackedWidget* m_stack;
    LineageGraph* m_graph;
    LineageList* m_list;
    EmptyState* m_empty;
    LineageDetail* m_detail;
    QLabel* m_foot;
};

} // namespace widgets

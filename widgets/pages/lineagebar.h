// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QWidget>

class QAction;
class QActionGroup;
class QComboBox;
class QMenu;
class QSpinBox;
class QToolButton;

namespace widgets {

class FilterField;

/// What is asked of a lineage: how much of it, grouped by what, with what left out; as a picture or
/// as a list.
class LineageBar : public QWidget
{
    Q_OBJECT

public:
    explicit LineageBar(QWidget* parent = nullptr);

    /// Shows a question; hasFocus tells whether scopes round a node can be asked for.
    void setQuestion(const core::LineageQuestion& question, bool hasFocus);
    /// Numbers beside what is left out.
    void setHidden(const core::LineageView& view);
    FilterField& search() { return *m_search; }
    bool asList() const;
    void setAsList(bool list);

Q_SIGNALS:
    void asked(const core::LineageQuestion& question);
    void listToggled(bool list);
    void zoomRequested(double factor); ///< 0: fit
    void exportRequested(const QString& format); ///< "png", "dot", "openlineage"

private:
    void setupChoices();
    void setupButtons();
    void ask();
    QToolButton* iconButton(const QString& icon, const QString& name);

    core::LineageQuestion m_question;
    bool m_filling = false;
    FilterField* m_search;
    QComboBox* m_scope;
    QSpinBox* m_depth;
    QComboBox* m_grouping;
    QToolButton* m_more;
    QMenu* m_moreMenu;
    QActionGroup* m_kinds; ///< an action for each of LineageKinds
    QAction* m_permitted;
    QAction* m_internal;
    QAction* m_unlinked;
    QWidget* m_zoom;
    QToolButton* m_graph;
    QToolButton* m_list;
    QToolButton* m_export;
};

} // namespace widgets

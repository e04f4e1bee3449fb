// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QTableView;

namespace widgets {

class ReachMatrixModel;
class ViewTable;

/// The matrix of who reaches what, and why the chosen cell is as it is: the policies of both ends
/// with their places in Git.
class ReachSection : public QWidget
{
    Q_OBJECT

public:
    explicit ReachSection(QWidget* parent = nullptr);
    void show(const core::PlatformViewsPtr& views, const std::string& tenant = {});
    void setWords(const QString& words);
    int shownCount() const;
    int allCount() const;
    void focusMatrix();
    QTableView* table() const { return m_table; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void setupTable();
    void setupPanel();
    void explain();

    core::PlatformViewsPtr m_views;
    ReachMatrixModel* m_model;
    QSplitter* m_splitter;
    QTableView* m_table;
    QWidget* m_panel;
    QLabel* m_title;
    QLabel* m_verdict;
    QLabel* m_firstTitle;
    QLabel* m_first;
    QLabel* m_secondTitle;
    QLabel* m_second;
    QLabel* m_exceptionTitle;
    ViewTable* m_exceptions;
};

} // namespace widgets

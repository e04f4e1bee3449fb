// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace widgets {

/// What a page shows when it has nothing to show: why, and the one thing that helps.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);
    void describe(const QString& icon, const QString& title, const QString& detail,
                  const QString& action = {});
    QSize minimumSizeHint() const override { return {160, 120}; }

Q_SIGNALS:
    void triggered();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintMark();
    void fitDetail();

    QString m_icon;
    QLabel* m_mark;
    QLabel* m_title;
    QLabel* m_detail;
    QPushButton* m_button;
};

} // namespace widgets

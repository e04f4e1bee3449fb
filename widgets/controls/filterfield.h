// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace widgets {

/// The field behind "/": words to look for, "3 of 12" beside it, one click to clear.
class FilterField : public QWidget
{
    Q_OBJECT

public:
    explicit FilterField(const QString& placeholder, QWidget* parent = nullptr);
    QString words() const;
    void setWords(const QString& words);
    /// filtering decides whether the count and the clear button show.
    void setCount(int shown, int all, bool filtering);
    void activate(); ///< takes the focus, text selected

Q_SIGNALS:
    void wordsChanged(const QString& words);
    void cleared(); ///< the button, or Esc in an empty field: drop every filter
    void left(); ///< Enter, Down or Esc: back to the list

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLineEdit* m_edit;
    QLabel* m_count;
    QToolButton* m_clear;
};

} // namespace widgets

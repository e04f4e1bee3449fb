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
    QSize sizeHint() const override;
    void setWords(const QString& words);
    /// filtering decides whether the count and the clear button show.
    void setCount(int shown, int all, bool filtering);
    /// Keys that the list's rows have, for the help in the tool tip.
    void setKeys(const QStringList& keys);
    void activate(); ///< takes the focus, text selected

Q_SIGNALS:
    void wordsChanged(const QString& words);
    void cleared(); ///< the button, or Esc in an empty field: drop every filter
    void left(); ///< Enter, Down or Esc: back to the list

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void updateCount();
    QString complaint() const; ///< what is wrong with what was typed; "" when all is well

    QLineEdit* m_edit;
    QLabel* m_count;
    QToolButton* m_clear;
    QString m_shown;
    bool m_hasLabels = false; ///< the list's rows have labels
    bool m_filtering = false;
};

} // namespace widgets

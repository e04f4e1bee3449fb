// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace widgets {

/// One sentence across the page that stays as long as it is true, with at most one thing to do.
class Banner : public QFrame
{
    Q_OBJECT

public:
    enum class Tone
    {
        Info,
        Warning,
        Error
    };

    explicit Banner(QWidget* parent = nullptr);
    /// title is short and bold, detail a sentence; action "" shows no button.
    void show(Tone tone, const QString& title, const QString& detail, const QString& action = {});

Q_SIGNALS:
    void triggered();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    Tone m_tone = Tone::Info;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace widgets

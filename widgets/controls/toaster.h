// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <vector>

namespace widgets {

/// Short notes at the lower right of a window. They come without motion, go after a while, and stay
/// out of the way of mouse and focus. Failures stay until clicked away.
class Toaster : public QWidget
{
    Q_OBJECT

public:
    enum class Tone
    {
        Done,
        Failed
    };

    /// lasting: notes do not go by themselves (a fixed clock).
    Toaster(QWidget* window, bool lasting);
    void say(Tone tone, const QString& text);
    int count() const { return int(m_notes.size()); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Note
    {
        Tone tone;
        QString text;
        int left; ///< seconds; failures do not count down
    };

    void place();
    QRect noteRect(int index) const;

    std::vector<Note> m_notes;
    QTimer m_timer;
    bool m_lasting;
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace widgets {

/// One line of plain text that is cut with an ellipsis where there is no room; the whole of it is
/// in the tool tip and the accessible name.
class ElidedLabel : public QWidget
{
    Q_OBJECT

public:
    enum class Tone
    {
        Plain,
        Secondary
    };

    explicit ElidedLabel(Tone tone = Tone::Plain, QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }
    void setIcon(const QString& icon);
    void setAlignment(Qt::Alignment alignment) { m_alignment = alignment; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone;
    QString m_text;
    QString m_icon;
    Qt::Alignment m_alignment = Qt::AlignLeft;
};

} // namespace widgets

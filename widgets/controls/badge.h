// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace widgets {

/// A short word in a solid pill: "PRACTICE CLUSTER", "TLS NOT VERIFIED". Not to be overlooked.
class Badge : public QWidget
{
    Q_OBJECT

public:
    enum class Tone
    {
        Practice,
        Danger
    };

    explicit Badge(Tone tone, const QString& text, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone;
    QString m_text;
};

} // namespace widgets

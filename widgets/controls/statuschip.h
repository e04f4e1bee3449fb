// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/statuslook.h"

#include <QAbstractButton>

#include <functional>

namespace widgets {

struct Colours;

/// A state with its count: "● Degraded 2". Checkable where it filters, else a plain label.
class StatusChip : public QAbstractButton
{
    Q_OBJECT

public:
    using Look = std::function<StatusLook(const Colours&)>;

    /// look is asked at each paint, so that a change of theme needs nothing.
    StatusChip(Look look, bool filters, QWidget* parent = nullptr);
    void setLook(Look look);
    void setCount(int count); ///< below 0: no number
    int count() const { return m_count; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void describe();

    Look m_look;
    int m_count = -1;
};

} // namespace widgets

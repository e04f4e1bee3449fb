// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace widgets {

/// What the parts of a quota's bar mean, each drawn as the bar draws it.
class QuotaLegend : public QWidget
{
    Q_OBJECT

public:
    explicit QuotaLegend(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace widgets

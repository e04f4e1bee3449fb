// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace widgets {

/// Greys out what lies below it without taking its mouse or keys: the last good picture, to be read
/// but not to be believed.
class StaleVeil : public QWidget
{
    Q_OBJECT

public:
    /// Lies over covered as its sibling: a splitter would take a child for a pane.
    explicit StaleVeil(QWidget* covered);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* m_covered;
};

} // namespace widgets

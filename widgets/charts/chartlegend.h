// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace widgets {

/// What the lines of a chart are and say: a row for each, with its last, least, most and mean, or
/// its value under the cursor. It is also what a screen reader reads of a chart.
class ChartLegend : public QWidget
{
    Q_OBJECT

public:
    struct Entry
    {
        QString name;
        QString value; ///< "12.4 records/s"
        QString note; ///< "least 0, most 20, mean 11"; where it comes from
        bool simulated = false;
        bool operator==(const Entry&) const = default;
    };
    static constexpr int kMostRows = 5;

    explicit ChartLegend(QWidget* parent = nullptr);
    void setEntries(std::vector<Entry> entries);
    QString spoken() const; ///< all of it as text
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Entry> m_entries;
};

} // namespace widgets

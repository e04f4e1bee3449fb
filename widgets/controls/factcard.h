// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <utility>
#include <vector>

class QGridLayout;
class QLabel;

namespace widgets {

/// A titled card of "name: value" lines.
class FactCard : public QFrame
{
    Q_OBJECT

public:
    explicit FactCard(const QString& title, QWidget* parent = nullptr);
    /// Values are plain text and may be selected; pairs without a value are left out.
    void setFacts(const std::vector<std::pair<QString, QString>>& facts);

private:
    QGridLayout* m_grid;
    std::vector<std::pair<QLabel*, QLabel*>> m_rows;
};

} // namespace widgets

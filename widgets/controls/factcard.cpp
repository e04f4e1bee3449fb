// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/factcard.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace widgets {

FactCard::FactCard(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_grid(new QGridLayout)
{
    setProperty("card", true);
    auto* heading = new QLabel(title, this);
    heading->setProperty("role", QStringLiteral("heading"));
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnMinimumWidth(0, 88);
    m_grid->setColumnStretch(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 11, 14, 13);
    layout->setSpacing(9);
    layout->addWidget(heading);
    layout->addLayout(m_grid);
}

void FactCard::setFacts(const std::vector<std::pair<QString, QString>>& facts)
{
    std::size_t row = 0;
    for (const auto& [name, value] : facts) {
        if (value.isEmpty())
            continue;
        if (row == m_rows.size()) {
            auto* left = new QLabel(this);
            auto* right = new QLabel(this);
            left->setProperty("role", QStringLiteral("secondary"));
            left->setAlignment(Qt::AlignTop | Qt::AlignLeft);
            right->setTextFormat(Qt::PlainText);
            right->setWordWrap(true);
            right->setTextInteractionFlags(Qt::TextSelectableByMouse);
            m_grid->addWidget(left, int(row), 0);
            m_grid->addWidget(right, int(row), 1);
            m_rows.emplace_back(left, right);
        }
        m_rows[row].first->setText(name);
        m_rows[row].second->setText(value);
        m_rows[row].second->setAccessibleName(name + QStringLiteral(": ") + value);
        m_rows[row].first->show();
        m_rows[row].second->show();
        ++row;
    }
    for (; row < m_rows.size(); ++row) {
        m_rows[row].first->hide();
        m_rows[row].second->hide();
    }
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/emptystate.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_mark(new QLabel(this))
    , m_title(new QLabel(this))
    , m_detail(new QLabel(this))
    , m_button(new QPushButton(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 32, 32, 32);
    layout->setSpacing(8);
    layout->addStretch(2);
    layout->addWidget(m_mark, 0, Qt::AlignHCenter);
    layout->addSpacing(4);
    layout->addWidget(m_title, 0, Qt::AlignHCenter);
    layout->addWidget(m_detail, 0, Qt::AlignHCenter);
    layout->addSpacing(8);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    m_title->setFont(textFont(15, QFont::DemiBold));
    m_title->setTextFormat(Qt::PlainText);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setProperty("role", QStringLiteral("secondary"));
    m_detail->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_detail->setWordWrap(true);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::triggered);
}

void EmptyState::describe(const QString& icon, const QString& title, const QString& detail,
                          const QString& action)
{
    m_icon = icon;
    m_title->setText(title);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    setAccessibleName(title + QLatin1Char(' ') + detail);
    fitDetail();
    paintMark();
}

void EmptyState::fitDetail()
{
    // A centred label does not ask for the height of its wrapped lines by itself.
    const int room = std::clamp(width() - 64, 80, 420);
    m_detail->setFixedSize(room, std::max(m_detail->heightForWidth(room), 1));
}

void EmptyState::paintMark()
{
    if (m_icon.isEmpty())
        return;
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(36, 36) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, m_icon, QRectF(0, 0, 36, 36), coloursOf(palette()).strongBorder);
    painter.end();
    m_mark->setPixmap(pixmap);
}

void EmptyState::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitDetail();
}

void EmptyState::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintMark();
}

} // namespace widgets

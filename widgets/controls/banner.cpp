// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/banner.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace widgets {

namespace {

struct Look
{
    const char* icon;
    QColor back;
    QColor mark;
};

Look lookOfTone(Banner::Tone tone, const Colours& c)
{
    switch (tone) {
    case Banner::Tone::Error:
        return {"error", c.errorBack, c.danger};
    case Banner::Tone::Warning:
        return {"warning", c.warningBack, c.outOfSync};
    case Banner::Tone::Info:
        break;
    }
    return {"info", c.infoBack, c.accent};
}

} // namespace

Banner::Banner(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(40, 7, 12, 7);
    layout->setSpacing(12);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::RichText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    connect(m_button, &QPushButton::clicked, this, &Banner::triggered);
    hide();
}

void Banner::show(Tone tone, const QString& title, const QString& detail, const QString& action)
{
    m_tone = tone;
    const QString plain = detail.isEmpty() ? title : title + QLatin1Char(' ') + detail;
    // Texts come from outside: escaped, then only our own bold is added.
    m_text->setText(
        QStringLiteral("<b>%1</b> %2").arg(title.toHtmlEscaped(), detail.toHtmlEscaped()));
    m_text->setAccessibleName(plain);
    setAccessibleName(plain);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    setVisible(true);
    update();
}

void Banner::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    const Look look = lookOfTone(m_tone, c);
    QPainter painter(this);
    painter.fillRect(rect(), look.back);
    painter.fillRect(QRect(0, 0, 3, height()), look.mark);
    painter.fillRect(QRect(0, height() - 1, width(), 1), mixed(look.mark, look.back, 0.18));
    paintGlyph(painter, QRect(14, 0, 16, height()), QLatin1String(look.icon), look.mark, 16);
}

void Banner::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

} // namespace widgets

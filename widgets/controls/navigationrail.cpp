// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/navigationrail.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QAction>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace widgets {

namespace {

constexpr int kWidth = 84;
constexpr int kHeight = 54;

/// An icon over its word; the one where we are has a bar and the accent's colour.
class RailButton : public QToolButton
{
public:
    RailButton(QString icon, QWidget* parent)
        : QToolButton(parent)
        , m_icon(std::move(icon))
    {
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setFixedSize(kWidth, kHeight);
        setAttribute(Qt::WA_Hover);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Colours& c = coloursOf(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRect box = rect().adjusted(6, 2, -6, -2);
        if (isChecked() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(isChecked() ? c.selection : mixed(c.border, c.window, 0.6));
            painter.drawRoundedRect(box, 7, 7);
        }
        if (hasFocus()) {
            painter.setPen(c.accent);
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7);
        }
        const QColor colour = isChecked() ? c.accent : c.secondary;
        const QRect top(box.left() + (box.width() - 18) / 2, box.top() + 7, 18, 18);
        paintGlyph(painter, top, m_icon, colour, 18);
        paintText(painter, QRect(box.left() + 1, box.top() + 28, box.width() - 2, 16), text(),
                  textFont(kTinySize, isChecked() ? QFont::DemiBold : QFont::Medium),
                  isChecked() ? c.text : c.secondary, Qt::AlignHCenter);
    }

private:
    QString m_icon;
};

} // namespace

NavigationRail::NavigationRail(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    setAccessibleName(tr("Views"));
    setFixedWidth(kWidth + 1);
    m_layout->setContentsMargins(0, 6, 1, 6);
    m_layout->setSpacing(2);
    m_layout->addStretch(1);
}

void NavigationRail::add(const QString& id, const QString& title, const QString& icon,
                         QAction* action)
{
    auto* button = new RailButton(icon, this);
    button->setText(title);
    button->setAccessibleName(title);
    const QString key = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(key.isEmpty() ? title : tr("%1 (%2)").arg(title, key));
    connect(button, &QToolButton::clicked, action, [button, action] {
        button->setChecked(true); // the window may have nowhere to go
        action->trigger();
    });
    m_layout->insertWidget(m_layout->count() - 1, button);
    m_entries.push_back({id, button});
}

void NavigationRail::setCurrent(const QString& id)
{
    for (const Entry& entry : m_entries)
        entry.button->setChecked(entry.id == id);
}

void NavigationRail::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), c.window);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), c.border);
}

} // namespace widgets

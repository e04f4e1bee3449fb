// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/toaster.h"

#include "widgets/delegates/paint.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QAccessible>
#include <QEvent>
#include <QMouseEvent>
#include <QPainter>

namespace widgets {

namespace {

constexpr int kWidth = 380;
constexpr int kPadding = 12;
constexpr int kGap = 8;
constexpr int kSeconds = 6;
constexpr std::size_t kMost = 4;

int noteHeight(const QString& text)
{
    const QRect room(0, 0, kWidth - 3 * kPadding - 16, 400);
    return QFontMetrics(textFont()).boundingRect(room, Qt::TextWordWrap, text).height()
        + 2 * kPadding;
}

} // namespace

Toaster::Toaster(QWidget* window, bool lasting)
    : QWidget(window)
    , m_lasting(lasting)
{
    setFocusPolicy(Qt::NoFocus);
    window->installEventFilter(this);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        std::erase_if(m_notes,
                      [](Note& note) { return note.tone == Tone::Done && --note.left <= 0; });
        place();
    });
    hide();
}

void Toaster::say(Tone tone, const QString& text)
{
    m_notes.push_back({tone, text, kSeconds});
    if (m_notes.size() > kMost)
        m_notes.erase(m_notes.begin());
    setAccessibleName(text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
    place();
    if (!m_lasting)
        m_timer.start(1000);
}

void Toaster::place()
{
    if (m_notes.empty()) {
        m_timer.stop();
        hide();
        return;
    }
    const int height = noteRect(int(m_notes.size()) - 1).bottom() + 1;
    const QRect area = parentWidget()->rect();
    setGeometry(area.right() - kWidth - 16, area.bottom() - height - 40, kWidth, height);
    show();
    raise();
    update();
}

QRect Toaster::noteRect(int index) const
{
    int top = 0;
    for (int i = 0; i < index; ++i)
        top += noteHeight(m_notes[std::size_t(i)].text) + kGap;
    return {0, top, kWidth, noteHeight(m_notes[std::size_t(index)].text)};
}

bool Toaster::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

void Toaster::paintEvent(QPaintEvent*)
{
    const Colours& c = coloursOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < int(m_notes.size()); ++i) {
        const Note& note = m_notes[std::size_t(i)];
        const QRect box = noteRect(i);
        const bool failed = note.tone == Tone::Failed;
        painter.setPen(failed ? c.danger : c.strongBorder);
        painter.setBrush(failed ? c.errorBack : c.raised);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7);
        paintGlyph(painter, QRect(box.left() + kPadding, box.top() + kPadding, 16, 16),
                   failed ? QStringLiteral("error") : QStringLiteral("sync-synced"),
                   failed ? c.danger : c.healthy, 16);
        painter.setFont(textFont());
        painter.setPen(c.text);
        painter.drawText(box.adjusted(2 * kPadding + 16, kPadding, -kPadding, -kPadding),
                         Qt::TextWordWrap, note.text);
    }
}

void Toaster::mousePressEvent(QMouseEvent* event)
{
    for (int i = 0; i < int(m_notes.size()); ++i)
        if (noteRect(i).contains(event->pos())) {
            m_notes.erase(m_notes.begin() + i);
            break;
        }
    place();
}

} // namespace widgets

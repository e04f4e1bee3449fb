// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/boxitem.h"

#include "widgets/delegates/paint.h"
#include "widgets/graph/graphlook.h"
#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/statuslook.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

constexpr double kReadable = 0.42; // from this scale on texts are drawn
constexpr double kTwoLines = 0.66; // from this scale on there is a second line
constexpr double kSeenTitle = 10.5; // how high a title should be on screen
constexpr double kSeenDetail = 8.6; // and the line below it
constexpr double kRateWidth = 138; // "out 1.23 k/s simulated", also where a picture is small
constexpr double kSharp = 0.16; // from this scale on shapes are drawn
constexpr double kMargin = 4; // for the focus ring

} // namespace

double textWidthOf(const core::LineageBox& box)
{
    const double title =
        QFontMetricsF(textFont(kTextSize, QFont::Medium)).horizontalAdvance(text(box.title));
    const double detail = QFontMetricsF(textFont(kTinySize)).horizontalAdvance(text(box.detail));
    const bool isMeasured = box.type == core::LineageNodeType::Dataset
        && (box.system == "kafka" || box.system == "rabbitmq");
    return std::max({title, detail, isMeasured ? kRateWidth : 0}) + (box.health ? 18 : 0);
}

BoxItem::BoxItem(core::LineageBox box, const QSizeF& size, const Colours& colours)
    : m_box(std::move(box))
    , m_size(size)
    , m_colours(&colours)
{
    setFlag(ItemUsesExtendedStyleOption);
    setZValue(2);
}

void BoxItem::setColours(const Colours& colours)
{
    m_colours = &colours;
    update();
}

void BoxItem::setRate(const QString& rate, bool simulated)
{
    if (m_rate == rate && m_isSimulated == simulated)
        return;
    m_rate = rate;
    m_isSimulated = simulated;
    update();
}

void BoxItem::setBox(core::LineageBox box)
{
    m_box = std::move(box);
    update();
}

void BoxItem::setEmphasis(Emphasis emphasis)
{
    if (std::exchange(m_emphasis, emphasis) != emphasis)
        update();
}

void BoxItem::setHovered(bool hovered)
{
    if (std::exchange(m_hovered, hovered) != hovered)
        update();
}

QRectF BoxItem::boundingRect() const
{
    const double extra = m_box.isGroup ? 5 : 0;
    return QRectF(QPointF(0, 0), m_size)
        .adjusted(-kMargin, -kMargin - extra, kMargin + extra, kMargin);
}

/// Datasets are round at their ends, services have cut corners, stores a rounded bottom and top;
/// jobs, groups and what is outside are plain.
QPainterPath BoxItem::outline(const QRectF& rect) const
{
    QPainterPath path;
    using enum core::LineageNodeType;
    if (m_box.isGroup) {
        path.addRoundedRect(rect, 6, 6);
    } else if (m_box.type == Dataset) {
        path.addRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    } else if (m_box.type == Service) {
        const double cut = 9;
        path.moveTo(rect.left() + cut, rect.top());
        path.lineTo(rect.right() - cut, rect.top());
        path.lineTo(rect.right(), rect.top() + cut);
        path.lineTo(rect.right(), rect.bottom() - cut);
        path.lineTo(rect.right() - cut, rect.bottom());
        path.lineTo(rect.left() + cut, rect.bottom());
        path.lineTo(rect.left(), rect.bottom() - cut);
        path.lineTo(rect.left(), rect.top() + cut);
        path.closeSubpath();
    } else if (m_box.type == Store) {
        const double bend = 5;
        path.moveTo(rect.left(), rect.top() + bend);
        path.quadTo(rect.center().x(), rect.top() - bend, rect.right(), rect.top() + bend);
        path.lineTo(rect.right(), rect.bottom() - bend);
        path.quadTo(rect.center().x(), rect.bottom() + bend, rect.left(), rect.bottom() - bend);
        path.closeSubpath();
    } else {
        path.addRoundedRect(rect, 5, 5);
    }
    return path;
}

void BoxItem::paintFrame(QPainter& painter, double detail) const
{
    const Colours& c = *m_colours;
    const QRectF rect(QPointF(0, 0), m_size);
    const QColor band = layerColour(m_box.layer, c);
    const bool isOpen = m_box.type == core::LineageNodeType::External
        || m_box.type == core::LineageNodeType::Unresolved;
    const QColor fill = m_hovered ? c.hover : isOpen ? c.window : c.raised;
    QPen border(mixed(c.text, c.surface, c.dark ? 0.36 : 0.3), 1);
    if (isOpen || m_box.undeclared)
        border.setDashPattern({4, 3});
    if (m_box.undeclared)
        border.setColor(c.outOfSync);
    if (m_emphasis == Emphasis::Chosen || m_box.isFocus)
        border = QPen(c.accent, 2);
    else if (m_emphasis == Emphasis::Near)
        border = QPen(mixed(c.accent, c.surface, 0.75), 1.4);
    if (m_box.isGroup) {
        painter.setPen(QPen(mixed(c.text, c.surface, 0.22), 1));
        painter.setBrush(mixed(fill, c.window, 0.5));
        painter.drawRoundedRect(rect.translated(5, -5), 6, 6);
    }
    const QPainterPath path = outline(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_emphasis == Emphasis::Chosen ? mixed(c.selection, fill, 0.7) : fill);
    painter.drawPath(path);
    if (!m_box.layer.empty()) {
        painter.save();
        painter.setClipPath(path, Qt::IntersectClip);
        const double width = m_box.type == core::LineageNodeType::Dataset ? 13 : 6;
        painter.fillRect(
            QRectF(rect.left(), rect.top(), detail < kReadable ? 22 : width, rect.height()), band);
        painter.restore();
    }
    painter.setPen(border);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

namespace {

/// In a small picture a title takes what room there is, so that it can be read.
void growTitle(QFont& font, const QString& title, double room, int largest, double detail)
{
    int size = std::clamp(int(kSeenTitle / detail), font.pixelSize(), largest);
    for (; size > font.pixelSize(); --size) {
        QFont tried = font;
        tried.setPixelSize(size);
        if (QFontMetricsF(tried).horizontalAdvance(title) <= room) {
            font = tried;
            return;
        }
    }
}

} // namespace

void BoxItem::paintTexts(QPainter& painter, double detail) const
{
    const Colours& c = *m_colours;
    const QRectF rect(QPointF(0, 0), m_size);
    const double left = m_box.type == core::LineageNodeType::Dataset && !m_box.isGroup ? 20 : 13;
    paintIcon(painter, iconOf(m_box), QRectF(left, rect.center().y() - 8, 16, 16),
              m_box.layer.empty() ? c.secondary : layerColour(m_box.layer, c));
    double right = rect.right() - (m_box.type == core::LineageNodeType::Dataset ? 14 : 10);
    if (m_box.health) {
        const StatusLook look = lookOf(*m_box.health, c);
        paintIcon(painter, look.icon, QRectF(right - 14, rect.center().y() - 7, 14, 14),
                  look.colour);
        right -= 18;
    }
    const QRectF room(left + 23, 6, right - left - 23, rect.height() - 12);
    const auto line = [&](const QRectF& at, const std::string& words, QFont font,
                          const QColor& colour) {
        const QString shown =
            QFontMetricsF(font).elidedText(text(words), Qt::ElideMiddle, at.width() + 1);
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(at, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    };
    QFont title = textFont(kTextSize, QFont::Medium);
    title.setItalic(m_box.type == core::LineageNodeType::Unresolved);
    const bool isLarge = detail >= kTwoLines;
    const QColor rateColour = m_isSimulated ? c.practice : c.text;
    QFont second = textFont(kTinySize);
    QString words = m_rate.isEmpty() ? text(m_box.detail) : m_rate;
    if (!isLarge) {
        QStringList forms {text(m_box.detail),
                           text(m_box.detail).section(QStringLiteral(" · "), 0, 0)};
        if (!m_rate.isEmpty())
            forms.prepend(m_rate);
        second.setPixelSize(std::clamp(int(kSeenDetail / detail), kTinySize, kTextSize + 1));
        const auto fits = [&](const QString& form) {
            return QFontMetricsF(second).horizontalAdvance(form) <= room.width();
        };
        const auto found = std::ranges::find_if(forms, fits);
        words = found == forms.end() ? QString() : *found;
    }
    const bool hasSecond = !words.isEmpty();
    growTitle(title, text(m_box.title), room.width(),
              isLarge         ? kTextSize + 2
                  : hasSecond ? kTextSize + 4
                              : kTextSize + 7,
              detail);
    if (!hasSecond) {
        line(room, m_box.title, title, c.text);
        return;
    }
    line(QRectF(room.left(), room.top() - 2, room.width(), room.height() / 2 + 2), m_box.title,
         title, c.text);
    line(QRectF(room.left(), room.center().y() + 1, room.width(), room.height() / 2),
         words.toStdString(), second, words == m_rate ? rateColour : c.secondary);
}

void BoxItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    const double detail =
        QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (m_emphasis == Emphasis::Dim)
        painter->setOpacity(0.32);
    if (detail < kSharp) {
        const Colours& c = *m_colours;
        const bool bad = m_box.health && *m_box.health > core::Health::Suspended;
        painter->fillRect(QRectF(QPointF(0, 0), m_size),
                          m_emphasis == Emphasis::Chosen ? c.accent
                              : bad                      ? lookOf(*m_box.health, c).colour
                              : m_box.layer.empty()      ? c.strongBorder
                                                         : layerColour(m_box.layer, c));
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing);
    paintFrame(*painter, detail);
    if (detail >= kReadable)
        paintTexts(*painter, detail);
}

} // namespace widgets

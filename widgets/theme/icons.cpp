// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPaintDevice>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <memory>

namespace widgets {

namespace {

QPixmap rendered(const QString& name, QSize pixels, const QColor& colour)
{
    const QString key = QStringLiteral("wavewright/%1/%2/%3x%4")
                            .arg(name, colour.name(QColor::HexArgb))
                            .arg(pixels.width())
                            .arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QFile file(QStringLiteral(":/wavewright/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the icon %s is missing from this program", qPrintable(name));
    QByteArray text = file.readAll();
    text.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(text);
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(colour.alphaF());
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixels)));
    painter.end();
    pixmap = QPixmap::fromImage(image);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Asks the palette for its colour at each paint.
class ThemedIconEngine : public QIconEngine
{
public:
    ThemedIconEngine(QString name, QColor fixed)
        : m_name(std::move(name))
        , m_fixed(std::move(fixed))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, m_name, rect, colour(mode));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        return rendered(m_name, size, colour(mode));
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        QPixmap result = rendered(m_name, size, colour(mode));
        result.setDevicePixelRatio(scale);
        return result;
    }
    QIconEngine* clone() const override
    {
        return std::make_unique<ThemedIconEngine>(m_name, m_fixed).release();
    }

private:
    QColor colour(QIcon::Mode mode) const
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        if (m_fixed.isValid() && mode != QIcon::Disabled)
            return m_fixed;
        return QGuiApplication::palette().color(group, QPalette::ButtonText);
    }

    QString m_name;
    QColor m_fixed;
};

} // namespace

void paintIcon(QPainter& painter, const QString& name, const QRectF& rect, const QColor& colour)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QSize pixels = (rect.size() * ratio).toSize();
    painter.drawPixmap(rect, rendered(name, pixels, colour), QRectF(QPointF(0, 0), QSizeF(pixels)));
}

QIcon themedIcon(const QString& name)
{
    return QIcon(std::make_unique<ThemedIconEngine>(name, QColor()).release());
}

QIcon colouredIcon(const QString& name, const QColor& colour)
{
    return QIcon(std::make_unique<ThemedIconEngine>(name, colour).release());
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/cell.h"

#include "widgets/text/texts.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/statuslook.h"

#include <QCoreApplication>

namespace widgets {

QColor colourOf(Cell::Tone tone, const Colours& c)
{
    switch (tone) {
    case Cell::Tone::Secondary:
        return c.secondary;
    case Cell::Tone::Faint:
        return c.faint;
    case Cell::Tone::Good:
        return c.healthy;
    case Cell::Tone::Busy:
        return c.progressing;
    case Cell::Tone::Warning:
        return c.outOfSync;
    case Cell::Tone::Bad:
        return c.degraded;
    case Cell::Tone::Off:
        return c.suspended;
    case Cell::Tone::Unknown:
        return c.unknown;
    case Cell::Tone::Link:
        return c.accent;
    case Cell::Tone::Plain:
        break;
    }
    return c.text;
}

namespace {

Cell::Tone toneOf(core::Health health)
{
    switch (health) {
    case core::Health::Healthy:
        return Cell::Tone::Good;
    case core::Health::Suspended:
        return Cell::Tone::Off;
    case core::Health::Progressing:
        return Cell::Tone::Busy;
    case core::Health::Missing:
        return Cell::Tone::Warning;
    case core::Health::Degraded:
        return Cell::Tone::Bad;
    case core::Health::Unknown:
        break;
    }
    return Cell::Tone::Unknown;
}

} // namespace

Cell healthCell(const std::optional<core::Health>& health, const QString& message)
{
    if (!health)
        return {.text = QStringLiteral("–"),
                .tone = Cell::Tone::Faint,
                .order = -1,
                .tip = QCoreApplication::translate("widgets::Cell", "Nothing here has a health")};
    const StatusLook look = lookOf(*health, lightColours());
    return {.text = look.word,
            .icon = look.icon,
            .tone = toneOf(*health),
            .order = int(*health),
            .tip = message};
}

Cell severityCell(core::Severity severity, bool accepted)
{
    if (accepted)
        return {.text = QCoreApplication::translate("widgets::Cell", "accepted"),
                .icon = QStringLiteral("check"),
                .tone = Cell::Tone::Faint,
                .order = -1};
    const QString word = text(core::toString(severity));
    const QString icon = severity == core::Severity::Error ? QStringLiteral("error")
        : severity == core::Severity::Warning              ? QStringLiteral("warning")
                                                           : QStringLiteral("info");
    const Cell::Tone tone = severity == core::Severity::Error ? Cell::Tone::Bad
        : severity == core::Severity::Warning                 ? Cell::Tone::Warning
                                                              : Cell::Tone::Link;
    return {.text = word, .icon = icon, .tone = tone, .order = int(severity)};
}

Cell numberCell(qint64 number, Cell::Tone tone)
{
    return {.text = QString::number(number), .tone = tone, .order = number};
}

Cell countCell(qint64 number, Cell::Tone tone)
{
    if (number != 0)
        return numberCell(number, tone);
    return {.text = QStringLiteral("–"),
            .tone = Cell::Tone::Faint,
            .order = 0,
            .spoken = QStringLiteral("0")};
}

QString placeText(const core::Place& place)
{
    if (place.file.empty())
        return {};
    return place.line > 0 ? text(place.file) + QLatin1Char(':') + QString::number(place.line)
                          : text(place.file);
}

Cell placeCell(const core::Place& place)
{
    const QString where = placeText(place);
    return {.text = where, .tone = Cell::Tone::Secondary, .tip = where, .mono = true};
}

} // namespace widgets

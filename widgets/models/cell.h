// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/status.h"
#include "core/platform/findings.h"

#include <QColor>
#include <QMetaType>
#include <QString>
#include <QVariant>

#include <optional>
#include <vector>

namespace widgets {

struct Colours;

/// What a quota's bar shows, as parts of what is allowed: 1 is full.
struct QuotaBar
{
    std::optional<double> used; ///< nullopt: nobody counted
    double requested = 0;
    double pending = 0;
    bool operator==(const QuotaBar&) const = default;
};

/// A short word in a small pill of its own colour.
struct CellBadge;

/// One cell of a list, ready to be painted: shape and word first, colour as well.
struct Cell
{
    enum class Tone
    {
        Plain,
        Secondary,
        Faint,
        Good,
        Busy,
        Warning,
        Bad,
        Off,
        Unknown,
        Link, ///< Enter or a click goes somewhere
    };

    QString text;
    QString icon = {}; ///< for paintIcon, "" for none
    Tone tone = Tone::Plain; ///< of the icon where there is one, else of the text
    QVariant order = {}; ///< what the column is sorted by; invalid: the text
    QString tip = {};
    std::optional<QuotaBar> bar = {};
    std::vector<double> line = {}; ///< a small line before the text, see paintSparkline
    bool mono = false;
    std::vector<CellBadge> badges = {}; ///< painted in place of the text
    int smallFrom = -1; ///< from this letter on the text is painted small; -1: nowhere
    QString spoken = {}; ///< for screen readers; "": the text
};

struct CellBadge
{
    QString text;
    Cell::Tone tone = Cell::Tone::Secondary;
};

QColor colourOf(Cell::Tone tone, const Colours& colours);

Cell healthCell(const std::optional<core::Health>& health, const QString& message = {});
Cell severityCell(core::Severity severity, bool accepted = false);
Cell numberCell(qint64 number, Cell::Tone tone = Cell::Tone::Plain);
/// The number where it is not 0, else a faint dash.
Cell countCell(qint64 number, Cell::Tone tone = Cell::Tone::Plain);
/// "base/quota.yaml:12"
Cell placeCell(const core::Place& place);
QString placeText(const core::Place& place);

} // namespace widgets

Q_DECLARE_METATYPE(widgets::Cell)

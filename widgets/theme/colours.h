// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace widgets {

/// Every colour on screen. Two sets exist, light and dark; nothing else names a colour.
struct Colours
{
    bool dark = false;
    QColor window; ///< behind everything: bars, gaps
    QColor surface; ///< tables, cards, editors
    QColor raised; ///< buttons, headers of columns, toasts
    QColor hover;
    QColor border;
    QColor strongBorder; ///< around things that can be typed into or pressed
    QColor text;
    QColor secondary; ///< labels, units, what is there but not first
    QColor faint; ///< disabled text, marks of nothing
    QColor accent; ///< focus, the primary button, links
    QColor onAccent;
    QColor selection;
    // Status: told by shape and word first; these six stay apart for colour-blind eyes too.
    QColor healthy;
    QColor progressing;
    QColor degraded;
    QColor outOfSync; ///< also Missing
    QColor suspended;
    QColor unknown;
    // Diff: live on the left, desired on the right.
    QColor liveLine;
    QColor liveWord;
    QColor desiredLine;
    QColor desiredWord;
    // YAML
    QColor yamlKey;
    QColor yamlString;
    QColor yamlNumber;
    // Banners and badges
    QColor infoBack;
    QColor warningBack;
    QColor errorBack;
    QColor practice;
    QColor onPractice;
    QColor danger; ///< buttons that delete, the insecure mark
    QColor onDanger;
};

const Colours& lightColours();
const Colours& darkColours();
/// The set that belongs to a palette of ours, so that painters follow a change of theme by
/// themselves.
const Colours& coloursOf(const QPalette& palette);
QPalette paletteOf(const Colours& colours);
/// front over back, as share of front from 0 to 1.
QColor mixed(const QColor& front, const QColor& back, double share);

} // namespace widgets

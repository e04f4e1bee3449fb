// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/text/yamlspans.h"
#include "widgets/theme/statuslook.h"

#include <QFont>
#include <QRect>
#include <QString>

class QPainter;
class QStyleOptionViewItem;

/// What all delegates paint with, so that rows look alike everywhere.
namespace widgets {

struct Colours;

inline constexpr int kRowHeight = 30;
inline constexpr int kCellPadding = 10;
inline constexpr int kGlyph = 14;

/// Selection, hover, the hairline below, and the focus bar of the current row.
void paintRowBackground(QPainter& painter, const QStyleOptionViewItem& option);
/// Elided at the right end, in the vertical middle. Returns where the text ends.
int paintText(QPainter& painter, const QRect& rect, const QString& text, const QFont& font,
              const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft,
              Qt::TextElideMode elide = Qt::ElideRight);
/// The glyph in its colour with the word beside it in the colour of text. Returns where it ends.
int paintStatus(QPainter& painter, const QRect& rect, const StatusLook& look,
                const Colours& colours, const QFont& font);
void paintGlyph(QPainter& painter, const QRect& rect, const QString& icon, const QColor& colour,
                int size = kGlyph);
/// A rounded label: text on a colour.
void paintPill(QPainter& painter, const QRect& rect, const QString& text, const QFont& font,
               const QColor& back, const QColor& front);
/// One line of YAML in its colours; where there is no room its middle goes, as an image's tag says
/// more than its registry. Returns its end.
int paintYaml(QPainter& painter, const QRect& rect, const QString& line, const QFont& font,
              const Colours& colours, bool faint);
QColor colourOf(YamlSpan::Type type, const Colours& colours);

} // namespace widgets

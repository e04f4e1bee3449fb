// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/yamlhighlighter.h"

#include "widgets/delegates/paint.h"
#include "widgets/text/yamlspans.h"
#include "widgets/theme/colours.h"

#include <QGuiApplication>

namespace widgets {

YamlHighlighter::YamlHighlighter(QTextDocument* document)
    : QSyntaxHighlighter(document)
{
}

void YamlHighlighter::highlightBlock(const QString& line)
{
    const Colours& colours = coloursOf(QGuiApplication::palette());
    for (const YamlSpan& span : yamlSpans(line))
        setFormat(span.from, span.length, colourOf(span.type, colours));
}

} // namespace widgets

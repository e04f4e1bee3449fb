// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/yamlspans.h"

namespace widgets {

namespace {

int skipBlanks(const QString& line, int at)
{
    while (at < line.size() && line[at] == QLatin1Char(' '))
        ++at;
    return at;
}

/// Where the colon after a key stands, or -1.
int keyEnd(const QString& line, int from)
{
    QChar quote;
    for (int i = from; i < line.size(); ++i) {
        const QChar c = line[i];
        if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
        } else if (i == from && (c == QLatin1Char('"') || c == QLatin1Char('\''))) {
            quote = c;
        } else if (c == QLatin1Char(':')
                   && (i + 1 == line.size() || line[i + 1] == QLatin1Char(' '))) {
            return i;
        } else if (c == QLatin1Char('#') && i > 0 && line[i - 1] == QLatin1Char(' ')) {
            return -1;
        }
    }
    return -1;
}

YamlSpan::Type typeOfScalar(const QString& value)
{
    static const QString words[] = {QStringLiteral("true"), QStringLiteral("false"),
                                    QStringLiteral("null"), QStringLiteral("~")};
    for (const QString& word : words)
        if (value == word)
            return YamlSpan::Type::Number;
    bool number = false;
    value.toDouble(&number);
    if (number)
        return YamlSpan::Type::Number;
    const QChar first = value.front();
    const bool mark = first == QLatin1Char('|') || first == QLatin1Char('>')
        || value == QLatin1String("{}") || value == QLatin1String("[]");
    return mark ? YamlSpan::Type::Mark : YamlSpan::Type::String;
}

} // namespace

std::vector<YamlSpan> yamlSpans(const QString& line)
{
    std::vector<YamlSpan> spans;
    int at = skipBlanks(line, 0);
    while (at < line.size() && line[at] == QLatin1Char('-')
           && (at + 1 == line.size() || line[at + 1] == QLatin1Char(' '))) {
        spans.push_back({YamlSpan::Type::Mark, at, 1});
        at = skipBlanks(line, at + 1);
    }
    if (at < line.size() && line[at] == QLatin1Char('#')) {
        spans.push_back({YamlSpan::Type::Comment, at, int(line.size()) - at});
        return spans;
    }
    const int colon = keyEnd(line, at);
    if (colon >= 0) {
        spans.push_back({YamlSpan::Type::Key, at, colon - at});
        spans.push_back({YamlSpan::Type::Mark, colon, 1});
        at = skipBlanks(line, colon + 1);
    }
    int end = int(line.size());
    const qsizetype comment = line.indexOf(QLatin1String(" #"), at);
    if (comment >= 0 && !line.mid(at, 1).startsWith(QLatin1Char('"')))
        end = int(comment);
    const QString value = line.mid(at, end - at).trimmed();
    if (!value.isEmpty())
        spans.push_back({typeOfScalar(value), at, int(value.size())});
    if (end < line.size())
        spans.push_back({YamlSpan::Type::Comment, end + 1, int(line.size()) - end - 1});
    return spans;
}

} // namespace widgets

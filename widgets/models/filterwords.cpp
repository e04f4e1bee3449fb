// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/filterwords.h"

#include "widgets/text/texts.h"

#include <QAbstractItemModel>
#include <QCoreApplication>

#include <algorithm>

namespace widgets {

namespace {

QString words(const char* english)
{
    return QCoreApplication::translate("widgets::FilterWords", english);
}

/// At blanks, save for those between quotation marks, which go.
QStringList pieces(const QString& typed)
{
    QStringList out;
    QString piece;
    bool quoted = false;
    bool begun = false;
    for (const QChar c : typed) {
        if (c == QLatin1Char('"')) {
            quoted = !quoted;
            begun = true;
        } else if (c.isSpace() && !quoted) {
            if (begun)
                out << piece;
            piece.clear();
            begun = false;
        } else {
            piece += c;
            begun = true;
        }
    }
    if (begun)
        out << piece;
    return out;
}

bool isKeyLetter(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('.') || c == QLatin1Char('_')
        || c == QLatin1Char('-');
}

struct Split
{
    QString key;
    QString sign; ///< "" when there is none
    QString value;
};

Split split(const QString& word)
{
    qsizetype end = 0;
    while (end < word.size() && isKeyLetter(word[end]))
        ++end;
    for (const char* sign : {"!=", ">=", "<=", ":", "=", ">", "<"}) {
        const QString as = QString::fromLatin1(sign);
        if (end > 0 && word.mid(end).startsWith(as))
            return {word.left(end).toLower(), as, word.mid(end + as.size())};
    }
    return {};
}

bool isFuzzy(const QString& text, const QString& letters)
{
    qsizetype at = 0;
    for (const QChar c : text)
        if (at < letters.size() && c.toLower() == letters[at].toLower())
            ++at;
    return at == letters.size();
}

bool has(const QString& text, const QStringList& values)
{
    return std::any_of(values.begin(), values.end(), [&](const QString& value) {
        return text.contains(value, Qt::CaseInsensitive);
    });
}

/// The whole, or one of the parts of "a, b".
bool is(const QString& text, const QStringList& values)
{
    const QStringList parts = text.split(QStringLiteral(", "));
    return std::any_of(values.begin(), values.end(), [&](const QString& value) {
        return text.compare(value, Qt::CaseInsensitive) == 0
            || parts.contains(value, Qt::CaseInsensitive);
    });
}

bool compares(double number, const QString& how, double with)
{
    return how == QLatin1String(">") ? number > with
        : how == QLatin1String(">=") ? number >= with
        : how == QLatin1String("<")  ? number < with
                                     : number <= with;
}

} // namespace

std::optional<QString> FilterRow::field(const QString&) const
{
    return std::nullopt;
}

std::optional<double> FilterRow::number(const QString& key) const
{
    const auto text = field(key);
    bool ok = false;
    const double value = text ? text->section(QLatin1Char(' '), 0, 0).toDouble(&ok) : 0;
    return ok ? std::optional(value) : std::nullopt;
}

QString FieldRow::words() const
{
    QString all;
    for (const auto& [key, text] : m_fields)
        all += text + QLatin1Char(' ');
    return all;
}

std::optional<QString> FieldRow::field(const QString& key) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const auto& field) { return isKey(key, field.first); });
    return found == m_fields.end() ? std::nullopt : std::optional(found->second);
}

ModelRow::ModelRow(const QModelIndex& index, QString search)
    : m_index(index)
    , m_search(std::move(search))
{
}

QString ModelRow::words() const
{
    if (!m_search.isEmpty())
        return m_search;
    QString all;
    for (int column = 0; column < m_index.model()->columnCount(m_index.parent()); ++column)
        all += m_index.siblingAtColumn(column).data().toString() + QLatin1Char('\n');
    return all;
}

std::optional<QString> ModelRow::field(const QString& key) const
{
    const QAbstractItemModel& model = *m_index.model();
    for (int column = 0; column < model.columnCount(m_index.parent()); ++column)
        if (isKey(key, filterKey(model.headerData(column, Qt::Horizontal).toString())))
            return m_index.siblingAtColumn(column).data().toString();
    return std::nullopt;
}

FilterWords::FilterWords(const QString& typed)
{
    const QStringList all = pieces(typed);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const QString& word = all[i];
        const bool isOption = word == QLatin1String("-f") || word == QLatin1String("-l")
            || word == QLatin1String("-n");
        if (!isOption)
            add(word);
        else if (i + 1 < all.size())
            addOption(word, all[++i]);
    }
}

void FilterWords::addOption(const QString& option, const QString& value, bool negated)
{
    Term term;
    term.negated = negated;
    term.typed = value;
    if (option == QLatin1String("-f")) {
        term.kind = Kind::Fuzzy;
    } else if (option == QLatin1String("-n")) {
        term.kind = Kind::Is;
        term.key = QStringLiteral("namespace");
        term.values = value.split(QLatin1Char(','), Qt::SkipEmptyParts);
    } else {
        auto labels = core::LabelSelector::parse(value.toStdString());
        if (!labels) {
            m_complaint = text(labels.error().text());
            return;
        }
        term.kind = Kind::Labels;
        term.labels = std::move(*labels);
    }
    m_terms.push_back(std::move(term));
}

void FilterWords::add(const QString& word)
{
    Term term;
    term.negated = word.startsWith(QLatin1Char('!')) || word.startsWith(QLatin1Char('-'));
    term.typed = term.negated ? word.mid(1) : word;
    if (term.typed.isEmpty())
        return;
    const Split parts = split(term.typed);
    if (!parts.sign.isEmpty()) {
        if (parts.value.isEmpty()) // not typed to its end
            return;
        if (parts.key == QLatin1String("label") && parts.sign == QLatin1String(":")) {
            addOption(QStringLiteral("-l"), parts.value, term.negated);
            return;
        }
        term.key = parts.key;
        term.values = parts.value.split(QLatin1Char(','), Qt::SkipEmptyParts);
        bool isNumber = false;
        term.number = parts.value.toDouble(&isNumber);
        if (parts.sign == QLatin1String(":"))
            term.kind = Kind::Has;
        else if (parts.sign == QLatin1String("=") || parts.sign == QLatin1String("!="))
            term.kind = Kind::Is;
        else if (isNumber)
            term.kind = Kind::Compare;
        term.comparison = parts.sign;
        if (parts.sign == QLatin1String("!="))
            term.negated = !term.negated;
    }
    m_terms.push_back(std::move(term));
}

bool FilterWords::holds(const Term& term, const FilterRow& row)
{
    if (term.kind == Kind::Fuzzy)
        return isFuzzy(row.words(), term.typed);
    if (term.kind == Kind::Labels) {
        const auto sets = row.labels();
        if (!sets)
            return !term.negated;
        return sets->empty() ? term.labels.matches({})
                             : std::ranges::any_of(*sets, [&](const FilterRow::Labels* labels) {
                                   return term.labels.matches(*labels);
                               });
    }
    if (term.kind == Kind::Compare) {
        if (const auto number = row.number(term.key))
            return compares(*number, term.comparison, term.number);
        if (row.field(term.key)) // it has the field, and no number in it
            return false;
    } else if (term.kind != Kind::Text) {
        if (const auto field = row.field(term.key))
            return term.kind == Kind::Has ? has(*field, term.values) : is(*field, term.values);
    }
    return row.words().contains(term.typed, Qt::CaseInsensitive);
}

bool FilterWords::matches(const FilterRow& row) const
{
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term& term) { return holds(term, row) != term.negated; });
}

bool FilterWords::asksForLabels() const
{
    return std::ranges::any_of(m_terms, [](const Term& term) { return term.kind == Kind::Labels; });
}

QString FilterWords::help(const QStringList& keys)
{
    QStringList lines {
        words("Every word must be there; upper and lower case are alike."),
        words("-word or !word: must not be there. \"two words\": as one. -f abc: fuzzy."),
    };
    if (keys.isEmpty())
        return lines.join(QLatin1Char('\n'));
    lines << words("key:text or key:a,b looks in a field, key=text wants the whole of it, "
                   "key>5 compares numbers.")
          << words("Keys: %1").arg(keys.join(QStringLiteral(", ")));
    if (keys.contains(QLatin1String("label")))
        lines << words("-l app=web: by labels, as kubectl's.");
    return lines.join(QLatin1Char('\n'));
}

QStringList filterKeys(const QAbstractItemModel& model)
{
    QStringList out;
    for (int column = 0; column < model.columnCount(); ++column)
        out << filterKey(model.headerData(column, Qt::Horizontal).toString());
    return out;
}

QString filterKey(const QString& title)
{
    QString key;
    for (const QChar c : title.section(QLatin1Char('('), 0, 0))
        if (c.isLetterOrNumber())
            key += c.toLower();
    return key;
}

bool isKey(const QString& typed, const QString& key)
{
    return typed == key || (typed.size() >= 3 && key.startsWith(typed));
}

} // namespace widgets

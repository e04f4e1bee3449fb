// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/selector.h"

#include <QModelIndex>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace widgets {

/// What a filter may ask of a row of any list.
class FilterRow
{
public:
    using Labels = std::map<std::string, std::string>;
    /// Of each object that a row stands for.
    using LabelSets = std::vector<const Labels*>;

    virtual ~FilterRow() = default;
    virtual QString words() const = 0; ///< all that is written in it
    /// Text of a field by its key, nullopt: rows like this one have no such field.
    virtual std::optional<QString> field(const QString& key) const;
    virtual std::optional<double> number(const QString& key) const;
    /// nullopt: rows of such a list have none, and who asks for them asks for nothing.
    virtual std::optional<LabelSets> labels() const { return std::nullopt; }
};

/// A row of text and nothing else.
class TextRow : public FilterRow
{
public:
    explicit TextRow(QString text)
        : m_text(std::move(text))
    {
    }
    QString words() const override { return m_text; }

private:
    QString m_text;
};

/// A row of texts with keys.
class FieldRow : public FilterRow
{
public:
    explicit FieldRow(std::vector<std::pair<QString, QString>> fields)
        : m_fields(std::move(fields))
    {
    }
    QString words() const override;
    std::optional<QString> field(const QString& key) const override;

private:
    std::vector<std::pair<QString, QString>> m_fields;
};

/// A row of a Qt model: its fields are its columns, by the words of their headers.
class ModelRow : public FilterRow
{
public:
    /// search: what is written in the row; "" for the texts of its columns.
    explicit ModelRow(const QModelIndex& index, QString search = {});
    QString words() const override;
    std::optional<QString> field(const QString& key) const override;

private:
    QModelIndex m_index;
    QString m_search;
};

/// The filter grammar of every list, one for all:
///   kafka            rows with the word (all words must be there, upper and lower case alike)
///   "two words"      as one
///   -kafka  !kafka   rows without it
///   key:text         a field that has the text; key:a,b has one of them
///   key=text  key!=text  a field that is the text, or is not
///   key>5  key<=5    a field's number
///   -f wbhk          fuzzy: the letters in this order
///   -l app=web       labels, in kubectl's grammar; also label:app=web
///   -n kafka         the namespace, as kubectl's
/// A key that rows do not have is no key: "kafka://events" is a word. What is not typed to its end
/// yet ("state:") asks for nothing.
class FilterWords
{
public:
    FilterWords() = default;
    explicit FilterWords(const QString& typed);

    bool isEmpty() const { return m_terms.empty(); }
    bool matches(const FilterRow& row) const;
    bool asksForLabels() const;
    /// What cannot be understood (a wrong label selector), in one sentence; "" when all is well.
    /// Such a part asks for nothing.
    const QString& complaint() const { return m_complaint; }
    /// The grammar with the keys of a list, for tool tips.
    static QString help(const QStringList& keys);

private:
    enum class Kind
    {
        Text,
        Fuzzy,
        Has, ///< key:text
        Is, ///< key=text
        Compare, ///< key>5
        Labels,
    };
    struct Term
    {
        Kind kind = Kind::Text;
        bool negated = false;
        QString typed; ///< the whole, for keys that turn out to be none
        QString key;
        QStringList values;
        QString comparison; ///< ">", ">=", "<", "<="
        double number = 0;
        core::LabelSelector labels;
    };

    void add(const QString& word);
    void addOption(const QString& option, const QString& value, bool negated = false);
    static bool holds(const Term& term, const FilterRow& row);

    std::vector<Term> m_terms;
    QString m_complaint;
};

/// The keys of a model's columns, see ModelRow.
QStringList filterKeys(const QAbstractItemModel& model);
/// "Applications (waves)" is "applications", "Behind by" "behindby": a header's words as a key.
QString filterKey(const QString& title);
/// Whether a typed key means this one: in full, or its first three letters or more.
bool isKey(const QString& typed, const QString& key);

} // namespace widgets

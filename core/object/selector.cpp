// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"

#include "core/base/strings.h"

#include <algorithm>
#include <charconv>

namespace core {

namespace {

enum class Token
{
    Word,
    Comma,
    Open,
    Close,
    Equal,
    NotEqual,
    Not,
    Greater,
    Less,
    End,
    Bad
};

/// Cuts a selector into words and signs.
class Lexer
{
public:
    explicit Lexer(std::string_view text)
        : m_rest(text)
    {
        advance();
    }
    Token token() const { return m_token; }
    const std::string& word() const { return m_word; }
    void advance()
    {
        m_rest = m_rest.substr(std::min(m_rest.find_first_not_of(" \t"), m_rest.size()));
        if (m_rest.empty()) {
            m_token = Token::End;
            return;
        }
        static constexpr std::pair<std::string_view, Token> signs[] = {
            {"==", Token::Equal}, {"!=", Token::NotEqual}, {"=", Token::Equal},
            {"!", Token::Not},    {",", Token::Comma},     {"(", Token::Open},
            {")", Token::Close},  {">", Token::Greater},   {"<", Token::Less}};
        for (const auto& [sign, token] : signs)
            if (m_rest.starts_with(sign)) {
                m_rest.remove_prefix(sign.size());
                m_token = token;
                return;
            }
        const std::size_t end = std::min(m_rest.find_first_of(" \t=!,()<>"), m_rest.size());
        m_word = std::string(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        const bool sound = std::ranges::all_of(m_word, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || c == '-' || c == '_' || c == '.' || c == '/';
        });
        m_token = sound ? Token::Word : Token::Bad;
    }

private:
    std::string_view m_rest;
    std::string m_word;
    Token m_token = Token::End;
};

std::unexpected<Error> bad(std::string_view text, std::string_view why)
{
    return failure(ErrorCode::Invalid,
                   "the label selector \"" + std::string(text)
                       + "\" is wrong: " + std::string(why));
}

/// "(a, b)" behind in and notin.
std::optional<std::vector<std::string>> readSet(Lexer& lexer)
{
    std::vector<std::string> values;
    if (lexer.token() != Token::Open)
        return std::nullopt;
    lexer.advance();
    while (lexer.token() != Token::Close) {
        if (lexer.token() == Token::Word) {
            values.push_back(lexer.word());
            lexer.advance();
        } else if (lexer.token() == Token::Comma) {
            values.emplace_back(); // "(a,)" has an empty value
        } else {
            return std::nullopt;
        }
        if (lexer.token() == Token::Comma) {
            lexer.advance();
            if (lexer.token() == Token::Close)
                values.emplace_back();
        }
    }
    lexer.advance();
    return values;
}

bool integers(const std::string& a, const std::string& b, std::int64_t& left, std::int64_t& right)
{
    const auto read = [](const std::string& text, std::int64_t& value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc {} && end == text.data() + text.size();
    };
    return read(a, left) && read(b, right);
}

std::map<std::string, std::string> stringMap(const Json* object)
{
    std::map<std::string, std::string> out;
    if (object && object->is_object())
        for (const auto& [key, value] : object->get_object())
            if (value.is_string())
                out.emplace(key, std::string_view(value.get_string()));
    return out;
}

} // namespace

Result<LabelSelector> LabelSelector::parse(std::string_view text)
{
    LabelSelector selector;
    Lexer lexer(text);
    while (lexer.token() != Token::End) {
        Requirement requirement {.key = {}, .op = Operator::Exists, .values = {}};
        const bool absent = lexer.token() == Token::Not;
        if (absent)
            lexer.advance();
        if (lexer.token() != Token::Word)
            return bad(text, "a label's name is missing");
        requirement.key = lexer.word();
        lexer.advance();
        const Token sign = lexer.token();
        if (absent) {
            requirement.op = Operator::DoesNotExist;
        } else if (sign == Token::Equal || sign == Token::NotEqual || sign == Token::Greater
                   || sign == Token::Less) {
            requirement.op = sign == Token::Equal ? Operator::In
                : sign == Token::NotEqual         ? Operator::NotIn
                : sign == Token::Greater          ? Operator::GreaterThan
                                                  : Operator::LessThan;
            lexer.advance();
            requirement.values.push_back(lexer.token() == Token::Word ? lexer.word() : "");
            if (lexer.token() == Token::Word)
                lexer.advance();
        } else if (sign == Token::Word && (lexer.word() == "in" || lexer.word() == "notin")) {
            requirement.op = lexer.word() == "in" ? Operator::In : Operator::NotIn;
            lexer.advance();
            auto values = readSet(lexer);
            if (!values)
                return bad(text, "after in and notin a list in brackets must follow");
            requirement.values = std::move(*values);
        }
        selector.m_requirements.push_back(std::move(requirement));
        if (lexer.token() == Token::End)
            break;
        if (lexer.token() != Token::Comma)
            return bad(text, "requirements are separated by commas");
        lexer.advance();
        if (lexer.token() == Token::End)
            return bad(text, "nothing follows the last comma");
    }
    return selector;
}

Result<LabelSelector> LabelSelector::fromJson(const Json& matchLabelsAndExpressions)
{
    LabelSelector selector;
    for (const auto& [key, value] : stringMap(core::find(matchLabelsAndExpressions, "matchLabels")))
        selector.m_requirements.push_back({key, Operator::In, {value}});
    const Json* expressions = core::find(matchLabelsAndExpressions, "matchExpressions");
    if (!expressions || !expressions->is_array())
        return selector;
    for (const Json& each : expressions->get_array()) {
        static constexpr std::pair<std::string_view, Operator> operators[] = {
            {"In", Operator::In},
            {"NotIn", Operator::NotIn},
            {"Exists", Operator::Exists},
            {"DoesNotExist", Operator::DoesNotExist}};
        Requirement requirement {
            .key = std::string(stringAt(each, {"key"})), .op = {}, .values = {}};
        const std::string_view name = stringAt(each, {"operator"});
        const auto* found =
            std::ranges::find(operators, name, &std::pair<std::string_view, Operator>::first);
        if (requirement.key.empty() || found == std::end(operators))
            return failure(ErrorCode::Invalid,
                           "\"" + std::string(name) + "\" is no label selector operator");
        requirement.op = found->second;
        if (const Json* values = core::find(each, "values"); values && values->is_array())
            for (const Json& value : values->get_array())
                if (value.is_string())
                    requirement.values.emplace_back(std::string_view(value.get_string()));
        selector.m_requirements.push_back(std::move(requirement));
    }
    return selector;
}

bool LabelSelector::matches(const std::map<std::string, std::string>& labels) const
{
    return std::ranges::all_of(m_requirements, [&](const Requirement& requirement) {
        const auto label = labels.find(requirement.key);
        const bool has = label != labels.end();
        const auto isListed = [&] {
            return std::ranges::find(requirement.values, label->second) != requirement.values.end();
        };
        std::int64_t left = 0;
        std::int64_t right = 0;
        switch (requirement.op) {
        case Operator::In:
            return has && isListed();
        case Operator::NotIn:
            return !has || !isListed();
        case Operator::Exists:
            return has;
        case Operator::DoesNotExist:
            return !has;
        case Operator::GreaterThan:
            return has && integers(label->second, requirement.values[0], left, right)
                && left > right;
        case Operator::LessThan:
            return has && integers(label->second, requirement.values[0], left, right)
                && left < right;
        }
        return false;
    });
}

Result<std::vector<FieldRequirement>> parseFieldSelector(std::string_view text)
{
    std::vector<FieldRequirement> requirements;
    if (trimmed(text).empty())
        return requirements;
    for (std::string_view part : split(text, ',')) {
        const std::size_t sign = part.find('=');
        if (sign == std::string_view::npos || sign == 0)
            return failure(ErrorCode::Invalid,
                           "the field selector \"" + std::string(text)
                               + "\" has a part without \"=\"");
        const bool equal = part[sign - 1] != '!';
        std::string_view value = part.substr(sign + 1);
        if (value.starts_with('='))
            value.remove_prefix(1);
        const std::string_view path = part.substr(0, equal ? sign : sign - 1);
        requirements.push_back({std::string(trimmed(path)), std::string(trimmed(value)), equal});
    }
    return requirements;
}

std::map<std::string, std::string> labelsOf(const Json& object)
{
    return stringMap(findPath(object, {"metadata", "labels"}));
}

std::map<std::string, std::string> annotationsOf(const Json& object)
{
    return stringMap(findPath(object, {"metadata", "annotations"}));
}

} // namespace core

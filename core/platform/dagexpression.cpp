// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/dagexpression.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace core {

namespace {

constexpr int kMaxDepth = 60;
constexpr std::size_t kMaxItems = 10'000;

} // namespace

const DagValue* DagValue::find(const std::string& name) const
{
    const auto found = named.find(name);
    return found == named.end() ? nullptr : &found->second;
}

const DagToken& DagExpressionReader::token(std::size_t ahead) const
{
    return m_tokens[std::min(at + ahead, m_tokens.size() - 1)];
}

bool DagExpressionReader::isSign(std::string_view text, std::size_t ahead) const
{
    return token(ahead).type == DagToken::Type::Sign && token(ahead).text == text;
}

bool DagExpressionReader::isName(std::string_view text, std::size_t ahead) const
{
    return token(ahead).type == DagToken::Type::Name && token(ahead).text == text;
}

void DagExpressionReader::skipStatement()
{
    while (token().type != DagToken::Type::NewLine && token().type != DagToken::Type::End)
        ++at;
    if (token().type == DagToken::Type::NewLine)
        ++at;
}

/// Puts known names into an f-string.
std::string DagExpressionReader::filled(const std::string& text, bool& complete) const
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{' || (i + 1 < text.size() && text[i + 1] == '{')) {
            i += text[i] == '{' || (text[i] == '}' && i + 1 < text.size() && text[i + 1] == '}');
            out += text[i < text.size() ? i : text.size() - 1];
            continue;
        }
        const std::size_t close = text.find('}', i);
        std::string name = text.substr(i + 1, close == text.npos ? close : close - i - 1);
        if (name.ends_with(')')) // a function that returns a text
            name = name.substr(0, name.find('(')) + "()";
        const auto found = known.find(name);
        if (found != known.end() && found->second.type == DagValue::Type::Text) {
            out += found->second.text;
            complete = complete && found->second.complete;
        } else {
            complete = false;
            out += "{" + name + "}";
        }
        if (close == text.npos)
            break;
        i = close;
    }
    return out;
}

/// One string, or several beside each other.
DagValue DagExpressionReader::string()
{
    DagValue out {.type = DagValue::Type::Text, .line = token().line};
    while (token().type == DagToken::Type::String) {
        if (out.text.size() < 64 * 1024)
            out.text += token().formatted ? filled(token().text, out.complete) : token().text;
        ++at;
    }
    return out;
}

DagValue DagExpressionReader::bracket(int depth, const char* close)
{
    DagValue out {.type = DagValue::Type::List, .line = token().line};
    ++at;
    bool isTuple = false;
    while (!isSign(close) && token().type != DagToken::Type::End) {
        const std::size_t before = at;
        DagValue item = expression(depth + 1);
        if (isSign(":")) { // a dict: its keys are names
            ++at;
            DagValue value = expression(depth + 1);
            if (item.type == DagValue::Type::Text && out.named.size() < kMaxItems)
                out.named.insert_or_assign(item.text, value);
        } else if (out.items.size() < kMaxItems) {
            out.items.push_back(std::move(item));
        }
        if (isSign(",")) {
            isTuple = true;
            ++at;
        } else if (at == before) {
            ++at;
        }
    }
    if (isSign(close))
        ++at;
    if (*close == ')' && !isTuple && out.items.size() == 1)
        return std::move(out.items.front());
    return out;
}

void DagExpressionReader::arguments(DagValue& call, int depth)
{
    ++at;
    while (!isSign(")") && token().type != DagToken::Type::End) {
        const std::size_t before = at;
        if (isSign("*") || isSign("**"))
            ++at;
        if (token().type == DagToken::Type::Name && isSign("=", 1)) {
            const std::string name = token().text;
            at += 2;
            DagValue value = expression(depth + 1);
            if (call.named.size() < kMaxItems)
                call.named.insert_or_assign(name, std::move(value));
        } else {
            DagValue value = expression(depth + 1);
            if (call.items.size() < kMaxItems)
                call.items.push_back(std::move(value));
        }
        if (isSign(","))
            ++at;
        else if (at == before)
            ++at;
    }
    if (isSign(")"))
        ++at;
}

/// "$NAME": a variable of the environment, whose value stands in a manifest.
DagValue DagExpressionReader::variable(const DagValue& name, std::string_view prefix, int line)
{
    if (name.type != DagValue::Type::Text || !name.complete || name.text.size() > 256)
        return {.type = DagValue::Type::Other, .complete = false, .line = line};
    DagValue out {.type = DagValue::Type::Text, .complete = false, .line = line};
    out.text = "$" + std::string(prefix);
    for (const char c : name.text)
        out.text +=
            prefix.empty() ? c : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

/// What a call gives where that is known: a function of the file that returns a text, or a variable
/// of the environment or of Airflow.
DagValue DagExpressionReader::called(DagValue call) const
{
    const bool isEnvironment =
        call.text == "os.getenv" || call.text == "getenv" || call.text.ends_with("environ.get");
    if (isEnvironment && !call.items.empty())
        return variable(call.items.front(), "", call.line);
    if (call.text == "Variable.get" && !call.items.empty())
        return variable(call.items.front(), "AIRFLOW_VAR_", call.line);
    const auto found = known.find(call.text + "()");
    return found != known.end() ? found->second : std::move(call);
}

/// Calls, indices and members behind an operand. A call on a call keeps the arguments of both.
DagValue DagExpressionReader::trailers(DagValue value, int depth)
{
    for (int count = 0; count < 1'000; ++count) {
        if (isSign("(")) {
            DagValue call {.type = DagValue::Type::Call, .line = value.line};
            if (value.type == DagValue::Type::Name) {
                call.text = value.text;
            } else if (value.type == DagValue::Type::Call) {
                // Operator.partial(...).expand(...), Path("x").read_text()
                call = std::move(value);
            }
            arguments(call, depth);
            if (onCall)
                onCall(call);
            value = called(std::move(call));
        } else if (isSign("[")) {
            const bool isEnvironment =
                value.type == DagValue::Type::Name && value.text.ends_with("environ");
            const DagValue index = bracket(depth, "]");
            if (isEnvironment && index.items.size() == 1) {
                value = variable(index.items.front(), "", value.line);
                continue;
            }
            value = {.type = DagValue::Type::Other, .line = value.line};
        } else if (isSign(".") && token(1).type == DagToken::Type::Name) {
            const std::string member = token(1).text;
            at += 2;
            if (value.type == DagValue::Type::Call)
                value.text += "." + member;
            else
                value = {.type = DagValue::Type::Name, .text = "." + member, .line = token().line};
        } else {
            break;
        }
    }
    return value;
}

DagValue DagExpressionReader::operand(int depth)
{
    if (depth > kMaxDepth) {
        skipStatement();
        return {};
    }
    const int line = token().line;
    if (token().type == DagToken::Type::String) {
        DagValue out = string();
        if (isSign(".") || isSign("%"))
            out.complete = false; // .format(...), .join(...)
        return trailers(std::move(out), depth);
    }
    if (isSign("("))
        return trailers(bracket(depth, ")"), depth);
    if (isSign("["))
        return trailers(bracket(depth, "]"), depth);
    if (isSign("{"))
        return trailers(bracket(depth, "}"), depth);
    if (isSign("-") || isSign("+") || isSign("~") || isSign("*") || isSign("**")) {
        ++at;
        (void)operand(depth + 1);
        return {.type = DagValue::Type::Other, .line = line};
    }
    if (token().type == DagToken::Type::Number) {
        ++at;
        return trailers(
            {.type = DagValue::Type::Other, .text = m_tokens[at - 1].text, .line = line}, depth);
    }
    if (token().type == DagToken::Type::Name) {
        const std::string name = token().text;
        ++at;
        if (name == "not" || name == "await" || name == "lambda" || name == "yield")
            return operand(depth + 1);
        if (name == "None" || name == "True" || name == "False")
            return {.type = DagValue::Type::Other, .text = name, .line = line};
        DagValue out {.type = DagValue::Type::Name, .text = name, .line = line};
        const auto found = known.find(name);
        if (found != known.end() && !isSign("(")) {
            out = found->second;
            out.line = line;
        }
        return trailers(std::move(out), depth);
    }
    return {.type = DagValue::Type::Other, .line = line};
}

DagValue DagExpressionReader::expression(int depth)
{
    DagValue left = operand(depth);
    for (int count = 0; count < 10'000; ++count) {
        const bool after = isSign(">>");
        if (after || isSign("<<")) {
            ++at;
            DagValue right = operand(depth + 1);
            if (onOrder)
                after ? onOrder(left, right) : onOrder(right, left);
            left = std::move(right);
        } else if (isSign("+") || isSign("/")) {
            const bool isPath = isSign("/");
            ++at;
            const DagValue right = operand(depth + 1);
            if (left.type == DagValue::Type::Text && right.type == DagValue::Type::Text) {
                left.text += (isPath ? "/" : "") + right.text;
                left.complete = left.complete && right.complete && left.text.size() < 64 * 1024;
                left.text.resize(std::min<std::size_t>(left.text.size(), 64 * 1024));
            } else if (left.type == DagValue::Type::List && right.type == DagValue::Type::List) {
                left.items.insert(left.items.end(), right.items.begin(), right.items.end());
                left.items.resize(std::min(left.items.size(), kMaxItems));
            } else {
                left.complete = false;
                if (left.type == DagValue::Type::Text)
                    left.text += "{}"; // what follows is not known
            }
        } else if (isSign("&") || isSign("|")) {
            ++at;
            DagValue both {.type = DagValue::Type::List, .line = left.line};
            both.items = {std::move(left), operand(depth + 1)};
            left = std::move(both);
        } else if (token().type == DagToken::Type::Sign
                   && std::string_view("-*%<>!@=").find(token().text.front())
                       != std::string_view::npos
                   && !isSign("=")) {
            ++at;
            (void)operand(depth + 1);
            left.complete = false;
        } else if (isName("if") || isName("else") || isName("for") || isName("in") || isName("and")
                   || isName("or") || isName("is") || isName("not") || isName("as")) {
            if (isName("as"))
                break;
            ++at;
            (void)operand(depth + 1);
            left.complete = false;
        } else {
            break;
        }
    }
    return left;
}

} // namespace core

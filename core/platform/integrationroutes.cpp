// SPDX-License-Identifier: GPL-3.0-or-later
// Camel's routes as their sources write them. The verbs are those that Camel K's own inspectors
// look for, and the dead letter channel.
#include "core/platform/integrationroutes.h"

#include "core/base/strings.h"
#include "core/platform/lineagetemplate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxEndpoints = 5'000;
constexpr std::size_t kMaxSource = 4u << 20;
constexpr int kMaxDepth = 90;

struct Verb
{
    std::string_view name; ///< lower case, without hyphens
    CamelEndpoint::Use use;
};

constexpr std::array<Verb, 12> kVerbs {{{"from", CamelEndpoint::Use::From},
                                        {"fromf", CamelEndpoint::Use::From},
                                        {"to", CamelEndpoint::Use::To},
                                        {"tod", CamelEndpoint::Use::To},
                                        {"tof", CamelEndpoint::Use::To},
                                        {"wiretap", CamelEndpoint::Use::To},
                                        {"kamelet", CamelEndpoint::Use::To},
                                        {"enrich", CamelEndpoint::Use::From},
                                        {"pollenrich", CamelEndpoint::Use::From},
                                        {"deadletterchannel", CamelEndpoint::Use::To},
                                        {"deadletteruri", CamelEndpoint::Use::To},
                                        {"recipientlist", CamelEndpoint::Use::To}}};

const Verb* verbOf(std::string_view name)
{
    std::string plain;
    for (const char c : name.substr(0, 32))
        if (c != '-')
            plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto* found = std::ranges::find(kVerbs, std::string_view(plain), &Verb::name);
    return found == kVerbs.end() ? nullptr : found;
}

std::string withParameters(std::string_view uri, const Json& value)
{
    std::string out(uri);
    const Json* parameters = find(value, "parameters");
    if (!parameters || !parameters->is_object())
        return out;
    for (const auto& member : parameters->get_object()) {
        const FoundValue text {"", &member.value()};
        out +=
            (out.find('?') == out.npos ? "?" : "&") + std::string(member.key()) + "=" + text.text();
    }
    return out;
}

/// Walks YAML DSL for endpoints.
class FlowWalker
{
public:
    explicit FlowWalker(CamelRoute& route)
        : m_route(route)
    {
    }
    void walk(const Json& value, const std::string& pointer, int depth);

private:
    void endpoint(const Verb& verb, std::string_view name, const Json& value,
                  const std::string& pointer);
    CamelRoute& m_route;
};

void FlowWalker::endpoint(const Verb& verb, std::string_view name, const Json& value,
                          const std::string& pointer)
{
    std::string_view uri;
    if (value.is_string())
        uri = std::string_view(value.get_string());
    else if (const Json* text = find(value, "uri"); text && text->is_string())
        uri = std::string_view(text->get_string());
    std::string whole = value.is_object() ? withParameters(uri, value) : std::string(uri);
    if (name == "kamelet" && uri.empty())
        whole = withParameters("kamelet:" + std::string(stringAt(value, {"name"})), value);
    else if (name == "kamelet" && !whole.starts_with("kamelet:"))
        whole = "kamelet:" + whole;
    if (!whole.empty() && m_route.endpoints.size() < kMaxEndpoints)
        m_route.endpoints.push_back(
            {verb.use, std::move(whole), std::string(name), 1, pointer, true});
}

void FlowWalker::walk(const Json& value, const std::string& pointer, int depth)
{
    if (depth > kMaxDepth)
        return;
    if (value.is_array()) {
        std::size_t index = 0;
        for (const Json& item : value.get_array())
            walk(item, pointer + "/" + std::to_string(index++), depth + 1);
        return;
    }
    if (!value.is_object())
        return;
    for (const auto& member : value.get_object()) {
        const std::string at = pointer + "/" + std::string(member.key());
        const Verb* verb = verbOf(member.key());
        if (verb)
            endpoint(*verb, member.key(), member.value(), at);
        if (member.key() != "parameters" && member.key() != "uri")
            walk(member.value(), at, depth + 1);
    }
}

/// A rest block answers HTTP at its path: an endpoint of its own.
void addRest(const Json& rest, const std::string& pointer, CamelRoute& route)
{
    constexpr std::array<std::string_view, 6> kMethods {"get",    "post",  "put",
                                                        "delete", "patch", "head"};
    const std::string base(stringAt(rest, {"path"}));
    if (!rest.is_object())
        return;
    bool found = false;
    for (const auto& member : rest.get_object())
        if (std::ranges::find(kMethods, std::string_view(member.key())) != kMethods.end()) {
            const auto items = valuesAt(member.value(), "/*");
            for (const FoundValue& item : items) {
                const std::string path(stringAt(*item.value, {"path"}));
                route.endpoints.push_back({CamelEndpoint::Use::From, "platform-http:" + base + path,
                                           "rest", 1, pointer, true});
                found = true;
            }
        }
    if (!found)
        route.endpoints.push_back(
            {CamelEndpoint::Use::From, "platform-http:" + base, "rest", 1, pointer, true});
}

/// Reads code as a row of words, strings and signs, without comments.
class CodeReader
{
public:
    explicit CodeReader(std::string_view text)
        : m_text(text.substr(0, kMaxSource))
    {
    }
    std::vector<CamelRoute> read();

private:
    bool skipComment();
    std::string string(char quote);
    void word();
    void argument(const Verb& verb, std::string name);
    void skipBlanks();
    char at(std::size_t offset = 0) const
    {
        return m_at + offset < m_text.size() ? m_text[m_at + offset] : '\0';
    }
    void step()
    {
        m_line += at() == '\n' ? 1 : 0;
        ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_line = 1;
    std::size_t m_count = 0;
    std::vector<CamelRoute> m_routes;
};

bool CodeReader::skipComment()
{
    if (at() == '/' && at(1) == '/') {
        while (m_at < m_text.size() && at() != '\n')
            step();
        return true;
    }
    if (at() == '/' && at(1) == '*') {
        while (m_at < m_text.size() && !(at() == '*' && at(1) == '/'))
            step();
        m_at = std::min(m_at + 2, m_text.size());
        return true;
    }
    return false;
}

void CodeReader::skipBlanks()
{
    while (m_at < m_text.size()
           && (std::isspace(static_cast<unsigned char>(at())) || skipComment()))
        if (std::isspace(static_cast<unsigned char>(at())))
            step();
}

/// From the opening quote to behind the closing one; a text block has three.
std::string CodeReader::string(char quote)
{
    const bool isBlock = at(1) == quote && at(2) == quote;
    const std::size_t width = isBlock ? 3 : 1;
    m_at += width;
    std::string out;
    while (m_at < m_text.size()) {
        if (at() == quote && (!isBlock || (at(1) == quote && at(2) == quote))) {
            m_at += std::min(width, m_text.size() - m_at);
            break;
        }
        if (!isBlock && at() == '\n')
            break;
        if (at() == '\\' && m_at + 1 < m_text.size())
            step();
        if (out.size() < 8'192)
            out += at();
        step();
    }
    return out;
}

/// What stands behind a verb: a string, joined to more with "+" or left to a variable.
void CodeReader::argument(const Verb& verb, std::string name)
{
    skipBlanks();
    const bool hasBracket = at() == '(';
    if (hasBracket)
        step();
    skipBlanks();
    const int line = m_line;
    std::string text;
    bool complete = true;
    if (at() == '"' || at() == '\'') {
        text = string(at());
        skipBlanks();
        while (at() == '+') {
            step();
            skipBlanks();
            if (at() != '"' && at() != '\'') {
                complete = false;
                break;
            }
            text += string(at());
            skipBlanks();
        }
    } else {
        // A variable, or a word that only looks like a verb: told only where Camel's verb is sure.
        if (!hasBracket || name == "kamelet" || !std::isalpha(static_cast<unsigned char>(at())))
            return;
        complete = false;
        while (std::isalnum(static_cast<unsigned char>(at())) || at() == '.' || at() == '_') {
            text += at();
            step();
        }
    }
    if (name.ends_with('F') && text.find('%') != text.npos)
        complete = false;
    if (name == "kamelet")
        text = "kamelet:" + text;
    if (verb.name.starts_with("from") || m_routes.empty())
        m_routes.emplace_back();
    if (++m_count <= kMaxEndpoints && !text.empty())
        m_routes.back().endpoints.push_back(
            {verb.use, std::move(text), std::move(name), line, "", complete});
}

void CodeReader::word()
{
    const char before = m_at > 0 ? m_text[m_at - 1] : '\0';
    std::string name;
    while (std::isalnum(static_cast<unsigned char>(at())) || at() == '_' || at() == '$') {
        if (name.size() < 64)
            name += at();
        step();
    }
    const Verb* verb = verbOf(name);
    if (!verb || name != toLower(name.substr(0, 1)) + name.substr(1))
        return;
    const bool isCall = before == '.' || verb->name.starts_with("from") || verb->name == "kamelet"
        || verb->name == "deadletterchannel";
    if (isCall)
        argument(*verb, std::move(name));
}

std::vector<CamelRoute> CodeReader::read()
{
    while (m_at < m_text.size()) {
        if (skipComment())
            continue;
        const char c = at();
        if (c == '"' || c == '\'')
            string(c);
        else if (std::isalpha(static_cast<unsigned char>(c)) || c == '_')
            word();
        else
            step();
    }
    return std::move(m_routes);
}

std::string unescapedXml(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities {
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        const auto* entity = std::ranges::find_if(
            kEntities, [&](const auto& each) { return text.starts_with(each.first); });
        out += entity == kEntities.end() ? text.front() : entity->second;
        text.remove_prefix(entity == kEntities.end() ? 1 : entity->first.size());
    }
    return out;
}

/// The value of an attribute in a tag's text, "" without it.
std::string attributeOf(std::string_view tag, std::string_view name)
{
    for (std::size_t at = tag.find(name); at != tag.npos; at = tag.find(name, at + 1)) {
        std::size_t after = at + name.size();
        const bool isWhole = at > 0 && std::isspace(static_cast<unsigned char>(tag[at - 1]));
        while (after < tag.size() && std::isspace(static_cast<unsigned char>(tag[after])))
            ++after;
        if (!isWhole || after >= tag.size() || tag[after] != '=')
            continue;
        const std::size_t open = tag.find_first_of("\"'", after);
        const std::size_t close = open == tag.npos ? open : tag.find(tag[open], open + 1);
        if (close != tag.npos)
            return unescapedXml(
                tag.substr(open + 1, std::min<std::size_t>(close - open - 1, 8'192)));
    }
    return {};
}

} // namespace

std::vector<CamelRoute> routesOfFlows(const Json& flows)
{
    std::vector<CamelRoute> out;
    const auto one = [&](const Json& flow, const std::string& pointer) {
        CamelRoute route;
        const Json* inner = find(flow, "route");
        route.id = stringAt(inner ? *inner : flow, {"id"});
        if (const Json* rest = find(flow, "rest"))
            addRest(*rest, pointer + "/rest", route);
        FlowWalker(route).walk(flow, pointer, 0);
        // What stands before any route (an error handler) belongs to all: to a route of its own.
        if (!route.endpoints.empty())
            out.push_back(std::move(route));
    };
    if (!flows.is_array()) {
        one(flows, "");
        return out;
    }
    std::size_t index = 0;
    for (const Json& flow : flows.get_array())
        one(flow, "/" + std::to_string(index++));
    return out;
}

std::vector<CamelRoute> routesOfCode(std::string_view source)
{
    return CodeReader(source).read();
}

std::vector<CamelRoute> routesOfXml(std::string_view source)
{
    source = source.substr(0, kMaxSource);
    std::vector<CamelRoute> out;
    std::size_t count = 0;
    int line = 1;
    for (std::size_t at = 0; at < source.size(); ++at) {
        line += source[at] == '\n' ? 1 : 0;
        if (source[at] != '<')
            continue;
        if (source.substr(at).starts_with("<!--")) {
            const std::size_t end = std::min(source.find("-->", at), source.size());
            line += static_cast<int>(std::ranges::count(source.substr(at, end - at), '\n'));
            at = end - (end == source.size() ? 1 : 0);
            continue;
        }
        const std::size_t end = source.find('>', at);
        if (end == source.npos)
            break;
        const std::string_view tag = source.substr(at + 1, end - at - 1);
        std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
        if (const std::size_t prefix = name.find(':'); prefix != name.npos)
            name.remove_prefix(prefix + 1);
        const Verb* verb = verbOf(name);
        std::string uri = verb ? attributeOf(tag, "uri") : "";
        if (verb && uri.empty())
            uri = attributeOf(tag, "deadLetterUri");
        if (verb && !uri.empty() && ++count <= kMaxEndpoints) {
            if (verb->name == "from" || out.empty())
                out.emplace_back();
            out.back().endpoints.push_back(
                {verb->use, std::move(uri), std::string(name), line, "", true});
        }
        line += static_cast<int>(std::ranges::count(tag, '\n'));
        at = end;
    }
    return out;
}

} // namespace core

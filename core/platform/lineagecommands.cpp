// SPDX-License-Identifier: GPL-3.0-or-later
// Shell scripts of containers, read for the datasets that they make. Nothing is run.
#include "core/base/strings.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagevariables.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxCommands = 5'000;
constexpr std::size_t kMaxScript = 1u << 20;

/// Splits a script into words and ends of commands (";").
class ShellReader
{
public:
    explicit ShellReader(std::string_view text)
        : m_text(text.substr(0, kMaxScript))
    {
    }
    std::vector<ShellCommand> read();

private:
    void endWord();
    void endCommand();
    std::size_t quoted(std::size_t at, char quote);

    std::string_view m_text;
    std::vector<ShellCommand> m_out;
    ShellCommand m_command;
    std::string m_word;
    bool m_inWord = false;
    int m_line = 1;
};

void ShellReader::endWord()
{
    if (!m_inWord)
        return;
    if (m_command.words.empty())
        m_command.line = m_line;
    if (m_command.words.size() < 2'000)
        m_command.words.push_back(std::move(m_word));
    m_word.clear();
    m_inWord = false;
}

void ShellReader::endCommand()
{
    endWord();
    if (!m_command.words.empty() && m_out.size() < kMaxCommands)
        m_out.push_back(std::move(m_command));
    m_command = {};
}

/// From the character after the opening quote to the one after the closing quote.
std::size_t ShellReader::quoted(std::size_t at, char quote)
{
    m_inWord = true;
    for (; at < m_text.size() && m_text[at] != quote; ++at) {
        if (m_text[at] == '\n')
            ++m_line;
        if (m_text[at] == '\\' && quote == '"' && at + 1 < m_text.size())
            ++at;
        m_word += m_text[at];
    }
    return at;
}

std::vector<ShellCommand> ShellReader::read()
{
    for (std::size_t at = 0; at < m_text.size(); ++at) {
        const char c = m_text[at];
        if (c == '\\' && at + 1 < m_text.size()) {
            if (m_text[++at] == '\n') {
                ++m_line;
                endWord();
            } else {
                m_word += m_text[at];
                m_inWord = true;
            }
        } else if (c == '\'' || c == '"') {
            at = quoted(at + 1, c);
        } else if (c == '#' && !m_inWord) {
            while (at + 1 < m_text.size() && m_text[at + 1] != '\n')
                ++at;
        } else if (c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
            endCommand();
            m_line += c == '\n' ? 1 : 0;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            endWord();
        } else {
            m_word += c;
            m_inWord = true;
        }
    }
    endCommand();
    return std::move(m_out);
}

bool isAssignment(const std::string& word)
{
    const std::size_t equals = word.find('=');
    return equals != word.npos && equals > 0
        && std::ranges::all_of(word.substr(0, equals), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
           });
}

/// The value of an option, "--topic x" or "--topic=x"; "" without it.
std::string optionOf(const ShellCommand& command, const std::string& option)
{
    for (std::size_t i = 0; i < command.words.size(); ++i) {
        const std::string& word = command.words[i];
        if (word == option)
            return i + 1 < command.words.size() ? command.words[i + 1] : "";
        if (word.size() > option.size() && word.starts_with(option) && word[option.size()] == '=')
            return word.substr(option.size() + 1);
    }
    return {};
}

bool fits(const LineageCommandRule& rule, const ShellCommand& command)
{
    const std::string& path = command.words.front();
    const std::string program = path.substr(path.rfind('/') + 1);
    return std::ranges::any_of(rule.programs,
                               [&](const std::string& each) { return globMatches(each, program); })
        && std::ranges::all_of(rule.words, [&](const std::string& each) {
               return std::ranges::find(command.words, each) != command.words.end();
           });
}

/// What "last" names: rabbitmqadmin's name=x, mc's alias/bucket.
std::string lastName(const LineageCommandRule& rule, const ShellCommand& command)
{
    std::string word = command.words.back();
    if (rule.system == "s3")
        word = word.find('/') == word.npos ? "" : word.substr(word.find('/') + 1);
    return word;
}

void apply(const LineageCommandRule& rule, const ShellCommand& command, LineageWriter& out,
           const LineageProof& proof)
{
    std::string name = rule.name == "last" ? lastName(rule, command) : optionOf(command, rule.name);
    if (rule.name.empty()) { // all that the server holds, such as a dump
        const std::string host = optionOf(command, rule.host);
        const auto uri = endOfUri(host);
        if (!host.empty())
            out.reads(uri ? *uri
                          : LineageEnd {.type = LineageEnd::Type::Host,
                                        .system = rule.system,
                                        .host = host},
                      proof);
        return;
    }
    if (name.empty() || name.starts_with('-'))
        return;
    LineageEnd end {.type = LineageEnd::Type::Data,
                    .system = rule.system,
                    .host = rule.host.empty() ? "" : optionOf(command, rule.host),
                    .name = name};
    if (name.find('$') != name.npos)
        end = LineageWriter::unresolved(name, "the script decides the name when it runs");
    else if (rule.system == "s3")
        end.name = objectStorePath(name);
    else if (rule.system == "rabbitmq")
        end.name = "//queue/" + name;
    if (rule.relation && *rule.relation == LineageRelation::Reads) {
        out.reads(std::move(end), proof);
    } else if (rule.relation) {
        out.writes(std::move(end), proof);
    } else if (end.type == LineageEnd::Type::Data) {
        LineageNodeFact node {.end = std::move(end),
                              .type = LineageNodeType::Dataset,
                              .system = rule.system,
                              .place = proof.place};
        for (const auto& [key, option] : rule.attributes)
            if (std::string value = optionOf(command, option); !value.empty())
                node.attributes.emplace(key, std::move(value));
        out.add(std::move(node));
    } else {
        out.uses(std::move(end), proof);
    }
}

} // namespace

std::vector<ShellCommand> shellCommands(std::string_view script,
                                        std::map<std::string, std::string> variables)
{
    struct Loop
    {
        std::string name;
        std::vector<std::string> values;
    };
    std::vector<Loop> loops;
    std::vector<ShellCommand> out;
    for (ShellCommand& command : ShellReader(script).read()) {
        // PGPASSWORD=x pg_dump …
        while (command.words.size() > 1 && isAssignment(command.words.front()))
            command.words.erase(command.words.begin());
        while (!command.words.empty()
               && (command.words.front() == "do" || command.words.front() == "then"
                   || command.words.front() == "if" || command.words.front() == "else"
                   || command.words.front() == "until" || command.words.front() == "while"
                   || command.words.front() == "exec" || command.words.front() == "!"))
            command.words.erase(command.words.begin());
        if (command.words.empty())
            continue;
        if (command.words.front() == "for" && command.words.size() > 3
            && command.words[2] == "in") {
            Loop loop {command.words[1], {}};
            for (std::size_t i = 3; i < command.words.size() && i < 203; ++i) {
                const std::string values = withVariables(command.words[i], variables);
                for (const std::string_view word : split(values, ' '))
                    if (!word.empty())
                        loop.values.emplace_back(word);
            }
            loops.push_back(std::move(loop));
            continue;
        }
        if (command.words.front() == "done") {
            if (!loops.empty())
                loops.pop_back();
            continue;
        }
        if (isAssignment(command.words.front()) && command.words.size() == 1) {
            const std::string& word = command.words.front();
            variables[word.substr(0, word.find('='))] =
                withVariables(word.substr(word.find('=') + 1), variables);
            continue;
        }
        // Loops inside each other: only the innermost one is unrolled.
        const std::vector<std::string> once {""};
        for (const std::string& value : loops.empty() ? once : loops.back().values) {
            if (!loops.empty())
                variables[loops.back().name] = value;
            ShellCommand copy = command;
            for (std::string& word : copy.words)
                word = withVariables(word, variables);
            if (out.size() < kMaxCommands)
                out.push_back(std::move(copy));
        }
    }
    return out;
}

bool interpretCommands(LineageWriter& out, const std::vector<ShellCommand>& commands,
                       const LineageProof& proof)
{
    bool known = false;
    for (const ShellCommand& command : commands)
        for (const LineageCommandRule& rule : out.rules.commands)
            if (fits(rule, command)) {
                known = true;
                LineageProof own = proof;
                const std::string& path = command.words.front();
                own.detail += ": " + path.substr(path.rfind('/') + 1, 100);
                apply(rule, command, out, own);
                break;
            }
    return known;
}

void readTables(LineageWriter& out, const EmbeddedText& script, const std::string& system,
                const std::string& host)
{
    const std::string_view text = script.text.substr(0, kMaxScript);
    std::string keyspace;
    int line = 1;
    std::vector<std::string> words;
    const auto statement = [&] {
        std::vector<std::string> upper;
        for (const std::string& word : words) {
            upper.push_back(toLower(word));
            if (upper.size() >= 12)
                break;
        }
        std::size_t at = 1;
        const auto skip = [&](std::initializer_list<std::string_view> fill) {
            for (const std::string_view word : fill)
                if (at < upper.size() && upper[at] == word)
                    ++at;
        };
        if (upper.size() > 1 && upper[0] == "use") {
            keyspace = words[1];
        } else if (upper.size() > 2 && upper[0] == "create") {
            skip({"or", "replace", "materialized"});
            const std::string what = at < upper.size() ? upper[at++] : "";
            skip({"if", "not", "exists"});
            if ((what == "table" || what == "view") && at < words.size()) {
                std::string name = words[at];
                if (name.find('.') == name.npos && !keyspace.empty())
                    name = keyspace + "." + name;
                out.add(LineageNodeFact {.end = {.type = LineageEnd::Type::Data,
                                                 .system = system,
                                                 .host = host,
                                                 .name = std::move(name)},
                                         .type = LineageNodeType::Dataset,
                                         .system = system,
                                         .place = script.line(line)});
            }
        }
        words.clear();
    };
    std::string word;
    const auto endWord = [&] {
        if (!word.empty() && words.size() < 12)
            words.push_back(word);
        word.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '-' && text.substr(at).starts_with("--")) {
            while (at + 1 < text.size() && text[at + 1] != '\n')
                ++at;
        } else if (c == ';') {
            endWord();
            statement();
        } else if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.') {
            if (word.size() < 256)
                word += c;
        } else {
            endWord();
        }
        line += c == '\n' ? 1 : 0;
    }
    endWord();
    statement();
}

} // namespace core

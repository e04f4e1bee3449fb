// SPDX-License-Identifier: GPL-3.0-or-later
// What names and values of variables tell: addresses, datasets, and which way data goes.
#include "core/platform/lineagevariables.h"

#include "core/base/strings.h"
#include "core/platform/lineageuri.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <unordered_map>
#include <utility>

namespace core {

namespace {

using Meaning = LineageVariableRule::Meaning;

/// Where a program listens, or itself: nobody else.
bool isLocal(std::string_view host)
{
    const std::string_view name = withoutPort(host);
    return name.empty() || name == "localhost" || name == "0.0.0.0" || name.starts_with("127.")
        || name == "[::]" || name == "[::1]";
}

const LineageVariableRule* ruleFor(const LineageRules& rules, const std::string& name)
{
    for (const LineageVariableRule& rule : rules.variables)
        if (std::ranges::any_of(
                rule.names, [&](const std::string& pattern) { return globMatches(pattern, name); }))
            return &rule;
    return nullptr;
}

bool hasWord(std::string_view name, const std::vector<std::string>& patterns)
{
    std::string upper;
    for (const char c : name)
        upper += c == '-' || c == '.'
            ? '_'
            : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const std::string_view word : split(upper, '_'))
        if (std::ranges::any_of(patterns,
                                [&](const std::string& each) { return globMatches(each, word); }))
            return true;
    return false;
}

/// What one container tells of one system.
struct Known
{
    std::string address;
    std::string port;
    std::string container;
    std::optional<LineageProof> addressProof;
    std::optional<LineageRelation> relation;
    bool hasData = false;
};

struct NamedData
{
    std::string system;
    std::string form;
    std::string name;
    std::optional<LineageRelation> relation;
    LineageProof proof;
};

class Interpreter
{
public:
    Interpreter(LineageWriter& out, const std::vector<LineageVariable>& variables,
                const std::string& workloadName)
        : m_out(out)
        , m_variables(variables)
        , m_workload(workloadName)
    {
    }
    void run();

private:
    void take(const LineageVariable& variable);
    void takeUri(const LineageVariable& variable, const LineageEnd& end,
                 const LineageVariableRule* rule);
    void takeAddress(const LineageVariable& variable, const LineageVariableRule& rule);
    std::optional<LineageRelation> direction(const std::string& name) const;
    void flow(LineageEnd end, std::optional<LineageRelation> relation, const LineageProof& proof);
    bool isOwn(const std::string& system) const { return system == m_out.facts.system; }
    void emitData();
    void emitAddresses();

    LineageWriter& m_out;
    const std::vector<LineageVariable>& m_variables;
    const std::string& m_workload;
    std::map<std::string, Known> m_known;
    std::vector<NamedData> m_data;
    bool m_isConsumer = false; ///< a consumer group is named
};

std::optional<LineageRelation> Interpreter::direction(const std::string& name) const
{
    const LineageDirections& words = m_out.rules.directions;
    const bool writes = hasWord(name, words.writes);
    const bool reads = hasWord(name, words.reads);
    if (writes != reads)
        return writes ? LineageRelation::Writes : LineageRelation::Reads;
    return std::nullopt;
}

void Interpreter::flow(LineageEnd end, std::optional<LineageRelation> relation,
                       const LineageProof& proof)
{
    const LineageRelation is = relation.value_or(LineageRelation::Uses);
    if (is == LineageRelation::Reads || is == LineageRelation::Queries)
        m_out.add(LineageFlow {std::move(end), {}, is, false, proof});
    else
        m_out.add(LineageFlow {{}, std::move(end), is, is == LineageRelation::Uses, proof});
}

void Interpreter::takeUri(const LineageVariable& variable, const LineageEnd& end,
                          const LineageVariableRule* rule)
{
    if (isOwn(end.system) || (end.system != "s3" && isLocal(end.host)))
        return;
    if (end.type == LineageEnd::Type::Data && end.host.empty()) {
        m_data.push_back({end.system, "", end.name, direction(variable.name), variable.proof});
        return;
    }
    if (end.system == "http") {
        LineageEnd to = end;
        if (rule && rule->meaning == Meaning::Address && !rule->system.empty())
            to.system = rule->system;
        if (isOwn(to.system))
            return;
        if (to.system != "http") {
            Known& known = m_known[to.system];
            known.address = to.host;
            known.addressProof = variable.proof;
            known.relation = rule->relation;
        } else if (rule) {
            flow(std::move(to), rule->relation.value_or(LineageRelation::Calls), variable.proof);
        }
        return;
    }
    if (end.type == LineageEnd::Type::Data) {
        m_known[end.system].hasData = true;
        flow(end, direction(variable.name), variable.proof);
        return;
    }
    Known& known = m_known[end.system];
    known.address = end.host;
    known.addressProof = variable.proof;
}

void Interpreter::takeAddress(const LineageVariable& variable, const LineageVariableRule& rule)
{
    const std::string_view value = trimmed(variable.value);
    if (value.empty() || value.size() > 1000 || value.find_first_of(" \t\n{}\"'") != value.npos
        || value.starts_with('/') || value == "true" || value == "false" || isLocal(value))
        return;
    // A plain word without port is a host only where a rule knows the system.
    if (rule.system == "http" && !portOf(value) && value.find(".svc") == value.npos)
        return;
    if (rule.system == "http") {
        flow({.type = LineageEnd::Type::Host, .system = "http", .host = std::string(value)},
             rule.relation.value_or(LineageRelation::Calls), variable.proof);
        return;
    }
    Known& known = m_known[rule.system];
    known.address = value;
    known.addressProof = variable.proof;
    known.relation = rule.relation;
}

void Interpreter::take(const LineageVariable& variable)
{
    const std::string name = variableName(variable.name);
    const LineageVariableRule* rule = ruleFor(m_out.rules, name);
    if (name.find("GROUP_ID") != name.npos || name.find("CONSUMER_GROUP") != name.npos)
        m_isConsumer = true;
    if (rule && (rule->meaning == Meaning::Ignored || isOwn(rule->system)))
        return;
    if (!variable.secret.empty()) {
        if (rule && rule->meaning == Meaning::Address) {
            const std::string why =
                "its value stands in " + variable.secret + ", which is not read";
            m_out.uses(LineageWriter::unresolved(variable.name, why), variable.proof);
        }
        return;
    }
    if (variable.value.size() > 64 * 1024)
        return;
    if (const auto end = endOfUri(variable.value)) {
        takeUri(variable, *end, rule);
        return;
    }
    if (!rule)
        return;
    switch (rule->meaning) {
    case Meaning::Address:
        takeAddress(variable, *rule);
        break;
    case Meaning::Port:
        m_known[rule->system].port = trimmed(variable.value);
        break;
    case Meaning::Container:
        if (variable.value.find("$(") != variable.value.npos)
            break; // of a Secret: which one is not told
        m_known[rule->system].container = trimmed(variable.value);
        if (!m_known[rule->system].addressProof)
            m_known[rule->system].addressProof = variable.proof;
        break;
    case Meaning::Data:
        for (const std::string_view part : split(variable.value, ','))
            if (!trimmed(part).empty() && trimmed(part).size() <= 1024)
                m_data.push_back({rule->system, rule->form, std::string(trimmed(part)),
                                  rule->relation ? rule->relation : direction(name),
                                  variable.proof});
        break;
    case Meaning::Ignored:
        break;
    }
}

void Interpreter::emitData()
{
    for (NamedData& data : m_data) {
        Known& known = m_known[data.system];
        known.hasData = true;
        LineageEnd end {.type = LineageEnd::Type::Data,
                        .system = data.system,
                        .host = known.address,
                        .name = data.name};
        if (portOf(end.host) == 0 && !end.host.empty() && !known.port.empty())
            end.host += ":" + known.port;
        if (data.system == "rabbitmq")
            end.name = (known.container.empty() ? "/" : known.container) + "/"
                + (data.form.empty() ? "queue" : data.form) + "/" + data.name;
        else if (data.system == "s3")
            end.name = objectStorePath(data.name);
        else if (!known.container.empty() && data.name.find('.') == data.name.npos)
            end.name = known.container + "." + data.name;
        auto relation = data.relation;
        if (!relation && m_isConsumer && data.system == "kafka")
            relation = LineageRelation::Reads;
        if (!relation)
            relation = direction(m_workload);
        flow(std::move(end), relation, data.proof);
    }
}

void Interpreter::emitAddresses()
{
    for (const auto& [system, known] : m_known) {
        if (known.hasData || !known.addressProof
            || (known.address.empty() && known.container.empty()))
            continue;
        std::string host = known.address;
        if (!host.empty() && portOf(host) == 0 && portOf(":" + known.port))
            host += ":" + known.port;
        LineageEnd end {.type = LineageEnd::Type::Host, .system = system, .host = host};
        if (!known.container.empty() && system != "rabbitmq" && system != "redis") {
            end.type = LineageEnd::Type::Data;
            end.name = known.container;
        }
        flow(std::move(end), known.relation, *known.addressProof);
    }
}

void Interpreter::run()
{
    for (const LineageVariable& variable : m_variables)
        take(variable);
    emitData();
    emitAddresses();
}

} // namespace

std::string variableName(std::string_view text)
{
    while (text.starts_with('-'))
        text.remove_prefix(1);
    std::string out;
    for (const char c : text.substr(0, 256)) {
        const auto byte = static_cast<unsigned char>(c);
        out += std::isalnum(byte) ? static_cast<char>(std::toupper(byte)) : '_';
    }
    return out;
}

std::string withVariables(std::string_view text, const std::map<std::string, std::string>& values)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t dollar = text.find('$');
        out += text.substr(0, dollar);
        if (dollar == text.npos || out.size() > (1u << 20))
            break;
        text.remove_prefix(dollar);
        const char open = text.size() > 1 ? text[1] : '\0';
        std::size_t end = 1;
        std::string_view name;
        if (open == '(' || open == '{') {
            end = text.find(open == '(' ? ')' : '}');
            if (end != text.npos)
                name = text.substr(2, end++ - 2);
        } else {
            while (end < text.size()
                   && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
                ++end;
            name = text.substr(1, end - 1);
        }
        if (end == text.npos)
            end = 1;
        const std::size_t fallback = name.find(":-");
        const auto found = values.find(std::string(name.substr(0, fallback)));
        if (found != values.end())
            out += found->second;
        else if (fallback != name.npos)
            out += name.substr(fallback + 2);
        else
            out += text.substr(0, end);
        text.remove_prefix(end);
    }
    return out;
}

void interpretVariables(LineageWriter& out, const std::vector<LineageVariable>& variables,
                        const std::string& workloadName)
{
    Interpreter(out, variables, workloadName).run();
}

} // namespace core

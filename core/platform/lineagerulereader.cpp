// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/embedded.h"
#include "core/base/strings.h"
#include "core/platform/lineagerules.h"
#include "core/platform/lineagetemplate.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::size_t kMaxRules = 2'000;

/// Reads one file; stops counting at the first mistake.
class RuleFile
{
public:
    RuleFile(std::string file, LineageRules& out)
        : m_file(std::move(file))
        , m_out(out)
    {
    }
    void read(const YamlNode& root);
    std::optional<Error> error;

private:
    void fail(const YamlNode& node, std::string message);
    bool checkKeys(const YamlNode& node, std::initializer_list<std::string_view> allowed);
    std::string text(const YamlNode& node, std::string_view key);
    std::string pattern(const YamlNode& node, std::string_view key);
    std::vector<std::string> words(const YamlNode& node, std::string_view key);
    std::map<std::string, std::string> texts(const YamlNode& node, std::string_view key);
    bool flag(const YamlNode& node, std::string_view key);
    int number(const YamlNode& node, std::string_view key);
    template<class Enum>
    std::optional<Enum> word(const YamlNode& node, std::string_view key, int count);
    template<class T>
    std::vector<T> all(const YamlNode& node, std::string_view key,
                       T (RuleFile::*one)(const YamlNode&));

    LineageWhen when(const YamlNode& node);
    LineageEndRule end(const YamlNode& node);
    LineageEndRule endAt(const YamlNode& node, std::string_view key);
    LineageFlowRule flow(const YamlNode& node);
    LineageNodeRule nodeRule(const YamlNode& node);
    LineageMirrorRule mirror(const YamlNode& node);
    LineageObjectRule object(const YamlNode& node);
    LineageProductRule product(const YamlNode& node);
    LineageVariableRule variable(const YamlNode& node);
    LineageCommandRule command(const YamlNode& node);
    LineageComponentRule component(const YamlNode& node);
    LineageConnectorRule connector(const YamlNode& node);
    LineageOperatorRule operatorRule(const YamlNode& node);
    LineageLayerRule layer(const YamlNode& node);

    std::string m_file;
    LineageRules& m_out;
    std::size_t m_rules = 0;
};

void RuleFile::fail(const YamlNode& node, std::string message)
{
    if (!error)
        error = Error {.code = ErrorCode::Invalid,
                       .message = std::move(message),
                       .place = {.file = m_file, .line = node.line}};
}

bool RuleFile::checkKeys(const YamlNode& node, std::initializer_list<std::string_view> allowed)
{
    if (!node.isMapping()) {
        fail(node, "a map was expected");
        return false;
    }
    for (std::size_t i = 0; i < node.size(); ++i)
        if (std::ranges::find(allowed, node.key(i)->text) == allowed.end())
            fail(*node.key(i), "unknown key \"" + std::string(node.key(i)->text) + "\"");
    return !error;
}

std::string RuleFile::text(const YamlNode& node, std::string_view key)
{
    const YamlNode* value = node.find(key);
    if (!value)
        return {};
    if (!value->isScalar())
        fail(*value, "a text was expected");
    return std::string(value->isScalar() ? value->text : "");
}

std::string RuleFile::pattern(const YamlNode& node, std::string_view key)
{
    std::string out = text(node, key);
    if (const std::string wrong = checkTemplate(out); !wrong.empty())
        fail(*node.find(key), wrong);
    return out;
}

std::vector<std::string> RuleFile::words(const YamlNode& node, std::string_view key)
{
    const YamlNode* value = node.find(key);
    if (!value)
        return {};
    if (value->isScalar())
        return {std::string(value->text)};
    std::vector<std::string> out;
    if (!value->isSequence())
        fail(*value, "a word or a list of words was expected");
    else
        for (std::size_t i = 0; i < value->size(); ++i) {
            if (!value->item(i)->isScalar())
                fail(*value->item(i), "a word was expected");
            out.emplace_back(value->item(i)->text);
        }
    return out;
}

std::map<std::string, std::string> RuleFile::texts(const YamlNode& node, std::string_view key)
{
    std::map<std::string, std::string> out;
    const YamlNode* value = node.find(key);
    if (value && !value->isMapping())
        fail(*value, "a map was expected");
    else if (value)
        for (std::size_t i = 0; i < value->size(); ++i)
            out.emplace(value->key(i)->text, pattern(*value, value->key(i)->text));
    return out;
}

bool RuleFile::flag(const YamlNode& node, std::string_view key)
{
    const std::string word = text(node, key);
    if (!word.empty() && word != "true" && word != "false")
        fail(*node.find(key), "\"" + word + "\" is neither true nor false");
    return word == "true";
}

int RuleFile::number(const YamlNode& node, std::string_view key)
{
    const std::string word = text(node, key);
    int out = 0;
    if (word.empty())
        return 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), out);
    if (code != std::errc() || end != word.data() + word.size())
        fail(*node.find(key), "\"" + word + "\" is no number");
    return out;
}

/// The enumerator whose toString is the text at the key.
template<class Enum>
std::optional<Enum> RuleFile::word(const YamlNode& node, std::string_view key, int count)
{
    const std::string given = text(node, key);
    if (given.empty())
        return std::nullopt;
    for (int i = 0; i < count; ++i)
        if (toString(static_cast<Enum>(i)) == given)
            return static_cast<Enum>(i);
    fail(*node.find(key), "\"" + given + "\" is no " + std::string(key));
    return std::nullopt;
}

template<class T>
std::vector<T> RuleFile::all(const YamlNode& node, std::string_view key,
                             T (RuleFile::*one)(const YamlNode&))
{
    std::vector<T> out;
    const YamlNode* value = node.find(key);
    if (!value)
        return out;
    if (value->isMapping()) {
        out.push_back((this->*one)(*value));
    } else if (value->isSequence()) {
        for (std::size_t i = 0; i < value->size() && !error; ++i) {
            if (++m_rules > kMaxRules && !error)
                error = Error {.code = ErrorCode::LimitExceeded,
                               .message = "there are more than 2000 rules",
                               .place = {.file = m_file, .line = value->item(i)->line}};
            out.push_back((this->*one)(*value->item(i)));
        }
    } else {
        fail(*value, "a list was expected");
    }
    return out;
}

LineageWhen RuleFile::when(const YamlNode& node)
{
    if (!checkKeys(node, {"at", "is", "absent"}))
        return {};
    LineageWhen out {text(node, "at"), words(node, "is"), flag(node, "absent")};
    if (!out.at.starts_with('/') && !out.at.starts_with("./"))
        fail(node, "when needs at: a pointer");
    return out;
}

LineageEndRule RuleFile::end(const YamlNode& node)
{
    LineageEndRule out;
    if (!checkKeys(
            node,
            {"self", "reference", "kind", "address", "system", "host", "name", "pattern", "list"}))
        return out;
    out.system = text(node, "system");
    out.kind = text(node, "kind");
    out.reference = text(node, "reference");
    out.host = pattern(node, node.find("address") ? "address" : "host");
    out.name = pattern(node, "name");
    out.pattern = flag(node, "pattern");
    out.list = flag(node, "list");
    const int said = (node.find("self") ? 1 : 0) + (node.find("reference") ? 1 : 0)
        + (node.find("address") ? 1 : 0) + (node.find("name") ? 1 : 0);
    if (said != 1)
        fail(node, "an end needs one of self, reference, address and name");
    if (node.find("reference"))
        out.type = LineageEndRule::Type::Reference;
    else if (node.find("address"))
        out.type = LineageEndRule::Type::Address;
    else if (node.find("name"))
        out.type = LineageEndRule::Type::Data;
    if (out.type == LineageEndRule::Type::Data && out.system.empty())
        fail(node, "a dataset needs its system");
    return out;
}

LineageEndRule RuleFile::endAt(const YamlNode& node, std::string_view key)
{
    const YamlNode* value = node.find(key);
    return value ? end(*value) : LineageEndRule {};
}

LineageFlowRule RuleFile::flow(const YamlNode& node)
{
    LineageFlowRule out;
    if (!checkKeys(node, {"each", "when", "from", "to", "is", "evidence", "bothWays", "detail"}))
        return out;
    out.each = text(node, "each");
    out.when = all(node, "when", &RuleFile::when);
    out.from = endAt(node, "from");
    out.to = endAt(node, "to");
    const auto relation = word<LineageRelation>(node, "is", 12);
    if (!relation)
        fail(node, "a flow needs is: reads, writes, …");
    out.relation = relation.value_or(LineageRelation::Uses);
    out.evidence = word<LineageEvidence>(node, "evidence", 4).value_or(LineageEvidence::Declared);
    out.bothWays = flag(node, "bothWays");
    out.detail = pattern(node, "detail");
    if (!node.find("from") && !node.find("to"))
        fail(node, "a flow needs from or to");
    return out;
}

LineageNodeRule RuleFile::nodeRule(const YamlNode& node)
{
    LineageNodeRule out;
    if (!checkKeys(node,
                   {"each", "when", "type", "system", "host", "name", "attributes", "internal"}))
        return out;
    out.each = text(node, "each");
    out.when = all(node, "when", &RuleFile::when);
    const auto type = word<LineageNodeType>(node, "type", 6);
    if (!type)
        fail(node, "a node needs its type");
    out.type = type.value_or(LineageNodeType::Service);
    out.system = text(node, "system");
    out.host = pattern(node, "host");
    out.name = pattern(node, "name");
    out.attributes = texts(node, "attributes");
    out.internal = flag(node, "internal");
    return out;
}

LineageMirrorRule RuleFile::mirror(const YamlNode& node)
{
    LineageMirrorRule out;
    if (!checkKeys(node, {"each", "from", "to", "pattern", "exclude", "prefix", "keepsNames"}))
        return out;
    out.each = text(node, "each");
    out.from = pattern(node, "from");
    out.to = pattern(node, "to");
    out.pattern = pattern(node, "pattern");
    out.exclude = pattern(node, "exclude");
    out.prefix = pattern(node, "prefix");
    out.keepsNames = all(node, "keepsNames", &RuleFile::when);
    return out;
}

LineageObjectRule RuleFile::object(const YamlNode& node)
{
    LineageObjectRule out;
    if (!checkKeys(node, {"kinds", "node", "nodes", "hosts", "alias", "flows", "mirrors", "read"}))
        return out;
    out.line = node.line;
    out.kinds = words(node, "kinds");
    if (out.kinds.empty())
        fail(node, "a rule needs kinds");
    out.nodes = all(node, node.find("nodes") ? "nodes" : "node", &RuleFile::nodeRule);
    out.hosts = words(node, "hosts");
    for (const std::string& host : out.hosts)
        if (const std::string wrong = checkTemplate(host); !wrong.empty())
            fail(node, wrong);
    out.alias = pattern(node, "alias");
    out.flows = all(node, "flows", &RuleFile::flow);
    out.mirrors = all(node, "mirrors", &RuleFile::mirror);
    out.readers = words(node, "read");
    return out;
}

LineageProductRule RuleFile::product(const YamlNode& node)
{
    if (!checkKeys(node, {"images", "system", "type", "port"}))
        return {};
    return {words(node, "images"), text(node, "system"),
            word<LineageNodeType>(node, "type", 6).value_or(LineageNodeType::Store),
            number(node, "port")};
}

LineageVariableRule RuleFile::variable(const YamlNode& node)
{
    using Meaning = LineageVariableRule::Meaning;
    constexpr std::array<std::pair<std::string_view, Meaning>, 5> kWords {
        {{"ignored", Meaning::Ignored},
         {"address", Meaning::Address},
         {"port", Meaning::Port},
         {"data", Meaning::Data},
         {"container", Meaning::Container}}};
    LineageVariableRule out;
    if (!checkKeys(node, {"names", "is", "system", "form", "relation"}))
        return out;
    out.names = words(node, "names");
    const std::string meaning = text(node, "is");
    const auto* found = std::ranges::find(kWords, std::string_view(meaning),
                                          &std::pair<std::string_view, Meaning>::first);
    if (found == kWords.end())
        fail(node, "\"" + meaning + "\" is no meaning of a variable");
    else
        out.meaning = found->second;
    out.system = text(node, "system");
    out.form = text(node, "form");
    out.relation = word<LineageRelation>(node, "relation", 12);
    return out;
}

LineageCommandRule RuleFile::command(const YamlNode& node)
{
    if (!checkKeys(node, {"programs", "words", "system", "host", "name", "attributes", "relation"}))
        return {};
    return {words(node, "programs"),
            words(node, "words"),
            text(node, "system"),
            text(node, "host"),
            text(node, "name"),
            texts(node, "attributes"),
            word<LineageRelation>(node, "relation", 12)};
}

LineageComponentRule RuleFile::component(const YamlNode& node)
{
    if (!checkKeys(node, {"schemes", "system", "form", "name", "host"}))
        return {};
    return {words(node, "schemes"), text(node, "system"), text(node, "form"), words(node, "name"),
            words(node, "host")};
}

LineageConnectorRule RuleFile::connector(const YamlNode& node)
{
    if (!checkKeys(node, {"classes", "source", "system", "host", "name"}))
        return {};
    return {words(node, "classes"), flag(node, "source"), text(node, "system"),
            pattern(node, "host"), pattern(node, "name")};
}

LineageOperatorRule RuleFile::operatorRule(const YamlNode& node)
{
    if (!checkKeys(node, {"names", "form", "bucket", "key", "relation", "kind"}))
        return {};
    return {words(node, "names"),
            text(node, "form"),
            words(node, "bucket"),
            words(node, "key"),
            word<LineageRelation>(node, "relation", 12),
            text(node, "kind")};
}

LineageLayerRule RuleFile::layer(const YamlNode& node)
{
    if (!checkKeys(node, {"layer", "words", "types", "systems", "kinds", "needs"}))
        return {};
    return {text(node, "layer"),    words(node, "words"), words(node, "types"),
            words(node, "systems"), words(node, "kinds"), words(node, "needs")};
}

void RuleFile::read(const YamlNode& root)
{
    if (!checkKeys(root,
                   {"objects", "products", "variables", "directions", "commands", "components",
                    "connectors", "operators", "layers"}))
        return;
    const auto append = [](auto& to, auto from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()),
                  std::make_move_iterator(from.end()));
    };
    append(m_out.objects, all(root, "objects", &RuleFile::object));
    append(m_out.products, all(root, "products", &RuleFile::product));
    append(m_out.variables, all(root, "variables", &RuleFile::variable));
    append(m_out.commands, all(root, "commands", &RuleFile::command));
    append(m_out.components, all(root, "components", &RuleFile::component));
    append(m_out.connectors, all(root, "connectors", &RuleFile::connector));
    append(m_out.operators, all(root, "operators", &RuleFile::operatorRule));
    append(m_out.layers, all(root, "layers", &RuleFile::layer));
    if (const YamlNode* directions = root.find("directions");
        directions && checkKeys(*directions, {"reads", "writes"})) {
        append(m_out.directions.reads, words(*directions, "reads"));
        append(m_out.directions.writes, words(*directions, "writes"));
    }
}

} // namespace

Result<void> readLineageRules(std::string_view text, const std::string& file, LineageRules& out)
{
    if (text.size() > kMaxBytes)
        return failure(ErrorCode::LimitExceeded, "a file of rules may have 1 MiB", {.file = file});
    YamlTree tree;
    const auto documents = readYaml(tree, text, file, {.schema = YamlSchema::Yaml11});
    if (!documents)
        return std::unexpected(documents.error());
    LineageRules read = out;
    RuleFile reader(file, read);
    for (const YamlNode* document : *documents)
        reader.read(*document);
    if (reader.error)
        return std::unexpected(*reader.error);
    out = std::move(read);
    return {};
}

const LineageRules& lineageRules()
{
    static const LineageRules rules = [] {
        LineageRules out;
        for (const std::string_view name : embeddedNames("resources/lineage/"))
            (void)readLineageRules(embedded(name), std::string(name), out);
        return out;
    }();
    return rules;
}

const LineageObjectRule* LineageRules::ruleOf(const GroupKind& kind) const
{
    const std::string name = kind.group.empty() ? kind.kind : kind.group + "/" + kind.kind;
    for (const LineageObjectRule& rule : objects)
        if (std::ranges::find(rule.kinds, name) != rule.kinds.end())
            return &rule;
    for (const LineageObjectRule& rule : objects)
        if (std::ranges::any_of(rule.kinds, [&](const std::string& pattern) {
                return pattern.find('*') != std::string::npos && globMatches(pattern, name);
            }))
            return &rule;
    return nullptr;
}

} // namespace core

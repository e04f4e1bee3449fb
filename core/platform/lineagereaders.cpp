// SPDX-License-Identifier: GPL-3.0-or-later
// Objects that need more than a table: connectors, Kafka's users, monitors, gateways, ConfigMaps.
#include "core/base/strings.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagevariables.h"
#include "core/platform/lineagewriter.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

std::string first(const std::string& pattern, const Json& object)
{
    const auto found = expandTemplate(pattern, object);
    return pattern.empty() || found.empty() ? std::string() : found.front().text;
}

/// A LabelSelector in kubectl's grammar.
std::string selectorText(const Json* selector)
{
    std::vector<std::string> parts;
    if (!selector)
        return {};
    for (const FoundValue& label : valuesAt(*selector, "/matchLabels/*")) {
        std::string key = label.pointer.substr(label.pointer.rfind('/') + 1);
        for (std::size_t at = key.find("~1"); at != key.npos; at = key.find("~1"))
            key.replace(at, 2, "/");
        parts.push_back(key + "=" + label.text());
    }
    for (const FoundValue& each : valuesAt(*selector, "/matchExpressions/*")) {
        const std::string key(stringAt(*each.value, {"key"}));
        const std::string_view op = stringAt(*each.value, {"operator"});
        std::vector<std::string> values;
        for (const FoundValue& value : valuesAt(*each.value, "/values/*"))
            values.push_back(value.text());
        if (op == "Exists")
            parts.push_back(key);
        else if (op == "DoesNotExist")
            parts.push_back("!" + key);
        else
            parts.push_back(key + (op == "NotIn" ? " notin (" : " in (") + join(values, ",") + ")");
    }
    return join(parts, ",");
}

void connectorTopics(LineageWriter& out, const std::string& host, bool source)
{
    const auto topic = [&](const std::string& pointer, bool writes, bool pattern,
                           LineageEvidence evidence) {
        for (const FoundValue& found : valuesAt(out.object, pointer)) {
            const LineageProof proof {evidence, found.pointer.substr(1), out.place(found.pointer)};
            const std::string text = found.text();
            for (const std::string_view name :
                 pattern ? std::vector<std::string_view> {text} : split(text, ',')) {
                LineageEnd end {.type =
                                    pattern ? LineageEnd::Type::Pattern : LineageEnd::Type::Data,
                                .system = "kafka",
                                .host = host,
                                .name = std::string(trimmed(name))};
                if (end.name.empty())
                    continue;
                if (writes)
                    out.writes(std::move(end), proof);
                else
                    out.reads(std::move(end), proof);
            }
        }
    };
    using enum LineageEvidence;
    if (source) {
        topic("/spec/config/topic", true, false, Declared);
        topic("/spec/config/kafka.topic", true, false, Declared);
        for (const char* prefix :
             {"/spec/config/topic.prefix", "/spec/config/database.server.name"})
            for (const FoundValue& found : valuesAt(out.object, prefix)) {
                LineageEnd end {.type = LineageEnd::Type::Pattern, .system = "kafka", .host = host};
                for (const char c : found.text())
                    end.name += std::string(std::string_view("\\.+*?()|[]{}^$").find(c)
                                                    != std::string_view::npos
                                                ? "\\"
                                                : "")
                        + c;
                end.name += ".*";
                out.writes(std::move(end),
                           {Inferred, found.pointer.substr(1), out.place(found.pointer)});
            }
    } else {
        topic("/spec/config/topics", false, false, Declared);
        topic("/spec/config/topics.regex", false, true, Declared);
        topic("/spec/config/errors.deadletterqueue.topic.name", true, false, Declared);
    }
    topic("/status/topics/*", source, false, Observed);
}

} // namespace

void readConnector(LineageWriter& out)
{
    const std::string connect(stringAt(out.object, {"metadata", "labels", "strimzi.io/cluster"}));
    const std::string host =
        "object:kafka.strimzi.io/KafkaConnect/" + out.namespaceName() + "/" + connect;
    const std::string type(stringAt(out.object, {"spec", "class"}));
    const LineageConnectorRule* rule = nullptr;
    for (const LineageConnectorRule& each : out.rules.connectors)
        if (!rule && std::ranges::any_of(each.classes, [&](const std::string& pattern) {
                return globMatches(pattern, type);
            }))
            rule = &each;
    const bool source = rule ? rule->source
                             : valuesAt(out.object, "/spec/config/topics").empty()
            && valuesAt(out.object, "/spec/config/topics.regex").empty();
    connectorTopics(out, host, source);
    if (!rule || rule->system.empty())
        return;
    const std::string address = first(rule->host, out.object);
    std::string name = first(rule->name, out.object);
    LineageEnd end {.type = name.empty() ? LineageEnd::Type::Host : LineageEnd::Type::Data,
                    .system = rule->system,
                    .host = address,
                    .name = std::move(name)};
    if (const auto uri = endOfUri(address))
        end = *uri;
    else if (end.system == "s3")
        end.name = objectStorePath(end.name);
    else if (end.system == "uri" || (address.empty() && end.name.empty()))
        end = LineageWriter::unresolved(type, "its configuration does not name the other end");
    const LineageProof proof {LineageEvidence::Declared, "class " + type,
                              out.place("/spec/config")};
    if (source)
        out.reads(std::move(end), proof);
    else
        out.writes(std::move(end), proof);
}

void readKafkaUser(LineageWriter& out)
{
    const std::string host = "object:kafka.strimzi.io/Kafka/" + out.namespaceName() + "/"
        + std::string(stringAt(out.object, {"metadata", "labels", "strimzi.io/cluster"}));
    // Strimzi puts the credentials into a Secret of the user's name: who has it is the user.
    out.facts.principalSecret = out.manifest.key().name;
    for (const FoundValue& acl : valuesAt(out.object, "/spec/authorization/acls/*")) {
        if (stringAt(*acl.value, {"type"}) == "deny"
            || stringAt(*acl.value, {"resource", "type"}) != "topic")
            continue;
        const std::string name(stringAt(*acl.value, {"resource", "name"}));
        const bool prefix = stringAt(*acl.value, {"resource", "patternType"}) == "prefix";
        LineageEnd end {
            .type = LineageEnd::Type::Data, .system = "kafka", .host = host, .name = name};
        if (prefix || name == "*") {
            end.type = LineageEnd::Type::Pattern;
            end.name.clear();
            for (const char c : name == "*" ? std::string() : name)
                end.name += c == '.' ? std::string("\\.") : std::string(1, c);
            end.name += ".*";
        }
        std::vector<std::string> operations;
        for (const FoundValue& each : valuesAt(*acl.value, "/operations/*"))
            operations.push_back(each.text());
        operations.emplace_back(stringAt(*acl.value, {"operation"}));
        const auto has = [&](std::string_view operation) {
            return std::ranges::find(operations, operation) != operations.end()
                || std::ranges::find(operations, "All") != operations.end();
        };
        const LineageProof proof {LineageEvidence::Permitted,
                                  "ACL of KafkaUser " + out.manifest.key().name,
                                  out.place(acl.pointer)};
        if (has("Write"))
            out.writes(end, proof);
        if (has("Read"))
            out.reads(end, proof);
    }
}

void readMonitor(LineageWriter& out)
{
    const bool pods = out.manifest.key().kind == "PodMonitor";
    LineageEnd target {.type = LineageEnd::Type::Selector,
                       .system = pods ? "pod" : "service",
                       .host = out.namespaceName(),
                       .name = selectorText(findPath(out.object, {"spec", "selector"}))};
    if (boolAt(out.object, {"spec", "namespaceSelector", "any"})) {
        target.host.clear();
    } else if (const auto names = valuesAt(out.object, "/spec/namespaceSelector/matchNames/*");
               !names.empty()) {
        std::vector<std::string> all;
        for (const FoundValue& name : names)
            all.push_back(name.text());
        target.host = join(all, ",");
    }
    out.add(LineageFlow {std::move(target),
                         {.type = LineageEnd::Type::Host, .system = "prometheus"},
                         LineageRelation::Scrapes,
                         false,
                         {LineageEvidence::Declared,
                          out.manifest.key().kind + " " + out.manifest.key().name,
                          out.place("/spec/selector")}});
}

void readIstioGateway(LineageWriter& out)
{
    std::vector<std::string> labels;
    const Json* selector = findPath(out.object, {"spec", "selector"});
    if (!selector || !selector->is_object())
        return;
    for (const auto& member : selector->get_object())
        if (member.value().is_string())
            labels.push_back(std::string(member.key()) + "="
                             + std::string(member.value().get_string()));
    if (!labels.empty())
        out.add(LineageFlow {
            {.type = LineageEnd::Type::Selector,
             .system = "pod",
             .host = "",
             .name = join(labels, ",")},
            {},
            LineageRelation::Routes,
            false,
            {LineageEvidence::Declared, "spec.selector", out.place("/spec/selector")}});
}

/// Listeners that lead out of the cluster: whoever comes from there is not told.
void readListeners(LineageWriter& out)
{
    const ObjectKey& key = out.manifest.key();
    for (const FoundValue& listener : valuesAt(out.object, "/spec/kafka/listeners/*")) {
        const std::string_view type = stringAt(*listener.value, {"type"});
        if (type.empty() || type == "internal" || type == "cluster-ip")
            continue;
        const std::string name(stringAt(*listener.value, {"name"}));
        const auto port = integerAt(*listener.value, {"configuration", "bootstrap", "nodePort"},
                                    integerAt(*listener.value, {"port"}, 0));
        out.add(LineageFlow {
            {.type = LineageEnd::Type::Named,
             .system = "kafka",
             .host = "outside://" + key.name + "." + key.namespaceName,
             .name =
                 "listener " + name + " (" + std::string(type) + " " + std::to_string(port) + ")"},
            {},
            LineageRelation::Calls,
            true,
            {LineageEvidence::Declared, "listener " + name, out.place(listener.pointer)}});
    }
}

/// Whoever speaks HTTP to a KafkaBridge; which topics its clients use is not told.
void readBridge(LineageWriter& out)
{
    const ObjectKey& key = out.manifest.key();
    out.add(LineageFlow {
        {.type = LineageEnd::Type::Named,
         .system = "http",
         .host = "http://" + key.name + "-bridge-service." + key.namespaceName + ".svc",
         .name = "/topics"},
        {},
        LineageRelation::Calls,
        true,
        {LineageEvidence::Declared, "HTTP of KafkaBridge " + key.name, out.place("/spec/http")}});
}

void readConfigMap(LineageWriter& out)
{
    const Json* data = find(out.object, "data");
    if (!data || !data->is_object())
        return;
    const bool isSource =
        !stringAt(out.object, {"metadata", "labels", "grafana_datasource"}).empty();
    for (const auto& member : data->get_object()) {
        if (!member.value().is_string())
            continue;
        const std::string_view name = member.key();
        const std::string_view text(member.value().get_string());
        const EmbeddedText file {text, out.place("/data/" + std::string(name))};
        if (name.ends_with(".py"))
            readAirflowDag(out, name, file, out.namespaceName());
        else if (isSource)
            readMountedFile(out, name, file);
        else if (name.ends_with(".cql"))
            readTables(out, file, "cassandra", "");
        else if (name.ends_with(".sql"))
            readTables(out, file, text.find("ENGINE=") != text.npos ? "mysql" : "postgres", "");
    }
}

} // namespace core

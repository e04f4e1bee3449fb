// SPDX-License-Identifier: GPL-3.0-or-later
// Applies the rules of a kind to an object: nodes, flows, mirrors, and the readers that rules name.
#include "core/platform/lineageextractor.h"

#include "core/base/strings.h"
#include "core/object/selector.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

bool holds(const LineageWhen& when, const Json& object, const FoundValue& base)
{
    const auto values = valuesAt(object, when.at, base);
    const bool found = std::ranges::any_of(values, [&](const FoundValue& value) {
        return when.is.empty() || std::ranges::any_of(when.is, [&](const std::string& pattern) {
                   return globMatches(pattern, value.text());
               });
    });
    return found != when.absent;
}

bool allHold(const std::vector<LineageWhen>& when, const Json& object, const FoundValue& base)
{
    return std::ranges::all_of(when,
                               [&](const LineageWhen& each) { return holds(each, object, base); });
}

/// The values that a rule is applied to: the object itself without `each`.
std::vector<FoundValue> bases(const std::string& each, const Json& object)
{
    return each.empty() ? std::vector<FoundValue> {{"", &object}} : valuesAt(object, each);
}

std::string firstText(const std::string& pattern, const Json& object, const FoundValue& base)
{
    if (pattern.empty())
        return {};
    const auto found = expandTemplate(pattern, object, base);
    return found.empty() ? std::string() : found.front().text;
}

struct PlacedEnd
{
    LineageEnd end;
    std::string pointer;
};

/// An object reference: {apiVersion, kind, namespace, name}, a name, or "namespace/name".
std::optional<LineageEnd> referenceEnd(const Json& value, const std::string& kind,
                                       const std::string& namespaceName)
{
    const std::size_t slash = kind.find('/');
    ObjectKey key {slash == std::string::npos ? "" : kind.substr(0, slash),
                   slash == std::string::npos ? kind : kind.substr(slash + 1), namespaceName, ""};
    if (value.is_string()) {
        const std::string text(value.get_string());
        const std::size_t cut = text.find('/');
        key.name = cut == std::string::npos ? text : text.substr(cut + 1);
        if (cut != std::string::npos)
            key.namespaceName = text.substr(0, cut);
        if (key.name == "mesh" && key.kind == "Gateway")
            return std::nullopt;
    } else if (value.is_object()) {
        key.name = stringAt(value, {"name"});
        if (const std::string_view own = stringAt(value, {"kind"}); !own.empty())
            key.kind = own;
        if (const std::string_view own = stringAt(value, {"apiVersion"}); !own.empty())
            key.group = groupVersionKind(own, key.kind).group;
        if (const std::string_view own = stringAt(value, {"group"}); !own.empty())
            key.group = own;
        if (const std::string_view own = stringAt(value, {"namespace"}); !own.empty())
            key.namespaceName = own;
    }
    if (key.name.empty() || key.kind.empty())
        return std::nullopt;
    // A plain Service is what answers at its name.
    if (key.kind == "Service" && key.group.empty())
        return LineageEnd {.type = LineageEnd::Type::Host,
                           .system = "http",
                           .host = key.name + "." + key.namespaceName};
    return LineageEnd {.type = LineageEnd::Type::Object, .object = std::move(key)};
}

void dataEnds(const LineageEndRule& rule, const Json& object, const FoundValue& base,
              std::vector<PlacedEnd>& out)
{
    const std::string host = firstText(rule.host, object, base);
    for (ExpandedText& name : expandTemplate(rule.name, object, base)) {
        if (rule.system == "s3") // also as an ARN
            name.text = objectStorePath(name.text.starts_with("arn:")
                                            ? name.text.substr(name.text.rfind(':') + 1)
                                            : name.text);
        const auto parts =
            rule.list ? split(name.text, ',') : std::vector<std::string_view> {name.text};
        for (const std::string_view part : parts)
            if (!trimmed(part).empty())
                out.push_back(
                    {{.type = rule.pattern ? LineageEnd::Type::Pattern : LineageEnd::Type::Data,
                      .system = rule.system,
                      .host = host,
                      .name = std::string(trimmed(part))},
                     name.pointer});
    }
}

std::vector<PlacedEnd> ends(const LineageEndRule& rule, const LineageWriter& writer,
                            const FoundValue& base)
{
    std::vector<PlacedEnd> out;
    switch (rule.type) {
    case LineageEndRule::Type::Self:
        out.push_back({{}, base.pointer});
        break;
    case LineageEndRule::Type::Reference:
        for (const FoundValue& found : valuesAt(writer.object, rule.reference, base))
            if (auto end = referenceEnd(*found.value, rule.kind, writer.namespaceName()))
                out.push_back({std::move(*end), found.pointer});
        break;
    case LineageEndRule::Type::Address:
        for (const ExpandedText& text : expandTemplate(rule.host, writer.object, base)) {
            auto uri = endOfUri(text.text);
            if (uri && !rule.system.empty() && uri->system == "http")
                uri->system = rule.system;
            out.push_back({uri ? *uri
                               : LineageEnd {.type = LineageEnd::Type::Host,
                                             .system = rule.system.empty() ? "http" : rule.system,
                                             .host = text.text},
                           text.pointer});
        }
        break;
    case LineageEndRule::Type::Data:
        dataEnds(rule, writer.object, base, out);
        break;
    }
    return out;
}

void applyFlow(const LineageFlowRule& rule, LineageWriter& writer)
{
    for (const FoundValue& base : bases(rule.each, writer.object)) {
        if (!allHold(rule.when, writer.object, base))
            continue;
        const auto froms = ends(rule.from, writer, base);
        const auto tos = ends(rule.to, writer, base);
        const std::string detail = firstText(rule.detail, writer.object, base);
        for (const PlacedEnd& from : froms)
            for (const PlacedEnd& to : tos) {
                const std::string& pointer =
                    rule.to.type == LineageEndRule::Type::Self ? from.pointer : to.pointer;
                writer.add(LineageFlow {
                    from.end,
                    to.end,
                    rule.relation,
                    rule.bothWays,
                    {rule.evidence, detail.empty() ? pointer : detail, writer.place(pointer)}});
            }
    }
}

void applyNode(const LineageNodeRule& rule, LineageWriter& writer)
{
    for (const FoundValue& base : bases(rule.each, writer.object)) {
        if (!allHold(rule.when, writer.object, base))
            continue;
        LineageNodeFact node {
            .type = rule.type,
            .system = rule.system,
            .layer = std::string(
                stringAt(writer.object, {"metadata", "labels", "platform.wavewright.dev/layer"})),
            .place = writer.place(base.pointer),
            .internal = rule.internal};
        for (const auto& [key, pattern] : rule.attributes)
            if (std::string text = firstText(pattern, writer.object, base); !text.empty())
                node.attributes.emplace(key, std::move(text));
        if (rule.name.empty()) {
            if (node.type == LineageNodeType::Store && writer.facts.system.empty())
                writer.facts.system = rule.system;
            writer.add(std::move(node));
            continue;
        }
        const std::string host = firstText(rule.host, writer.object, base);
        for (const ExpandedText& name : expandTemplate(rule.name, writer.object, base)) {
            node.end = {.type = LineageEnd::Type::Data,
                        .system = rule.system,
                        .host = host,
                        .name = name.text};
            writer.add(node);
        }
    }
}

void applyMirror(const LineageMirrorRule& rule, LineageWriter& writer)
{
    for (const FoundValue& base : bases(rule.each, writer.object)) {
        LineageMirror mirror {
            .fromHost = firstText(rule.from, writer.object, base),
            .toHost = firstText(rule.to, writer.object, base),
            .pattern = firstText(rule.pattern, writer.object, base),
            .exclude = firstText(rule.exclude, writer.object, base),
            .prefix = firstText(rule.prefix, writer.object, base),
            .proof = {LineageEvidence::Declared, "spec.mirrors", writer.place(base.pointer)}};
        // v1beta2 names clusters by an alias; their addresses stand in spec.clusters.
        for (std::string* host : {&mirror.fromHost, &mirror.toHost})
            if (host->starts_with("alias:")) {
                const std::string alias = host->substr(6);
                host->clear();
                for (const FoundValue& cluster : valuesAt(writer.object, "/spec/clusters/*"))
                    if (stringAt(*cluster.value, {"alias"}) == alias)
                        *host = stringAt(*cluster.value, {"bootstrapServers"});
            }
        if (mirror.fromHost.empty() || mirror.toHost.empty())
            continue;
        if (!rule.keepsNames.empty() && allHold(rule.keepsNames, writer.object, base))
            mirror.prefix.clear();
        writer.facts.mirrors.push_back(std::move(mirror));
    }
}

void applyHosts(const LineageObjectRule& rule, LineageWriter& writer)
{
    for (const std::string& pattern : rule.hosts)
        for (const ExpandedText& host : expandTemplate(pattern, writer.object)) {
            LineageService service {.namespaceName = writer.namespaceName(),
                                    .name = std::string(withoutPort(host.text)),
                                    .implied = true};
            if (const int port = portOf(host.text)) {
                service.ports.emplace_back("", port);
                if (!writer.facts.port)
                    writer.facts.port = port;
            }
            if (std::ranges::none_of(writer.facts.services, [&](const LineageService& known) {
                    return known.name == service.name;
                }))
                writer.facts.services.push_back(std::move(service));
        }
    if (const std::string address = firstText(rule.alias, writer.object, {}); !address.empty())
        writer.facts.alias = address;
}

void callReader(const std::string& reader, LineageWriter& writer)
{
    const std::size_t blank = reader.find(' ');
    const std::string name = reader.substr(0, blank);
    const std::string pointer = blank == std::string::npos || reader.substr(blank + 1) == "."
        ? ""
        : reader.substr(blank + 1);
    const auto found = valuesAt(writer.object, pointer);
    if (found.empty())
        return;
    const Json& value = *found.front().value;
    if (name == "workload")
        readWorkload(writer, value, pointer);
    else if (name == "spark")
        readSparkApplication(writer, value, pointer);
    else if (name == "service")
        readService(writer);
    else if (name == "configmap")
        readConfigMap(writer);
    else if (name == "connector")
        readConnector(writer);
    else if (name == "kafkauser")
        readKafkaUser(writer);
    else if (name == "monitor")
        readMonitor(writer);
    else if (name == "istiogateway")
        readIstioGateway(writer);
    else if (name == "listeners")
        readListeners(writer);
    else if (name == "bridge")
        readBridge(writer);
    else if (name == "terraform")
        readTerraformService(writer);
    else if (name == "camel")
        readIntegration(writer);
    else if (name == "pipe")
        readPipe(writer);
    else if (name == "collector" && value.is_object())
        readCollector(writer, value, {"", writer.place(pointer)});
    else if (name == "collector" && value.is_string())
        readMountedFile(writer, "config.yaml",
                        {std::string_view(value.get_string()), writer.place(pointer)});
}

} // namespace

LineageFactsPtr extractLineage(const Manifest& manifest, const LineageLookup& lookup,
                               const LineageRules& rules)
{
    auto facts = std::make_shared<LineageFacts>();
    facts->key = manifest.key();
    const LineageObjectRule* rule = rules.ruleOf(manifest.key().groupKind());
    const auto has = [&](const char* word) {
        return manifest.text().find(word) != std::string::npos;
    };
    const bool annotated = has("wavewright.dev/produces") || has("wavewright.dev/consumes")
        || has("wavewright.dev/uses");
    if (!rule && !annotated)
        return facts;
    const Json object = manifest.value();
    LineageWriter writer(manifest, object, lookup, rules, *facts);
    if (rule) {
        for (const LineageNodeRule& each : rule->nodes)
            applyNode(each, writer);
        applyHosts(*rule, writer);
        for (const LineageFlowRule& each : rule->flows)
            applyFlow(each, writer);
        for (const LineageMirrorRule& each : rule->mirrors)
            applyMirror(each, writer);
        for (const std::string& reader : rule->readers)
            callReader(reader, writer);
    }
    if (annotated)
        readAnnotations(writer);
    return facts;
}

LineageFactsPtr extractDagFile(const std::string& path, std::string_view text,
                               const LineageRules& rules)
{
    auto facts = std::make_shared<LineageFacts>();
    facts->key = {"", "File", "", path};
    const Json nothing;
    const auto manifest = Manifest::make(
        JsonObject {{"apiVersion", "v1"}, {"kind", "File"}, {"metadata", {{"name", path}}}});
    if (!manifest)
        return facts;
    const LineageLookup none;
    LineageWriter writer(**manifest, nothing, none, rules, *facts);
    readAirflowDag(writer, path, {text, {.file = path}}, "");
    return facts;
}

} // namespace core

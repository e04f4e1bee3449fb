// SPDX-License-Identifier: GPL-3.0-or-later
// Files of configuration that workloads mount: the Collector's pipelines, Prometheus's scrape
// configurations, Grafana's data sources, RabbitMQ's definitions. Told apart by what is in them.
#include "core/base/strings.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagevariables.h"
#include "core/platform/lineagewriter.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

namespace {

constexpr std::size_t kMaxFile = 4u << 20;

/// The line (from 1) on which a word stands for the first time: values have no places of their own.
int lineOf(std::string_view text, std::string_view word)
{
    const std::size_t at = word.empty() ? text.npos : text.find(word);
    if (at == text.npos)
        return 1;
    return 1 + static_cast<int>(std::ranges::count(text.substr(0, at), '\n'));
}

std::string systemOfExporter(std::string_view type)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes {
        {{"jaeger", "jaeger"},
         {"otlp", "otel"},
         {"otlphttp", "otel"},
         {"zipkin", "zipkin"},
         {"prometheusremotewrite", "prometheus"},
         {"loki", "loki"},
         {"kafka", "kafka"},
         {"elasticsearch", "elasticsearch"},
         {"opensearch", "elasticsearch"}}};
    for (const auto& [name, system] : kTypes)
        if (name == type)
            return std::string(system);
    return {};
}

void exporter(LineageWriter& out, const std::string& name, const Json& value,
              const std::string& signals, const EmbeddedText& text)
{
    const std::string type = name.substr(0, name.find('/'));
    const LineageProof proof {LineageEvidence::Declared, "exporter " + name + " (" + signals + ")",
                              text.line(lineOf(text.text, name + ":"))};
    if (type == "prometheus") // it is scraped: whoever scrapes says so
        return;
    const std::string system = systemOfExporter(type);
    if (system.empty())
        return;
    std::string host(stringAt(value, {"endpoint"}));
    if (system == "kafka") {
        for (const FoundValue& broker : valuesAt(value, "/brokers/*"))
            host += (host.empty() ? "" : ",") + broker.text();
        const std::string topic(stringAt(value, {"topic"}));
        out.writes({.type = topic.empty() ? LineageEnd::Type::Host : LineageEnd::Type::Data,
                    .system = "kafka",
                    .host = host,
                    .name = topic},
                   proof);
        return;
    }
    if (const auto uri = parseLineageUri(host))
        host = uri->authority;
    out.add(LineageFlow {{},
                         {.type = LineageEnd::Type::Host, .system = system, .host = host},
                         LineageRelation::Exports,
                         false,
                         proof});
}

/// Targets of one scrape configuration. owner is who scrapes: the object itself, or unset for the
/// operator's.
void scrapeJob(LineageWriter& out, const Json& job, const EmbeddedText& text)
{
    const std::string name(stringAt(job, {"job_name"}));
    const LineageProof proof {LineageEvidence::Declared, "scrape job " + name,
                              text.line(lineOf(text.text, name))};
    const auto add = [&](LineageEnd target) {
        out.add(LineageFlow {std::move(target), {}, LineageRelation::Scrapes, false, proof});
    };
    for (const FoundValue& target : valuesAt(job, "/static_configs/*/targets/*")) {
        const std::string host = target.text();
        if (!host.starts_with("localhost") && !host.starts_with("127."))
            add({.type = LineageEnd::Type::Host, .system = "http", .host = host});
    }
    const std::string whole = toText(job);
    for (const FoundValue& discovery : valuesAt(job, "/kubernetes_sd_configs/*")) {
        const std::string_view role = stringAt(*discovery.value, {"role"});
        std::vector<std::string> namespaces;
        for (const FoundValue& each : valuesAt(*discovery.value, "/namespaces/names/*"))
            namespaces.push_back(each.text());
        const bool annotated = whole.find("annotation_prometheus_io_scrape") != whole.npos;
        if (role == "pod" && annotated)
            add({.type = LineageEnd::Type::Selector,
                 .system = "annotation",
                 .host = join(namespaces, ","),
                 .name = "pod"});
        else if ((role == "endpoints" || role == "service" || role == "endpointslice") && annotated)
            add({.type = LineageEnd::Type::Selector,
                 .system = "annotation",
                 .host = join(namespaces, ","),
                 .name = "service"});
        else if (role == "pod" || role == "endpoints" || role == "service") {
            // Labels and ports that are kept by relabelling tell which ones: app=web.
            std::vector<std::string> labels;
            std::string ports;
            for (const FoundValue& rule : valuesAt(job, "/relabel_configs/*")) {
                const auto sources = valuesAt(*rule.value, "/source_labels/*");
                const std::string source = sources.size() == 1 ? sources.front().text() : "";
                const std::string prefix = role == "pod" ? "__meta_kubernetes_pod_label_"
                                                         : "__meta_kubernetes_service_label_";
                const std::string_view regex = stringAt(*rule.value, {"regex"});
                if (stringAt(*rule.value, {"action"}) == "keep"
                    && source.starts_with("__meta_kubernetes_pod_container_port_"))
                    ports = regex;
                if (stringAt(*rule.value, {"action"}) == "keep" && source.starts_with(prefix)
                    && regex.find_first_of(".*+?()[]\\^$") == regex.npos && !regex.empty()) {
                    std::string values(regex);
                    std::ranges::replace(values, '|', ',');
                    labels.push_back(source.substr(prefix.size()) + " in (" + values + ")");
                }
            }
            if (!labels.empty())
                add({.type = LineageEnd::Type::Selector,
                     .system = role == "pod" ? "pod" : "service",
                     .host = join(namespaces, ","),
                     .name = join(labels, ",")});
            else
                for (const std::string_view port : split(ports, '|'))
                    if (!port.empty() && port.find_first_of(".*+?()[]\\^$") == port.npos)
                        add({.type = LineageEnd::Type::Selector,
                             .system = "port",
                             .host = join(namespaces, ","),
                             .name = std::string(port)});
        }
    }
}

} // namespace

void readCollector(LineageWriter& out, const Json& configuration, const EmbeddedText& text)
{
    std::map<std::string, std::string> signalsOf;
    std::vector<std::string> receivers;
    for (const FoundValue& pipeline : valuesAt(configuration, "/service/pipelines/*")) {
        const std::string signal = pipeline.pointer.substr(pipeline.pointer.rfind('/') + 1);
        for (const FoundValue& name : valuesAt(*pipeline.value, "/exporters/*")) {
            std::string& all = signalsOf[name.text()];
            all += (all.empty() ? "" : ", ") + signal;
        }
        for (const FoundValue& name : valuesAt(*pipeline.value, "/receivers/*"))
            receivers.push_back(name.text());
    }
    for (const auto& [name, signals] : signalsOf) {
        const Json* exporters = find(configuration, "exporters");
        const Json* value = exporters ? find(*exporters, name) : nullptr;
        exporter(out, name, value ? *value : Json {}, signals, text);
    }
    for (const std::string& name : receivers) {
        const std::string type = name.substr(0, name.find('/'));
        const Json* all = find(configuration, "receivers");
        const Json* value = all ? find(*all, name) : nullptr;
        if (!value)
            continue;
        if (type == "prometheus")
            for (const FoundValue& job : valuesAt(*value, "/config/scrape_configs/*"))
                scrapeJob(out, *job.value, text);
        if (type == "kafka") {
            std::string host;
            for (const FoundValue& broker : valuesAt(*value, "/brokers/*"))
                host += (host.empty() ? "" : ",") + broker.text();
            if (const std::string_view topic = stringAt(*value, {"topic"}); !topic.empty())
                out.reads({.type = LineageEnd::Type::Data,
                           .system = "kafka",
                           .host = host,
                           .name = std::string(topic)},
                          {LineageEvidence::Declared, "receiver " + name,
                           text.line(lineOf(text.text, name + ":"))});
        }
    }
}

void readPrometheus(LineageWriter& out, const Json& configuration, const EmbeddedText& text)
{
    for (const FoundValue& job : valuesAt(configuration, "/scrape_configs/*"))
        scrapeJob(out, *job.value, text);
    for (const FoundValue& target :
         valuesAt(configuration, "/alerting/alertmanagers/*/static_configs/*/targets/*"))
        out.add(
            LineageFlow {{},
                         {.type = LineageEnd::Type::Host, .system = "http", .host = target.text()},
                         LineageRelation::Calls,
                         false,
                         {LineageEvidence::Declared, "alertmanagers",
                          text.line(lineOf(text.text, target.text()))}});
}

void readGrafanaSources(LineageWriter& out, const Json& configuration, const EmbeddedText& text)
{
    for (const FoundValue& source : valuesAt(configuration, "/datasources/*")) {
        const std::string url(stringAt(*source.value, {"url"}));
        const std::string name(stringAt(*source.value, {"name"}));
        const std::string type(stringAt(*source.value, {"type"}));
        if (url.empty())
            continue;
        const auto uri = parseLineageUri(url);
        std::string system = type.empty() ? "http" : type;
        out.add(LineageFlow {{.type = LineageEnd::Type::Host,
                              .system = system == "postgres" || system == "mysql" ? system : "http",
                              .host = uri ? uri->authority : url},
                             {},
                             LineageRelation::Queries,
                             false,
                             {LineageEvidence::Declared, "data source " + name + " (" + type + ")",
                              text.line(lineOf(text.text, url))}});
    }
}

void readRabbitDefinitions(LineageWriter& out, const Json& definitions, const EmbeddedText& text)
{
    const auto end = [](const Json& value, std::string_view form, std::string_view name) {
        std::string vhost(stringAt(value, {"vhost"}));
        return LineageEnd {.type = LineageEnd::Type::Data,
                           .system = "rabbitmq",
                           .name = (vhost.empty() ? "/" : vhost) + "/" + std::string(form) + "/"
                               + std::string(name)};
    };
    const auto placeOf = [&](std::string_view name) {
        return text.line(lineOf(text.text, "\"" + std::string(name) + "\""));
    };
    for (const std::string_view form : {"queue", "exchange"})
        for (const FoundValue& each : valuesAt(definitions, "/" + std::string(form) + "s/*")) {
            const std::string_view name = stringAt(*each.value, {"name"});
            if (name.empty())
                continue;
            LineageNodeFact node {.end = end(*each.value, form, name),
                                  .type = LineageNodeType::Dataset,
                                  .system = "rabbitmq",
                                  .place = placeOf(name)};
            for (const std::string_view key : {"type", "durable"})
                if (const FoundValue found {"", find(*each.value, key)}; !found.text().empty())
                    node.attributes.emplace(key, found.text());
            if (const std::string_view type = stringAt(*each.value, {"arguments", "x-queue-type"});
                !type.empty())
                node.attributes["type"] = type;
            out.add(std::move(node));
            const std::string_view dead =
                stringAt(*each.value, {"arguments", "x-dead-letter-exchange"});
            if (!dead.empty())
                out.add(LineageFlow {end(*each.value, form, name),
                                     end(*each.value, "exchange", dead),
                                     LineageRelation::Binds,
                                     false,
                                     {LineageEvidence::Declared, "dead letters", placeOf(name)}});
        }
    for (const FoundValue& each : valuesAt(definitions, "/bindings/*")) {
        const std::string_view source = stringAt(*each.value, {"source"});
        const std::string_view destination = stringAt(*each.value, {"destination"});
        const std::string_view type = stringAt(*each.value, {"destination_type"});
        if (!source.empty() && !destination.empty())
            out.add(LineageFlow {
                end(*each.value, "exchange", source),
                end(*each.value, type == "exchange" ? type : "queue", destination),
                LineageRelation::Binds,
                false,
                {LineageEvidence::Declared,
                 "routing key \"" + std::string(stringAt(*each.value, {"routing_key"})) + "\"",
                 placeOf(destination)}});
    }
}

/// NGINX and its like: what "proxy_pass" names. False when there is none.
static bool readProxy(LineageWriter& out, std::string_view name, const EmbeddedText& text)
{
    constexpr std::string_view kWord = "proxy_pass ";
    bool found = false;
    int number = 0;
    for (std::string_view line : split(text.text, '\n')) {
        ++number;
        line = trimmed(line);
        if (!line.starts_with(kWord) || number > 20'000)
            continue;
        line = trimmed(line.substr(kWord.size()));
        line = line.substr(0, line.find(';'));
        const LineageProof proof {LineageEvidence::Declared, "proxy_pass in " + std::string(name),
                                  text.line(number)};
        auto end = line.find('$') == line.npos ? endOfUri(line) : std::nullopt;
        if (!end)
            end = LineageWriter::unresolved(line, "the address is made for each request");
        out.add(LineageFlow {{}, std::move(*end), LineageRelation::Calls, false, proof});
        found = true;
    }
    return found;
}

bool readMountedFile(LineageWriter& out, std::string_view name, const EmbeddedText& text)
{
    if (text.text.size() > kMaxFile) {
        out.uses(LineageWriter::unresolved(name, "the file is larger than 4 MiB"),
                 {LineageEvidence::Inferred, "file " + std::string(name), text.place});
        return false;
    }
    if (name.ends_with(".cql") || name.ends_with(".sql"))
        return false; // the ConfigMap itself is read for tables
    if (name.ends_with(".conf"))
        return readProxy(out, name, text);
    const bool isJson = name.ends_with(".json");
    if (!isJson && !name.ends_with(".yaml") && !name.ends_with(".yml") && name != "config")
        return false;
    // Only texts that can be one of ours are parsed at all.
    constexpr std::array<std::string_view, 4> kMarks {"pipelines", "scrape_configs", "datasources",
                                                      "rabbit"};
    const bool isDefinitions = isJson && text.text.find("\"vhost\"") != text.text.npos;
    if (!isDefinitions && std::ranges::none_of(kMarks, [&](std::string_view mark) {
            return text.text.find(mark) != text.text.npos;
        }))
        return false;
    const auto value = isJson ? parseJson(text.text) : parseYaml(text.text, text.place.file);
    if (!value) {
        Place place = text.place;
        if (value.error().place.line > 0)
            place = text.line(value.error().place.line);
        out.uses(LineageWriter::unresolved(name, "it cannot be read: " + value.error().message),
                 {LineageEvidence::Inferred, "file " + std::string(name), place});
        return false;
    }
    if (findPath(*value, {"service", "pipelines"}))
        readCollector(out, *value, text);
    else if (find(*value, "scrape_configs"))
        readPrometheus(out, *value, text);
    else if (find(*value, "datasources"))
        readGrafanaSources(out, *value, text);
    else if (isDefinitions && (find(*value, "queues") || find(*value, "exchanges")))
        readRabbitDefinitions(out, *value, text);
    else
        return false;
    return true;
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
// Camel K: what the routes of an Integration, and the ends of a Pipe, lead to. By the rules for
// components (resources/lineage/camel.yaml).
#include "core/base/strings.h"
#include "core/platform/integrationroutes.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagewriter.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace core {

namespace {

using Properties = std::map<std::string, std::string>;

struct Component
{
    std::string scheme; ///< "kafka", "kamelet:kafka-sink"
    std::string path;
    Properties options;
};

Component componentOf(std::string_view uri)
{
    Component out;
    const std::size_t question = uri.find('?');
    std::string_view before = uri.substr(0, question);
    const std::size_t colon = before.find(':');
    out.scheme = toLower(before.substr(0, colon));
    before = colon == before.npos ? "" : before.substr(colon + 1);
    while (before.starts_with('/') && out.scheme != "platform-http")
        before.remove_prefix(1);
    out.path = before;
    if (question != uri.npos)
        for (const std::string_view part : split(uri.substr(question + 1), '&')) {
            const std::size_t equals = part.find('=');
            if (equals != part.npos)
                out.options.emplace(part.substr(0, equals), part.substr(equals + 1));
        }
    if (out.scheme == "kamelet") {
        out.scheme += ":" + out.path.substr(0, out.path.find('/'));
        out.path.clear();
    }
    return out;
}

/// Reads lines "name=value" of a properties file.
void addProperties(std::string_view text, Properties& out)
{
    for (std::string_view line : split(text.substr(0, 1u << 20), '\n')) {
        line = trimmed(line);
        const std::size_t equals = line.find_first_of("=:");
        if (!line.empty() && line.front() != '#' && equals != line.npos)
            out.emplace(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
    }
}

void addConfigMap(const LineageWriter& out, std::string_view name, Properties& properties)
{
    const ManifestPtr map = out.configMap(name.substr(0, name.find('/')));
    if (!map)
        return;
    const Json value = map->value();
    for (const FoundValue& found : valuesAt(value, "/data/*")) {
        const std::string key = found.pointer.substr(found.pointer.rfind('/') + 1);
        if (key.ends_with(".properties"))
            addProperties(found.text(), properties);
        else
            properties.emplace(key, found.text());
    }
}

/// What {{names}} stand for: the camel trait, spec.configuration, mounted ConfigMaps.
Properties propertiesOf(LineageWriter& out)
{
    Properties properties;
    for (const std::string_view list :
         {"/spec/traits/camel/properties/*", "/spec/integration/traits/camel/properties/*"})
        for (const FoundValue& found : valuesAt(out.object, list))
            addProperties(found.text(), properties);
    for (const FoundValue& found : valuesAt(out.object, "/spec/configuration/*")) {
        const std::string_view type = stringAt(*found.value, {"type"});
        if (type == "property")
            addProperties(stringAt(*found.value, {"value"}), properties);
        else if (type == "configmap")
            addConfigMap(out, stringAt(*found.value, {"value"}), properties);
    }
    for (const std::string_view list :
         {"/spec/traits/mount/configs/*", "/spec/traits/mount/resources/*"})
        for (const FoundValue& found : valuesAt(out.object, list))
            if (const std::string text = found.text(); text.starts_with("configmap:"))
                addConfigMap(out, std::string_view(text).substr(10), properties);
            else if (text.starts_with("secret:")) // its name alone
                out.facts.secrets.push_back(text.substr(7, text.find('/') - 7));
    return properties;
}

/// Puts the properties in; the name of one that is set nowhere is the error.
std::expected<std::string, std::string> withProperties(std::string text,
                                                       const Properties& properties)
{
    for (int round = 0; round < 20; ++round) {
        const std::size_t open = text.find("{{");
        const std::size_t close = open == text.npos ? open : text.find("}}", open);
        if (close == text.npos)
            return text;
        std::string name = text.substr(open + 2, close - open - 2);
        const std::size_t colon = name.find(':');
        // "{{?name}}": left out where nobody sets it.
        const bool isOptional = name.starts_with('?');
        const auto found = properties.find(name.substr(isOptional, colon - isOptional));
        if (isOptional && found == properties.end()) {
            text = text.substr(0, open) + text.substr(close + 2);
            continue;
        }
        if (found == properties.end() && (colon == name.npos || name.starts_with("secret:")))
            return std::unexpected(std::move(name));
        const std::string value =
            found != properties.end() ? found->second : name.substr(colon + 1);
        text = text.substr(0, open) + value + text.substr(close + 2);
    }
    return std::unexpected(std::string("a property of itself"));
}

/// Turns endpoints into ends by the rules.
class Resolver
{
public:
    Resolver(const LineageWriter& out, const Properties& properties, int depth = 0)
        : m_out(out)
        , m_properties(properties)
        , m_depth(depth)
    {
    }
    /// Empty for components that lead to no data.
    std::vector<LineageEnd> ends(const CamelEndpoint& endpoint) const;
    /// The name of an inner endpoint (direct:, seda:), "" for others.
    static std::string innerName(const std::string& uri);

private:
    std::optional<std::vector<LineageEnd>> kamelet(const Component& component,
                                                   CamelEndpoint::Use use) const;
    std::string option(const Component& component, const std::vector<std::string>& names) const;
    std::vector<LineageEnd> rabbit(const Component& component, const LineageComponentRule& rule,
                                   CamelEndpoint::Use use) const;
    std::vector<LineageEnd> apply(const Component& component, const LineageComponentRule& rule,
                                  CamelEndpoint::Use use) const;
    std::vector<LineageEnd> http(const Component& component, CamelEndpoint::Use use) const;

    const LineageWriter& m_out;
    const Properties& m_properties;
    const int m_depth; ///< Kamelets may be made of others
};

/// A Kamelet that is declared here is opened: what its template's route leads to, with the
/// endpoint's options and the definition's defaults. Nothing where it is not here.
std::optional<std::vector<LineageEnd>> Resolver::kamelet(const Component& component,
                                                         CamelEndpoint::Use use) const
{
    constexpr std::string_view kScheme = "kamelet:";
    if (!component.scheme.starts_with(kScheme) || m_depth >= 5)
        return std::nullopt;
    const std::string name = component.scheme.substr(kScheme.size());
    const ManifestPtr found = m_out.lookUp(
        {"camel.apache.org", "Kamelet", m_out.namespaceName(), name.substr(0, name.find('/'))});
    if (!found)
        return std::nullopt;
    const Json object = found->value();
    const Json* text = findPath(object, {"spec", "template"});
    if (!text)
        return std::nullopt;
    Properties inside = m_properties;
    for (const FoundValue& value : valuesAt(object, "/spec/definition/properties/*/default")) {
        const auto words = split(value.pointer, '/');
        inside[std::string(words[words.size() - 2])] = value.text();
    }
    for (const auto& [key, value] : component.options)
        inside[key] = value;
    const Json* route = find(*text, "route");
    std::vector<LineageEnd> out;
    const Resolver inner(m_out, inside, m_depth + 1);
    for (const CamelRoute& each : routesOfFlows(route ? *route : *text))
        for (const CamelEndpoint& endpoint : each.endpoints)
            if (endpoint.use == use && !endpoint.uri.starts_with("kamelet:source")
                && !endpoint.uri.starts_with("kamelet:sink"))
                std::ranges::move(inner.ends(endpoint), std::back_inserter(out));
    return out;
}

std::string Resolver::innerName(const std::string& uri)
{
    for (const std::string_view scheme : {"direct:", "seda:", "vm:", "direct-vm:"})
        if (uri.starts_with(scheme))
            return uri.substr(0, uri.find('?'));
    return {};
}

std::string Resolver::option(const Component& component,
                             const std::vector<std::string>& names) const
{
    for (const std::string& name : names) {
        if (name == "path") {
            if (!component.path.empty())
                return component.path;
            continue;
        }
        if (const auto found = component.options.find(name); found != component.options.end())
            return found->second;
        const std::string scheme = component.scheme.substr(component.scheme.find(':') + 1);
        for (const std::string& key :
             {"camel.component." + scheme + "." + name, "camel.kamelet." + scheme + "." + name})
            if (const auto found = m_properties.find(key); found != m_properties.end())
                return found->second;
    }
    return {};
}

std::vector<LineageEnd> Resolver::rabbit(const Component& component,
                                         const LineageComponentRule& rule,
                                         CamelEndpoint::Use use) const
{
    std::string host = option(component, rule.host);
    // The connection factory may be a bean of any name.
    for (const char* member : {".addresses", ".host"})
        for (const auto& [name, value] : m_properties)
            if (host.empty() && name.starts_with("camel.beans.") && name.ends_with(member))
                host = value;
    std::string vhost = option(component, {"vhost", "virtualHost"});
    vhost = vhost.empty() ? "/" : vhost;
    std::vector<LineageEnd> out;
    const auto add = [&](std::string_view form, std::string_view name) {
        if (!trimmed(name).empty())
            out.push_back(
                {.type = LineageEnd::Type::Data,
                 .system = "rabbitmq",
                 .host = host,
                 .name = vhost + "/" + std::string(form) + "/" + std::string(trimmed(name))});
    };
    const std::string exchange = option(component, rule.name);
    const std::string queues = option(component, {"queues", "queue", "queueName"});
    const bool isDefault = exchange.empty() || exchange == "default";
    if (use == CamelEndpoint::Use::From) {
        for (const std::string_view queue : split(queues, ','))
            add("queue", queue);
        if (queues.empty() && !isDefault)
            add("exchange", exchange);
    } else if (!isDefault) {
        add("exchange", exchange);
    } else {
        // The default exchange sends to the queue that the routing key names.
        add("queue", option(component, {"routingKey"}));
    }
    if (out.empty())
        out.push_back(
            LineageWriter::unresolved(component.scheme, "neither queue nor exchange is named"));
    return out;
}

std::vector<LineageEnd> Resolver::http(const Component& component, CamelEndpoint::Use use) const
{
    if (use == CamelEndpoint::Use::From) {
        const std::string path = option(component, {"path"});
        return {
            {.type = LineageEnd::Type::Named,
             .system = "http",
             .host = "http://" + m_out.manifest.key().name + "." + m_out.namespaceName() + ".svc",
             .name = path.starts_with('/') || path.empty() ? path : "/" + path}};
    }
    const std::string path = component.path;
    if (path.empty())
        return {};
    return {
        {.type = LineageEnd::Type::Host, .system = "http", .host = path.substr(0, path.find('/'))}};
}

std::vector<LineageEnd> Resolver::apply(const Component& component,
                                        const LineageComponentRule& rule,
                                        CamelEndpoint::Use use) const
{
    if (rule.form == "nothing")
        return {};
    if (rule.form == "exchange")
        return rabbit(component, rule, use);
    if (rule.form == "http")
        return http(component, use);
    const std::string name = option(component, rule.name);
    if (name.empty())
        return {LineageWriter::unresolved(component.scheme, "the endpoint names nothing")};
    const std::string host = option(component, rule.host);
    LineageEnd end {.type = LineageEnd::Type::Data, .system = rule.system, .host = host};
    if (rule.form == "bucket") {
        end.name =
            objectStorePath(name.starts_with("arn:") ? name.substr(name.rfind(':') + 1) : name);
        if (const std::string prefix = option(component, {"prefix"}); !prefix.empty())
            end.name = objectStorePath(end.name + "/" + prefix);
        return {end};
    }
    const auto pattern = component.options.find("topicIsPattern");
    if (rule.form == "topics" && pattern != component.options.end() && pattern->second == "true") {
        end.type = LineageEnd::Type::Pattern;
        end.name = name;
        return {end};
    }
    std::vector<LineageEnd> out;
    for (const std::string_view part : split(name, ',')) {
        end.name = trimmed(part);
        if (!end.name.empty())
            out.push_back(end);
    }
    return out;
}

std::vector<LineageEnd> Resolver::ends(const CamelEndpoint& endpoint) const
{
    const std::string shown = endpoint.uri.substr(0, endpoint.uri.find('?'));
    if (!endpoint.complete)
        return {LineageWriter::unresolved(shown, "the program makes the address when it runs")};
    const auto uri = withProperties(endpoint.uri, m_properties);
    if (!uri)
        return {LineageWriter::unresolved(
            shown, "{{" + uri.error().substr(0, 100) + "}} is set nowhere that is read")};
    if (uri->find("${") != uri->npos || uri->find("{{") != uri->npos)
        return {LineageWriter::unresolved(shown, "the address is made for each message")};
    const Component component = componentOf(*uri);
    if (auto opened = kamelet(component, endpoint.use))
        return std::move(*opened);
    for (const LineageComponentRule& rule : m_out.rules.components)
        if (std::ranges::any_of(rule.schemes, [&](const std::string& each) {
                return globMatches(each, component.scheme);
            }))
            return apply(component, rule, endpoint.use);
    return {LineageWriter::unresolved(
        shown, "the component \"" + component.scheme.substr(0, 60) + "\" has no rule")};
}

/// Routes that direct: and seda: join are one; those that nothing joins are nodes of their own.
std::vector<std::size_t> groupsOf(const std::vector<CamelRoute>& routes)
{
    std::vector<std::size_t> group(routes.size());
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i] = i;
    const auto root = [&](std::size_t at) {
        while (group[at] != at)
            at = group[at] = group[group[at]];
        return at;
    };
    std::map<std::string, std::size_t> firstWith;
    for (std::size_t i = 0; i < routes.size(); ++i)
        for (const CamelEndpoint& endpoint : routes[i].endpoints)
            if (const std::string name = Resolver::innerName(endpoint.uri); !name.empty()) {
                const auto [found, isNew] = firstWith.emplace(name, i);
                if (!isNew)
                    group[root(i)] = root(found->second);
            }
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i] = root(i);
    return group;
}

struct PlacedRoute
{
    CamelRoute route;
    std::vector<Place> places; ///< of its endpoints
    LineageEvidence evidence = LineageEvidence::Declared;
};

class IntegrationReader
{
public:
    explicit IntegrationReader(LineageWriter& out)
        : m_out(out)
        , m_properties(propertiesOf(out))
    {
    }
    void readFlows();
    void readSources();
    void write();

private:
    void addRoutes(std::vector<CamelRoute> routes, LineageEvidence evidence,
                   const std::function<Place(const CamelEndpoint&)>& place);
    void readSource(const Json& source, const std::string& pointer);
    void cannotRead(std::string_view what, std::string_view why, const std::string& pointer);
    void writeGroup(std::size_t group, const std::vector<std::size_t>& groups, bool alone);

    LineageWriter& m_out;
    Properties m_properties;
    std::vector<PlacedRoute> m_routes;
};

void IntegrationReader::addRoutes(std::vector<CamelRoute> routes, LineageEvidence evidence,
                                  const std::function<Place(const CamelEndpoint&)>& place)
{
    for (CamelRoute& route : routes) {
        PlacedRoute placed {{}, {}, evidence};
        for (const CamelEndpoint& endpoint : route.endpoints)
            placed.places.push_back(place(endpoint));
        placed.route = std::move(route);
        m_routes.push_back(std::move(placed));
    }
}

void IntegrationReader::readFlows()
{
    const Json* flows = findPath(m_out.object, {"spec", "flows"});
    if (flows)
        addRoutes(routesOfFlows(*flows), LineageEvidence::Declared,
                  [this](const CamelEndpoint& endpoint) {
                      return m_out.place("/spec/flows" + endpoint.pointer);
                  });
    if (findPath(m_out.object, {"spec", "git"}))
        cannotRead("spec.git", "its source stands in another repository", "/spec/git");
}

void IntegrationReader::cannotRead(std::string_view what, std::string_view why,
                                   const std::string& pointer)
{
    m_out.uses(LineageWriter::unresolved(what, why),
               {LineageEvidence::Declared, std::string(what), m_out.place(pointer)});
}

void IntegrationReader::readSource(const Json& source, const std::string& pointer)
{
    const std::string name(stringAt(source, {"name"}));
    std::string text(stringAt(source, {"content"}));
    Place place = m_out.place(pointer + "/content");
    if (boolAt(source, {"compression"}))
        return cannotRead(name, "the source is compressed", pointer);
    if (const std::string_view reference = stringAt(source, {"contentRef"}); text.empty()) {
        const ManifestPtr map = m_out.configMap(reference);
        std::string key(stringAt(source, {"contentKey"}));
        key = key.empty() ? "content" : key;
        if (!map && reference.empty())
            return cannotRead(name, "the source is empty", pointer);
        if (!map)
            return cannotRead(name, "the ConfigMap " + std::string(reference) + " is not there",
                              pointer);
        const Json value = map->value();
        text = stringAt(value, {"data", key});
        place = map->origin("/data/" + key);
    }
    std::string language(stringAt(source, {"language"}));
    if (language.empty())
        language = name.substr(name.rfind('.') == name.npos ? name.size() : name.rfind('.') + 1);
    const EmbeddedText embeddedText {text, place};
    const auto atLine = [&](const CamelEndpoint& endpoint) {
        return embeddedText.line(endpoint.line);
    };
    if (language == "yaml" || language == "yml" || language == "kamelet") {
        const auto flows = parseYaml(text, place.file);
        if (!flows)
            return cannotRead(name, "the source is no YAML: " + flows.error().message, pointer);
        addRoutes(routesOfFlows(*flows), LineageEvidence::Declared,
                  [&](const CamelEndpoint&) { return place; });
    } else if (language == "xml") {
        addRoutes(routesOfXml(text), LineageEvidence::Declared, atLine);
    } else {
        addRoutes(routesOfCode(text), LineageEvidence::Inferred, atLine);
    }
}

void IntegrationReader::readSources()
{
    for (const FoundValue& source : valuesAt(m_out.object, "/spec/sources/*"))
        readSource(*source.value, source.pointer);
}

void IntegrationReader::writeGroup(std::size_t group, const std::vector<std::size_t>& groups,
                                   bool alone)
{
    LineageEnd self;
    const Resolver resolver(m_out, m_properties);
    for (std::size_t i = 0; i < m_routes.size(); ++i) {
        if (groups[i] != group)
            continue;
        const PlacedRoute& placed = m_routes[i];
        if (!alone && self.type == LineageEnd::Type::Self) {
            const std::string id =
                placed.route.id.empty() ? std::to_string(group + 1) : placed.route.id;
            self = {.type = LineageEnd::Type::Named,
                    .system = "camel",
                    .host = "kubernetes://" + m_out.namespaceName(),
                    .name = m_out.manifest.key().kind + "/" + m_out.manifest.key().name + "#" + id};
            m_out.add(LineageNodeFact {.end = self,
                                       .container = LineageEnd {},
                                       .type = LineageNodeType::Job,
                                       .system = "camel",
                                       .label = m_out.manifest.key().name + " " + id,
                                       .place = placed.places.front()});
        }
        for (std::size_t at = 0; at < placed.route.endpoints.size(); ++at) {
            const CamelEndpoint& endpoint = placed.route.endpoints[at];
            LineageProof proof {
                placed.evidence,
                endpoint.verb + " "
                    + endpoint.uri.substr(0, std::min<std::size_t>(endpoint.uri.find('?'), 200)),
                placed.places[at]};
            const bool isFrom = endpoint.use == CamelEndpoint::Use::From;
            for (LineageEnd& end : resolver.ends(endpoint)) {
                const bool isHost = end.type == LineageEnd::Type::Host
                    || (end.type == LineageEnd::Type::Named && end.system == "http");
                LineageFlow flow {end, self, LineageRelation::Reads, false, proof};
                if (isHost)
                    flow.relation = LineageRelation::Calls;
                if (!isFrom) {
                    std::swap(flow.from, flow.to);
                    flow.relation = isHost ? LineageRelation::Calls : LineageRelation::Writes;
                }
                m_out.add(std::move(flow));
            }
        }
    }
}

void IntegrationReader::write()
{
    // A route without a beginning (an error handler) joins the first one.
    std::vector<std::size_t> groups;
    {
        std::vector<CamelRoute> routes;
        for (const PlacedRoute& each : m_routes)
            routes.push_back(each.route);
        groups = groupsOf(routes);
    }
    for (std::size_t i = 1; i < m_routes.size(); ++i)
        if (std::ranges::none_of(m_routes[i].route.endpoints, [](const CamelEndpoint& endpoint) {
                return endpoint.use == CamelEndpoint::Use::From;
            }))
            groups[i] = groups[0];
    const std::set<std::size_t> distinct(groups.begin(), groups.end());
    for (const std::size_t group : distinct)
        writeGroup(group, groups, distinct.size() == 1);
}

/// One side of a Pipe: a reference to a topic, a Kamelet, a broker, a Service, or a URI.
void readPipeEnd(LineageWriter& out, const std::string& pointer, bool isSource,
                 const Properties& properties)
{
    const auto found = valuesAt(out.object, pointer);
    if (found.empty())
        return;
    const Json& side = *found.front().value;
    const LineageProof proof {LineageEvidence::Declared, pointer.substr(1), out.place(pointer)};
    CamelEndpoint endpoint {isSource ? CamelEndpoint::Use::From : CamelEndpoint::Use::To};
    std::vector<LineageEnd> ends;
    const std::string kind(stringAt(side, {"ref", "kind"}));
    const std::string name(stringAt(side, {"ref", "name"}));
    std::string space(stringAt(side, {"ref", "namespace"}));
    space = space.empty() ? out.namespaceName() : space;
    if (kind == "Kamelet" || !stringAt(side, {"uri"}).empty()) {
        endpoint.uri = kind == "Kamelet" ? "kamelet:" + name : std::string(stringAt(side, {"uri"}));
        for (const FoundValue& property : valuesAt(side, "/properties/*"))
            endpoint.uri += (endpoint.uri.find('?') == endpoint.uri.npos ? "?" : "&")
                + property.pointer.substr(property.pointer.rfind('/') + 1) + "=" + property.text();
        ends = Resolver(out, properties).ends(endpoint);
    } else if (kind == "Service") {
        ends.push_back(
            {.type = LineageEnd::Type::Host, .system = "http", .host = name + "." + space});
    } else if (!kind.empty()) {
        ends.push_back(
            {.type = LineageEnd::Type::Object,
             .object = {groupVersionKind(stringAt(side, {"ref", "apiVersion"}), kind).group, kind,
                        space, name}});
    }
    for (LineageEnd& end : ends) {
        if (isSource)
            out.reads(std::move(end), proof);
        else
            out.writes(std::move(end), proof);
    }
}

} // namespace

void readIntegration(LineageWriter& out)
{
    IntegrationReader reader(out);
    reader.readFlows();
    reader.readSources();
    reader.write();
}

void readPipe(LineageWriter& out)
{
    const Properties properties = propertiesOf(out);
    readPipeEnd(out, "/spec/source", true, properties);
    readPipeEnd(out, "/spec/sink", false, properties);
    readPipeEnd(out, "/spec/errorHandler/sink/endpoint", false, properties);
    std::size_t index = 0;
    for (const FoundValue& step : valuesAt(out.object, "/spec/steps/*")) {
        const std::string_view name = stringAt(*step.value, {"ref", "name"});
        if (!name.empty() && !name.ends_with("-action"))
            readPipeEnd(out, "/spec/steps/" + std::to_string(index), false, properties);
        ++index;
    }
}

} // namespace core

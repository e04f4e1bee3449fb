// SPDX-License-Identifier: GPL-3.0-or-later
// Camel K: what the routes of an Integration, and the ends of a Pipe, lead to.
#include "core/base/strings.h"
#include "core/platform/camelproperties.h"
#include "core/platform/camelresolver.h"
#include "core/platform/integrationroutes.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineagewriter.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace core {

namespace {

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
            if (const std::string name = CamelResolver::innerName(endpoint.uri); !name.empty()) {
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
        , m_properties(camelProperties(out))
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
    CamelProperties m_properties;
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
    const CamelResolver resolver(m_out, m_properties);
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
                 const CamelProperties& properties)
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
        ends = CamelResolver(out, properties).ends(endpoint);
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
    const CamelProperties properties = camelProperties(out);
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

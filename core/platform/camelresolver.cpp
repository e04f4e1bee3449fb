// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/camelresolver.h"

#include "core/base/strings.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace core {

struct CamelResolver::Component
{
    std::string scheme; ///< "kafka", "kamelet:kafka-sink"
    std::string path;
    CamelProperties options;
};

CamelResolver::Component CamelResolver::componentOf(std::string_view uri)
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

/// A Kamelet that is declared here is opened: what its template's route leads to, with the
/// endpoint's options and the definition's defaults. Nothing where it is not here.
std::optional<std::vector<LineageEnd>> CamelResolver::kamelet(const Component& component,
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
    CamelProperties inside = m_properties;
    for (const FoundValue& value : valuesAt(object, "/spec/definition/properties/*/default")) {
        const auto words = split(value.pointer, '/');
        inside[std::string(words[words.size() - 2])] = value.text();
    }
    for (const auto& [key, value] : component.options)
        inside[key] = value;
    const Json* route = find(*text, "route");
    std::vector<LineageEnd> out;
    const CamelResolver inner(m_out, inside, m_depth + 1);
    for (const CamelRoute& each : routesOfFlows(route ? *route : *text))
        for (const CamelEndpoint& endpoint : each.endpoints)
            if (endpoint.use == use && !endpoint.uri.starts_with("kamelet:source")
                && !endpoint.uri.starts_with("kamelet:sink"))
                std::ranges::move(inner.ends(endpoint), std::back_inserter(out));
    return out;
}

std::string CamelResolver::innerName(const std::string& uri)
{
    for (const std::string_view scheme : {"direct:", "seda:", "vm:", "direct-vm:"})
        if (uri.starts_with(scheme))
            return uri.substr(0, uri.find('?'));
    return {};
}

std::string CamelResolver::option(const Component& component,
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

std::vector<LineageEnd> CamelResolver::rabbit(const Component& component,
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

std::vector<LineageEnd> CamelResolver::http(const Component& component,
                                            CamelEndpoint::Use use) const
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

std::vector<LineageEnd> CamelResolver::apply(const Component& component,
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

std::vector<LineageEnd> CamelResolver::ends(const CamelEndpoint& endpoint) const
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

} // namespace core

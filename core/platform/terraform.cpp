// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/terraform.h"

#include "core/base/embedded.h"
#include "core/base/strings.h"
#include "core/platform/endpoint.h"
#include "core/platform/lineagerules.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/terraformstate.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <map>
#include <set>

namespace core {

namespace {

constexpr std::size_t kMaxServices = 5'000;

/// The table of resources/terraform, read once.
const Json& table()
{
    static const Json read = [] {
        YamlTree tree;
        const auto documents =
            readYaml(tree, embedded("resources/terraform/services.yaml"), "services.yaml");
        if (documents && !documents->empty())
            if (auto value = toJson(tree, *documents->front()))
                return std::move(*value);
        return Json(JsonObject {});
    }();
    return read;
}

std::string first(const Json& rule, std::string_view key, const Json& values)
{
    const std::string_view pattern = stringAt(rule, {key});
    const auto found =
        pattern.empty() ? std::vector<ExpandedText> {} : expandTemplate(pattern, values);
    return found.empty() ? std::string() : found.front().text;
}

std::vector<std::string> all(const Json& rule, std::string_view key, const Json& values)
{
    std::vector<std::string> out;
    for (const FoundValue& pattern : valuesAt(rule, "/" + std::string(key) + "/*"))
        for (const ExpandedText& each : expandTemplate(pattern.text(), values))
            out.push_back(each.text);
    return out;
}

const Json* ruleOf(const char* section, const std::string& type)
{
    const Json* rules = find(table(), section);
    if (!rules || !rules->is_array())
        return nullptr;
    for (const Json& rule : rules->get_array())
        for (const FoundValue& each : valuesAt(rule, "/types/*"))
            if (each.text() == type)
                return &rule;
    return nullptr;
}

/// "host" or "host:port" of an address as a provider writes it; "" when it has none.
std::string hostOf(std::string text)
{
    text = toLower(trimmed(text));
    if (const std::size_t scheme = text.find("://"); scheme != text.npos)
        text.erase(0, scheme + 3);
    text = text.substr(0, text.find('/'));
    if (text.ends_with(":0"))
        text.resize(text.size() - 2);
    while (text.ends_with('.'))
        text.pop_back();
    return text.size() > 300 || text.starts_with(':') ? std::string() : text;
}

/// "POSTGRES_15" and "aurora-postgresql" are postgres.
std::string systemOf(std::string text)
{
    text = toLower(text);
    if (const Json* found = findPath(table(), {"systems", text}); found && found->is_string())
        return std::string(found->get_string());
    if (const std::size_t cut = text.find('_'); cut != text.npos)
        text.resize(cut);
    return text;
}

std::string imageSystem(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    if (const std::size_t slash = image.rfind('/'); slash != image.npos)
        image.remove_prefix(slash + 1);
    const std::string name(image.substr(0, image.find(':')));
    if (name == "registry")
        return name;
    for (const LineageProductRule& rule : lineageRules().products)
        if (std::ranges::any_of(rule.images,
                                [&](const std::string& each) { return globMatches(each, name); }))
            return rule.system;
    return {};
}

int portOfImage(const std::string& system)
{
    for (const LineageProductRule& rule : lineageRules().products)
        if (rule.system == system)
            return rule.port;
    return 0;
}

struct Service
{
    std::string kind;
    std::string system;
    std::string type;
    std::string address;
    std::vector<std::string> hosts;
    std::vector<std::string> buckets;
    std::vector<std::string> hidden;
    std::string name;
    std::string version;
    std::string size;
    int line = 0;
};

class LayerMaker
{
public:
    LayerMaker(const TerraformState& state, std::string file)
        : m_state(state)
        , m_file(std::move(file))
    {
    }

    TerraformLayer make()
    {
        for (const TerraformResource& resource : m_state.resources)
            addService(resource);
        for (const TerraformResource& resource : m_state.resources)
            addAlias(resource);
        addOutputs();
        mergeStorage();
        TerraformLayer out {m_file, m_state.version, {}, m_state.gaps};
        for (const Service& service : m_services)
            if (auto manifest = manifestOf(service))
                out.services.push_back(std::move(*manifest));
        std::ranges::sort(out.services, {}, [](const ManifestPtr& each) { return each->key(); });
        return out;
    }

private:
    void addService(const TerraformResource& resource)
    {
        const Json* rule = ruleOf("services", resource.type);
        if (!rule || m_services.size() >= kMaxServices)
            return;
        Service service {.kind = std::string(stringAt(*rule, {"kind"})),
                         .system = systemOf(first(*rule, "system", resource.values)),
                         .type = resource.type,
                         .address = resource.address,
                         .name = first(*rule, "name", resource.values),
                         .version = first(*rule, "version", resource.values),
                         .size = first(*rule, "size", resource.values),
                         .line = resource.line};
        if (const std::string image = first(*rule, "byImage", resource.values); !image.empty()) {
            service.system = imageSystem(image);
            const Json* kind = findPath(table(), {"kinds", service.system});
            if (!kind || !kind->is_string())
                return;
            service.kind = kind->get_string();
        }
        if (service.kind.empty() || service.system.empty())
            return;
        for (const std::string& text : all(*rule, "hosts", resource.values))
            for (const std::string_view each : split(text, ','))
                addHost(service, hostOf(std::string(each)));
        if (const std::string bucket = first(*rule, "buckets", resource.values); !bucket.empty())
            service.buckets.push_back(bucket);
        service.hidden = resource.hidden;
        m_services.push_back(std::move(service));
    }

    static void addHost(Service& service, std::string host)
    {
        if (host.empty())
            return;
        const int usual = service.type == "docker_container" ? portOfImage(service.system) : 0;
        if (usual != 0 && portOf(host) == 0)
            host += ":" + std::to_string(usual);
        if (std::ranges::find(service.hosts, host) == service.hosts.end())
            service.hosts.push_back(std::move(host));
    }

    /// A name in a private zone is another host of the service that it leads to.
    void addAlias(const TerraformResource& resource)
    {
        const Json* rule = ruleOf("aliases", resource.type);
        if (!rule)
            return;
        const std::string name = hostOf(first(*rule, "name", resource.values));
        if (name.empty())
            return;
        for (const std::string& text : all(*rule, "to", resource.values)) {
            const std::string target = hostOf(text);
            for (Service& service : m_services)
                for (const std::string& host : std::vector(service.hosts))
                    if (withoutPort(host) == target) {
                        const int port = portOf(host);
                        // The name comes first: it is what the applications know.
                        const std::string alias =
                            name + (port ? ":" + std::to_string(port) : std::string());
                        if (std::ranges::find(service.hosts, alias) == service.hosts.end())
                            service.hosts.insert(service.hosts.begin(), alias);
                    }
        }
    }

    bool isKnown(const std::string& host) const
    {
        return std::ranges::any_of(m_services, [&](const Service& service) {
            return std::ranges::any_of(service.hosts, [&](const std::string& each) {
                return withoutPort(each) == withoutPort(host);
            });
        });
    }

    /// What no resource explains may be told by an output.
    void addOutputs()
    {
        for (const auto& [name, text] : m_state.outputs)
            for (const Endpoint& endpoint : endpointsIn(text)) {
                const std::string host =
                    endpoint.host + (endpoint.port ? ":" + std::to_string(endpoint.port) : "");
                if (isKnown(host) || endpoint.host.find('.') == std::string::npos)
                    continue;
                Service service {.kind = "Endpoint",
                                 .system = endpoint.scheme.empty() ? "endpoint" : endpoint.scheme,
                                 .type = "output",
                                 .address = "output." + name,
                                 .hosts = {host},
                                 .name = name};
                m_services.push_back(std::move(service));
            }
    }

    /// Buckets of one object store are one service.
    void mergeStorage()
    {
        std::map<std::string, std::size_t> byHost;
        std::vector<Service> out;
        for (Service& service : m_services) {
            if (service.kind == "Storage" && !service.hosts.empty()) {
                const auto [found, isNew] = byHost.emplace(service.hosts.front(), out.size());
                if (!isNew) {
                    Service& known = out[found->second];
                    std::ranges::move(service.buckets, std::back_inserter(known.buckets));
                    for (std::string& host : service.hosts)
                        addHost(known, std::move(host));
                    continue;
                }
            }
            out.push_back(std::move(service));
        }
        m_services = std::move(out);
        std::map<std::string, int> count;
        for (const Service& service : m_services)
            ++count[service.kind + "/" + service.system];
        for (Service& service : m_services) // "postgres" where it is the only one of its kind
            m_names.push_back(count[service.kind + "/" + service.system] == 1 ? service.system
                                                                              : service.address);
    }

    Result<ManifestPtr> manifestOf(const Service& service)
    {
        const auto list = [](const std::vector<std::string>& texts) {
            JsonArray out;
            for (const std::string& text : texts)
                out.push_back(Json(text));
            return out;
        };
        JsonObject spec {{"type", service.type},
                         {"address", service.address},
                         {"system", service.system},
                         {"hosts", list(service.hosts)}};
        for (const auto& [key, text] :
             {std::pair {"name", &service.name}, std::pair {"version", &service.version},
              std::pair {"size", &service.size}})
            if (!text->empty())
                spec[key] = *text;
        if (!service.buckets.empty())
            spec["buckets"] = list(service.buckets);
        if (!service.hidden.empty())
            spec["hidden"] = list(service.hidden);
        const std::size_t at = std::size_t(&service - m_services.data());
        return Manifest::make(
            JsonObject {{"apiVersion", std::string(kTerraformGroup) + "/v1"},
                        {"kind", service.kind},
                        {"metadata", JsonObject {{"name", m_names[at]}}},
                        {"spec", std::move(spec)}},
            {{"", {.file = m_file, .line = service.line, .object = service.address}}});
    }

    const TerraformState& m_state;
    std::string m_file;
    std::vector<Service> m_services;
    std::vector<std::string> m_names;
};

} // namespace

Result<TerraformLayer> readTerraform(std::string_view text, const std::string& file)
{
    const auto state = readTerraformState(text, file);
    if (!state)
        return std::unexpected(state.error());
    return LayerMaker(*state, file).make();
}

PlatformInputPtr withTerraform(const PlatformInput& input,
                               const std::vector<TerraformLayer>& layers)
{
    auto out = std::make_shared<PlatformInput>(input);
    std::set<ObjectKey> seen;
    for (const TerraformLayer& layer : layers) {
        for (const ManifestPtr& service : layer.services)
            if (seen.insert(service->key()).second)
                out->objects.push_back(
                    {service->key(), {Declaration {service, "terraform", 0, {}}}, nullptr});
        std::ranges::copy(layer.gaps, std::back_inserter(out->gaps));
    }
    std::ranges::sort(out->objects, {}, &PlatformObject::key);
    return out;
}

bool hasTerraform(const PlatformInput& input)
{
    const auto group = [](const PlatformObject& object) -> std::string_view {
        return object.key.group;
    };
    return std::ranges::binary_search(input.objects, kTerraformGroup, {}, group); // by key
}

} // namespace core

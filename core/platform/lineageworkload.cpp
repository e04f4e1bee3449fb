// SPDX-License-Identifier: GPL-3.0-or-later
// Workloads: images, environment, arguments, mounted files. Of Secrets only names are looked at.
#include "core/base/strings.h"
#include "core/object/selector.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagevariables.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

namespace {

using Values = std::map<std::string, std::string>;

std::string imageName(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    const std::size_t slash = image.rfind('/');
    if (slash != image.npos)
        image.remove_prefix(slash + 1);
    return std::string(image.substr(0, image.find(':')));
}

void addSecret(LineageWriter& out, std::string_view name)
{
    if (!name.empty() && std::ranges::find(out.facts.secrets, name) == out.facts.secrets.end())
        out.facts.secrets.emplace_back(name);
}

/// Everything that one container is given.
class ContainerReader
{
public:
    ContainerReader(LineageWriter& out, const Json& container, std::string pointer)
        : m_out(out)
        , m_container(container)
        , m_pointer(std::move(pointer))
        , m_name(stringAt(container, {"name"}))
    {
    }
    void read(const std::string& workloadName);

private:
    void readEnvironmentFrom();
    void readEnvironment();
    void readArguments();
    void readScript(const std::string& text, const LineageProof& proof);
    void add(std::string name, std::string value, std::string secret, std::string_view pointer);

    LineageWriter& m_out;
    const Json& m_container;
    std::string m_pointer;
    std::string m_name;
    Values m_values;
    std::vector<LineageVariable> m_variables;
};

void ContainerReader::add(std::string name, std::string value, std::string secret,
                          std::string_view pointer)
{
    if (m_variables.size() >= 5'000 || name.size() > 512)
        return;
    LineageProof proof {LineageEvidence::Inferred, "env " + name + " of container " + m_name,
                        m_out.place(pointer)};
    m_values[name] = value;
    m_variables.push_back({std::move(name), std::move(value), std::move(secret), std::move(proof)});
}

void ContainerReader::readEnvironmentFrom()
{
    const Json* sources = find(m_container, "envFrom");
    if (!sources || !sources->is_array())
        return;
    std::size_t index = 0;
    for (const Json& source : sources->get_array()) {
        const std::string pointer = m_pointer + "/envFrom/" + std::to_string(index++);
        addSecret(m_out, stringAt(source, {"secretRef", "name"}));
        const std::string prefix(stringAt(source, {"prefix"}));
        const ManifestPtr map = m_out.configMap(stringAt(source, {"configMapRef", "name"}));
        if (!map)
            continue;
        const Json value = map->value();
        if (const Json* data = find(value, "data"); data && data->is_object())
            for (const auto& member : data->get_object())
                if (member.value().is_string())
                    add(prefix + std::string(member.key()),
                        std::string(member.value().get_string()), "", pointer);
    }
}

void ContainerReader::readEnvironment()
{
    const Json* list = find(m_container, "env");
    if (!list || !list->is_array())
        return;
    std::size_t index = 0;
    for (const Json& each : list->get_array()) {
        const std::string pointer = m_pointer + "/env/" + std::to_string(index++);
        const std::string name(stringAt(each, {"name"}));
        if (const Json* value = find(each, "value"); value && value->is_string()) {
            add(name, withVariables(std::string_view(value->get_string()), m_values), "",
                pointer + "/value");
            continue;
        }
        const std::string_view secret = stringAt(each, {"valueFrom", "secretKeyRef", "name"});
        if (!secret.empty()) {
            addSecret(m_out, secret);
            add(name, "",
                "Secret " + std::string(secret) + ", key "
                    + std::string(stringAt(each, {"valueFrom", "secretKeyRef", "key"})),
                pointer);
            m_values.erase(name);
            continue;
        }
        const ManifestPtr map =
            m_out.configMap(stringAt(each, {"valueFrom", "configMapKeyRef", "name"}));
        if (map)
            add(name,
                std::string(
                    stringAt(map->value(),
                             {"data", stringAt(each, {"valueFrom", "configMapKeyRef", "key"})})),
                "", pointer);
    }
}

void ContainerReader::readScript(const std::string& text, const LineageProof& proof)
{
    interpretCommands(m_out, shellCommands(text, m_values), proof);
    if (text.find("CREATE") != text.npos || text.find("create") != text.npos) {
        const bool isCql = text.find("cql") != text.npos;
        readTables(m_out, {text, proof.place}, isCql ? "cassandra" : "postgres", "");
    }
}

void ContainerReader::readArguments()
{
    std::vector<std::pair<std::string, std::string>> words; ///< with pointers
    for (const std::string_view key : {"command", "args"}) {
        const Json* list = find(m_container, key);
        if (!list || !list->is_array())
            continue;
        std::size_t index = 0;
        for (const Json& word : list->get_array()) {
            const std::string pointer =
                m_pointer + "/" + std::string(key) + "/" + std::to_string(index++);
            if (word.is_string() && words.size() < 5'000)
                words.emplace_back(
                    withVariables(std::string_view(word.get_string()).substr(0, 1u << 20),
                                  m_values),
                    pointer);
        }
    }
    ShellCommand whole;
    const std::size_t environment = m_variables.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& [word, pointer] = words[i];
        const LineageProof proof {LineageEvidence::Inferred, "argument of container " + m_name,
                                  m_out.place(pointer)};
        whole.words.push_back(word);
        const std::size_t equals = word.find('=');
        if (word.find_first_of(" \n") != word.npos) {
            readScript(word, proof);
        } else if (word.starts_with('-') && equals != word.npos) {
            m_variables.push_back(
                {variableName(word.substr(0, equals)), word.substr(equals + 1), "", proof});
        } else if (word.starts_with('-') && i + 1 < words.size()
                   && !words[i + 1].first.starts_with('-')) {
            m_variables.push_back({variableName(word), words[i + 1].first, "", proof});
            whole.words.push_back(words[++i].first);
        } else if (word.find("://") != word.npos) {
            m_variables.push_back({"ARGUMENT", word, "", proof});
        }
    }
    // What a program's own rule tells goes before what names of its options let us think.
    if (!whole.words.empty()
        && interpretCommands(m_out, {whole},
                             {LineageEvidence::Inferred, "command of container " + m_name,
                              m_out.place(m_pointer + "/command")}))
        m_variables.resize(environment);
}

void ContainerReader::read(const std::string& workloadName)
{
    readEnvironmentFrom();
    readEnvironment();
    // DAG files ask for variables by name: those of Airflow's workloads are kept, but for what may
    // be a credential.
    const bool isAirflow = std::ranges::any_of(
        m_values, [](const auto& each) { return each.first.starts_with("AIRFLOW_"); });
    if (isAirflow)
        for (const auto& [name, value] : m_values)
            if (value.size() <= 1'000 && value.find('@') == value.npos
                && name.find("PASSWORD") == name.npos && name.find("SECRET") == name.npos
                && name.find("KEY") == name.npos && name.find("TOKEN") == name.npos)
                m_out.facts.environment.emplace(name, value);
    readArguments();
    interpretVariables(m_out, m_variables, workloadName);
}

void takeProduct(LineageWriter& out, const Json& container)
{
    const std::string image = imageName(stringAt(container, {"image"}));
    for (const LineageProductRule& rule : out.rules.products) {
        if (std::ranges::none_of(rule.images, [&](const std::string& pattern) {
                return globMatches(pattern, image);
            }))
            continue;
        for (LineageNodeFact& node : out.facts.nodes)
            if (node.end.type == LineageEnd::Type::Self && node.type == LineageNodeType::Service) {
                node.type = rule.type;
                node.system = rule.system;
                out.facts.system = rule.system;
                out.facts.port = rule.port;
            }
        return;
    }
}

void readVolumes(LineageWriter& out, const Json& spec)
{
    const Json* volumes = find(spec, "volumes");
    if (!volumes || !volumes->is_array())
        return;
    std::vector<std::string> maps;
    for (const Json& volume : volumes->get_array()) {
        addSecret(out, stringAt(volume, {"secret", "secretName"}));
        maps.emplace_back(stringAt(volume, {"configMap", "name"}));
        if (const Json* sources = findPath(volume, {"projected", "sources"});
            sources && sources->is_array())
            for (const Json& source : sources->get_array()) {
                maps.emplace_back(stringAt(source, {"configMap", "name"}));
                addSecret(out, stringAt(source, {"secret", "name"}));
            }
    }
    for (const std::string& name : maps) {
        const ManifestPtr map = name.empty() ? nullptr : out.configMap(name);
        if (!map)
            continue;
        const Json value = map->value();
        const Json* data = find(value, "data");
        if (!data || !data->is_object())
            continue;
        for (const auto& member : data->get_object()) {
            if (!member.value().is_string())
                continue;
            const std::string file(member.key());
            const std::string_view text(member.value().get_string());
            const Place place = map->origin("/data/" + file);
            if (file.ends_with(".sh"))
                interpretCommands(out, shellCommands(text, {}),
                                  {LineageEvidence::Inferred, "script " + file, place});
            else
                readMountedFile(out, file, {text, place});
        }
    }
}

} // namespace

void readWorkload(LineageWriter& out, const Json& podTemplate, const std::string& pointer)
{
    out.facts.isWorkload = true;
    out.facts.podLabels = labelsOf(podTemplate);
    for (const auto& [key, value] : annotationsOf(podTemplate))
        if (key.starts_with("prometheus.io/"))
            out.facts.scrapeAnnotations.emplace(key, value);
    const Json* spec = find(podTemplate, "spec");
    if (!spec)
        return;
    const Json* containers = find(*spec, "containers");
    if (containers && containers->is_array())
        for (const Json& container : containers->get_array())
            if (out.facts.system.empty())
                takeProduct(out, container);
    for (const std::string_view list : {"initContainers", "containers"}) {
        const Json* items = find(*spec, list);
        if (!items || !items->is_array())
            continue;
        std::size_t index = 0;
        for (const Json& container : items->get_array()) {
            for (const FoundValue& port : valuesAt(container, "/ports/*"))
                if (out.facts.containerPorts.size() < 100)
                    out.facts.containerPorts.emplace_back(
                        stringAt(*port.value, {"name"}),
                        int(integerAt(*port.value, {"containerPort"}, 0)));
            const std::string at =
                pointer + "/spec/" + std::string(list) + "/" + std::to_string(index++);
            ContainerReader(out, container, at).read(out.manifest.key().name);
        }
    }
    readVolumes(out, *spec);
}

void readSparkApplication(LineageWriter& out, const Json& spec, const std::string& pointer)
{
    std::vector<LineageVariable> variables;
    const auto add = [&](std::string name, std::string_view value, const std::string& at,
                         const std::string& detail) {
        if (variables.size() < 5'000)
            variables.push_back({std::move(name),
                                 std::string(value.substr(0, 64 * 1024)),
                                 "",
                                 {LineageEvidence::Inferred, detail, out.place(at)}});
    };
    for (const std::string_view map : {"sparkConf", "hadoopConf"})
        if (const Json* settings = find(spec, map); settings && settings->is_object())
            for (const auto& member : settings->get_object())
                if (member.value().is_string())
                    add(variableName(member.key()), std::string_view(member.value().get_string()),
                        pointer + "/" + std::string(map) + "/" + std::string(member.key()),
                        std::string(map) + " " + std::string(member.key()));
    if (const Json* list = find(spec, "arguments"); list && list->is_array()) {
        const JsonArray& words = list->get_array();
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (!words[i].is_string())
                continue;
            const std::string_view word(words[i].get_string());
            const std::string at = pointer + "/arguments/" + std::to_string(i);
            const std::size_t equals = word.find('=');
            if (word.starts_with('-') && equals != word.npos)
                add(variableName(word.substr(0, equals)), word.substr(equals + 1), at,
                    "argument " + std::string(word.substr(0, std::min<std::size_t>(equals, 100))));
            else if (word.starts_with('-') && i + 1 < words.size() && words[i + 1].is_string()) {
                add(variableName(word), std::string_view(words[i + 1].get_string()),
                    pointer + "/arguments/" + std::to_string(i + 1),
                    "argument " + std::string(word.substr(0, 100)));
                ++i;
            } else if (word.find("://") != word.npos)
                add("ARGUMENT", word, at, "argument");
        }
    }
    for (const std::string_view role : {"driver", "executor"}) {
        const Json* part = find(spec, role);
        if (!part)
            continue;
        // The same names mean the same thing as in any container.
        ContainerReader(out, *part, pointer + "/" + std::string(role))
            .read(out.manifest.key().name);
    }
    interpretVariables(out, variables, out.manifest.key().name);
    if (const Json* volumes = find(spec, "volumes"); volumes)
        readVolumes(out, spec);
}

void readService(LineageWriter& out)
{
    LineageService service {.namespaceName = out.namespaceName(),
                            .name = out.manifest.key().name,
                            .externalName =
                                std::string(stringAt(out.object, {"spec", "externalName"}))};
    if (const Json* selector = findPath(out.object, {"spec", "selector"});
        selector && selector->is_object())
        for (const auto& member : selector->get_object())
            if (member.value().is_string())
                service.selector.emplace(member.key(), member.value().get_string());
    if (const Json* ports = findPath(out.object, {"spec", "ports"}); ports && ports->is_array())
        for (const Json& port : ports->get_array())
            service.ports.emplace_back(stringAt(port, {"name"}),
                                       static_cast<int>(integerAt(port, {"port"}, 0)));
    service.headless = stringAt(out.object, {"spec", "clusterIP"}) == "None";
    for (const auto& [key, value] : annotationsOf(out.object))
        if (key.starts_with("prometheus.io/"))
            out.facts.scrapeAnnotations.emplace(key, value);
    out.facts.labels = labelsOf(out.object);
    out.facts.services.push_back(std::move(service));
}

} // namespace core

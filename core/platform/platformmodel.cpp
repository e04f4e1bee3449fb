// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformmodel.h"

#include <algorithm>
#include <array>

namespace core {

const std::string& ModelObject::application() const
{
    static const std::string none;
    if (!object.declared.empty())
        return object.declared.front().application;
    return object.live ? object.live->application : none;
}

const ModelNamespace::Index& ModelNamespace::index() const
{
    if (m_index)
        return *m_index;
    m_index = std::make_unique<Index>();
    for (const auto& [key, object] : m_objects) {
        const ObjectFacts* facts = object.facts();
        if (!facts)
            continue;
        if (facts->policy)
            m_index->policies.push_back({key, &*facts->policy});
        if (facts->limits)
            m_index->limits.push_back(&*facts->limits);
        if (facts->quota)
            m_index->quotas.push_back(&object);
        if (!facts->services.empty())
            m_index->services.push_back(&object);
        const bool isOwned = object.object.live && !object.object.live->owners.empty();
        if (!facts->pods.empty() && (!isOwned || object.object.isDeclared()))
            m_index->workloads.push_back(&object);
    }
    return *m_index;
}

ObjectFactsPtr PlatformModel::factsOf(const Manifest& manifest, const ManifestPtr& owner)
{
    CachedFacts& cached = m_cache[&manifest];
    if (cached.facts)
        return cached.facts;
    if (const auto before = m_before.find(&manifest); before != m_before.end())
        cached = before->second;
    else
        cached = {
            owner,
            std::make_shared<const ObjectFacts>(readObjectFacts(manifest.key(), manifest.value()))};
    return cached.facts;
}

ObjectFactsPtr PlatformModel::factsOf(const ObjectKey& key,
                                      const std::shared_ptr<const std::string>& text)
{
    CachedFacts& cached = m_cache[text.get()];
    if (cached.facts)
        return cached.facts;
    if (const auto before = m_before.find(text.get()); before != m_before.end()) {
        cached = before->second;
        return cached.facts;
    }
    const auto value = parseJson(*text, {.bytes = text->size(), .depth = 1000});
    cached = {
        text,
        std::make_shared<const ObjectFacts>(value ? readObjectFacts(key, *value) : ObjectFacts {})};
    return cached.facts;
}

ModelObject PlatformModel::modelOf(PlatformObject object)
{
    ModelObject out;
    if (!object.declared.empty())
        out.declared = factsOf(*object.declared.front().manifest, object.declared.front().manifest);
    if (object.live && object.live->text)
        out.live = factsOf(object.key, object.live->text);
    out.object = std::move(object);
    return out;
}

void PlatformModel::setInput(PlatformInputPtr input)
{
    m_input = std::move(input);
    m_before = std::move(m_cache);
    m_cache.clear();
    m_cache.reserve(m_input->objects.size() * 2);
    m_labels.clear();
    std::map<std::string, ModelNamespace> spaces;
    for (const PlatformObject& object : m_input->objects) {
        ModelNamespace& space = spaces[object.key.namespaceName];
        space.m_objects.emplace_hint(space.m_objects.end(), object.key, modelOf(object));
        if (object.key.group.empty() && object.key.kind == "Namespace")
            spaces[object.key.name];
    }
    for (auto& [name, space] : spaces)
        if (const auto before = m_namespaces.find(name); before != m_namespaces.end())
            space.m_version = before->second.m_version + 1;
    m_namespaces = std::move(spaces);
    m_before.clear();
}

void PlatformModel::setObject(PlatformObject object)
{
    const ObjectKey key = object.key;
    ModelNamespace& space = m_namespaces[key.namespaceName];
    ++space.m_version;
    space.m_index.reset();
    if (const auto found = space.m_objects.find(key); found != space.m_objects.end()) {
        for (const Declaration& declaration : found->second.object.declared)
            m_cache.erase(declaration.manifest.get());
        if (found->second.object.live)
            m_cache.erase(found->second.object.live->text.get());
    }
    if (key.group.empty() && key.kind == "Namespace") {
        m_labels.erase(key.name);
        m_namespaces[key.name];
    }
    if (object.declared.empty() && !object.live)
        space.m_objects.erase(key);
    else
        space.m_objects.insert_or_assign(key, modelOf(std::move(object)));
}

const ModelNamespace& PlatformModel::space(const std::string& name) const
{
    static const ModelNamespace none;
    const auto found = m_namespaces.find(name);
    return found == m_namespaces.end() ? none : found->second;
}

const ModelObject* PlatformModel::find(const ObjectKey& key) const
{
    const auto& objects = space(key.namespaceName).objects();
    const auto found = objects.find(key);
    return found == objects.end() ? nullptr : &found->second;
}

const Labels& PlatformModel::namespaceLabels(const std::string& name) const
{
    const auto [found, added] = m_labels.try_emplace(name);
    if (!added)
        return found->second;
    if (const ModelObject* object = find({"", "Namespace", "", name}); object && object->facts())
        found->second = object->facts()->labels;
    found->second["kubernetes.io/metadata.name"] = name;
    return found->second;
}

std::optional<ServiceEntry> PlatformModel::service(const ServiceName& name) const
{
    // The Service itself first: what an operator was thought to make may stand here for real.
    const ModelNamespace& where = space(name.namespaceName);
    const auto own = where.objects().find({"", "Service", name.namespaceName, name.name});
    if (own != where.objects().end() && own->second.facts()
        && !own->second.facts()->services.empty())
        return ServiceEntry {&own->second, &own->second.facts()->services.front()};
    for (const ModelObject* object : where.services())
        for (const ServiceFacts& facts : object->facts()->services)
            if (facts.name == name.name)
                return ServiceEntry {object, &facts};
    return std::nullopt;
}

std::vector<PlatformModel::Selected> PlatformModel::selected(const std::string& namespaceName,
                                                             const ServiceFacts& service) const
{
    std::vector<Selected> out;
    if (!service.selector)
        return out;
    for (const ModelObject* object : space(namespaceName).workloads())
        for (const PodFacts& pods : object->facts()->pods)
            if (std::ranges::includes(pods.labels, *service.selector))
                out.push_back({object, &pods});
    return out;
}

std::optional<std::pair<ServiceName, ServiceEntry>>
PlatformModel::resolve(std::string_view host, const std::string& fromNamespace) const
{
    for (const ServiceName& candidate : serviceCandidates(host, fromNamespace))
        if (auto found = service(candidate))
            return std::pair(candidate, *found);
    return std::nullopt;
}

ResourceList needOf(const ObjectFacts& facts, const std::vector<const LimitRangeFacts*>& limits)
{
    ResourceList need = facts.need;
    if (!facts.finished)
        for (const PodFacts& pods : facts.pods)
            addNeed(need, podNeed(pods, limits), pods.count);
    return need;
}

bool isMadeBySystem(const ObjectKey& key)
{
    static const std::array<GroupKind, 8> kinds {{{"", "Event"},
                                                  {"events.k8s.io", "Event"},
                                                  {"", "Endpoints"},
                                                  {"discovery.k8s.io", "EndpointSlice"},
                                                  {"coordination.k8s.io", "Lease"},
                                                  {"apps", "ControllerRevision"},
                                                  {"", "Node"},
                                                  {"", "PersistentVolume"}}};
    if (std::ranges::find(kinds, key.groupKind()) != kinds.end())
        return true;
    if (key.group == "rbac.authorization.k8s.io")
        return key.name.starts_with("system:") || key.name == "cluster-admin" || key.name == "admin"
            || key.name == "edit" || key.name == "view";
    if (!key.group.empty())
        return key.group == "admissionregistration.k8s.io"
            || key.group == "flowcontrol.apiserver.k8s.io" || key.group == "scheduling.k8s.io";
    if (key.kind == "Namespace")
        return isSystemNamespace(key.name) || key.name == "wavewright"; // our own records
    return (key.kind == "ConfigMap"
            && (key.name == "kube-root-ca.crt" || key.name.starts_with("wavewright-")))
        || (key.kind == "ServiceAccount" && key.name == "default")
        || (key.kind == "Service" && key.namespaceName == "default" && key.name == "kubernetes");
}

bool isSystemNamespace(std::string_view name)
{
    return name == "default" || name.starts_with("kube-") || name == "local-path-storage";
}

} // namespace core

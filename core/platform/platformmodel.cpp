// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformmodel.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace core {

const std::string& ModelObject::application() const
{
    static const std::string none;
    if (!object.declared.empty())
        return object.declared.front().application;
    return object.live ? object.live->application : none;
}

bool ModelObject::isWorkload() const
{
    const bool isOwned = object.live && !object.live->owners.empty();
    return facts() && !facts()->pods.empty() && (!isOwned || object.isDeclared());
}

const ModelNamespace::Index& ModelNamespace::index() const
{
    if (m_index)
        return *m_index;
    m_index = std::make_unique<Index>();
    for (const auto& [key, object] : m_objects) {
        if (isBringer(key.kind))
            m_index->bringers.push_back(&key);
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
        if (object.isWorkload())
            m_index->workloads.push_back(&object);
    }
    return *m_index;
}

bool ModelNamespace::isIndexed(const ModelObject& object) const
{
    const ObjectFacts* facts = object.facts();
    if (isBringer(object.key().kind))
        return true;
    return facts
        && (facts->policy || facts->limits || facts->quota || !facts->services.empty()
            || !facts->pods.empty());
}

namespace {

ObjectFactsPtr factsOf(const ObjectKey& key, const std::string& text)
{
    const auto value = parseJson(text, {.bytes = text.size(), .depth = 1000});
    return std::make_shared<const ObjectFacts>(value ? readObjectFacts(key, *value)
                                                     : ObjectFacts {});
}

/// before: the same object as it was, which may have said the same.
ModelObject modelOf(const PlatformObject& object, const ModelObject* before)
{
    ModelObject out {object, {}, {}};
    if (const Manifest* manifest = object.manifest())
        out.declared = before && before->object.manifest() == manifest
            ? before->declared
            : std::make_shared<const ObjectFacts>(
                  readObjectFacts(manifest->key(), manifest->value()));
    const std::string* text = object.live ? object.live->text.get() : nullptr;
    if (text) {
        const bool isSame =
            before && before->object.live && before->object.live->text.get() == text;
        out.live = isSame ? before->live : factsOf(object.key, *text);
    }
    return out;
}

bool isNamespace(const ObjectKey& key)
{
    return key.group.empty() && key.kind == "Namespace" && key.namespaceName.empty();
}

} // namespace

void PlatformModel::setInput(PlatformInputPtr input)
{
    const PlatformInputPtr before = std::exchange(m_input, std::move(input));
    if (m_namespaces.empty() && !m_input->objects.empty())
        takeAll(*m_input);
    else if (before != m_input || !m_beside.empty())
        takeOthers(*before, *m_input);
    m_beside.clear();
}

/// Into an empty model.
void PlatformModel::takeAll(const PlatformInput& input)
{
    m_labels.clear();
    m_firstChange = changeCount() + 1; // nobody can know what was before
    m_changes.clear();
    for (const PlatformObject& object : input.objects) {
        ModelNamespace& space = m_namespaces[object.key.namespaceName];
        space.m_objects.emplace_hint(space.m_objects.end(), object.key, modelOf(object, nullptr));
        if (isNamespace(object.key))
            m_namespaces[object.key.name];
    }
    for (auto& [name, space] : m_namespaces)
        space.m_version = ++m_versions;
}

/// Both inputs are by key. What was set beside the one before is not in it, or otherwise.
void PlatformModel::takeOthers(const PlatformInput& before, const PlatformInput& now)
{
    const std::set<ObjectKey> beside = std::exchange(m_beside, {});
    auto was = before.objects.begin();
    for (const PlatformObject& object : now.objects) {
        for (; was != before.objects.end() && was->key < object.key; ++was)
            change(was->key, nullptr);
        const bool isKnown = was != before.objects.end() && was->key == object.key;
        if (!isKnown || !isSameObject(*was, object))
            change(object.key, &object);
        if (isKnown)
            ++was;
    }
    for (; was != before.objects.end(); ++was)
        change(was->key, nullptr);
    for (const ObjectKey& key : beside)
        change(key, now.find(key));
}

void PlatformModel::setObject(PlatformObject object)
{
    m_beside.insert(object.key);
    const bool isGone = object.declared.empty() && !object.live;
    change(object.key, isGone ? nullptr : &object);
}

/// now: null where it is not there any more.
void PlatformModel::change(const ObjectKey& key, const PlatformObject* now)
{
    const auto known = m_namespaces.find(key.namespaceName);
    ModelObject* before = nullptr;
    if (known != m_namespaces.end())
        if (const auto found = known->second.m_objects.find(key);
            found != known->second.m_objects.end())
            before = &found->second;
    if (!before && !now)
        return;
    ModelChange what {key, {}}; // the key that was given may be the object's own
    const std::size_t count = m_namespaces.size();
    ModelNamespace& space = m_namespaces[key.namespaceName];
    space.m_version = ++m_versions;
    const bool wasEmpty = space.m_objects.empty();
    if (now) {
        ModelObject next = modelOf(*now, before);
        what.aspects = differingAspects(before, &next);
        put(before ? *before : space.m_objects[what.key], std::move(next), space);
    } else {
        what.aspects = differingAspects(before, nullptr);
        if (space.isIndexed(*before))
            space.m_index.reset();
        space.m_objects.erase(what.key);
    }
    if (wasEmpty != space.m_objects.empty())
        what.aspects.add(ModelAspect::Network);
    if (isNamespace(what.key)) {
        m_labels.erase(what.key.name);
        m_namespaces[what.key.name].m_version = ++m_versions;
        leaveIfEmpty(what.key.name);
    }
    leaveIfEmpty(what.key.namespaceName);
    if (m_namespaces.size() != count)
        what.aspects.add(ModelAspect::Spaces);
    note(std::move(what));
}

/// An index may stay where it points to the object itself, and does not look into its facts.
void PlatformModel::put(ModelObject& to, ModelObject&& next, ModelNamespace& space)
{
    const auto listed = [](const ModelObject& object) {
        const ObjectFacts* facts = object.facts();
        return std::tuple(facts && facts->quota, facts && !facts->services.empty(),
                          object.isWorkload());
    };
    const auto isPointedInto = [](const ModelObject& object) {
        const ObjectFacts* facts = object.facts();
        return facts && (facts->policy || facts->limits);
    };
    const bool isNewBringer = to.key().kind.empty() && isBringer(next.key().kind);
    if (isPointedInto(to) || isPointedInto(next) || listed(to) != listed(next) || isNewBringer)
        space.m_index.reset();
    to = std::move(next);
}

/// A namespace is there while it is declared, live, or used by an object.
void PlatformModel::leaveIfEmpty(const std::string& name)
{
    const auto found = m_namespaces.find(name);
    if (found == m_namespaces.end() || !found->second.m_objects.empty()
        || find({"", "Namespace", "", name}))
        return;
    m_namespaces.erase(found);
}

void PlatformModel::note(ModelChange change)
{
    m_changes.push_back(std::move(change));
    if (m_changes.size() <= 2 * kMostChanges)
        return;
    m_changes.erase(m_changes.begin(), m_changes.begin() + std::ptrdiff_t(kMostChanges));
    m_firstChange += kMostChanges;
}

std::optional<std::span<const ModelChange>> PlatformModel::changesSince(std::uint64_t count) const
{
    if (count < m_firstChange || count > changeCount())
        return std::nullopt;
    return std::span(m_changes).subspan(std::size_t(count - m_firstChange));
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

bool isBringer(std::string_view kind)
{
    constexpr std::array<std::string_view, 7> kinds {
        "SealedSecret", "ExternalSecret", "KafkaUser",      "Certificate",
        "Kafka",        "KafkaConnect",   "RabbitmqCluster"};
    return std::ranges::find(kinds, kind) != kinds.end();
}

bool isSystemNamespace(std::string_view name)
{
    return name == "default" || name.starts_with("kube-") || name == "local-path-storage";
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about objects that are claimed twice, missing, or come too late.
#include "core/platform/findingsparts.h"

#include <algorithm>
#include <map>
#include <set>

namespace core {

namespace {

/// The waves on the way from the root to an object: one step for each application.
struct Step
{
    std::string name; ///< of an application; "" for the object itself
    int wave = 0;
};

std::vector<Step> wayTo(const PlatformInput& input, const std::string& application, int wave)
{
    std::vector<Step> way {{"", wave}};
    std::string at = application;
    for (int depth = 0; depth < 50 && !at.empty(); ++depth) {
        const PlatformApplication* found = input.application(at);
        way.push_back({at, found ? found->wave : 0});
        at = found ? found->parent : std::string();
    }
    std::ranges::reverse(way);
    return way;
}

/// Whether what is waited for comes in a later wave of the application that has both below it.
bool comesLater(const PlatformInput& input, const Declaration& waiting, const Declaration& wanted)
{
    const auto a = wayTo(input, waiting.application, waiting.wave);
    const auto b = wayTo(input, wanted.application, wanted.wave);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i].name == b[i].name && !a[i].name.empty())
            continue;
        return i > 0 && b[i].wave > a[i].wave; // roots know nothing of each other's waves
    }
    return false;
}

/// Secrets and ConfigMaps of a namespace that some other object brings, which are not to be seen
/// among the objects.
class BroughtOtherwise
{
public:
    BroughtOtherwise(const ModelNamespace& space, const MirroredNames& mirrored)
        : m_space(space)
        , m_mirrored(mirrored)
    {
    }

    bool has(const NameFact& name) const
    {
        return m_mirrored.contains({name.kind, name.name})
            || (name.kind == "ConfigMap" && name.name == "kube-root-ca.crt")
            || std::ranges::any_of(m_space.bringers(), [&](const ObjectKey* key) {
                   return (name.kind == "Secret" && isOfItsName(key->kind)
                           && key->name == name.name)
                       || (isOperated(key->kind) && name.name.starts_with(key->name + "-"));
               });
    }

private:
    // These become, or bring, the Secret of their name; operators make Secrets and ConfigMaps named
    // after their objects. All of them are in isBringer().
    static bool isOfItsName(std::string_view kind)
    {
        return kind == "SealedSecret" || kind == "ExternalSecret" || kind == "KafkaUser"
            || kind == "Certificate";
    }
    static bool isOperated(std::string_view kind)
    {
        return kind == "Kafka" || kind == "KafkaConnect" || kind == "RabbitmqCluster"
            || kind == "Certificate";
    }

    const ModelNamespace& m_space;
    const MirroredNames& m_mirrored;
};

class ReferenceJudge
{
public:
    ReferenceJudge(const PlatformModel& model, const ModelNamespace& space,
                   const MirroredNames& mirrored, std::vector<Finding>& out)
        : m_model(model)
        , m_brought(space, mirrored)
        , m_out(out)
    {
    }

    void judge(const ModelObject& object, const NameFact& name)
    {
        if (name.optional || !object.object.isDeclared() || name.kind == "PersistentVolumeClaim")
            return;
        const std::string& space = object.key().namespaceName;
        const ModelObject* wanted = m_model.find({"", name.kind, space, name.name});
        const ObjectKey key {"", name.kind, space, name.name};
        if (!wanted) {
            if (!m_brought.has(name) && isUnknownNowhere(name.kind))
                m_out.push_back(makeFinding("missing-reference",
                                            object.key().text() + " needs " + key.text()
                                                + ", which nobody declares.",
                                            object, name.pointer));
            return;
        }
        if (!wanted->object.isDeclared())
            return;
        const Declaration& waiting = object.object.declared.front();
        const Declaration& declared = wanted->object.declared.front();
        if (!waiting.hook.empty() || !declared.hook.empty()
            || !comesLater(m_model.input(), waiting, declared))
            return;
        Finding finding = makeFinding("later-wave",
                                      object.key().text() + " waits for " + key.text()
                                          + ", which comes in a later wave (application "
                                          + declared.application + ").",
                                      object, name.pointer);
        finding.related.push_back(wanted->object.place());
        m_out.push_back(std::move(finding));
    }

private:
    /// A kind that could not be listed is not absent; a gap may hide the one that declares it.
    bool isUnknownNowhere(const std::string& kind) const
    {
        return !m_model.input().unknownKinds.contains({"", kind}) && m_model.input().gaps.empty();
    }

    const PlatformModel& m_model;
    const BroughtOtherwise m_brought;
    std::vector<Finding>& m_out;
};

} // namespace

void findTwiceOf(const ModelObject& object, std::vector<Finding>& out)
{
    const auto& declared = object.object.declared;
    if (declared.size() < 2)
        return;
    const ObjectKey& key = object.key();
    const char* const code = key.kind == "Namespace" && key.group.empty() ? "namespace-twice"
        : key.kind == "CustomResourceDefinition"                          ? "crd-twice"
                                                                          : "claimed-twice";
    std::string names;
    for (const Declaration& each : declared)
        names += (names.empty() ? "" : ", ") + each.application;
    Finding finding = makeFinding(
        code, key.text() + " is declared by several applications: " + names + ".", object);
    for (std::size_t i = 1; i < declared.size(); ++i)
        finding.related.push_back(declared[i].manifest->origin());
    out.push_back(std::move(finding));
}

NamespaceClaims claimsIn(const PlatformModel& model, const std::string& name)
{
    NamespaceClaims out;
    for (const auto& [key, object] : model.space(name).objects()) {
        const ObjectFacts* facts = object.facts();
        if (!facts)
            continue;
        for (const ServiceFacts& service : facts->services)
            for (std::size_t i = 0; i < service.ports.size(); ++i)
                if (service.ports[i].nodePort != 0)
                    out.nodePorts.push_back({service.ports[i].nodePort, key,
                                             service.pointer.empty()
                                                 ? "/spec/ports/" + std::to_string(i) + "/nodePort"
                                                 : service.pointer});
        if (!facts->defines.kind.empty())
            out.kinds.emplace_back(facts->defines, key);
        for (const ListenerFacts& listener : facts->listeners)
            if (!listener.tls && listener.port != 0)
                out.listeners.push_back({key, listener.name, listener.port, listener.pointer});
        for (const std::string& space : facts->mirroredTo)
            out.mirrored[space].emplace(key.kind == "SealedSecret" ? "Secret" : key.kind, key.name);
    }
    return out;
}

void findCollisions(const PlatformModel& model, const std::vector<const NamespaceClaims*>& claims,
                    std::vector<Finding>& out)
{
    std::map<int, std::vector<const NamespaceClaims::Port*>> ports;
    std::map<GroupKind, std::vector<ObjectKey>> kinds;
    for (const NamespaceClaims* each : claims) {
        for (const NamespaceClaims::Port& port : each->nodePorts)
            ports[port.number].push_back(&port);
        for (const auto& [kind, key] : each->kinds)
            kinds[kind].push_back(key);
    }
    for (const auto& [port, all] : ports)
        for (std::size_t i = 1; i < all.size(); ++i) {
            const ModelObject* object = model.find(all[i]->object);
            const ModelObject* first = model.find(all.front()->object);
            if (!object || !first || object == first)
                continue;
            Finding finding =
                makeFinding("node-port-twice",
                            object->key().text() + " claims node port " + std::to_string(port)
                                + ", as does " + first->key().text() + ".",
                            *object, all[i]->pointer);
            finding.related.push_back(first->object.place(all.front()->pointer));
            out.push_back(std::move(finding));
        }
    for (const auto& [kind, keys] : kinds)
        for (std::size_t i = 1; i < keys.size(); ++i)
            if (const ModelObject* object = model.find(keys[i]))
                out.push_back(makeFinding("crd-twice",
                                          keys[i].text() + " defines " + kind.text() + ", as does "
                                              + keys.front().text() + ".",
                                          *object));
}

void findReferencesOf(const PlatformModel& model, const ModelObject& object,
                      const MirroredNames& mirrored, std::vector<Finding>& out)
{
    if (!object.isWorkload())
        return;
    ReferenceJudge judge(model, model.space(object.key().namespaceName), mirrored, out);
    for (const PodFacts& pods : object.facts()->pods) {
        std::set<std::pair<std::string, std::string>> seen;
        for (const NameFact& each : pods.names)
            if (seen.emplace(each.kind, each.name).second)
                judge.judge(object, each);
    }
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about objects that are claimed twice, missing, or come too late.
#include "core/platform/findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

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

/// Secrets and ConfigMaps that some other object brings, which are not to be seen among the
/// objects.
class BroughtOtherwise
{
public:
    explicit BroughtOtherwise(const PlatformModel& model)
    {
        for (const auto& [space, objects] : model.namespaces())
            for (const auto& [key, object] : objects.objects())
                add(key, object);
    }

    bool has(const std::string& space, const NameFact& name) const
    {
        if (m_names.contains({space, name.kind, name.name}))
            return true;
        const auto owners = m_operated.find(space);
        if (owners != m_operated.end()
            && std::ranges::any_of(owners->second, [&](const std::string& owner) {
                   return name.name.starts_with(owner + "-");
               }))
            return true;
        return name.kind == "ConfigMap" && name.name == "kube-root-ca.crt";
    }

private:
    void add(const ObjectKey& key, const ModelObject& object)
    {
        // These become, or bring, the Secret of their name; operators make Secrets and ConfigMaps
        // named after their objects; Reflector copies into namespaces.
        static const std::set<std::string> bringers {"SealedSecret", "ExternalSecret", "KafkaUser",
                                                     "Certificate"};
        static const std::set<std::string> operators {"Kafka", "KafkaConnect", "RabbitmqCluster",
                                                      "Certificate"};
        if (bringers.contains(key.kind))
            m_names.emplace(key.namespaceName, "Secret", key.name);
        if (operators.contains(key.kind))
            m_operated[key.namespaceName].push_back(key.name);
        if (object.facts())
            for (const std::string& space : object.facts()->mirroredTo)
                m_names.emplace(space, key.kind, key.name);
    }

    std::set<std::tuple<std::string, std::string, std::string>> m_names;
    std::map<std::string, std::vector<std::string>> m_operated;
};

class ReferenceJudge
{
public:
    ReferenceJudge(const PlatformModel& model, std::vector<Finding>& out)
        : m_model(model)
        , m_brought(model)
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
            if (!m_brought.has(space, name) && isUnknownNowhere(name.kind))
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

void findTwice(const ModelObject& object, std::vector<Finding>& out)
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

} // namespace

void findClaims(const PlatformModel& model, std::vector<Finding>& out)
{
    struct Claim
    {
        const ModelObject* object;
        std::string pointer;
    };
    std::map<int, std::vector<Claim>> ports;
    std::map<GroupKind, std::vector<const ModelObject*>> kinds;
    for (const auto& [name, space] : model.namespaces())
        for (const auto& [key, object] : space.objects()) {
            findTwice(object, out);
            if (!object.facts())
                continue;
            for (const ServiceFacts& service : object.facts()->services)
                for (std::size_t i = 0; i < service.ports.size(); ++i)
                    if (service.ports[i].nodePort != 0)
                        ports[service.ports[i].nodePort].push_back(
                            {&object,
                             service.pointer.empty()
                                 ? "/spec/ports/" + std::to_string(i) + "/nodePort"
                                 : service.pointer});
            if (!object.facts()->defines.kind.empty())
                kinds[object.facts()->defines].push_back(&object);
        }
    for (const auto& [port, claims] : ports)
        for (std::size_t i = 1; i < claims.size(); ++i) {
            const ModelObject& first = *claims.front().object;
            if (claims[i].object == &first)
                continue;
            Finding finding =
                makeFinding("node-port-twice",
                            claims[i].object->key().text() + " claims node port "
                                + std::to_string(port) + ", as does " + first.key().text() + ".",
                            *claims[i].object, claims[i].pointer);
            finding.related.push_back(first.object.place(claims.front().pointer));
            out.push_back(std::move(finding));
        }
    for (const auto& [kind, objects] : kinds)
        for (std::size_t i = 1; i < objects.size(); ++i)
            out.push_back(makeFinding("crd-twice",
                                      objects[i]->key().text() + " defines " + kind.text()
                                          + ", as does " + objects.front()->key().text() + ".",
                                      *objects[i]));
}

void findReferences(const PlatformModel& model, std::vector<Finding>& out)
{
    ReferenceJudge judge(model, out);
    for (const auto& [name, space] : model.namespaces())
        for (const ModelObject* object : space.workloads())
            for (const PodFacts& pods : object->facts()->pods) {
                std::set<std::pair<std::string, std::string>> seen;
                for (const NameFact& each : pods.names)
                    if (seen.emplace(each.kind, each.name).second)
                        judge.judge(*object, each);
            }
}

} // namespace core

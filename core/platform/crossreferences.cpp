// SPDX-License-Identifier: GPL-3.0-or-later
// How the objects of a namespace use other namespaces.
#include "core/platform/namespaces.h"

#include <set>
#include <string>
#include <tuple>

namespace core {

namespace {

class Finder
{
public:
    Finder(const PlatformModel& model, const std::string& name)
        : m_model(model)
        , m_name(name)
    {
    }

    std::vector<CrossReference> find()
    {
        for (const auto& [key, object] : m_model.space(m_name).objects())
            if (const ObjectFacts* facts = object.facts()) {
                addServices(object, *facts);
                addPolicy(object, *facts);
                addBinding(object, *facts);
                addMirrors(object, *facts);
            }
        return std::move(m_out);
    }

private:
    void add(const ModelObject& from, const std::string& toNamespace, std::string to,
             const char* how, std::string text, const std::string& pointer)
    {
        if (toNamespace == m_name)
            return;
        if (m_seen.emplace(from.key(), toNamespace, to, how).second)
            m_out.push_back({from.key(), m_name, toNamespace, std::move(to), how, std::move(text),
                             from.object.place(pointer)});
    }

    void addEndpoint(const ModelObject& from, const EndpointFact& fact)
    {
        const auto found = m_model.resolve(fact.endpoint.host, m_name);
        if (!found)
            return;
        const ServiceName& name = found->first;
        const std::string to = "Service " + name.namespaceName + "/" + name.name;
        add(from, name.namespaceName, to, "DNS name",
            fact.from + " of " + from.key().text() + " names " + to, fact.pointer);
    }

    void addServices(const ModelObject& from, const ObjectFacts& facts)
    {
        for (const PodFacts& pods : facts.pods)
            for (const EndpointFact& fact : pods.endpoints)
                addEndpoint(from, fact);
        for (const EndpointFact& fact : facts.endpoints)
            addEndpoint(from, fact);
        for (const ServiceFacts& service : facts.services)
            if (!service.externalName.empty())
                addEndpoint(from,
                            {{"", service.externalName, 0}, "externalName", "/spec/externalName"});
    }

    void addPolicy(const ModelObject& from, const ObjectFacts& facts)
    {
        if (!facts.policy)
            return;
        for (const bool isIngress : {true, false})
            for (const NetworkPolicyFacts::Rule& rule :
                 isIngress ? facts.policy->ingress : facts.policy->egress)
                for (const NetworkPolicyFacts::Peer& peer : rule.peers)
                    if (peer.namespaces && !peer.isBroken)
                        addPeer(from, peer, isIngress);
    }

    void addPeer(const ModelObject& from, const NetworkPolicyFacts::Peer& peer, bool isIngress)
    {
        for (const auto& [name, space] : m_model.namespaces())
            if (!name.empty() && peer.namespaces->matches(m_model.namespaceLabels(name)))
                add(from, name, "pods", isIngress ? "NetworkPolicy from" : "NetworkPolicy to",
                    from.key().text() + (isIngress ? " lets in pods of " : " lets out to pods of ")
                        + name,
                    isIngress ? "/spec/ingress" : "/spec/egress");
    }

    void addBinding(const ModelObject& from, const ObjectFacts& facts)
    {
        if (!facts.binding)
            return;
        for (const RbacSubject& subject : facts.binding->subjects)
            if (subject.kind == "ServiceAccount")
                add(from, subject.namespaceName, subject.text(), "RoleBinding subject",
                    from.key().text() + " gives rights here to " + subject.text(), "/subjects");
    }

    void addMirrors(const ModelObject& from, const ObjectFacts& facts)
    {
        if (const std::size_t slash = facts.mirrorOf.find('/'); slash != std::string::npos)
            add(from, facts.mirrorOf.substr(0, slash), from.key().kind + " " + facts.mirrorOf,
                "mirror", from.key().text() + " is a copy of " + facts.mirrorOf,
                "/metadata/annotations");
        for (const std::string& name : facts.mirroredTo)
            add(from, name, from.key().kind + " " + name + "/" + from.key().name, "mirror",
                from.key().text() + " is copied to " + name, "/metadata/annotations");
    }

    const PlatformModel& m_model;
    const std::string& m_name;
    std::set<std::tuple<ObjectKey, std::string, std::string, std::string>> m_seen;
    std::vector<CrossReference> m_out;
};

} // namespace

std::vector<CrossReference> crossReferences(const PlatformModel& model,
                                            const std::string& namespaceName)
{
    return Finder(model, namespaceName).find();
}

} // namespace core

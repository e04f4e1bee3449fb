// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/modelchange.h"

#include "core/platform/platformmodel.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace core {

namespace {

bool isSame(const Declaration& a, const Declaration& b)
{
    return a.manifest == b.manifest && a.wave == b.wave && a.application == b.application
        && a.hook == b.hook;
}

bool isSame(const std::shared_ptr<const LiveRecord>& a, const std::shared_ptr<const LiveRecord>& b)
{
    if (a == b)
        return true;
    return a && b && a->text == b->text && a->uid == b->uid && a->deleting == b->deleting
        && a->health == b->health && a->version == b->version && a->application == b->application
        && a->createdAt == b->createdAt
        && std::ranges::equal(a->owners, b->owners,
                              [](const LiveRecord::Owner& x, const LiveRecord::Owner& y) {
                                  return x.uid == y.uid && x.name == y.name;
                              });
}

bool areSame(const std::vector<Declaration>& a, const std::vector<Declaration>& b)
{
    return std::ranges::equal(
        a, b, [](const Declaration& x, const Declaration& y) { return isSame(x, y); });
}

/// One object before and after, as the questions below need it.
class Difference
{
public:
    Difference(const ModelObject* before, const ModelObject* after)
        : m_before(before)
        , m_after(after)
        , m_key((after ? after : before)->key())
    {
    }

    ModelAspects aspects() const
    {
        ModelAspects out;
        const bool isTold = isToldOtherwise();
        const bool isAny = isTold || isLiveOther();
        const auto put = [&](ModelAspect aspect, bool is) {
            if (is)
                out.add(aspect);
        };
        put(ModelAspect::Itself, isTold || isWorkloadOther());
        put(ModelAspect::Network, (isTold && any(&hasNetwork)) || arePodsOther());
        put(ModelAspect::Frame, isTold && (any(&bounds) || isDefaultAccount()));
        put(ModelAspect::Needs, isAny && any(&isCounted));
        put(ModelAspect::Names, isTold && isNamedByPods());
        put(ModelAspect::Rights, isAny && any(&hasRights));
        put(ModelAspect::Claims, isTold && any(&claims));
        put(ModelAspect::Services, isTold && any(&hasServices));
        put(ModelAspect::Spaces, (isTold && isNamespace()) || (isAny && any(&isTenant)));
        return out;
    }

private:
    /// Of the texts that count: what Git says, or where it is silent what the cluster has.
    bool isToldOtherwise() const
    {
        return !m_before || !m_after || m_before->facts() != m_after->facts()
            || !areSame(m_before->object.declared, m_after->object.declared);
    }

    bool isLiveOther() const
    {
        return !m_before || !m_after || m_before->live != m_after->live
            || !m_before->object.live != !m_after->object.live;
    }

    bool isWorkloadOther() const
    {
        return (m_before && m_before->isWorkload()) != (m_after && m_after->isWorkload());
    }

    /// What policies and Services see of pods.
    bool arePodsOther() const
    {
        const bool was = m_before && m_before->isWorkload();
        const bool is = m_after && m_after->isWorkload();
        if (was != is)
            return true;
        if (!is || m_before->facts() == m_after->facts())
            return false;
        return !std::ranges::equal(
            m_before->facts()->pods, m_after->facts()->pods,
            [](const PodFacts& a, const PodFacts& b) {
                return a.labels == b.labels && a.hostNetwork == b.hostNetwork
                    && std::ranges::equal(a.ports, b.ports,
                                          [](const ContainerPort& x, const ContainerPort& y) {
                                              return std::tie(x.name, x.port, x.protocol)
                                                  == std::tie(y.name, y.port, y.protocol);
                                          });
            });
    }

    using Question = bool (*)(const ObjectFacts&);
    bool any(Question question) const
    {
        for (const ModelObject* object : {m_before, m_after})
            if (object)
                for (const ObjectFacts* facts : {object->declared.get(), object->live.get()})
                    if (facts && question(*facts))
                        return true;
        return false;
    }

    static bool hasNetwork(const ObjectFacts& facts)
    {
        return facts.policy || !facts.services.empty();
    }
    static bool hasServices(const ObjectFacts& facts) { return !facts.services.empty(); }
    static bool bounds(const ObjectFacts& facts)
    {
        return facts.policy || facts.quota || facts.limits;
    }
    static bool isCounted(const ObjectFacts& facts)
    {
        return !facts.pods.empty() || !facts.need.empty() || facts.quota || facts.limits;
    }
    static bool hasRights(const ObjectFacts& facts) { return facts.role || facts.binding; }
    static bool claims(const ObjectFacts& facts)
    {
        return !facts.defines.kind.empty() || !facts.listeners.empty() || !facts.mirroredTo.empty()
            || std::ranges::any_of(facts.services, [](const ServiceFacts& service) {
                   return std::ranges::any_of(
                       service.ports, [](const ServicePort& port) { return port.nodePort != 0; });
               });
    }
    static bool isTenant(const ObjectFacts& facts) { return facts.tenant.has_value(); }

    bool isNamespace() const { return m_key.group.empty() && m_key.kind == "Namespace"; }
    bool isDefaultAccount() const
    {
        return m_key.group.empty() && m_key.kind == "ServiceAccount" && m_key.name == "default";
    }
    bool isNamedByPods() const
    {
        static const std::set<std::string> core {"Secret", "ConfigMap", "ServiceAccount"};
        return (m_key.group.empty() && core.contains(m_key.kind)) || isBringer(m_key.kind);
    }

    const ModelObject* m_before;
    const ModelObject* m_after;
    const ObjectKey& m_key;
};

} // namespace

ModelAspects differingAspects(const ModelObject* before, const ModelObject* after)
{
    return before || after ? Difference(before, after).aspects() : ModelAspects();
}

bool isSameObject(const PlatformObject& a, const PlatformObject& b)
{
    return a.key == b.key && isSame(a.live, b.live) && areSame(a.declared, b.declared);
}

} // namespace core

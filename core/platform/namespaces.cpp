// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/namespaces.h"

#include <algorithm>
#include <map>

namespace core {

namespace {

/// Collects a namespace's figures object by object.
class Collector
{
public:
    Collector(const PlatformModel& model, const std::string& name, NamespaceView& out)
        : m_model(model)
        , m_space(model.space(name))
        , m_out(out)
    {
    }

    void collect()
    {
        for (const auto& [key, object] : m_space.objects())
            add(object);
        for (auto& [kind, count] : m_kinds)
            m_out.kinds.push_back(count);
        for (auto& [name, bringer] : m_bringers)
            m_out.applications.push_back(bringer);
        for (const ModelObject* object : m_space.workloads())
            addWorkload(*object);
        if (!m_causes.empty()) {
            m_out.healthMessage = "Caused by " + m_causes.front();
            if (m_causes.size() > 1)
                m_out.healthMessage += " and " + std::to_string(m_causes.size() - 1) + " more";
        }
    }

private:
    void add(const ModelObject& object)
    {
        KindCount& count = m_kinds[object.key().groupKind()];
        count.kind = object.key().groupKind();
        count.declared += object.object.isDeclared() ? 1 : 0;
        count.live += object.object.live ? 1 : 0;
        for (const Declaration& declaration : object.object.declared)
            addBringer(declaration);
        if (object.object.isDeclared() && object.declared)
            addNeed(m_out.need, needOf(*object.declared, m_space.limits()));
        if (m_model.input().hasLive)
            addLive(object);
    }

    void addBringer(const Declaration& declaration)
    {
        const auto [found, added] = m_bringers.try_emplace(declaration.application);
        NamespaceView::Bringer& bringer = found->second;
        bringer.application = declaration.application;
        bringer.firstWave =
            added ? declaration.wave : std::min(bringer.firstWave, declaration.wave);
        bringer.lastWave = added ? declaration.wave : std::max(bringer.lastWave, declaration.wave);
        ++bringer.objects;
    }

    void addLive(const ModelObject& object)
    {
        const LiveRecord* live = object.object.live.get();
        if (object.key().kind == "Pod" && object.key().group.empty() && live)
            m_out.livePods = m_out.livePods.value_or(0) + 1;
        if (!live) {
            if (object.object.isDeclared() && object.object.declared.front().hook.empty())
                addAbsent(object.key());
            return;
        }
        if (live->health.status)
            addHealth(*live->health.status, object.key());
        if (object.object.isDeclared() || !live->owners.empty() || isMadeBySystem(object.key())
            || isClaimOfPod(object.key()) || isMirrored(object.key()))
            return;
        (live->application.empty() ? m_out.undeclared : m_out.leftOver).push_back(object.key());
    }

    /// A child Application needs no CRD: where the kind is not served, the child is in the engine.
    void addAbsent(const ObjectKey& key)
    {
        const bool isChild = key.group == "argoproj.io" && key.kind == "Application";
        const PlatformApplication* child =
            isChild ? m_model.input().application(key.name) : nullptr;
        if (m_model.input().unknownKinds.contains(key.groupKind()) && !isChild)
            addHealth(Health::Unknown, key); // it could not be listed: absent is not known
        else if (!child)
            addHealth(Health::Missing, key);
        else if (child->health)
            addHealth(*child->health, key);
    }

    /// "data-postgres-0": what a StatefulSet's template makes has no owner, so that data outlives
    /// it; the name ends with the pod's.
    bool isClaimOfPod(const ObjectKey& key) const
    {
        if (!key.group.empty() || key.kind != "PersistentVolumeClaim")
            return false;
        const auto& objects = m_space.objects();
        for (std::size_t at = key.name.find('-'); at != key.name.npos;
             at = key.name.find('-', at + 1)) {
            const std::string pod = key.name.substr(at + 1);
            const std::string set = pod.substr(0, std::min(pod.rfind('-'), pod.size()));
            if (objects.contains({"", "Pod", key.namespaceName, pod})
                || objects.contains({"apps", "StatefulSet", key.namespaceName, set}))
                return true;
        }
        return false;
    }

    /// Whether an object of the same kind and name elsewhere says that it is copied to here.
    bool isMirrored(const ObjectKey& key) const
    {
        if (!key.group.empty() || (key.kind != "Secret" && key.kind != "ConfigMap"))
            return false;
        return std::ranges::any_of(m_model.namespaces(), [&](const auto& entry) {
            const ModelObject* origin = m_model.find({"", key.kind, entry.first, key.name});
            return origin && origin->facts()
                && std::ranges::find(origin->facts()->mirroredTo, key.namespaceName)
                != origin->facts()->mirroredTo.end();
        });
    }

    void addHealth(Health health, const ObjectKey& key)
    {
        const Health before = m_out.health.value_or(Health::Healthy);
        const Health now = worse(before, health);
        if (now != before)
            m_causes.clear();
        if (health == now && now != Health::Healthy)
            m_causes.push_back(key.text());
        m_out.health = now;
    }

    void addWorkload(const ModelObject& object)
    {
        WorkloadView view;
        view.key = object.key();
        view.application = object.application();
        if (object.object.isDeclared())
            view.wave = object.wave();
        if (object.object.live)
            view.health = object.object.live->health.status;
        for (const PodFacts& pods : object.facts()->pods) {
            view.pods += object.facts()->finished ? 0 : pods.count;
            for (const ContainerFacts& container : pods.containers)
                for (const std::string& what : withDefaults(container, m_space.limits()).defaulted)
                    view.defaulted.push_back("container " + container.name + ": " + what);
        }
        view.need = needOf(*object.facts(), m_space.limits());
        view.place = object.object.place();
        // A CronJob's pods are there at times only, those of a Job that is over no more.
        const bool isOver = object.live && object.live->finished;
        if (object.key().kind != "CronJob" && !isOver)
            m_out.pods += view.pods;
        m_out.workloads.push_back(std::move(view));
    }

    const PlatformModel& m_model;
    const ModelNamespace& m_space;
    NamespaceView& m_out;
    std::map<GroupKind, KindCount> m_kinds;
    std::map<std::string, NamespaceView::Bringer> m_bringers;
    std::vector<std::string> m_causes;
};

/// What an object adds to what is used once a sync has applied it.
ResourceList pendingNeed(const ModelObject& object, const ModelNamespace& space)
{
    if (!object.declared)
        return {};
    ResourceList need = needOf(*object.declared, space.limits());
    if (!object.object.live)
        return need;
    if (!object.live)
        return {}; // it is there and counted, and how much of it is not known
    for (const auto& [name, quantity] : needOf(*object.live, space.limits()))
        need[name] = need[name] - quantity;
    return need;
}

/// What one object asks of the namespace's quotas.
struct ObjectNeed
{
    const ModelObject* object;
    ResourceList declared;
    ResourceList growth; ///< by the next sync
};

std::vector<ObjectNeed> needsOf(const ModelNamespace& space)
{
    std::vector<ObjectNeed> out;
    for (const auto& [key, object] : space.objects())
        if (object.declared && object.object.declared.front().hook.empty())
            out.push_back(
                {&object, needOf(*object.declared, space.limits()), pendingNeed(object, space)});
    return out;
}

QuotaLine quotaLine(const std::vector<ObjectNeed>& needs, const std::string& resource,
                    const ModelObject& quota)
{
    QuotaLine line;
    line.resource = resource;
    line.hard = quota.facts()->quota->hard.at(resource);
    if (quota.live && quota.live->quota)
        if (const auto used = quota.live->quota->used.find(resource);
            used != quota.live->quota->used.end())
            line.used = used->second;
    Quantity growth;
    for (const ObjectNeed& need : needs) {
        const Quantity amount = needFor(need.declared, resource);
        if (amount == Quantity())
            continue;
        const ModelObject& object = *need.object;
        line.requested = amount + line.requested;
        line.consumers.push_back(
            {object.key(), object.application(), amount, object.object.place()});
        growth = needFor(need.growth, resource) + growth;
    }
    line.pending = line.used ? *line.used + growth : line.requested;
    std::ranges::stable_sort(line.consumers, std::ranges::greater {}, &QuotaLine::Consumer::amount);
    return line;
}

} // namespace

std::vector<QuotaView> quotaViews(const PlatformModel& model, const std::string& namespaceName)
{
    std::vector<QuotaView> out;
    const ModelNamespace& space = model.space(namespaceName);
    if (space.quotas().empty())
        return out;
    const std::vector<ObjectNeed> needs = needsOf(space);
    for (const ModelObject* quota : space.quotas()) {
        QuotaView view;
        view.key = quota->key();
        view.scopes = quota->facts()->quota->scopes;
        view.place = quota->object.place("/spec/hard");
        for (const auto& [resource, hard] : quota->facts()->quota->hard) {
            QuotaLine line = quotaLine(needs, resource, *quota);
            if (!view.scopes.empty()) { // which pods it means is not known before they run
                line.requested = Quantity();
                line.consumers.clear();
                line.pending = line.used.value_or(Quantity());
            }
            view.lines.push_back(std::move(line));
        }
        out.push_back(std::move(view));
    }
    return out;
}

NamespaceView namespaceView(const PlatformModel& model, const std::string& name)
{
    NamespaceView out;
    out.name = name;
    out.isSystem = isSystemNamespace(name);
    out.labels = model.namespaceLabels(name);
    if (const ModelObject* object = model.find({"", "Namespace", "", name})) {
        out.declared = object->object.isDeclared();
        out.live = object->object.live != nullptr;
        out.place = object->object.place();
    }
    Collector(model, name, out).collect();
    out.quotas = quotaViews(model, name);
    for (const auto& [key, object] : model.space(name).objects())
        if (object.facts() && object.facts()->limits)
            out.limits.push_back(
                {key, *object.facts()->limits, object.object.place("/spec/limits")});
    out.references = crossReferences(model, name);
    return out;
}

/// With what is told of the namespace among others: an undeclared one is an object of its own.
static NamespaceView listedView(const PlatformModel& model, const std::string& name)
{
    NamespaceView view = namespaceView(model, name);
    const ModelObject* object = model.find({"", "Namespace", "", name});
    if (object && object->object.live && !view.declared && !view.isSystem
        && object->object.live->application.empty()
        && std::ranges::none_of(model.input().applications, [&](const PlatformApplication& each) {
               return each.destinationNamespace == name;
           }))
        view.undeclared.insert(view.undeclared.begin(), object->key());
    return view;
}

std::vector<NamespaceView> namespaceViews(const PlatformModel& model)
{
    std::vector<NamespaceView> out;
    for (const auto& [name, space] : model.namespaces())
        if (!name.empty())
            out.push_back(listedView(model, name));
    return out;
}

std::vector<NamespaceView> namespaceViews(const PlatformModel& model,
                                          const std::vector<NamespaceView>& before,
                                          const std::set<std::string>& stale)
{
    std::vector<NamespaceView> out;
    out.reserve(before.size());
    for (const NamespaceView& view : before)
        out.push_back(stale.contains(view.name) ? listedView(model, view.name) : view);
    return out;
}

} // namespace core

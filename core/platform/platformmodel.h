// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/modelchange.h"
#include "core/platform/objectfacts.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace core {

/// An object with what its texts say.
struct ModelObject
{
    PlatformObject object;
    ObjectFactsPtr declared; ///< null when Git has it not
    ObjectFactsPtr live; ///< null when the cluster has it not, or keeps no text of it

    const ObjectKey& key() const { return object.key; }
    /// What is meant to be there: Git's word where it has one.
    const ObjectFacts* facts() const { return declared ? declared.get() : live.get(); }
    const std::string& application() const;
    int wave() const { return object.declared.empty() ? 0 : object.declared.front().wave; }
    /// Whether it makes pods by itself: those that others own are theirs.
    bool isWorkload() const;
};

/// The objects of one namespace, or those of the cluster's scope.
class ModelNamespace
{
public:
    const std::map<ObjectKey, ModelObject>& objects() const { return m_objects; }
    /// Made anew after a change of one of its objects, and shared by all views until then.
    const std::vector<NetworkPolicy>& policies() const { return index().policies; }
    const std::vector<const LimitRangeFacts*>& limits() const { return index().limits; }
    const std::vector<const ModelObject*>& quotas() const { return index().quotas; }
    const std::vector<const ModelObject*>& workloads() const { return index().workloads; }
    const std::vector<const ModelObject*>& services() const { return index().services; }
    const std::vector<const ObjectKey*>& bringers() const { return index().bringers; }
    std::uint64_t version() const { return m_version; }

private:
    friend class PlatformModel;
    struct Index
    {
        std::vector<NetworkPolicy> policies;
        std::vector<const LimitRangeFacts*> limits;
        std::vector<const ModelObject*> quotas;
        std::vector<const ModelObject*> workloads; ///< that make pods; not those that others own
        std::vector<const ModelObject*> services; ///< that are or make Services
        std::vector<const ObjectKey*> bringers; ///< by isBringer()
    };
    const Index& index() const;
    bool isIndexed(const ModelObject& object) const;

    std::map<ObjectKey, ModelObject> m_objects;
    std::uint64_t m_version = 0; ///< never that of a namespace of this name that was there before
    mutable std::unique_ptr<Index> m_index; ///< null: to be made
};

/// A Service with the object that is or makes it.
struct ServiceEntry
{
    const ModelObject* owner = nullptr;
    const ServiceFacts* facts = nullptr;
};

/// The objects of a platform, indexed by namespace, with the facts of each read once. A new input
/// costs a look at each object, and work for those that are others: texts are told apart by their
/// address. Whatever came before, the model is that of its objects. Not for use from several
/// threads at once.
class PlatformModel
{
public:
    PlatformModel() = default;
    explicit PlatformModel(PlatformInputPtr input) { setInput(std::move(input)); }
    PlatformModel(const PlatformModel&) = delete;
    PlatformModel& operator=(const PlatformModel&) = delete;

    void setInput(PlatformInputPtr input);
    /// One object changed: put in, replaced, or taken out when it is neither declared nor live.
    void setObject(PlatformObject object);

    /// Counts changes. Whoever remembers it can ask later which objects are others since then;
    /// nullopt where that is not known any more, and all of them may be.
    std::uint64_t changeCount() const { return m_firstChange + m_changes.size(); }
    std::optional<std::span<const ModelChange>> changesSince(std::uint64_t count) const;

    /// What is not about single objects: applications, gaps, what is unknown. Its objects are those
    /// of the last setInput.
    const PlatformInput& input() const { return *m_input; }
    const PlatformInputPtr& sharedInput() const { return m_input; }
    /// Every namespace that is declared, live or used by an object; "" holds the cluster's scope.
    const std::map<std::string, ModelNamespace>& namespaces() const { return m_namespaces; }
    const ModelNamespace& space(const std::string& name) const; ///< an empty one when unknown
    const ModelObject* find(const ObjectKey& key) const;

    /// Labels of a namespace, with kubernetes.io/metadata.name, which every one has.
    const Labels& namespaceLabels(const std::string& name) const;
    /// Whether the Namespace itself, or any object in it, is known.
    bool isKnown(const std::string& name) const { return m_namespaces.contains(name); }
    /// The Service of a name, or nullopt.
    std::optional<ServiceEntry> service(const ServiceName& name) const;
    /// The pods that a Service selects, by those that make them.
    struct Selected
    {
        const ModelObject* owner = nullptr;
        const PodFacts* pods = nullptr;
    };
    std::vector<Selected> selected(const std::string& namespaceName,
                                   const ServiceFacts& service) const;
    /// The Service that a host means to a pod of a namespace: the first candidate that is there.
    std::optional<std::pair<ServiceName, ServiceEntry>>
    resolve(std::string_view host, const std::string& fromNamespace) const;

private:
    static constexpr std::size_t kMostChanges = 2'000; ///< that are remembered

    void takeAll(const PlatformInput& input);
    void takeOthers(const PlatformInput& before, const PlatformInput& now);
    void change(const ObjectKey& key, const PlatformObject* now);
    void put(ModelObject& to, ModelObject&& next, ModelNamespace& space);
    void leaveIfEmpty(const std::string& name);
    void note(ModelChange change);

    PlatformInputPtr m_input = std::make_shared<const PlatformInput>();
    std::map<std::string, ModelNamespace> m_namespaces;
    std::set<ObjectKey> m_beside; ///< set one by one since the input
    std::vector<ModelChange> m_changes; ///< the last ones
    std::uint64_t m_firstChange = 0; ///< the number of the first of them
    std::uint64_t m_versions = 0; ///< grows with each change of any namespace
    mutable std::map<std::string, Labels> m_labels;
};

/// What an object asks of its namespace's quotas, with the defaults of its LimitRanges.
ResourceList needOf(const ObjectFacts& facts, const std::vector<const LimitRangeFacts*>& limits);

/// Whether an object is one of those that Kubernetes or a controller puts into every namespace or
/// cluster by itself: nobody has to declare it.
bool isMadeBySystem(const ObjectKey& key);

/// Whether an object of a kind brings Secrets or ConfigMaps of its name, or of names that begin so.
bool isBringer(std::string_view kind);

/// default, kube-system and their like.
bool isSystemNamespace(std::string_view name);

} // namespace core

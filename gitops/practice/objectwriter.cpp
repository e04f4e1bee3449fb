// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/objectwriter.h"

#include "gitops/practice/admission.h"
#include "gitops/practice/conversion.h"
#include "gitops/practice/customschema.h"
#include "gitops/practice/decoding.h"
#include "gitops/practice/defaults.h"
#include "gitops/practice/fieldtracking.h"
#include "gitops/practice/objectmeta.h"
#include "gitops/practice/presentation.h"
#include "gitops/practice/quota.h"
#include "gitops/practice/serviceaddresses.h"
#include "gitops/practice/strategy.h"
#include "gitops/practice/validation.h"

#include <fmt/format.h>

#include <algorithm>

namespace gitops::practice {

namespace {

constexpr std::string_view kStale =
    "the object has been modified; please apply your changes to the latest version and try again";

ErrorSubject subjectOf(const ResourceType& type, std::string_view name)
{
    return {type.kind.group, type.plural, std::string(name)};
}

ApiResult<void> checkIdentity(const ResourceType& type, const std::string& namespaceName,
                              core::Json& object)
{
    if (!object.is_object())
        return badRequest("the body is no JSON object");
    // What the request leaves out the path says.
    for (const auto& [key, value] :
         {std::pair("apiVersion", type.kind.apiVersion()), std::pair("kind", type.kind.kind)})
        if (!type.custom && !core::find(object, key))
            object.get_object()[key] = value;
    const core::GroupVersionKind kind = core::groupVersionKindOf(object);
    if (kind.apiVersion() != type.kind.apiVersion())
        return badRequest(
            fmt::format("the API version in the data ({}) does not match the expected "
                        "API version ({})",
                        kind.apiVersion(), type.kind.apiVersion()));
    if (kind.kind != type.kind.kind)
        return badRequest(fmt::format("the kind in the data ({}) does not match the expected kind "
                                      "({})",
                                      kind.kind, type.kind.kind));
    if (const core::Json* metadata = core::find(object, "metadata");
        metadata && !metadata->is_object())
        return badRequest("metadata is no object");
    const std::string_view given = core::stringAt(object, {"metadata", "namespace"});
    if (type.namespaced && !given.empty() && given != namespaceName)
        return badRequest(
            "the namespace of the provided object does not match the namespace sent on "
            "the request");
    return {};
}

/// Of deletes, which name the kind.
ApiResult<void> checkPreconditions(const ResourceType& type, const StoredObject& current,
                                   std::string_view uid, std::string_view version)
{
    const ErrorSubject subject {type.kind.group, type.kind.kind, std::string(current.name())};
    if (!uid.empty() && uid != current.uid())
        return conflict(subject,
                        fmt::format("the UID in the precondition ({}) does not match the UID in "
                                    "record ({}). The object might have been deleted and then "
                                    "recreated",
                                    uid, current.uid()));
    if (!version.empty() && version != std::to_string(current.resourceVersion()))
        return conflict(subject,
                        fmt::format("the ResourceVersion in the precondition ({}) does not match "
                                    "the ResourceVersion in record ({}). The object might have "
                                    "been modified",
                                    version, current.resourceVersion()));
    return {};
}

/// Of updates that name the uid of another object. A patch cannot change it.
ApiResult<void> checkUid(const ResourceType& type, const StoredObject& current,
                         const core::Json& object, bool isPatch)
{
    const std::string_view uid = core::stringAt(object, {"metadata", "uid"});
    if (uid.empty() || uid == current.uid())
        return {};
    if (isPatch)
        return invalid(type.kind.group, type.kind.kind, std::string(current.name()),
                       {fieldInvalidText("metadata.uid", uid, "field is immutable")});
    return conflict(
        subjectOf(type, current.name()),
        fmt::format("StorageError: invalid object, Code: 4, Key: /registry/{}/{}, "
                    "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in "
                    "precondition: {}, UID in object meta: {}",
                    type.plural, keyOf(current.value()), uid, current.uid()));
}

/// Members of a and b are equal, but for those that skip names.
template<class Skip>
bool hasSameMembers(const core::JsonObject& a, const core::JsonObject& b, Skip&& skip)
{
    std::size_t compared = 0;
    for (const auto& [key, value] : a) {
        if (skip(key))
            continue;
        const core::Json* other = b.if_contains(key);
        if (!other || !core::isEqual(value, *other))
            return false;
        ++compared;
    }
    return compared == std::size_t(std::ranges::count_if(b, [&](const auto& each) {
               return !skip(each.key());
           }));
}

bool hasSameManagers(const core::Json* a, const core::Json* b)
{
    if (!a || !b || !a->is_array() || !b->is_array())
        return !a == !b;
    const core::JsonArray& left = a->get_array();
    const core::JsonArray& right = b->get_array();
    return std::ranges::equal(left, right, [](const core::Json& x, const core::Json& y) {
        return x.is_object() && y.is_object()
            && hasSameMembers(x.get_object(), y.get_object(),
                              [](std::string_view key) { return key == "time"; });
    });
}

/// Equal but for the times in managedFields: then nothing is written.
bool isSameState(const core::Json& a, const core::Json& b)
{
    const core::Json* left = core::find(a, "metadata");
    const core::Json* right = core::find(b, "metadata");
    if (!left || !right || !left->is_object() || !right->is_object())
        return false;
    return hasSameMembers(a.get_object(), b.get_object(),
                          [](std::string_view key) { return key == "metadata"; })
        && hasSameMembers(left->get_object(), right->get_object(),
                          [](std::string_view key) {
                              return key == "resourceVersion" || key == "managedFields";
                          })
        && hasSameManagers(core::find(*left, "managedFields"), core::find(*right, "managedFields"));
}

/// A pod that runs on a node is stopped gracefully; everything else goes at once.
std::int64_t gracePeriod(const ResourceType& type, const core::Json& object,
                         const DeleteRequest& request)
{
    if (type.storage != "pods" || core::stringAt(object, {"spec", "nodeName"}).empty())
        return 0;
    const std::string_view phase = core::stringAt(object, {"status", "phase"});
    if (phase == "Succeeded" || phase == "Failed")
        return 0;
    if (request.gracePeriodSeconds)
        return *request.gracePeriodSeconds;
    return core::integerAt(object, {"spec", "terminationGracePeriodSeconds"}, 30);
}

std::vector<std::string> finalizersForDelete(const core::Json& object, const DeleteRequest& request)
{
    std::vector<std::string> finalizers = finalizersOf(object);
    // A definition goes after its objects.
    constexpr std::string_view cleanup = "customresourcecleanup.apiextensions.k8s.io";
    if (core::stringAt(object, {"kind"}) == "CustomResourceDefinition"
        && core::stringAt(object, {"metadata", "deletionTimestamp"}).empty())
        finalizers.emplace_back(cleanup);
    if (!request.propagationGiven)
        return finalizers;
    std::erase(finalizers, "foregroundDeletion");
    std::erase(finalizers, "orphan");
    if (request.propagation == Propagation::Foreground)
        finalizers.emplace_back("foregroundDeletion");
    else if (request.propagation == Propagation::Orphan)
        finalizers.emplace_back("orphan");
    return finalizers;
}

/// Namespaces that no cluster is without.
bool isProtected(std::string_view name)
{
    return name == "default" || name == "kube-system" || name == "kube-public";
}

bool holdsNamespace(const ResourceType& type, const core::Json& object)
{
    const core::Json* own = core::findPath(object, {"spec", "finalizers"});
    return type.storage == "namespaces" && own && own->is_array() && !own->get_array().empty();
}

} // namespace

std::string keyOf(const core::Json& object)
{
    return storeKey(core::stringAt(object, {"metadata", "namespace"}),
                    core::stringAt(object, {"metadata", "name"}));
}

ObjectWriter::ObjectWriter(ObjectStore& store, ResourceRegistry& registry, const core::Clock& clock,
                           std::uint64_t seed)
    : m_store(store)
    , m_registry(registry)
    , m_clock(clock)
    , m_random(seed)
{
}

StoredPtr ObjectWriter::find(const ResourceType& type, std::string_view namespaceName,
                             std::string_view name) const
{
    return m_store.get(type.storage, storeKey(type.namespaced ? namespaceName : "", name));
}

std::string ObjectWriter::makeUid()
{
    const std::uint64_t a = m_random();
    const std::uint64_t b = m_random();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}", a >> 32, (a >> 16) & 0xffff,
                       a & 0xfff, 8 + ((b >> 62) & 3), (b >> 48) & 0xfff, b & 0xffffffffffff);
}

ApiResult<void> ObjectWriter::admitNamespace(const ResourceType& type,
                                             const std::string& namespaceName,
                                             const std::string& name) const
{
    if (!type.namespaced)
        return {};
    const StoredPtr space = m_store.get("namespaces", namespaceName);
    if (!space)
        return notFound({"", "namespaces", namespaceName});
    if (!space->isTerminating())
        return {};
    Cause cause {"NamespaceTerminating", "namespace " + namespaceName + " is being terminated",
                 "metadata.namespace"};
    return forbidden(subjectOf(type, name),
                     "unable to create new content in namespace " + namespaceName
                         + " because it is being terminated",
                     {std::move(cause)});
}

ApiResult<void> ObjectWriter::nameForCreate(const ResourceType& type,
                                            const std::string& namespaceName, core::Json& object)
{
    core::JsonObject& metadata = metadataOf(object);
    if (!core::stringAt(object, {"metadata", "name"}).empty())
        return {};
    std::string base(core::stringAt(object, {"metadata", "generateName"}));
    if (base.empty())
        return invalid(type.kind.group, type.kind.kind, "",
                       {fieldRequired("metadata.name", "name or generateName is required")});
    static constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    base.resize(std::min<std::size_t>(base.size(), 58));
    for (int attempt = 0; attempt < 8; ++attempt) {
        std::string name = base;
        for (int i = 0; i < 5; ++i)
            name += letters[m_random() % letters.size()];
        metadata["name"] = name;
        if (!find(type, namespaceName, name))
            break;
    }
    return {};
}

/// What the kind itself says of fields that the request leaves out.
ApiResult<void> ObjectWriter::complete(const ResourceType& type, core::Json& object,
                                       const WriteOptions& options) const
{
    if (type.custom)
        return conformToSchema(type, object, options);
    applyDefaults(type, object);
    return {};
}

/// What the server adds and allots on its own account (nobody owns such fields), and whether all of
/// it may be kept.
ApiResult<void> ObjectWriter::admit(const ResourceType& type, core::Json& object,
                                    const core::Json* old, const WriteOptions& options) const
{
    if (!type.custom) {
        if (!old)
            if (auto admitted = applyAdmission(m_store, type, object); !admitted)
                return admitted;
        if (type.storage == "services")
            assignAddresses(m_store, old, object);
        fillPresent(type, object);
    }
    std::vector<Cause> causes = validateMetadata(type, object);
    if (old)
        std::ranges::move(validateMetadataUpdate(*old, object), std::back_inserter(causes));
    if (options.subresource.empty() || options.subresource == "scale")
        std::ranges::move(old ? validateUpdate(type, *old, object) : validateCreate(type, object),
                          std::back_inserter(causes));
    if (!causes.empty())
        return invalid(type.kind.group, type.kind.kind,
                       std::string(core::stringAt(object, {"metadata", "name"})),
                       std::move(causes));
    return admitQuota(m_store, type, old, object);
}

StoredPtr ObjectWriter::keep(const ResourceType& type, core::Json object, bool dryRun)
{
    normaliseOrder(object, storageKind(type));
    if (dryRun)
        return std::make_shared<StoredObject>(std::move(object), m_store.resourceVersion());
    const std::string key = keyOf(object);
    return m_store.put(type.storage, key, std::move(object));
}

ApiResult<StoredPtr> ObjectWriter::create(const ResourceType& type,
                                          const std::string& namespaceName, core::Json object,
                                          const WriteOptions& options)
{
    if (auto fits = checkIdentity(type, namespaceName, object); !fits)
        return std::unexpected(std::move(fits).error());
    if (!core::stringAt(object, {"metadata", "resourceVersion"}).empty())
        return unreasoned("resourceVersion should not be set on objects to be created");
    if (auto decoded = decodeObject(type, object, options); !decoded)
        return std::unexpected(std::move(decoded).error());
    toStorage(type, object);
    core::JsonObject& metadata = metadataOf(object);
    for (std::string_view key :
         {"resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"})
        eraseMember(metadata, key);
    if (type.namespaced)
        metadata["namespace"] = namespaceName;
    else
        eraseMember(metadata, "namespace");
    if (auto named = nameForCreate(type, namespaceName, object); !named)
        return std::unexpected(std::move(named).error());
    const std::string name(core::stringAt(object, {"metadata", "name"}));
    if (auto admitted = admitNamespace(type, namespaceName, name); !admitted)
        return std::unexpected(std::move(admitted).error());
    if (const StoredPtr there = find(type, namespaceName, name)) {
        auto error = alreadyExists(subjectOf(type, name));
        if (there->isTerminating())
            error.error().message = "object is being deleted: " + error.error().message;
        return error;
    }
    isolateSubresource(type, nullptr, object, "");
    if (auto ready = complete(type, object, options); !ready)
        return std::unexpected(std::move(ready).error());
    if (!options.fieldsTracked)
        trackUpdate(type, nullptr, object,
                    {options.fieldManager, options.subresource, m_clock.wallNow()});
    core::JsonObject& system = metadataOf(object);
    system["uid"] = makeUid();
    system["creationTimestamp"] = core::formatRfc3339(m_clock.wallNow());
    if (hasGeneration(type))
        system["generation"] = 1;
    if (type.storage == "jobs.batch")
        selectOwnPods(object);
    if (auto admitted = admit(type, object, nullptr, options); !admitted)
        return std::unexpected(std::move(admitted).error());
    return keep(type, std::move(object), options.dryRun);
}

ApiResult<StoredPtr> ObjectWriter::update(const ResourceType& type, const StoredPtr& current,
                                          core::Json object, const WriteOptions& options)
{
    const std::string namespaceName(current->namespaceName());
    if (auto fits = checkIdentity(type, namespaceName, object); !fits)
        return std::unexpected(std::move(fits).error());
    const std::string_view given = core::stringAt(object, {"metadata", "name"});
    if (given.empty())
        return badRequest(fmt::format("the name of the object ({} based on URL) was "
                                      "undeterminable: name must be provided",
                                      current->name()));
    if (given != current->name())
        return badRequest(fmt::format("the name of the object ({}) does not match the name on the "
                                      "URL ({})",
                                      given, current->name()));
    const std::string version(core::stringAt(object, {"metadata", "resourceVersion"}));
    if (version.empty() && !allowsUnconditionalUpdate(type))
        return invalid(
            type.kind.group, type.kind.kind, std::string(current->name()),
            {fieldInvalid("metadata.resourceVersion", 0, "must be specified for an update")});
    if (!version.empty() && version != std::to_string(current->resourceVersion()))
        return conflict(subjectOf(type, current->name()), std::string(kStale));
    if (auto met = checkUid(type, *current, object, options.isPatch); !met)
        return std::unexpected(std::move(met).error());
    if (auto decoded = decodeObject(type, object, options); !decoded)
        return std::unexpected(std::move(decoded).error());
    toStorage(type, object);
    keepSystemMetadata(current->value(), object);
    isolateSubresource(type, &current->value(), object, options.subresource);
    if (auto ready = complete(type, object, options); !ready)
        return std::unexpected(std::move(ready).error());
    if (!options.fieldsTracked)
        trackUpdate(type, &current->value(), object,
                    {options.fieldManager, options.subresource, m_clock.wallNow()});
    if (auto admitted = admit(type, object, &current->value(), options); !admitted)
        return std::unexpected(std::move(admitted).error());
    if (hasGeneration(type) && isNewGeneration(type, current->value(), object))
        metadataOf(object)["generation"] =
            core::integerAt(current->value(), {"metadata", "generation"}, 0) + 1;
    if (isSameState(current->value(), object))
        return current;
    metadataOf(object)["resourceVersion"] = std::to_string(current->resourceVersion());
    const bool last = current->isTerminating() && finalizersOf(object).empty()
        && !holdsNamespace(type, object)
        && core::integerAt(object, {"metadata", "deletionGracePeriodSeconds"}, 0) == 0;
    StoredPtr kept = keep(type, std::move(object), options.dryRun);
    if (last && !options.dryRun)
        m_store.remove(type.storage, keyOf(kept->value()));
    return kept;
}

/// A pod that goes at once says so in its last state.
DeleteOutcome ObjectWriter::removePod(const ResourceType& type, const StoredPtr& current,
                                      const DeleteRequest& request)
{
    if (request.dryRun)
        return {current, true};
    core::Json last = current->value();
    core::JsonObject& metadata = metadataOf(last);
    if (!current->isTerminating()) {
        metadata["deletionTimestamp"] = core::formatRfc3339(m_clock.wallNow());
        metadata["generation"] = core::integerAt(last, {"metadata", "generation"}, 0) + 1;
    }
    metadata["deletionGracePeriodSeconds"] = 0;
    const StoredPtr gone = m_store.remove(type.storage, keyOf(last));
    return {std::make_shared<StoredObject>(std::move(last), gone->resourceVersion()), true};
}

ApiResult<DeleteOutcome> ObjectWriter::remove(const ResourceType& type, const StoredPtr& current,
                                              const DeleteRequest& request)
{
    if (auto met = checkPreconditions(type, *current, request.uid, request.resourceVersion); !met)
        return std::unexpected(std::move(met).error());
    if (type.storage == "namespaces" && isProtected(current->name()))
        return forbidden(subjectOf(type, current->name()), "this namespace may not be deleted");
    core::Json object = current->value();
    const std::vector<std::string> finalizers = finalizersForDelete(object, request);
    const std::int64_t grace = gracePeriod(type, object, request);
    const bool waits = !finalizers.empty() || holdsNamespace(type, object) || grace > 0;
    if (!waits) {
        if (type.storage == "pods")
            return removePod(type, current, request);
        if (request.dryRun)
            return DeleteOutcome {current, true};
        return DeleteOutcome {m_store.remove(type.storage, keyOf(object)), true};
    }
    core::JsonObject& metadata = metadataOf(object);
    setFinalizers(object, finalizers);
    if (!current->isTerminating()) {
        metadata["deletionTimestamp"] =
            core::formatRfc3339(m_clock.wallNow() + std::chrono::seconds(grace));
        if (hasGeneration(type))
            metadata["generation"] = core::integerAt(object, {"metadata", "generation"}, 0) + 1;
    }
    const std::int64_t before =
        core::integerAt(object, {"metadata", "deletionGracePeriodSeconds"}, grace);
    if (type.storage != "namespaces")
        metadata["deletionGracePeriodSeconds"] = std::min(before, grace);
    if (type.storage == "namespaces")
        object.as_object()["status"].is_object()
            ? void(object.as_object()["status"].get_object()["phase"] = "Terminating")
            : void(object.as_object()["status"] = core::JsonObject {{"phase", "Terminating"}});
    if (isSameState(current->value(), object))
        return DeleteOutcome {current, false};
    return DeleteOutcome {keep(type, std::move(object), request.dryRun), false};
}

} // namespace gitops::practice

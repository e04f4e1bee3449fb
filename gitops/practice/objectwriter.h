// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourceregistry.h"

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace gitops::practice {

enum class FieldValidation
{
    Ignore,
    Warn,
    Strict
};

/// How a write is to be carried out; from the query of the request.
struct WriteOptions
{
    bool dryRun = false;
    std::string fieldManager = "unknown";
    FieldValidation fieldValidation = FieldValidation::Warn;
    std::string subresource; ///< "", "status", "scale", "finalize"
    /// managedFields are right already: the object comes from server-side apply.
    bool fieldsTracked = false;
    /// The object is what a patch made of the stored one: what is wrong with it is the patch's.
    bool isPatch = false;
    std::vector<std::string>* warnings = nullptr; ///< where warnings go; may be null
    void warn(std::string text) const
    {
        if (warnings)
            warnings->push_back(std::move(text));
    }
};

enum class Propagation
{
    Background,
    Foreground,
    Orphan
};

struct DeleteRequest
{
    Propagation propagation = Propagation::Background;
    bool propagationGiven = false;
    std::optional<std::int64_t> gracePeriodSeconds;
    std::string uid; ///< preconditions; "" for none
    std::string resourceVersion;
    bool dryRun = false;
};

struct DeleteOutcome
{
    StoredPtr object; ///< its last state
    bool gone = false; ///< false: deletionTimestamp is set, finalizers or a grace period remain
};

/// The one way by which objects change: checks, defaults, tracks field managers, counts
/// generations, and puts the result into the store. Objects go in in the type's version and come
/// out as kept. One thread.
class ObjectWriter
{
public:
    ObjectWriter(ObjectStore& store, ResourceRegistry& registry, const core::Clock& clock,
                 std::uint64_t seed);

    ApiResult<StoredPtr> create(const ResourceType& type, const std::string& namespaceName,
                                core::Json object, const WriteOptions& options);
    /// object is the whole new object; current is what it replaces.
    ApiResult<StoredPtr> update(const ResourceType& type, const StoredPtr& current,
                                core::Json object, const WriteOptions& options);
    ApiResult<DeleteOutcome> remove(const ResourceType& type, const StoredPtr& current,
                                    const DeleteRequest& request);

    StoredPtr find(const ResourceType& type, std::string_view namespaceName,
                   std::string_view name) const;
    core::WallTime now() const { return m_clock.wallNow(); }
    std::string makeUid();

private:
    ApiResult<void> admitNamespace(const ResourceType& type, const std::string& namespaceName,
                                   const std::string& name) const;
    ApiResult<void> complete(const ResourceType& type, core::Json& object,
                             const WriteOptions& options) const;
    ApiResult<void> admit(const ResourceType& type, core::Json& object, const core::Json* old,
                          const WriteOptions& options) const;
    ApiResult<void> nameForCreate(const ResourceType& type, const std::string& namespaceName,
                                  core::Json& object);
    DeleteOutcome removePod(const ResourceType& type, const StoredPtr& current,
                            const DeleteRequest& request);
    StoredPtr keep(const ResourceType& type, core::Json object, bool dryRun);

    ObjectStore& m_store;
    ResourceRegistry& m_registry;
    const core::Clock& m_clock;
    std::mt19937_64 m_random;
};

/// An object's keys "namespace/name" in the store.
std::string keyOf(const core::Json& object);

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/model/application.h"
#include "core/model/status.h"
#include "core/object/manifest.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// An object as one application declares it in Git.
struct Declaration
{
    ManifestPtr manifest; ///< never null; its namespace is set as it will be applied
    std::string application;
    int wave = 0; ///< within its application
    std::string hook; ///< hook types, "" for an ordinary object
};

/// An object as the cluster has it.
struct LiveRecord
{
    struct Owner
    {
        GroupKind kind;
        std::string name;
        std::string uid;
    };
    std::string version; ///< API version of the kind as watched: "v1beta2"
    std::string uid;
    std::vector<Owner> owners;
    std::string application; ///< that its tracking id names, "" without one
    WallTime createdAt {};
    bool deleting = false;
    HealthAssessment health;
    /// Compact JSON with status; null where the engine keeps only what stands above.
    std::shared_ptr<const std::string> text;
};

/// One object of the platform with all that is known of where it comes from: declared, live, or
/// both.
struct PlatformObject
{
    ObjectKey key;
    std::vector<Declaration> declared; ///< more than one when applications declare it twice
    std::shared_ptr<const LiveRecord> live; ///< null: not in the cluster, or no cluster was asked

    bool isDeclared() const { return !declared.empty(); }
    /// The manifest that counts for what is meant: Git's first one, or null.
    const Manifest* manifest() const
    {
        return declared.empty() ? nullptr : declared.front().manifest.get();
    }
    /// Where Git says it, with the object's name; the name alone when nobody declares it.
    Place place(std::string_view jsonPointer = "") const
    {
        Place place = declared.empty() ? Place {} : declared.front().manifest->origin(jsonPointer);
        place.object = key.text();
        return place;
    }
};

/// An application as far as the platform needs it.
struct PlatformApplication
{
    std::string name;
    std::string parent; ///< "" for a root
    int wave = 0; ///< its own, within its parent
    std::string repoUrl;
    std::string path;
    std::string revision; ///< commit that was read, "" when none was
    std::string destinationNamespace;
    std::optional<SyncState> sync; ///< nullopt: no cluster was asked
    std::optional<Health> health;
    Place place; ///< of its manifest
};

struct MeasuredUse; // core/model/measureduse.h

/// What every view of the platform (namespaces, tenants, topics, lineage, findings) is made of.
/// Values only: made by the engine (query::Platform), or of rendered manifests alone. Immutable
/// once made; shares manifests and texts with the one before, so that readers may remember what
/// they know of an object by the address or the digest of its text.
struct PlatformInput
{
    std::vector<PlatformObject> objects; ///< by key, one for each
    std::vector<PlatformApplication> applications; ///< by name
    bool hasLive = false; ///< a cluster was asked: without live means not there
    bool practice = false;
    std::string cluster; ///< context, "" without a cluster
    /// Kinds that could not be listed, and why: absent is unknown for them.
    std::map<GroupKind, std::string> unknownKinds;
    /// What is not in here and why, one sentence each (an application that could not be rendered).
    std::vector<std::string> gaps;
    /// What pods use now, or why that is not known; null: no cluster was asked.
    std::shared_ptr<const MeasuredUse> use;

    const PlatformObject* find(const ObjectKey& key) const; ///< null when it is not there
    const PlatformApplication* application(std::string_view name) const;
};

using PlatformInputPtr = std::shared_ptr<const PlatformInput>;

/// Collects declarations and live records in any order, and sorts them into an input.
class PlatformInputBuilder
{
public:
    void declare(Declaration declaration);
    void live(const ObjectKey& key, std::shared_ptr<const LiveRecord> record);
    /// hasLive, applications, gaps and the like may be set on this.
    PlatformInput& input() { return m_input; }
    PlatformInputPtr build() &&;

private:
    PlatformInput m_input;
    std::vector<PlatformObject> m_parts; ///< unsorted, one for each call
};

} // namespace core

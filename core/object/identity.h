// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// A kind with its API version; group is "" for the core group.
struct GroupVersionKind
{
    std::string group;
    std::string version;
    std::string kind;
    std::string apiVersion() const; ///< "apps/v1", "v1"
    auto operator<=>(const GroupVersionKind&) const = default;
};

struct GroupKind
{
    std::string group;
    std::string kind;
    std::string text() const; ///< "Deployment.apps", "ConfigMap"
    auto operator<=>(const GroupKind&) const = default;
};

/// Which object: group, kind, namespace and name, without the version. namespaceName is "" for
/// objects of the cluster scope. This is the key of every map of objects.
struct ObjectKey
{
    std::string group;
    std::string kind;
    std::string namespaceName;
    std::string name;
    GroupKind groupKind() const { return {group, kind}; }
    /// For people: "Deployment shop/web", "Namespace kafka", "Kafka.kafka.strimzi.io
    /// kafka/event-cluster".
    std::string text() const;
    auto operator<=>(const ObjectKey&) const = default;
};

struct ObjectKeyHash
{
    std::size_t operator()(const ObjectKey& key) const;
};

/// Splits "apps/v1" into group and version.
GroupVersionKind groupVersionKind(std::string_view apiVersion, std::string_view kind);
/// From an object's apiVersion and kind; members are "" where absent.
GroupVersionKind groupVersionKindOf(const Json& object);
/// From an object's own words; the namespace is taken as written (see KindTable for scope).
ObjectKey objectKeyOf(const Json& object);

/// Argo CD's tracking id, "<app>:<group>/<kind>:<namespace>/<name>" (argo-cd
/// util/argo/resource_tracking.go); also the form of wavewright.dev/tracking-id. Cluster-scoped
/// objects carry the destination namespace or "".
struct TrackingId
{
    std::string application;
    ObjectKey key;
    std::string text() const;
    static Result<TrackingId> parse(std::string_view text);
    bool operator==(const TrackingId&) const = default;
};

inline constexpr std::string_view kTrackingAnnotation = "wavewright.dev/tracking-id";
inline constexpr std::string_view kArgoTrackingAnnotation = "argocd.argoproj.io/tracking-id";
/// On objects that existed before our first apply: pruned only after adopt.
inline constexpr std::string_view kPreexistingAnnotation = "wavewright.dev/preexisting";
inline constexpr std::string_view kFieldManager = "wavewright";

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

enum class Scope
{
    Namespaced,
    Cluster
};

/// What we know about built-in kinds without asking a server: resources/kinds.json, compiled in.
/// (Custom kinds come from discovery and CRDs.) Read only after start; any thread.
struct KindInfo
{
    GroupVersionKind kind;
    std::string plural; ///< "deployments"
    Scope scope = Scope::Namespaced;
    std::vector<std::string> shortNames;
    std::vector<std::string> categories; ///< "all", "api-extensions"
    std::vector<std::string> subresources; ///< "status", "scale"
};

const std::vector<KindInfo>& builtinKinds();
/// Any version of it; nullptr for a kind that is not built in.
const KindInfo* builtinKind(const GroupKind& kind);

/// Rank of a kind within a wave, lowest first (reference: Argo CD's kind order, gitops-engine
/// sync/sync_tasks.go).
int applyRank(std::string_view kind);

/// How the items of a list are told apart, by place in an object.
struct ListKeys
{
    enum class Type
    {
        Atomic,
        Set,
        Map
    } type = Type::Atomic;
    std::vector<std::string> keys; ///< of a Map: {"containerPort", "protocol"}
};
/// For built-in kinds: the server-side apply keys of the list at a path of field names without
/// indices
/// ("spec.template.spec.containers.ports"). Atomic when nothing is known.
ListKeys builtinListKeys(const GroupKind& kind, std::string_view path);
/// The default of a key field that may be absent ("protocol" is "TCP"), else nullopt.
std::optional<std::string> keyDefault(std::string_view key);

} // namespace core

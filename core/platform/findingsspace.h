// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/findinglist.h"
#include "core/platform/findingsparts.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// What findings of all namespaces rest on beside the model.
struct FindingGround
{
    std::map<std::string, std::string> tenantOf; ///< by namespace
    std::set<std::string> tenants; ///< namespaces

    FindingGround() = default;
    explicit FindingGround(const std::vector<TenantSpaces>& spaces);
};

/// What of a namespace is another than when it was judged last.
struct SpaceChange
{
    bool isNew = false; ///< everything is
    std::vector<ObjectKey> objects;
    ModelAspects aspects; ///< of any of its objects
    bool areRolesOther = false; ///< of the cluster's scope
    bool areCopiesOther = false; ///< what is mirrored into it
};

/// The findings of one namespace, by the object that each is about and by what it rests on: when
/// something changes, only those are looked for again that it may concern.
class SpaceFindings
{
public:
    explicit SpaceFindings(std::string name)
        : m_name(std::move(name))
    {
    }

    /// networks: namespaces that others see otherwise. Returns how many objects it looked at.
    std::size_t judge(const PlatformModel& model, const FindingGround& ground,
                      const SpaceChange& change, const std::set<std::string>& networks,
                      FindingList& list);
    /// Takes all findings out of the list.
    void leave(FindingList& list);

    /// What it claims of things that all share.
    void readClaims(const PlatformModel& model) { m_claims = claimsIn(model, m_name); }
    const NamespaceClaims& claims() const { return m_claims; }
    /// What others mirror into it. Whether that is something else than before.
    bool setCopies(MirroredNames copies);

private:
    struct OfObject
    {
        std::vector<Finding> own; ///< of its texts alone
        std::vector<Finding> network;
        std::vector<Finding> references;
        std::vector<Finding> bounds;
        std::set<std::string> named; ///< namespaces that its network rests on
    };
    void judgeObject(const PlatformModel& model, const FindingGround& ground, const ObjectKey& key,
                     FindingList& list);
    void judgeNetwork(const PlatformModel& model, const ModelObject& object, OfObject& of,
                      FindingList& list);
    std::size_t judgeNetworks(const PlatformModel& model, bool isOwnOther,
                              const std::set<std::string>& networks, FindingList& list);
    void judgeWorkloads(const PlatformModel& model, const FindingGround& ground,
                        const SpaceChange& change, FindingList& list);
    void judgeWhole(const PlatformModel& model, const FindingGround& ground,
                    const SpaceChange& change, FindingList& list);
    void leave(OfObject& of, FindingList& list);

    std::string m_name;
    std::map<ObjectKey, OfObject> m_objects; ///< that something is found of, or might be
    std::vector<Finding> m_isolation;
    std::vector<Finding> m_quotas;
    std::vector<Finding> m_rights;
    NamespaceClaims m_claims;
    MirroredNames m_copies;
};

} // namespace core

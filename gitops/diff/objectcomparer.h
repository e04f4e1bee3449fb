// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/diff.h"
#include "core/schema/managedfields.h"
#include "core/schema/typeschema.h"
#include "gitops/diff/differ.h"
#include "gitops/diff/ignorerules.h"
#include "gitops/diff/likeness.h"
#include "gitops/diff/location.h"
#include "gitops/diff/secretmask.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// One walk over both sides of an object (and the server's prediction, when there is one). Used
/// once.
class ObjectComparer
{
public:
    ObjectComparer(const core::Manifest& manifest, const core::ManagedFields& managed,
                   const IgnoreRules& ignore, const DiffContext& context);

    void compare(const core::Json& desired, const core::Json& live, const core::Json* predicted);

    std::vector<core::FieldChange> takeChanges() { return std::move(m_changes); }
    /// Some change is a difference whatever the server would say.
    bool isCertain() const { return m_isCertain; }
    bool isDoubtful() const { return m_isDoubtful; }
    /// Lists differ whose items nobody could tell apart.
    bool isWithoutListKeys() const { return m_isWithoutListKeys; }

private:
    using Json = core::Json;
    using Node = core::FieldSet::Node;
    enum class Certainty
    {
        Certain,
        Doubtful
    };
    /// The three values at a place; live and predicted may be null.
    struct Sides
    {
        const Json* desired = nullptr;
        const Json* live = nullptr;
        const Json* predicted = nullptr;
    };

    // objectcomparer.cpp: maps and scalars
    void compareValue(const Sides& sides, const Node* ours);
    void compareMaps(const Sides& sides, const core::FieldSet* ours);
    void compareMember(std::string_view name, const Sides& parents, const Json& desired,
                       const core::FieldSet* ours);
    void compareScalars(const Sides& sides, const Node* ours);
    void missing(const Sides& sides, const Node* ours);
    void undeclaredMembers(const Json& desired, const Json& live, const core::FieldSet& ours);
    void undeclared(const Node& ours, const Json& live);
    void compareStringData(const Json& desired, const Json& live, const Json* predicted);
    bool isSkipped(std::string_view name) const;
    bool isStringDataKey(std::string_view name) const;
    FieldSort fieldSort() const;

    // comparelists.cpp: lists and atomic values
    void compareLists(const Sides& sides, const Node* ours);
    void compareKeyed(const Sides& sides, const core::ListKeys& keys, const Node* ours);
    void compareSets(const Sides& sides, const Node* ours);
    void undeclaredItems(const Json& live, const core::ListKeys& keys, const Node* ours,
                         const std::vector<core::PathElement>& declared);
    void compareAtomic(const Sides& sides, const Node* ours);
    void compareInside(const Json& wanted, const Json& live, bool isOurs);
    void compareInsideMaps(const Json& wanted, const Json& live, bool isOurs);
    core::ListKeys listKeys() const;
    std::optional<core::ListKeys> managedListKeys() const;
    bool hasNoSchema() const;
    bool isAtomicMap(const Json& desired, const Json& live) const;
    core::PathElement elementOf(const Json& item, const core::ListKeys& keys) const;

    // changes
    void checkOwner(const Sides& sides, const Node* ours);
    void add(core::FieldChange::Type type, const Json* desired, const Json* live,
             Certainty certainty);
    std::string shown(const Json& value, bool isDesired);
    std::optional<core::FieldAuthor> author() const;
    IgnoreRules::Answer ignoreAnswer() const;

    const core::Manifest& m_manifest;
    const core::ManagedFields& m_managed;
    const IgnoreRules& m_ignore;
    const DiffContext& m_context;
    core::BuiltinTypeSchema m_schema;
    const core::KindInfo* m_builtin;
    const core::ManagedFieldsEntry* m_ours;
    bool m_isSecret;
    bool m_isPrediction = false;
    bool m_isOtherVersion = false;
    const Json* m_stringData = nullptr;
    Location m_location;
    SecretMask m_mask;
    std::vector<core::FieldChange> m_changes;
    bool m_isCertain = false;
    bool m_isDoubtful = false;
    bool m_isWithoutListKeys = false;
};

/// Null, {}, [] or a map of nothing but such: what a server may leave out.
bool isNothing(const core::Json& value);

} // namespace gitops

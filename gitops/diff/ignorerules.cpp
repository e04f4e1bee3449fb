// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/ignorerules.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

namespace {

bool isFor(const core::IgnoreDifference& rule, const core::ObjectKey& key)
{
    return core::globMatches(rule.group, key.group) && core::globMatches(rule.kind, key.kind)
        && (rule.name.empty() || rule.name == key.name)
        && (rule.namespaceName.empty() || rule.namespaceName == key.namespaceName);
}

bool isAtOrBelow(std::string_view pointer, std::string_view parent)
{
    return pointer.starts_with(parent)
        && (pointer.size() == parent.size() || pointer[parent.size()] == '/');
}

IgnoreRules::Answer answerFor(std::string_view pointer, const std::vector<std::string>& ignored)
{
    IgnoreRules::Answer answer = IgnoreRules::Answer::Compare;
    for (const std::string& rule : ignored) {
        if (isAtOrBelow(pointer, rule))
            return IgnoreRules::Answer::Ignore;
        if (isAtOrBelow(rule, pointer))
            answer = IgnoreRules::Answer::Below;
    }
    return answer;
}

/// True when a manager owns the place itself, or an atomic value around it.
bool owns(const core::FieldSet& set, std::span<const core::PathElement> fields)
{
    const core::FieldSet* level = &set;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const core::FieldSet::Node* node = level->node(fields[i]);
        if (!node)
            return false;
        if (node->isMember && (node->children.isEmpty() || i + 1 == fields.size()))
            return true;
        level = &node->children;
    }
    return false;
}

} // namespace

core::Result<void> IgnoreRules::addSelected(const std::string& expression,
                                            const core::Json& desired, const core::Json& live,
                                            const JqSelect& jq)
{
    const core::Result<JqPath> path = JqPath::parse(expression);
    if (!path && !jq)
        return std::unexpected(path.error());
    for (const bool isLive : {false, true}) {
        const core::Json& object = isLive ? live : desired;
        auto selected = path ? core::Result<std::vector<std::string>>(path->select(object))
                             : jq(expression, object);
        if (!selected)
            return std::unexpected(std::move(selected.error()));
        std::ranges::move(*selected, std::back_inserter(isLive ? m_live : m_desired));
    }
    return {};
}

core::Result<IgnoreRules> IgnoreRules::make(std::span<const core::IgnoreDifference> rules,
                                            const core::ObjectKey& key, const core::Json& desired,
                                            const core::Json& live,
                                            const core::ManagedFields& managed, const JqSelect& jq)
{
    IgnoreRules result;
    for (const core::IgnoreDifference& rule : rules) {
        if (!isFor(rule, key))
            continue;
        for (const std::string& pointer : rule.jsonPointers) {
            result.m_desired.push_back(pointer);
            result.m_live.push_back(pointer);
        }
        for (const std::string& expression : rule.jqPathExpressions)
            if (auto added = result.addSelected(expression, desired, live, jq); !added)
                return std::unexpected(std::move(added.error()));
        for (const std::string& manager : rule.managedFieldsManagers)
            for (const core::ManagedFieldsEntry& entry : managed.entries())
                if (entry.manager == manager)
                    result.m_trusted.push_back(&entry.fields);
    }
    return result;
}

IgnoreRules::Answer IgnoreRules::at(std::string_view desiredPointer, std::string_view livePointer,
                                    std::span<const core::PathElement> fields) const
{
    if (isEmpty())
        return Answer::Compare;
    const Answer desired = answerFor(desiredPointer, m_desired);
    const Answer live = answerFor(livePointer, m_live);
    if (desired == Answer::Ignore || live == Answer::Ignore
        || std::ranges::any_of(m_trusted,
                               [&](const core::FieldSet* set) { return owns(*set, fields); }))
        return Answer::Ignore;
    return desired == Answer::Below || live == Answer::Below ? Answer::Below : Answer::Compare;
}

} // namespace gitops

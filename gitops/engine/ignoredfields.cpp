// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/ignoredfields.h"

#include "core/schema/managedfields.h"
#include "core/value/jsonpointer.h"
#include "gitops/diff/ignorerules.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops {

namespace {

/// Walks what is declared beside what is live, and takes over what is ignored.
class Walker
{
public:
    explicit Walker(const IgnoreRules& rules)
        : m_rules(rules)
    {
    }

    void walk(core::Json& desired, const core::Json& live, const std::string& desiredPointer,
              const std::string& livePointer)
    {
        if (desired.is_object() && live.is_object())
            walkMembers(desired.as_object(), live.as_object(), desiredPointer, livePointer);
        else if (desired.is_array() && live.is_array())
            walkItems(desired.as_array(), live.as_array(), desiredPointer, livePointer);
    }

private:
    void walkMembers(core::JsonObject& desired, const core::JsonObject& live,
                     const std::string& desiredPointer, const std::string& livePointer)
    {
        std::vector<std::string> dropped;
        for (auto& member : desired) {
            const std::string name(member.key());
            const std::string step = "/" + core::escapedPointerToken(name);
            m_fields.push_back(core::PathElement::field(name));
            const auto answer = m_rules.at(desiredPointer + step, livePointer + step, m_fields);
            const core::Json* other = live.if_contains(name);
            if (answer == IgnoreRules::Answer::Ignore) {
                if (other)
                    member.value() = *other;
                else
                    dropped.push_back(name);
            } else if (other) {
                walk(member.value(), *other, desiredPointer + step, livePointer + step);
            }
            m_fields.pop_back();
        }
        for (const std::string& name : dropped)
            desired.stable_erase(desired.find(name));
    }

    void walkItems(core::JsonArray& desired, const core::JsonArray& live,
                   const std::string& desiredPointer, const std::string& livePointer)
    {
        for (std::size_t i = 0; i < desired.size(); ++i) {
            const auto other = counterpart(desired[i], i, live);
            if (!other)
                continue;
            core::JsonObject key;
            if (const auto name = core::stringAt(desired[i], {"name"}); !name.empty())
                key["name"] = name;
            m_fields.push_back(key.empty() ? core::PathElement::at(i)
                                           : core::PathElement::key(key));
            walk(desired[i], live[*other], desiredPointer + "/" + std::to_string(i),
                 livePointer + "/" + std::to_string(*other));
            m_fields.pop_back();
        }
    }

    /// Items are told apart by name where they have one, else by place.
    static std::optional<std::size_t> counterpart(const core::Json& item, std::size_t index,
                                                  const core::JsonArray& live)
    {
        const auto name = core::stringAt(item, {"name"});
        if (name.empty())
            return index < live.size() ? std::optional(index) : std::nullopt;
        for (std::size_t i = 0; i < live.size(); ++i)
            if (core::stringAt(live[i], {"name"}) == name)
                return i;
        return std::nullopt;
    }

    const IgnoreRules& m_rules;
    std::vector<core::PathElement> m_fields;
};

} // namespace

core::Result<core::ManifestPtr> withLiveIgnored(const core::ManifestPtr& manifest,
                                                const core::Json& live,
                                                std::span<const core::IgnoreDifference> rules,
                                                const JqSelect& jq)
{
    if (rules.empty())
        return manifest;
    core::Json desired = manifest->value();
    const auto managed = core::ManagedFields::of(live);
    if (!managed)
        return std::unexpected(managed.error());
    const auto ignored = IgnoreRules::make(rules, manifest->key(), desired, live, *managed, jq);
    if (!ignored)
        return std::unexpected(ignored.error());
    if (ignored->isEmpty())
        return manifest;
    Walker(*ignored).walk(desired, live, "", "");
    return core::Manifest::make(desired, manifest->origins());
}

} // namespace gitops

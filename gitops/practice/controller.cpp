// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/controller.h"

#include "core/base/digest.h"

namespace gitops::practice {

namespace {

const core::Json* conditionOf(const core::Json& conditions, std::string_view type)
{
    if (conditions.is_array())
        for (const core::Json& each : conditions.get_array())
            if (core::stringAt(each, {"type"}) == type)
                return &each;
    return nullptr;
}

/// What did not change keeps its time.
void keepTransitionTimes(const core::Json& object, core::JsonObject& status)
{
    core::Json* conditions = status.if_contains("conditions");
    const core::Json* before = core::findPath(object, {"status", "conditions"});
    if (!conditions || !conditions->is_array() || !before)
        return;
    for (core::Json& condition : conditions->get_array()) {
        const core::Json* old = conditionOf(*before, core::stringAt(condition, {"type"}));
        if (!old || !condition.is_object()
            || core::stringAt(*old, {"status"}) != core::stringAt(condition, {"status"}))
            continue;
        for (std::string_view field : {"lastTransitionTime", "lastUpdateTime"})
            if (const core::Json* time = core::find(*old, field);
                time && condition.get_object().contains(field))
                condition.get_object()[field] = *time;
    }
}

} // namespace

std::chrono::milliseconds Delays::of(const std::string& name) const
{
    const auto found = m_named.find(name);
    return found == m_named.end() ? std::chrono::milliseconds(0) : scaled(found->second);
}

std::chrono::milliseconds Delays::scaled(std::chrono::milliseconds delay) const
{
    return std::chrono::milliseconds(std::int64_t(double(delay.count()) * m_factor));
}

std::vector<ControllerKey> Controller::concerned(const core::Json& changed,
                                                 const ControllerContext&) const
{
    const core::GroupKind own = kind();
    if (const core::Json* owners = core::findPath(changed, {"metadata", "ownerReferences"});
        owners && owners->is_array())
        for (const core::Json& owner : owners->get_array()) {
            const auto ownerKind = core::groupVersionKind(core::stringAt(owner, {"apiVersion"}),
                                                          core::stringAt(owner, {"kind"}));
            if (ownerKind.group == own.group && ownerKind.kind == own.kind)
                return {{std::string(core::stringAt(changed, {"metadata", "namespace"})),
                         std::string(core::stringAt(owner, {"name"}))}};
        }
    return {};
}

core::Json controllerReference(const core::Json& owner)
{
    return core::JsonObject {{"apiVersion", core::stringAt(owner, {"apiVersion"})},
                             {"kind", core::stringAt(owner, {"kind"})},
                             {"name", core::stringAt(owner, {"metadata", "name"})},
                             {"uid", core::stringAt(owner, {"metadata", "uid"})},
                             {"controller", true},
                             {"blockOwnerDeletion", true}};
}

bool isControlledBy(const core::Json& object, const core::Json& owner)
{
    const std::string_view uid = core::stringAt(owner, {"metadata", "uid"});
    if (const core::Json* owners = core::findPath(object, {"metadata", "ownerReferences"});
        owners && owners->is_array())
        for (const core::Json& each : owners->get_array())
            if (core::boolAt(each, {"controller"}) && core::stringAt(each, {"uid"}) == uid)
                return true;
    return false;
}

std::vector<ObjectPtr> controlledBy(const ControllerContext& context, const core::GroupKind& kind,
                                    const core::Json& owner)
{
    std::vector<ObjectPtr> objects;
    for (ObjectPtr& each :
         context.client.list(kind, core::stringAt(owner, {"metadata", "namespace"})))
        if (isControlledBy(*each, owner))
            objects.push_back(std::move(each));
    return objects;
}

bool isTerminating(const core::Json& object)
{
    return !core::stringAt(object, {"metadata", "deletionTimestamp"}).empty();
}

bool hasTrueCondition(const core::Json& object, std::string_view type)
{
    const core::Json* conditions = core::findPath(object, {"status", "conditions"});
    const core::Json* condition = conditions ? conditionOf(*conditions, type) : nullptr;
    return condition && core::stringAt(*condition, {"status"}) == "True";
}

bool isPodReady(const core::Json& pod)
{
    return !isTerminating(pod) && hasTrueCondition(pod, "Ready");
}

std::optional<std::chrono::milliseconds> since(core::WallTime now, std::string_view time)
{
    const auto parsed = core::parseRfc3339(time);
    if (!parsed)
        return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - *parsed);
}

void setStatus(ControllerContext& context, const core::Json& object, core::JsonObject status)
{
    keepTransitionTimes(object, status);
    const core::Json* before = core::find(object, "status");
    core::Json wanted(std::move(status));
    if (before && core::isEqual(*before, wanted))
        return;
    core::Json next = object;
    next.as_object()["status"] = std::move(wanted);
    context.client.update(std::move(next), "status");
}

core::Json makeCondition(std::string_view type, bool is, std::string_view reason,
                         std::string_view message, core::WallTime now)
{
    return core::JsonObject {{"type", type},
                             {"status", is ? "True" : "False"},
                             {"lastTransitionTime", core::formatRfc3339(now)},
                             {"reason", reason},
                             {"message", message}};
}

std::string templateHash(const core::Json& value)
{
    static constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    const core::Digest digest = core::sha256(core::toCanonicalText(value));
    std::string hash;
    for (int i = 0; i < 10; ++i)
        hash += letters[digest.bytes[std::size_t(i)] % letters.size()];
    return hash;
}

} // namespace gitops::practice

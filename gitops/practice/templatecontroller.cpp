// SPDX-License-Identifier: GPL-3.0-or-later
// Operators as data: what a custom resource needs, which objects it makes, and the status it then
// has. A document in resources/practice says:
//   behaviour: for people, what this stands for
//   group, kind: the custom resource
//   requires: [{group, kind, name, namespace, condition}]; name is a template; without a namespace
//     any will do. Nothing happens until each is there (and has that condition, "True").
//   children: [{when, repeat, each, owned, origin, object}]; repeat makes as many as the path says,
//     "index" tells them apart; each makes one for every item of a list, or of a text with commas,
//     and "@" is the item; owned: false for what outlives the resource or stands in another
//     namespace; origin: an annotation of such a child that says "namespace/name" of what made it
//   delay: the name of a delay, counted from the resource's creation
//   pending: the status while a child is not ready
//   status: the status when all are
#include "core/base/digest.h"
#include "core/base/strings.h"
#include "core/value/mergepatch.h"
#include "core/value/quantity.h"
#include "gitops/practice/controllers.h"
#include "gitops/practice/objectmeta.h"
#include "gitops/practice/objecttemplate.h"

#include <algorithm>
#include <set>

namespace gitops::practice {

namespace {

using Wait = std::optional<std::chrono::milliseconds>;

const core::GroupKind kNamespace {"", "Namespace"};
constexpr std::string_view kRevision = "practice.wavewright.dev/revision";

struct Requirement
{
    core::GroupKind kind;
    std::string name; ///< a template
    std::string namespaceName; ///< a template; "" for any
    std::string condition;
};

struct Child
{
    std::string when;
    std::string repeat;
    std::string each;
    std::string origin;
    bool owned = true;
    core::Json object; ///< a template
    core::GroupKind kind;
};

/// What a server does not keep: null, an empty list, an empty map.
bool saysNothing(const core::Json& wanted)
{
    return wanted.is_null() || (wanted.is_object() && wanted.get_object().empty())
        || (wanted.is_array() && wanted.get_array().empty());
}

/// "1024Mi" is "1Gi": the server writes quantities in one way.
bool isSameAmount(const core::Json& a, const core::Json& b)
{
    const auto amount = [](const core::Json& value) {
        return value.is_string() ? core::Quantity::parse(std::string_view(value.get_string()))
            : value.is_number()  ? core::Quantity::parse(core::toText(value))
                                 : std::nullopt;
    };
    const auto left = amount(a);
    const auto right = amount(b);
    return left && right && *left == *right;
}

/// True when every field of wanted is equal in live; lists count as a whole, item by item.
bool contains(const core::Json& live, const core::Json& wanted)
{
    if (wanted.is_null())
        return true;
    if (wanted.is_object()) {
        if (!live.is_object())
            return false;
        return std::ranges::all_of(wanted.get_object(), [&](const auto& member) {
            const core::Json* there = live.get_object().if_contains(member.key());
            return there ? contains(*there, member.value()) : saysNothing(member.value());
        });
    }
    if (wanted.is_array()) {
        if (!live.is_array() || live.get_array().size() != wanted.get_array().size())
            return false;
        for (std::size_t i = 0; i < wanted.get_array().size(); ++i)
            if (!contains(live.get_array()[i], wanted.get_array()[i]))
                return false;
        return true;
    }
    return core::isEqual(live, wanted) || isSameAmount(live, wanted);
}

/// A list as it is, a text at its commas; at most a thousand.
core::JsonArray itemsOf(const core::Json& value)
{
    core::JsonArray items;
    if (value.is_array())
        items = value.get_array();
    else if (value.is_string())
        for (const std::string_view each : core::split(std::string_view(value.get_string()), ','))
            if (const std::string_view item = core::trimmed(each); !item.empty())
                items.emplace_back(item);
    if (items.size() > 1000)
        items.resize(1000);
    return items;
}

bool isChildReady(const core::Json& object)
{
    const std::string_view kind = core::stringAt(object, {"kind"});
    if (kind == "Pod")
        return isPodReady(object);
    const bool seen = core::integerAt(object, {"status", "observedGeneration"}, 0)
        >= core::integerAt(object, {"metadata", "generation"}, 0);
    if (kind == "Deployment")
        return seen && hasTrueCondition(object, "Available");
    if (kind == "StatefulSet")
        return seen
            && core::integerAt(object, {"status", "readyReplicas"}, 0)
            == core::integerAt(object, {"spec", "replicas"}, 1);
    if (kind == "PersistentVolumeClaim")
        return core::stringAt(object, {"status", "phase"}) == "Bound";
    return true;
}

class TemplateController : public Controller
{
public:
    core::GroupKind kind() const override { return m_kind; }
    std::vector<core::GroupKind> alsoFollows() const override;
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override;
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

    core::GroupKind m_kind;
    std::vector<Requirement> m_requirements;
    std::vector<Child> m_children;
    std::string m_delay;
    core::Json m_pending;
    core::Json m_status;

private:
    bool hasAll(const TemplateScope& scope, const ControllerContext& context) const;
    std::vector<core::Json> childrenOf(const TemplateScope& scope) const;
    static void appendChildren(const Child& child, const TemplateScope& scope,
                               std::vector<core::Json>& objects);
    std::optional<ControllerKey> originOf(const core::Json& changed) const;
    static bool keepChild(const core::Json& child, ControllerContext& context);
    void dropOthers(const core::Json& owner, const std::vector<core::Json>& wanted,
                    ControllerContext& context) const;
    void writeStatus(const ControllerKey& key, const core::Json& status,
                     ControllerContext& context) const;
};

std::vector<core::GroupKind> TemplateController::alsoFollows() const
{
    std::set<core::GroupKind> kinds;
    for (const Requirement& each : m_requirements)
        kinds.insert(each.kind);
    for (const Child& each : m_children) {
        kinds.insert(each.kind);
        if (!each.each.empty())
            kinds.insert(kNamespace);
    }
    return {kinds.begin(), kinds.end()};
}

std::vector<ControllerKey> TemplateController::concerned(const core::Json& changed,
                                                         const ControllerContext& context) const
{
    std::vector<ControllerKey> keys = Controller::concerned(changed, context);
    const core::GroupVersionKind whole = core::groupVersionKindOf(changed);
    const std::string_view name = core::stringAt(changed, {"metadata", "name"});
    const core::GroupKind what {whole.group, whole.kind};
    if (auto maker = originOf(changed))
        keys.push_back(std::move(*maker));
    const bool required = std::ranges::any_of(m_requirements, [&](const Requirement& each) {
        return each.kind == what
            && (each.name.find("{{") != std::string::npos || each.name == name);
    });
    // Where children go may be a namespace that has only now been made.
    const bool place = what == kNamespace
        && std::ranges::any_of(m_children, [](const Child& each) { return !each.each.empty(); });
    if (required || place)
        for (const ObjectPtr& object : context.client.list(m_kind, ""))
            keys.push_back({std::string(core::stringAt(*object, {"metadata", "namespace"})),
                            std::string(core::stringAt(*object, {"metadata", "name"}))});
    return keys;
}

bool TemplateController::hasAll(const TemplateScope& scope, const ControllerContext& context) const
{
    return std::ranges::all_of(m_requirements, [&](const Requirement& each) {
        const core::Json name = fillTemplate(core::Json(each.name), scope);
        const core::Json space = fillTemplate(core::Json(each.namespaceName), scope);
        if (!name.is_string())
            return false;
        const std::string wanted(name.get_string());
        const std::string in(space.is_string() ? std::string_view(space.get_string()) : "");
        for (const ObjectPtr& object : context.client.list(each.kind, in))
            if (core::stringAt(*object, {"metadata", "name"}) == wanted && !isTerminating(*object)
                && (each.condition.empty() || hasTrueCondition(*object, each.condition)))
                return true;
        return false;
    });
}

/// What made a child that has no owner, by the child's own annotation.
std::optional<ControllerKey> TemplateController::originOf(const core::Json& changed) const
{
    for (const Child& child : m_children) {
        if (child.origin.empty())
            continue;
        const std::string_view origin =
            core::stringAt(changed, {"metadata", "annotations", child.origin});
        if (const std::size_t slash = origin.find('/'); slash != std::string_view::npos)
            return ControllerKey {std::string(origin.substr(0, slash)),
                                  std::string(origin.substr(slash + 1))};
    }
    return std::nullopt;
}

void TemplateController::appendChildren(const Child& child, const TemplateScope& scope,
                                        std::vector<core::Json>& objects)
{
    if (!child.when.empty() && !isTruthy(evaluate(child.when, scope)))
        return;
    std::int64_t count = 1;
    if (!child.repeat.empty()) {
        const core::Json number = evaluate(child.repeat, scope);
        count = number.is_int64() ? std::clamp<std::int64_t>(number.get_int64(), 0, 1000) : 0;
    }
    for (std::int64_t index = 0; index < count; ++index) {
        core::Json object =
            fillTemplate(child.object, {scope.object, scope.item, index, scope.now});
        core::JsonObject& metadata = metadataOf(object);
        if (!metadata.contains("namespace"))
            metadata["namespace"] = core::stringAt(scope.object, {"metadata", "namespace"});
        if (child.owned)
            metadata["ownerReferences"] = core::JsonArray {controllerReference(scope.object)};
        objects.push_back(std::move(object));
    }
}

std::vector<core::Json> TemplateController::childrenOf(const TemplateScope& scope) const
{
    std::vector<core::Json> objects;
    for (const Child& child : m_children) {
        if (child.each.empty()) {
            appendChildren(child, scope, objects);
            continue;
        }
        for (const core::Json& item : itemsOf(evaluate(child.each, scope)))
            appendChildren(child, {scope.object, &item, scope.index, scope.now}, objects);
    }
    return objects;
}

/// A real API server adds to a pod's spec (volumes, tolerations, labels of its node): whether it is
/// as wanted is told by what it was made from.
core::Json withRevision(core::Json object)
{
    if (core::stringAt(object, {"kind"}) != "Pod")
        return object;
    const std::string revision = core::sha256(core::toCanonicalText(object)).hex().substr(0, 16);
    core::Json& annotations = metadataOf(object)["annotations"];
    if (!annotations.is_object())
        annotations = core::JsonObject {};
    annotations.get_object()[kRevision] = revision;
    return object;
}

bool isAsWanted(const core::Json& live, const core::Json& wanted)
{
    const std::string_view revision =
        core::stringAt(wanted, {"metadata", "annotations", kRevision});
    if (!revision.empty())
        return core::stringAt(live, {"metadata", "annotations", kRevision}) == revision;
    return contains(live, wanted);
}

/// Makes or mends a child; true when it is ready.
bool TemplateController::keepChild(const core::Json& child, ControllerContext& context)
{
    const core::Json wanted = withRevision(child);
    const core::ObjectKey key = core::objectKeyOf(wanted);
    const ObjectPtr live = context.client.get(key.groupKind(), key.namespaceName, key.name);
    if (!live) {
        context.client.create(wanted);
        return false;
    }
    if (isTerminating(*live))
        return false;
    if (isAsWanted(*live, wanted))
        return isChildReady(*live);
    core::Json next = *live;
    core::applyMergePatch(next, wanted);
    // A pod can hardly be changed: another takes its place.
    const bool isPod = key.kind == "Pod";
    context.client.update(std::move(next), "", [&](const ApiError&) {
        if (isPod)
            context.client.remove(*live, false);
    });
    return false;
}

void TemplateController::dropOthers(const core::Json& owner, const std::vector<core::Json>& wanted,
                                    ControllerContext& context) const
{
    std::set<core::GroupKind> kinds;
    for (const Child& child : m_children)
        if (child.owned)
            kinds.insert(child.kind);
    for (const core::GroupKind& each : kinds)
        for (const ObjectPtr& object : controlledBy(context, each, owner)) {
            const core::ObjectKey key = core::objectKeyOf(*object);
            const bool stays = std::ranges::any_of(
                wanted, [&](const core::Json& child) { return core::objectKeyOf(child) == key; });
            if (!stays && !isTerminating(*object))
                context.client.remove(*object, false);
        }
}

void TemplateController::writeStatus(const ControllerKey& key, const core::Json& status,
                                     ControllerContext& context) const
{
    const ObjectPtr latest = context.client.get(m_kind, key.namespaceName, key.name);
    if (!latest || !status.is_object())
        return;
    core::Json filled = fillTemplate(status, {*latest, nullptr, 0, context.nowText()});
    if (filled.is_object())
        setStatus(context, *latest, std::move(filled.get_object()));
}

Wait TemplateController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr object = context.client.get(m_kind, key.namespaceName, key.name);
    if (!object || isTerminating(*object))
        return std::nullopt;
    const TemplateScope scope {*object, nullptr, 0, context.nowText()};
    const std::vector<core::Json> wanted = childrenOf(scope);
    if (wanted.empty() && !m_status.is_object())
        return std::nullopt; // none of those that this controller is for
    if (!hasAll(scope, context))
        return std::nullopt; // nobody is there to do anything
    bool ready = true;
    for (const core::Json& child : wanted)
        ready = keepChild(child, context) && ready;
    dropOthers(*object, wanted, context);
    const auto age = since(context.now, core::stringAt(*object, {"metadata", "creationTimestamp"}));
    const auto delay = context.delays.of(m_delay);
    const bool early = age && *age < delay;
    writeStatus(key, ready && !early ? m_status : m_pending, context);
    return early ? Wait(delay - *age) : std::nullopt;
}

core::Result<Child> readChild(const core::Json& description)
{
    Child child;
    child.when = core::stringAt(description, {"when"});
    child.repeat = core::stringAt(description, {"repeat"});
    child.each = core::stringAt(description, {"each"});
    child.origin = core::stringAt(description, {"origin"});
    child.owned = core::boolAt(description, {"owned"}, true);
    const core::Json* object = core::find(description, "object");
    if (!object || !object->is_object())
        return core::failure(core::ErrorCode::Invalid, "a child has no object");
    child.object = *object;
    const core::GroupVersionKind kind = core::groupVersionKindOf(*object);
    child.kind = {kind.group, kind.kind};
    if (kind.kind.empty())
        return core::failure(core::ErrorCode::Invalid, "a child's object has no kind");
    return child;
}

} // namespace

core::Result<std::unique_ptr<Controller>> makeTemplateController(const core::Json& description)
{
    auto controller = std::make_unique<TemplateController>();
    controller->m_kind = {std::string(core::stringAt(description, {"group"})),
                          std::string(core::stringAt(description, {"kind"}))};
    if (controller->m_kind.kind.empty())
        return core::failure(core::ErrorCode::Invalid, "a behaviour names no kind");
    if (const core::Json* list = core::find(description, "requires"); list && list->is_array())
        for (const core::Json& each : list->get_array())
            controller->m_requirements.push_back(
                {{std::string(core::stringAt(each, {"group"})),
                  std::string(core::stringAt(each, {"kind"}))},
                 std::string(core::stringAt(each, {"name"})),
                 std::string(core::stringAt(each, {"namespace"})),
                 std::string(core::stringAt(each, {"condition"}))});
    if (const core::Json* list = core::find(description, "children"); list && list->is_array())
        for (const core::Json& each : list->get_array()) {
            auto child = readChild(each);
            if (!child)
                return std::unexpected(std::move(child).error().within(controller->m_kind.text()));
            controller->m_children.push_back(std::move(*child));
        }
    controller->m_delay = core::stringAt(description, {"delay"});
    if (const core::Json* pending = core::find(description, "pending"))
        controller->m_pending = *pending;
    if (const core::Json* status = core::find(description, "status"))
        controller->m_status = *status;
    return std::unique_ptr<Controller>(std::move(controller));
}

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/objectcomparer.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>

namespace gitops {

using core::FieldChange;
using core::Json;
using core::PathElement;

namespace {

constexpr std::array kIdentity = std::to_array<std::string_view>({"apiVersion", "kind", "status"});
constexpr std::array kServerMade = std::to_array<std::string_view>(
    {"name", "namespace", "generateName", "managedFields", "resourceVersion", "uid", "generation",
     "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"});

/// Values that Go's encoding leaves out of an object when a field is declared so.
bool isZero(const Json& value)
{
    return (value.is_string() && value.get_string().empty())
        || (value.is_bool() && !value.get_bool())
        || (value.is_number() && value.to_number<double>() == 0);
}

const core::ManagedFieldsEntry* ourEntry(const core::ManagedFields& managed,
                                         const std::string& manager)
{
    return managed.find(manager, core::ManagedFieldsEntry::Operation::Apply);
}

} // namespace

bool isNothing(const Json& value)
{
    if (value.is_null())
        return true;
    if (value.is_array())
        return value.get_array().empty();
    return value.is_object() && std::ranges::all_of(value.get_object(), [](const auto& member) {
               return isNothing(member.value());
           });
}

ObjectComparer::ObjectComparer(const core::Manifest& manifest, const core::ManagedFields& managed,
                               const IgnoreRules& ignore, const DiffContext& context)
    : m_manifest(manifest)
    , m_managed(managed)
    , m_ignore(ignore)
    , m_context(context)
    , m_schema(manifest.key().groupKind(), context.listKeys)
    , m_builtin(core::builtinKind(manifest.key().groupKind()))
    , m_ours(ourEntry(managed, context.fieldManager))
    , m_isSecret(SecretMask::isSecret(manifest.key().group, manifest.key().kind))
{
}

void ObjectComparer::compare(const Json& desired, const Json& live, const Json* predicted)
{
    m_isPrediction = predicted != nullptr;
    m_isOtherVersion =
        core::stringAt(desired, {"apiVersion"}) != core::stringAt(live, {"apiVersion"});
    if (m_isSecret)
        m_stringData = core::find(desired, "stringData");
    compareMaps({&desired, &live, predicted}, m_ours ? &m_ours->fields : nullptr);
    if (m_stringData && m_stringData->is_object())
        compareStringData(*m_stringData, live, predicted);
}

bool ObjectComparer::isSkipped(std::string_view name) const
{
    if (m_location.fields().empty())
        return std::ranges::find(kIdentity, name) != kIdentity.end()
            || (m_isSecret && name == "stringData");
    if (m_location.names() == "metadata")
        return std::ranges::find(kServerMade, name) != kServerMade.end();
    return m_isSecret && m_location.names() == "data" && isStringDataKey(name);
}

bool ObjectComparer::isStringDataKey(std::string_view name) const
{
    return m_stringData && core::find(*m_stringData, name);
}

FieldSort ObjectComparer::fieldSort() const
{
    if (!m_builtin)
        return FieldSort::Unknown;
    return builtinFieldSort(m_manifest.key().kind, m_location.names());
}

void ObjectComparer::compareMaps(const Sides& sides, const core::FieldSet* ours)
{
    for (const auto& [name, value] : sides.desired->get_object())
        if (!isSkipped(name))
            compareMember(name, sides, value, ours);
    if (ours && sides.live)
        undeclaredMembers(*sides.desired, *sides.live, *ours);
}

void ObjectComparer::compareMember(std::string_view name, const Sides& parents, const Json& desired,
                                   const core::FieldSet* ours)
{
    const Location::Step step(m_location, name);
    const Sides sides {&desired, parents.live ? core::find(*parents.live, name) : nullptr,
                       parents.predicted ? core::find(*parents.predicted, name) : nullptr};
    compareValue(sides, ours ? ours->node(m_location.fields().back()) : nullptr);
}

void ObjectComparer::compareValue(const Sides& sides, const Node* ours)
{
    if (ignoreAnswer() == IgnoreRules::Answer::Ignore)
        return;
    const Json& desired = *sides.desired;
    if (!sides.live || (sides.live->is_null() && !desired.is_null()))
        return missing(sides, ours);
    const Json& live = *sides.live;
    if (desired.is_object() && live.is_object() && !isAtomicMap(desired, live)) {
        compareMaps(sides, ours ? &ours->children : nullptr);
        if (desired.get_object().empty())
            checkOwner(sides, ours);
    } else if (desired.is_array() && live.is_array()) {
        compareLists(sides, ours);
    } else if (desired.is_object() && live.is_object()) {
        compareAtomic(sides, ours);
    } else {
        compareScalars(sides, ours);
    }
}

void ObjectComparer::compareScalars(const Sides& sides, const Node* ours)
{
    const Json& live = *sides.live;
    if (m_isPrediction) {
        if (sides.predicted && core::isEqual(*sides.predicted, live))
            checkOwner(sides, ours);
        else
            add(FieldChange::Type::Different, sides.desired, &live, Certainty::Certain);
        return;
    }
    if (sides.desired->is_null())
        return; // null declares nothing; who owned the field before is rule (b)'s matter
    switch (likeness(*sides.desired, live, fieldSort())) {
    case Likeness::Equal:
        return checkOwner(sides, ours);
    case Likeness::MaybeEqual:
        return add(FieldChange::Type::Different, sides.desired, &live, Certainty::Doubtful);
    case Likeness::Different:
        return add(FieldChange::Type::Different, sides.desired, &live, Certainty::Certain);
    }
}

void ObjectComparer::missing(const Sides& sides, const Node* ours)
{
    const Json& desired = *sides.desired;
    if (m_isPrediction && !sides.predicted)
        return; // the server would not store it either
    if (desired.is_null())
        return;
    if (desired.is_object() && ignoreAnswer() == IgnoreRules::Answer::Below) {
        compareMaps({&desired, nullptr, sides.predicted}, ours ? &ours->children : nullptr);
        return;
    }
    if (m_isPrediction)
        return add(FieldChange::Type::Missing, &desired, nullptr, Certainty::Certain);
    // A removal takes the field from all its owners: what is ours and absent, the server left out.
    const bool isOurs = ours && ours->isMember;
    if (isNothing(desired) && isOurs)
        return;
    const bool isDoubtful = isNothing(desired) || isZero(desired) || isOurs;
    add(FieldChange::Type::Missing, &desired, nullptr,
        isDoubtful ? Certainty::Doubtful : Certainty::Certain);
}

void ObjectComparer::undeclaredMembers(const Json& desired, const Json& live,
                                       const core::FieldSet& ours)
{
    for (const Node& node : ours.nodes()) {
        if (node.element.kind != PathElement::Kind::Field || isSkipped(node.element.text))
            continue;
        const Json* declared = core::find(desired, node.element.text);
        if (declared && !declared->is_null())
            continue;
        const Json* there = core::find(live, node.element.text);
        if (!there || there->is_null())
            continue;
        if (declared && node.isMember && node.children.isEmpty() && there->is_primitive())
            continue; // declared as null and filled in by the server
        const Location::Step step(m_location, node.element.text);
        undeclared(node, *there);
    }
}

void ObjectComparer::undeclared(const Node& ours, const Json& live)
{
    const IgnoreRules::Answer answer = ignoreAnswer();
    if (answer == IgnoreRules::Answer::Ignore)
        return;
    if ((ours.isMember && answer != IgnoreRules::Answer::Below) || ours.children.isEmpty()
        || !live.is_structured())
        return add(FieldChange::Type::Undeclared, nullptr, &live, Certainty::Certain);
    if (live.is_object())
        return undeclaredMembers(core::JsonObject(), live, ours.children);
    undeclaredItems(live, listKeys(), &ours, {});
}

void ObjectComparer::compareStringData(const Json& desired, const Json& live, const Json* predicted)
{
    const core::FieldSet* ourPlain =
        m_ours ? m_ours->fields.below(PathElement::field("stringData")) : nullptr;
    const core::FieldSet* ourData =
        m_ours ? m_ours->fields.below(PathElement::field("data")) : nullptr;
    const Location::Step step(m_location, "stringData");
    for (const auto& [name, value] : desired.get_object()) {
        const Location::Step member(m_location, name);
        if (ignoreAnswer() == IgnoreRules::Answer::Ignore || !value.is_string())
            continue;
        const Json* there = core::findPath(live, {"data", name});
        const Json* wanted = predicted ? core::findPath(*predicted, {"data", name}) : nullptr;
        if (!there) {
            add(FieldChange::Type::Missing, &value, nullptr, Certainty::Certain);
            continue;
        }
        const Json encoded(core::base64Encode(std::string_view(value.get_string())));
        if (likeness(predicted && wanted ? *wanted : encoded, *there, FieldSort::Base64)
            != Likeness::Equal) {
            add(FieldChange::Type::Different, &value, there, Certainty::Certain);
            continue;
        }
        const PathElement element = PathElement::field(name);
        const Node* ours = ourPlain ? ourPlain->node(element) : nullptr;
        if (!ours && ourData)
            ours = ourData->node(element);
        checkOwner({&value, there, wanted}, ours);
    }
}

void ObjectComparer::checkOwner(const Sides& sides, const Node* ours)
{
    if ((ours && ours->isMember) || sides.desired->is_null())
        return;
    // An empty list with keys owns nothing of its own.
    if (sides.desired->is_array() && sides.desired->get_array().empty())
        return;
    add(FieldChange::Type::NotOurs, sides.desired, sides.live, Certainty::Certain);
}

void ObjectComparer::add(FieldChange::Type type, const Json* desired, const Json* live,
                         Certainty certainty)
{
    if (ignoreAnswer() == IgnoreRules::Answer::Ignore)
        return;
    FieldChange change;
    change.type = type;
    change.path = desired ? m_location.desired() : m_location.live();
    change.display = m_location.display();
    if (desired)
        change.desired = shown(*desired, true);
    if (live) {
        change.live = shown(*live, false);
        change.author = author();
    }
    change.origin = m_manifest.origin(change.path);
    m_changes.push_back(std::move(change));
    if (type == FieldChange::Type::NotOurs)
        return;
    const bool isOfOthers = !m_ours && type == FieldChange::Type::Different && !m_isPrediction;
    if (certainty == Certainty::Doubtful || isOfOthers || (m_isOtherVersion && !m_isPrediction))
        m_isDoubtful = true;
    else
        m_isCertain = true;
}

std::string ObjectComparer::shown(const Json& value, bool isDesired)
{
    if (!m_isSecret)
        return core::toText(value);
    const std::string& names = m_location.names();
    const std::string_view root = std::string_view(names).substr(0, names.find('.'));
    if (root == "data" || root == "stringData")
        return core::toText(m_mask.masked(value, root == "data" || !isDesired));
    if (root != "metadata")
        return core::toText(value);
    // The last-applied annotation, alone or inside of what is shown.
    Json copy = value;
    Json whole = core::JsonObject();
    if (m_location.fields().size() == 1)
        whole = core::JsonObject {{"metadata", copy}};
    else if (names == "metadata.annotations")
        whole = core::JsonObject {{"metadata", core::JsonObject {{"annotations", copy}}}};
    else if (m_location.fields().back().text == kLastAppliedAnnotation && copy.is_string())
        return core::toText(Json(m_mask.maskedLastApplied(copy.get_string())));
    else
        return core::toText(value);
    m_mask.maskObject(whole);
    const Json& metadata = whole.get_object()["metadata"];
    return core::toText(m_location.fields().size() == 1 ? metadata
                                                        : *core::find(metadata, "annotations"));
}

std::optional<core::FieldAuthor> ObjectComparer::author() const
{
    core::FieldPath path = m_location.fields();
    if (m_isSecret && !path.empty() && path.front().text == "stringData") {
        // The server keeps it as data, and who changes that says nothing of stringData.
        path.front().text = "data";
        if (!m_managed.owner(path))
            path.front().text = "stringData";
    }
    for (; !path.empty(); path.pop_back())
        if (const core::ManagedFieldsEntry* owner = m_managed.owner(path))
            return core::FieldAuthor {.manager = owner->manager,
                                      .operation = std::string(toString(owner->operation)),
                                      .subresource = owner->subresource,
                                      .when = owner->time};
    return {};
}

IgnoreRules::Answer ObjectComparer::ignoreAnswer() const
{
    return m_ignore.at(m_location.desired(), m_location.live(), m_location.fields());
}

} // namespace gitops

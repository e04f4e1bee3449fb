// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/liveobjectreader.h"

#include "core/base/time.h"
#include "gitops/cluster/elementtext.h"
#include "gitops/cluster/jsonbody.h"
#include "gitops/cluster/jsonslices.h"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <memory>

namespace gitops {

namespace {

using simdjson::dom::element;

constexpr std::string_view kInitialEventsEnd = "k8s.io/initial-events-end";
/// A larger text's buffers are given back after it.
constexpr std::size_t kKeptCapacity = 256u << 10;

std::string_view textOf(const element& value)
{
    std::string_view text;
    return value.get_string().get(text) ? std::string_view() : text;
}

std::string_view textAt(const simdjson::dom::object& object, std::string_view key)
{
    element value;
    return object.at_key(key).get(value) ? std::string_view() : textOf(value);
}

void readOwners(const element& references, InternTable<core::GroupKind>& kinds, LiveObject& out)
{
    simdjson::dom::array array;
    if (references.get_array().get(array))
        return;
    out.owners.reserve(array.size());
    for (const element each : array) {
        simdjson::dom::object reference;
        if (each.get_object().get(reference))
            continue;
        const core::GroupVersionKind kind =
            core::groupVersionKind(textAt(reference, "apiVersion"), textAt(reference, "kind"));
        bool isController = false;
        (void)!reference.at_key("controller").get(isController);
        out.owners.push_back({kinds({kind.group, kind.kind}),
                              std::string(textAt(reference, "name")),
                              std::string(textAt(reference, "uid")), isController});
    }
}

void readAnnotations(const element& annotations, LiveObject& out)
{
    simdjson::dom::object members;
    if (annotations.get_object().get(members))
        return;
    for (const auto& [key, value] : members) {
        if (key == core::kTrackingAnnotation)
            out.tracking = textOf(value);
        else if (key == core::kArgoTrackingAnnotation)
            out.argoTracking = textOf(value);
        else if (key == core::kPreexistingAnnotation)
            out.preexisting = true;
    }
}

void readFinalizers(const element& finalizers, LiveObject& out)
{
    simdjson::dom::array array;
    if (finalizers.get_array().get(array))
        return;
    out.finalizers.reserve(array.size());
    for (const element each : array)
        out.finalizers.emplace_back(textOf(each));
}

void readMetadata(const std::vector<ElementMember>& metadata,
                  InternTable<core::GroupKind>& ownerKinds, LiveObject& out)
{
    for (const ElementMember& member : metadata) {
        const std::string_view key = member.key;
        if (key == "generation")
            (void)!member.value.get_int64().get(out.generation);
        else if (key == "creationTimestamp")
            out.createdAt = core::parseRfc3339(textOf(member.value)).value_or(core::WallTime {});
        else if (key == "deletionTimestamp")
            out.deleting = !member.value.is_null();
        else if (key == "annotations")
            readAnnotations(member.value, out);
        else if (key == "ownerReferences")
            readOwners(member.value, ownerKinds, out);
        else if (key == "finalizers")
            readFinalizers(member.value, out);
    }
}

/// Content that health never asks for, and that can be large.
bool isMereData(const core::GroupVersionKind& kind, std::string_view key)
{
    return kind.group.empty() && (kind.kind == "ConfigMap" || kind.kind == "Secret")
        && (key == "data" || key == "binaryData");
}

bool isBookkeeping(std::string_view metadataKey)
{
    return metadataKey == "managedFields" || metadataKey == "resourceVersion"
        || metadataKey == "generation";
}

} // namespace

/// The buffers of a thread, and what is open in them.
struct LiveObjectReader::Scratch
{
    std::unique_ptr<simdjson::dom::parser> parser;
    std::string copy; ///< a text with padding
    ElementWriter writer;
    std::vector<ElementMember> members; ///< of the object, with apiVersion and kind
    std::vector<ElementMember> metadata;
};

LiveObjectReader::Scratch& LiveObjectReader::scratch()
{
    static thread_local Scratch one;
    return one;
}

LiveObjectReader::LiveObjectReader(const core::GroupVersionKind& kind, bool isNamespaced,
                                   LiveState::HealthFunction health,
                                   InternTable<core::GroupKind>& ownerKinds)
    : m_kind(kind)
    , m_apiVersion(kind.apiVersion())
    , m_isNamespaced(isNamespaced)
    , m_health(std::move(health))
    , m_ownerKinds(ownerKinds)
{
}

bool LiveObjectReader::open(std::string_view text)
{
    m_identity = {};
    scratch().members.clear();
    scratch().metadata.clear();
    if (parse(text)) {
        readIdentity();
        return true;
    }
    // Numbers that simdjson has no type for: the value's own text has them as they are kept.
    const auto value = parseBody(text);
    return value && value->is_object() && openCopy(core::toText(*value));
}

bool LiveObjectReader::openCopy(std::string_view text)
{
    Scratch& buffers = scratch();
    m_identity = {};
    buffers.members.clear();
    buffers.metadata.clear();
    buffers.copy.reserve(text.size() + kJsonPadding);
    buffers.copy = text;
    if (!parse(buffers.copy))
        return false;
    readIdentity();
    return true;
}

bool LiveObjectReader::parse(std::string_view text)
{
    Scratch& buffers = scratch();
    if (!buffers.parser || buffers.parser->capacity() > kKeptCapacity)
        buffers.parser = std::make_unique<simdjson::dom::parser>();
    simdjson::dom::parser& parser = *buffers.parser;
    if (parser.capacity() < text.size()
        && parser.allocate(std::max<std::size_t>(text.size(), 8192), kMaxObjectDepth))
        return false;
    simdjson::dom::object object;
    if (parser.parse(text.data(), text.size(), false).get(object))
        return false;
    buffers.members = membersOf(object);
    const auto has = [&](std::string_view key) {
        return std::ranges::find(buffers.members, key, &ElementMember::key)
            != buffers.members.end();
    };
    // Built-in kinds leave them out in lists.
    if (!has("apiVersion"))
        buffers.members.push_back({.key = "apiVersion", .text = &m_apiVersion});
    if (!has("kind"))
        buffers.members.push_back({.key = "kind", .text = &m_kind->kind});
    const auto metadata = std::ranges::find(buffers.members, "metadata", &ElementMember::key);
    simdjson::dom::object members;
    if (metadata != buffers.members.end() && !metadata->value.get_object().get(members))
        buffers.metadata = membersOf(members);
    return true;
}

void LiveObjectReader::readIdentity()
{
    m_identity.key.group = m_kind->group;
    m_identity.key.kind = m_kind->kind;
    for (const ElementMember& member : scratch().metadata) {
        const std::string_view key = member.key;
        if (key == "name")
            m_identity.key.name = textOf(member.value);
        else if (key == "namespace" && m_isNamespaced)
            m_identity.key.namespaceName = textOf(member.value);
        else if (key == "uid")
            m_identity.uid = textOf(member.value);
        else if (key == "resourceVersion")
            m_identity.resourceVersion = textOf(member.value);
        else if (key == "annotations") {
            simdjson::dom::object annotations;
            if (!member.value.get_object().get(annotations))
                m_identity.endsInitialEvents = textAt(annotations, kInitialEventsEnd) == "true";
        }
    }
}

LiveObjectPtr LiveObjectReader::read(bool isWanted)
{
    if (m_identity.key.name.empty())
        return {};
    Scratch& buffers = scratch();
    const auto out = std::make_shared<LiveObject>();
    out->kind = m_kind;
    out->key = m_identity.key;
    out->uid = m_identity.uid;
    out->resourceVersion = m_identity.resourceVersion;
    readMetadata(buffers.metadata, m_ownerKinds, *out);
    if (m_health)
        judge(*out);
    if (isWanted || !out->tracking.empty() || !out->argoTracking.empty() || out->preexisting)
        out->manifest =
            std::make_shared<const std::string>(buffers.writer.compact(buffers.members));
    digest(*out);
    return out;
}

void LiveObjectReader::judge(LiveObject& out) const
{
    const Scratch& buffers = scratch();
    unsigned char stack[8192];
    boost::json::monotonic_resource arena(stack);
    const boost::json::storage_ptr storage(&arena);
    core::JsonObject value(storage);
    for (const ElementMember& member : buffers.members) {
        if (member.text) {
            value.emplace(member.key, *member.text);
        } else if (member.key == "metadata") {
            core::JsonObject metadata(storage);
            for (const ElementMember& each : buffers.metadata)
                if (each.key != "managedFields")
                    metadata.emplace(each.key, toJson(each.value, storage));
            value.emplace(member.key, std::move(metadata));
        } else if (!isMereData(*m_kind, member.key)) {
            value.emplace(member.key, toJson(member.value, storage));
        }
    }
    out.health = m_health(core::Json(std::move(value)));
}

/// The object less status and bookkeeping. Uses up what is open.
void LiveObjectReader::digest(LiveObject& out) const
{
    Scratch& buffers = scratch();
    std::erase_if(buffers.members, [](const ElementMember& each) { return each.key == "status"; });
    std::erase_if(buffers.metadata,
                  [](const ElementMember& each) { return isBookkeeping(each.key); });
    std::ranges::sort(buffers.metadata, {}, &ElementMember::key);
    for (ElementMember& member : buffers.members)
        if (member.key == "metadata")
            member.members = &buffers.metadata;
    out.digest = core::sha256(buffers.writer.canonical(buffers.members));
}

} // namespace gitops

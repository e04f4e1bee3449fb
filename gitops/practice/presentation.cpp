// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/presentation.h"

#include "core/base/strings.h"
#include "gitops/practice/conversion.h"
#include "gitops/practice/table.h"

#include <fmt/format.h>

namespace gitops::practice {

namespace {

/// A stored text starts with apiVersion and kind; how long that part is, up to the comma.
std::size_t headLength(const StoredObject& object)
{
    return fmt::formatted_size(R"({{"apiVersion":"{}","kind":"{}")",
                               core::stringAt(object.value(), {"apiVersion"}),
                               core::stringAt(object.value(), {"kind"}));
}

std::string headText(const core::GroupVersionKind& kind)
{
    return fmt::format(R"({{"apiVersion":"{}","kind":"{}")", kind.apiVersion(), kind.kind);
}

core::Json partialMetadata(const StoredObject& object)
{
    return core::JsonObject {{"kind", "PartialObjectMetadata"},
                             {"apiVersion", "meta.k8s.io/v1"},
                             {"metadata", *core::find(object.value(), "metadata")}};
}

core::JsonObject listMetadata(const ListPosition& position)
{
    core::JsonObject metadata {{"resourceVersion", position.resourceVersion}};
    if (!position.continueToken.empty())
        metadata["continue"] = position.continueToken;
    if (position.remaining > 0)
        metadata["remainingItemCount"] = position.remaining;
    return metadata;
}

/// The text of an item inside a list: built-in kinds leave apiVersion and kind out.
void appendItem(std::string& out, const ResourceType& type, const StoredObject& object)
{
    if (type.custom || needsConversion(type)) {
        if (type.custom) {
            out += objectText(type, object);
            return;
        }
        core::Json value = objectValue(type, object);
        value.as_object().stable_erase(value.as_object().find("apiVersion"));
        value.as_object().stable_erase(value.as_object().find("kind"));
        out += core::toText(value);
        return;
    }
    const std::string& text = object.text();
    const std::size_t head = headLength(object);
    if (text[head] == '}') {
        out += "{}";
        return;
    }
    (out += '{').append(text, head + 1);
}

struct AcceptClause
{
    std::string mediaType;
    std::string as;
    std::string version;
    std::string group;
};

AcceptClause parseClause(std::string_view text)
{
    AcceptClause clause;
    bool first = true;
    for (std::string_view part : core::split(text, ';')) {
        part = core::trimmed(part);
        if (std::exchange(first, false)) {
            clause.mediaType = core::toLower(part);
            continue;
        }
        const std::size_t equals = part.find('=');
        const std::string_view key = part.substr(0, equals);
        const std::string value(equals == std::string_view::npos ? std::string_view {}
                                                                 : part.substr(equals + 1));
        if (key == "as")
            clause.as = value;
        else if (key == "v")
            clause.version = value;
        else if (key == "g")
            clause.group = value;
    }
    return clause;
}

std::optional<Representation::Form> formOf(const AcceptClause& clause)
{
    const bool json = clause.mediaType == "application/json" || clause.mediaType == "*/*"
        || clause.mediaType == "application/*";
    if (!json)
        return std::nullopt;
    if (clause.as.empty())
        return Representation::Form::Object;
    if (clause.group != "meta.k8s.io" || clause.version != "v1")
        return std::nullopt;
    if (clause.as == "Table")
        return Representation::Form::Table;
    if (clause.as == "PartialObjectMetadata" || clause.as == "PartialObjectMetadataList")
        return Representation::Form::Metadata;
    return std::nullopt;
}

} // namespace

ApiResult<Representation> negotiate(std::string_view accept, std::string_view includeObject)
{
    Representation form;
    if (includeObject == "None")
        form.include = Representation::Include::None;
    else if (includeObject == "Object")
        form.include = Representation::Include::Object;
    if (core::trimmed(accept).empty())
        return form;
    for (std::string_view text : core::split(accept, ',')) {
        if (const auto found = formOf(parseClause(core::trimmed(text)))) {
            form.form = *found;
            return form;
        }
    }
    ApiError error;
    error.code = 406;
    error.reason = "NotAcceptable";
    error.message = "only the following media types are accepted: application/json";
    return std::unexpected(std::move(error));
}

void normaliseOrder(core::Json& object, const core::GroupVersionKind& kind)
{
    core::JsonObject ordered(object.storage());
    ordered["apiVersion"] = kind.apiVersion();
    ordered["kind"] = kind.kind;
    core::JsonObject& source = object.as_object();
    if (auto* metadata = source.if_contains("metadata"))
        ordered["metadata"] = std::move(*metadata);
    for (auto& [key, value] : source)
        if (key != "apiVersion" && key != "kind" && key != "metadata")
            ordered[key] = std::move(value);
    object = std::move(ordered);
}

std::string objectText(const ResourceType& type, const StoredObject& object)
{
    if (needsConversion(type))
        return core::toText(objectValue(type, object));
    const std::string& text = object.text();
    if (core::stringAt(object.value(), {"apiVersion"}) == type.kind.apiVersion())
        return text;
    return headText(type.kind).append(text, headLength(object));
}

core::Json objectValue(const ResourceType& type, const StoredObject& object)
{
    core::Json value = object.value();
    fromStorage(type, value);
    return value;
}

std::string presentObject(const ResourceType& type, const StoredObject& object,
                          const Representation& form, core::WallTime now)
{
    if (form.form == Representation::Form::Object)
        return objectText(type, object);
    if (form.form == Representation::Form::Metadata)
        return core::toText(partialMetadata(object));
    core::JsonObject metadata {{"resourceVersion", std::to_string(object.resourceVersion())}};
    return core::toText(makeTable(type, {&object}, std::move(metadata), form.include, now));
}

std::string presentList(const ResourceType& type, const std::vector<StoredPtr>& objects,
                        const ListPosition& position, const Representation& form,
                        core::WallTime now)
{
    core::JsonObject metadata = listMetadata(position);
    if (form.form == Representation::Form::Table) {
        std::vector<const StoredObject*> rows;
        for (const StoredPtr& object : objects)
            rows.push_back(object.get());
        return core::toText(makeTable(type, rows, std::move(metadata), form.include, now));
    }
    const bool whole = form.form == Representation::Form::Object;
    std::string out =
        fmt::format(R"({{"kind":"{}","apiVersion":"{}","metadata":{},"items":[)",
                    whole ? type.listKind : "PartialObjectMetadataList",
                    whole ? type.kind.apiVersion() : "meta.k8s.io/v1", core::toText(metadata));
    bool first = true;
    for (const StoredPtr& object : objects) {
        if (!std::exchange(first, false))
            out += ',';
        if (whole)
            appendItem(out, type, *object);
        else
            out += core::toText(partialMetadata(*object));
    }
    return out += "]}";
}

} // namespace gitops::practice

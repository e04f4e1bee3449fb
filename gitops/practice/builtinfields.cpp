// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/builtinfields.h"

#include "core/base/embedded.h"
#include "core/base/strings.h"
#include "core/value/quantity.h"

#include <map>

namespace gitops::practice {

namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

struct Tables
{
    std::map<std::string, std::string, std::less<>> kinds; ///< "apps/v1 Deployment" to a type
    std::map<std::string, Fields, std::less<>> types;
};

Tables readTables()
{
    Tables out;
    const auto data = core::parseJson(core::embedded("resources/fields/kinds.json"));
    if (!data)
        return out;
    for (const auto& [kind, type] : core::find(*data, "kinds")->get_object())
        out.kinds[std::string(kind)] = std::string_view(type.get_string());
    for (const auto& [name, fields] : core::find(*data, "types")->get_object()) {
        Fields& known = out.types[std::string(name)]; // also of a type without fields
        for (const auto& [field, type] : fields.get_object())
            known[std::string(field)] = std::string_view(type.get_string());
    }
    return out;
}

const Tables& tables()
{
    static const Tables read = readTables();
    return read;
}

const Fields* fieldsOf(std::string_view type)
{
    const auto found = tables().types.find(type);
    return found == tables().types.end() ? nullptr : &found->second;
}

const std::string* typeOf(const core::GroupVersionKind& kind)
{
    const auto found = tables().kinds.find(kind.apiVersion() + " " + kind.kind);
    return found == tables().kinds.end() ? nullptr : &found->second;
}

std::string_view inner(std::string_view type)
{
    return type.substr(1, type.size() - 2);
}

/// "core.v1.Container" is v1.Container in Go, and "[string]" []string.
std::string goType(std::string_view type)
{
    if (type.starts_with('['))
        return "[]" + goType(inner(type));
    if (type.starts_with('{'))
        return "map[string]" + goType(inner(type));
    if (type == "bytes")
        return "[]uint8";
    if (!fieldsOf(type))
        return std::string(type);
    const std::size_t name = type.rfind('.');
    const std::size_t version = type.rfind('.', name - 1);
    return std::string(type.substr(version == type.npos ? 0 : version + 1));
}

std::string_view goStruct(std::string_view type)
{
    return type.substr(type.rfind('.') + 1);
}

std::string_view kindOfJson(const core::Json& value)
{
    if (value.is_string())
        return "string";
    if (value.is_bool())
        return "bool";
    if (value.is_array())
        return "array";
    return value.is_object() ? "object" : "number";
}

bool isScalarOf(std::string_view type, const core::Json& value)
{
    if (type == "bool")
        return value.is_bool();
    if (type == "int32" || type == "int64")
        return value.is_int64() || value.is_uint64();
    if (type == "float64")
        return value.is_number();
    if (type == "quantity" || type == "intOrString")
        return value.is_string() || value.is_number();
    return value.is_string();
}

/// Of text that is no base64 the first byte that is wrong.
std::optional<std::size_t> badBase64(std::string_view text)
{
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::size_t end = text.size();
    while (end > 0 && text.size() - end < 2 && text[end - 1] == '=')
        --end;
    for (std::size_t i = 0; i < end; ++i)
        if (letters.find(text[i]) == letters.npos)
            return i;
    return text.size() % 4 == 0 ? std::nullopt : std::optional(text.size());
}

/// One walk over an object along its type.
class Decoder
{
public:
    std::vector<std::string> unknown;
    std::string mismatch;

    struct Place
    {
        std::string shown; ///< with indices: "spec.containers[0]"
        std::string plain; ///< without: "spec.containers"
        std::string_view owner; ///< the struct that has the field
    };

    /// nullopt when nothing of it is kept.
    std::optional<core::Json> decode(std::string_view type, const core::Json& value,
                                     const Place& place)
    {
        if (value.is_null() || !mismatch.empty())
            return std::nullopt;
        if (type == "any")
            return value;
        if (type.starts_with('['))
            return list(type, value, place);
        if (type.starts_with('{'))
            return map(type, value, place);
        if (const Fields* fields = fieldsOf(type))
            return message(type, *fields, value, place);
        return scalar(type, value, place);
    }

    core::Json message(std::string_view type, const Fields& fields, const core::Json& value,
                       const Place& place)
    {
        core::JsonObject out;
        if (!value.is_object()) {
            refuse(type, value, place);
            return out;
        }
        for (const auto& [name, member] : value.get_object()) {
            const auto field = fields.find(std::string_view(name));
            const std::string_view dot = place.shown.empty() ? "" : ".";
            Place next {place.shown + std::string(dot) + std::string(name),
                        place.plain + std::string(dot) + std::string(name), goStruct(type)};
            if (field == fields.end())
                unknown.push_back(std::move(next.shown));
            else if (auto kept = decode(field->second, member, next))
                out[name] = std::move(*kept);
        }
        return out;
    }

private:
    void refuse(std::string_view type, const core::Json& value, const Place& place)
    {
        if (!mismatch.empty())
            return;
        std::string shown(kindOfJson(value));
        if (value.is_double() && (type == "int32" || type == "int64"))
            shown += " " + core::toText(value);
        mismatch = "json: cannot unmarshal " + shown + " into Go struct field "
            + std::string(place.owner) + "." + place.plain + " of type " + goType(type);
    }

    std::optional<core::Json> list(std::string_view type, const core::Json& value,
                                   const Place& place)
    {
        if (!value.is_array()) {
            refuse(type, value, place);
            return std::nullopt;
        }
        core::JsonArray out;
        std::size_t index = 0;
        for (const core::Json& each : value.get_array()) {
            const Place next {place.shown + "[" + std::to_string(index++) + "]", place.plain,
                              place.owner};
            if (auto kept = decode(inner(type), each, next))
                out.push_back(std::move(*kept));
        }
        return out.empty() ? std::nullopt : std::optional<core::Json>(std::move(out));
    }

    std::optional<core::Json> map(std::string_view type, const core::Json& value,
                                  const Place& place)
    {
        if (!value.is_object()) {
            refuse(type, value, place);
            return std::nullopt;
        }
        core::JsonObject out;
        for (const auto& [name, member] : value.get_object()) {
            const Place next {place.shown + "." + std::string(name), place.plain, place.owner};
            if (auto kept = decode(inner(type), member, next))
                out[name] = std::move(*kept);
            else if (inner(type) == "string" && member.is_null())
                out[name] = "";
        }
        return out.empty() ? std::nullopt : std::optional<core::Json>(std::move(out));
    }

    std::optional<core::Json> scalar(std::string_view type, const core::Json& value,
                                     const Place& place)
    {
        if (!isScalarOf(type, value)) {
            refuse(type, value, place);
            return std::nullopt;
        }
        if (type == "bytes")
            if (const auto bad = badBase64(value.get_string()))
                mismatch = "illegal base64 data at input byte " + std::to_string(*bad);
        if (type != "quantity")
            return value;
        const auto quantity = core::Quantity::parse(
            value.is_string() ? std::string(value.get_string()) : core::toText(value));
        if (!quantity) {
            mismatch = "quantities must match the regular expression "
                       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
            return std::nullopt;
        }
        return core::Json(quantity->canonical());
    }
};

/// As Go prints a value that stands where another type should.
std::string goValue(const core::Json& value)
{
    return value.is_string() ? std::string(value.get_string()) : core::toText(value);
}

/// The first place that has not the shape of the type; "" when there is none.
std::string firstProblem(std::string_view type, const core::Json& value, const std::string& path)
{
    if (value.is_null() || type == "any" || type == "quantity" || type == "intOrString")
        return {};
    const bool isList = type.starts_with('[');
    const Fields* fields = fieldsOf(type);
    const bool isMap = type.starts_with('{') || fields;
    const auto expected = [&](std::string_view what) {
        return path + ": expected " + std::string(what)
            + ", got &value.valueUnstructured{Value:" + goValue(value) + "}";
    };
    if (isList && !value.is_array())
        return expected("list");
    if (isMap && !value.is_object())
        return expected("map");
    if (!isList && !isMap) {
        if (isScalarOf(type, value))
            return {};
        const bool isNumeric = type == "int32" || type == "int64" || type == "float64";
        return expected(type == "bool"  ? "boolean"
                            : isNumeric ? "numeric (int or float)"
                                        : "string");
    }
    if (isList) {
        std::size_t index = 0;
        for (const core::Json& each : value.get_array())
            if (std::string problem =
                    firstProblem(inner(type), each, path + "[" + std::to_string(index++) + "]");
                !problem.empty())
                return problem;
        return {};
    }
    for (const auto& [name, member] : value.get_object()) {
        const std::string next = path + "." + std::string(name);
        std::string_view memberType = type.starts_with('{') ? inner(type) : std::string_view();
        if (fields) {
            const auto field = fields->find(std::string_view(name));
            if (field == fields->end())
                return next + ": field not declared in schema";
            memberType = field->second;
        }
        if (std::string problem = firstProblem(memberType, member, next); !problem.empty())
            return problem;
    }
    return {};
}

} // namespace

std::optional<DecodedFields> decodeBuiltin(const core::GroupVersionKind& kind,
                                           const core::Json& object)
{
    const std::string* type = typeOf(kind);
    const Fields* fields = type ? fieldsOf(*type) : nullptr;
    if (!fields)
        return std::nullopt;
    Decoder decoder;
    DecodedFields out;
    out.object = decoder.message(*type, *fields, object, {});
    out.unknown = std::move(decoder.unknown);
    out.mismatch = std::move(decoder.mismatch);
    return out;
}

std::string shapeProblem(const core::GroupVersionKind& kind, const core::Json& configuration)
{
    const std::string* type = typeOf(kind);
    return type ? firstProblem(*type, configuration, "") : std::string();
}

} // namespace gitops::practice

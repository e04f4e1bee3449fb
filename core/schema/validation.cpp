// SPDX-License-Identifier: GPL-3.0-or-later
// validateStructural of structural.h. The words are those of the API server, so that what a person
// reads in the practice cluster is what production will say.
#include "core/base/strings.h"
#include "core/base/time.h"
#include "core/schema/structural.h"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

namespace core {

namespace {

constexpr int kMaximumDepth = 100;
constexpr std::size_t kMaximumErrors = 100;

bool isInteger(const Json& value)
{
    if (value.is_int64() || value.is_uint64())
        return true;
    return value.is_double() && std::isfinite(value.get_double())
        && std::floor(value.get_double()) == value.get_double();
}

std::string_view typeName(const Json& value)
{
    if (value.is_null())
        return "null";
    if (value.is_object())
        return "object";
    if (value.is_array())
        return "array";
    if (value.is_string())
        return "string";
    if (value.is_bool())
        return "boolean";
    return isInteger(value) ? "integer" : "number";
}

bool hasType(const Json& value, std::string_view type)
{
    const std::string_view actual = typeName(value);
    return actual == type || (type == "number" && actual == "integer");
}

/// UTF-8 characters.
std::size_t length(std::string_view text)
{
    return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string quoted(std::string_view text)
{
    return toText(Json(text));
}

bool isFormat(std::string_view format, std::string_view text)
{
    if (format == "date-time")
        return parseRfc3339(text).has_value();
    if (format == "duration")
        return parseDuration(text).has_value();
    if (format == "byte")
        return base64Decode(text).has_value();
    return true;
}

class Validator
{
public:
    std::vector<FieldError> takeErrors() { return std::move(m_errors); }

    void check(const Json& value, const Json& schema, const std::string& path, bool isRoot = false,
               int depth = 0)
    {
        if (m_errors.size() >= kMaximumErrors || depth > kMaximumDepth)
            return;
        if (value.is_null() && boolAt(schema, {"nullable"}))
            return;
        if (!checkType(value, schema, path))
            return;
        checkEnum(value, schema, path);
        if (value.is_string())
            checkString(value.get_string(), schema, path);
        else if (value.is_number())
            checkNumber(value, schema, path);
        else if (value.is_array())
            checkArray(value.get_array(), schema, path, depth);
        else if (value.is_object())
            checkMap(value, schema, path, isRoot, depth);
        checkCombined(value, schema, path, depth);
    }

private:
    void add(FieldError::Type type, const std::string& path, std::string body)
    {
        if (m_errors.size() < kMaximumErrors)
            m_errors.push_back({type, path, std::move(body)});
    }

    /// "Invalid value: <value>: <path> in body <complaint>"
    void invalid(const std::string& path, const std::string& value, const std::string& complaint,
                 FieldError::Type type = FieldError::Type::Invalid)
    {
        add(type, path, "Invalid value: " + value + ": " + path + " in body " + complaint);
    }

    bool checkType(const Json& value, const Json& schema, const std::string& path)
    {
        if (boolAt(schema, {"x-kubernetes-int-or-string"})) {
            if (isInteger(value) || value.is_string())
                return true;
            const std::string actual = quoted(typeName(value));
            invalid(path, actual, "must be of type integer,string: " + actual,
                    FieldError::Type::TypeInvalid);
            return false;
        }
        const std::string_view type = stringAt(schema, {"type"});
        if (type.empty() || hasType(value, type))
            return true;
        const std::string actual = quoted(typeName(value));
        invalid(path, actual, "must be of type " + std::string(type) + ": " + actual,
                FieldError::Type::TypeInvalid);
        return false;
    }

    void checkEnum(const Json& value, const Json& schema, const std::string& path)
    {
        const Json* allowed = find(schema, "enum");
        if (!allowed || !allowed->is_array()
            || std::ranges::any_of(allowed->get_array(),
                                   [&](const Json& one) { return isEqual(one, value); }))
            return;
        std::vector<std::string> words;
        for (const Json& one : allowed->get_array())
            words.push_back(one.is_string() ? quoted(one.get_string()) : quoted(toText(one)));
        std::ranges::sort(words);
        add(FieldError::Type::NotSupported, path,
            "Unsupported value: " + toText(value) + ": supported values: " + join(words, ", "));
    }

    void checkString(std::string_view text, const Json& schema, const std::string& path)
    {
        const std::int64_t least = integerAt(schema, {"minLength"}, 0);
        const std::int64_t most = integerAt(schema, {"maxLength"}, INT64_MAX);
        const auto characters = std::int64_t(length(text));
        if (characters > most)
            add(FieldError::Type::TooLong, path,
                "Too long: may not be more than " + std::to_string(most) + " bytes");
        if (characters < least)
            invalid(path, quoted(text),
                    "should be at least " + std::to_string(least) + " chars long");
        if (const std::string_view pattern = stringAt(schema, {"pattern"}); !pattern.empty()) {
            RE2::Options options;
            options.set_log_errors(false);
            options.set_max_mem(4 << 20);
            const RE2 expression(re2::StringPiece(pattern.data(), pattern.size()), options);
            if (expression.ok()
                && !RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), expression))
                invalid(path, quoted(text), "should match '" + std::string(pattern) + "'");
        }
        if (const std::string_view format = stringAt(schema, {"format"}); !isFormat(format, text))
            invalid(path, quoted(text),
                    "must be of type " + std::string(format) + ": " + quoted(text));
    }

    void checkNumber(const Json& value, const Json& schema, const std::string& path)
    {
        const double number = value.to_number<double>();
        if (const Json* least = find(schema, "minimum"); least && least->is_number()) {
            const bool isExclusive = boolAt(schema, {"exclusiveMinimum"});
            const double bound = least->to_number<double>();
            if (number < bound || (isExclusive && number == bound))
                invalid(path, toText(value),
                        (isExclusive ? "should be greater than "
                                     : "should be greater than or equal to ")
                            + toText(*least));
        }
        if (const Json* most = find(schema, "maximum"); most && most->is_number()) {
            const bool isExclusive = boolAt(schema, {"exclusiveMaximum"});
            const double bound = most->to_number<double>();
            if (number > bound || (isExclusive && number == bound))
                invalid(path, toText(value),
                        (isExclusive ? "should be less than " : "should be less than or equal to ")
                            + toText(*most));
        }
        if (const Json* of = find(schema, "multipleOf"); of && of->is_number()) {
            const double unit = of->to_number<double>();
            if (unit > 0 && std::fabs(std::remainder(number, unit)) > 1e-9 * std::fabs(number))
                invalid(path, toText(value), "should be a multiple of " + toText(*of));
        }
    }

    /// What lists and maps have in common.
    void checkCount(std::size_t count, const Json& schema, const std::string& path,
                    std::string_view least, std::string_view most, const std::string& noun)
    {
        const auto actual = std::int64_t(count);
        const std::int64_t minimum = integerAt(schema, {least}, 0);
        const std::int64_t maximum = integerAt(schema, {most}, INT64_MAX);
        if (actual > maximum)
            add(FieldError::Type::TooMany, path,
                "Too many: " + std::to_string(actual) + ": must have at most "
                    + std::to_string(maximum) + " items");
        if (actual < minimum)
            invalid(path, std::to_string(actual),
                    "should have at least " + std::to_string(minimum) + " " + noun);
    }

    void checkArray(const JsonArray& list, const Json& schema, const std::string& path, int depth)
    {
        checkCount(list.size(), schema, path, "minItems", "maxItems", "items");
        checkListType(list, schema, path);
        if (const Json* items = find(schema, "items"))
            for (std::size_t i = 0; i < list.size(); ++i)
                check(list[i], *items, path + "[" + std::to_string(i) + "]", false, depth + 1);
    }

    void checkListType(const JsonArray& list, const Json& schema, const std::string& path)
    {
        const std::string_view type = stringAt(schema, {"x-kubernetes-list-type"});
        if (type != "set" && type != "map")
            return;
        const Json* keys = find(schema, "x-kubernetes-list-map-keys");
        std::set<std::string> seen;
        for (std::size_t i = 0; i < list.size(); ++i) {
            Json identity = list[i];
            if (type == "map") {
                JsonObject fields;
                if (keys && keys->is_array())
                    for (const Json& key : keys->get_array())
                        if (const Json* value =
                                key.is_string() ? find(list[i], key.get_string()) : nullptr)
                            fields.emplace(key.get_string(), *value);
                identity = std::move(fields);
            }
            if (!seen.insert(toCanonicalText(identity)).second)
                add(FieldError::Type::Duplicate, path + "[" + std::to_string(i) + "]",
                    "Duplicate value: " + toCanonicalText(identity));
        }
    }

    void checkMap(const Json& map, const Json& schema, const std::string& path, bool isRoot,
                  int depth)
    {
        const auto below = [&](std::string_view name) {
            return path.empty() ? std::string(name) : path + "." + std::string(name);
        };
        checkCount(map.get_object().size(), schema, path, "minProperties", "maxProperties",
                   "properties");
        if (boolAt(schema, {"x-kubernetes-embedded-resource"}))
            for (std::string_view name : {"apiVersion", "kind"})
                if (stringAt(map, {name}).empty())
                    add(FieldError::Type::Required, below(name),
                        "Required value: must not be empty");
        if (const Json* required = find(schema, "required"); required && required->is_array())
            for (const Json& name : required->get_array())
                if (name.is_string() && !find(map, name.get_string()))
                    add(FieldError::Type::Required, below(name.get_string()), "Required value");
        const Json* properties = find(schema, "properties");
        const Json* additional = find(schema, "additionalProperties");
        for (const auto& [name, value] : map.get_object()) {
            if (isRoot && (name == "apiVersion" || name == "kind" || name == "metadata"))
                continue;
            const Json* known = properties ? find(*properties, name) : nullptr;
            if (!known && additional && additional->is_object())
                known = additional;
            if (known)
                check(value, *known, below(name), false, depth + 1);
        }
    }

    bool isValid(const Json& value, const Json& schema, const std::string& path, int depth) const
    {
        Validator trial;
        trial.check(value, schema, path, false, depth + 1);
        return trial.m_errors.empty();
    }

    void checkCombined(const Json& value, const Json& schema, const std::string& path, int depth)
    {
        const auto count = [&](std::string_view name, std::size_t& of) -> std::size_t {
            const Json* list = find(schema, name);
            if (!list || !list->is_array())
                return 0;
            of = list->get_array().size();
            return std::size_t(std::ranges::count_if(list->get_array(), [&](const Json& one) {
                return isValid(value, one, path, depth);
            }));
        };
        const auto complain = [&](const std::string& what) {
            add(FieldError::Type::Invalid, path,
                "Invalid value: \"\": " + quoted(path) + " " + what);
        };
        std::size_t of = 0;
        if (const std::size_t valid = count("allOf", of); valid < of)
            complain(std::string("must validate all the schemas (allOf)")
                     + (valid == 0 ? ". None validated" : ""));
        of = 0;
        if (count("anyOf", of) == 0 && of > 0)
            complain("must validate at least one schema (anyOf)");
        of = 0;
        if (const std::size_t valid = count("oneOf", of); of > 0 && valid != 1)
            complain(std::string("must validate one and only one schema (oneOf). ")
                     + (valid == 0 ? "Found none valid"
                                   : "Found " + std::to_string(valid) + " valid alternatives"));
        if (const Json* forbidden = find(schema, "not");
            forbidden && isValid(value, *forbidden, path, depth))
            complain("must not validate the schema (not)");
    }

    std::vector<FieldError> m_errors;
};

} // namespace

std::string_view FieldError::reason() const
{
    switch (type) {
    case Type::Required:
        return "FieldValueRequired";
    case Type::Invalid:
        return "FieldValueInvalid";
    case Type::TypeInvalid:
        return "FieldValueTypeInvalid";
    case Type::NotSupported:
        return "FieldValueNotSupported";
    case Type::Duplicate:
        return "FieldValueDuplicate";
    case Type::TooLong:
        return "FieldValueTooLong";
    case Type::TooMany:
        break;
    }
    return "FieldValueTooMany";
}

std::vector<FieldError> validateStructural(const Json& object, const Json& schema)
{
    Validator validator;
    validator.check(object, schema, "", true);
    return validator.takeErrors();
}

std::string invalidText(const GroupKind& kind, std::string_view name,
                        const std::vector<FieldError>& errors)
{
    std::vector<std::string> texts;
    texts.reserve(errors.size());
    for (const FieldError& error : errors)
        texts.push_back(error.text());
    std::string all = join(texts, ", ");
    if (texts.size() > 1)
        all = "[" + all + "]";
    return kind.text() + " " + toText(Json(name)) + " is invalid: " + all;
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What an API server does to a custom resource with the OpenAPI v3 schema of its CRD version: drop
/// what the schema does not know, fill in defaults, check the rest. All pure. The object's own
/// apiVersion, kind and metadata are left alone.

/// Without fields that the schema does not name, save below x-kubernetes-preserve-unknown-fields.
/// unknown, when given, gets their paths ("spec.foo", "spec.list[0].bar"), for fieldValidation.
Json withoutUnknownFields(const Json& object, const Json& schema,
                          std::vector<std::string>* unknown = nullptr);

/// With the schema's defaults where a field is absent. Nulls of fields that are not nullable count
/// as absent and go.
Json withDefaults(const Json& object, const Json& schema);

/// One complaint about a field, in the API server's words.
struct FieldError
{
    enum class Type
    {
        Required,
        Invalid,
        TypeInvalid,
        NotSupported,
        Duplicate,
        TooLong,
        TooMany
    } type = Type::Invalid;
    std::string path; ///< "spec.list[0].name"
    std::string body; ///< "Invalid value: 0: spec.replicas in body should be …"
    std::string text() const { return path + ": " + body; }
    std::string_view reason() const; ///< of details.causes: "FieldValueInvalid"
    bool operator==(const FieldError&) const = default;
};

/// Type, enum, pattern, bounds, lengths, required, formats (date-time, duration, byte), oneOf,
/// anyOf, allOf, not, int-or-string, list types. x-kubernetes-validations (CEL) and other formats
/// are not checked. At most 100 errors.
std::vector<FieldError> validateStructural(const Json& object, const Json& schema);

/// "Kafka.kafka.strimzi.io \"k\" is invalid: spec.replicas: …", the message of a 422.
std::string invalidText(const GroupKind& kind, std::string_view name,
                        const std::vector<FieldError>& errors);

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/customschema.h"

#include "core/base/strings.h"
#include "core/schema/structural.h"

#include <utility>

namespace gitops::practice {

namespace {

/// 400 with fieldValidation=Strict, a warning for each field with Warn, as the API server does.
ApiResult<void> reportUnknown(const ResourceType& type, const std::vector<std::string>& unknown,
                              const WriteOptions& options)
{
    std::vector<std::string> complaints;
    for (const std::string& path : unknown)
        complaints.push_back("unknown field \"" + path + "\"");
    if (options.fieldValidation == FieldValidation::Strict && !complaints.empty())
        return badRequest(type.kind.kind + " in version \"" + type.kind.version
                          + "\" cannot be handled as a " + type.kind.kind
                          + ": strict decoding error: " + core::join(complaints, ", "));
    if (options.fieldValidation == FieldValidation::Warn)
        for (std::string& complaint : complaints)
            options.warn(std::move(complaint));
    return {};
}

} // namespace

ApiResult<void> conformToSchema(const ResourceType& type, core::Json& object,
                                const WriteOptions& options)
{
    if (!type.custom || !type.custom->schema)
        return {};
    const core::Json& schema = *type.custom->schema;
    std::vector<std::string> unknown;
    object = core::withDefaults(core::withoutUnknownFields(object, schema, &unknown), schema);
    if (auto reported = reportUnknown(type, unknown, options); !reported)
        return reported;
    std::vector<Cause> causes;
    for (const core::FieldError& error : core::validateStructural(object, schema))
        causes.push_back({std::string(error.reason()), error.body, error.path});
    if (!causes.empty())
        return invalid(type.kind.group, type.kind.kind,
                       std::string(core::stringAt(object, {"metadata", "name"})),
                       std::move(causes));
    return {};
}

} // namespace gitops::practice

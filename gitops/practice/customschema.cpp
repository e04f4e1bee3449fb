// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/customschema.h"

#include "core/schema/structural.h"
#include "gitops/practice/decoding.h"

#include <utility>

namespace gitops::practice {

ApiResult<void> conformToSchema(const ResourceType& type, core::Json& object,
                                const WriteOptions& options)
{
    if (!type.custom || !type.custom->schema)
        return {};
    const core::Json& schema = *type.custom->schema;
    std::vector<std::string> unknown;
    object = core::withDefaults(core::withoutUnknownFields(object, schema, &unknown), schema);
    if (auto reported = reportUnknown(type, object, unknown, options); !reported)
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

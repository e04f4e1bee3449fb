// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/fieldtracking.h"

#include "core/schema/apply.h"
#include "gitops/practice/objectmeta.h"

namespace gitops::practice {

namespace {

core::WriteOptions coreOptions(const FieldWriter& writer, bool force)
{
    core::WriteOptions options;
    options.manager = writer.manager;
    options.subresource = writer.subresource;
    options.time = writer.time;
    options.force = force;
    return options;
}

ApiError conflictError(const ResourceType& type, const core::Json& configuration,
                       const std::vector<core::ApplyConflict>& conflicts)
{
    ApiError error;
    error.code = 409;
    error.reason = "Conflict";
    error.message = core::conflictText(conflicts);
    error.group = type.kind.group;
    error.kind = type.plural;
    error.name = core::stringAt(configuration, {"metadata", "name"});
    for (const core::ApplyConflict& conflict : conflicts)
        error.causes.push_back({"FieldManagerConflict", conflict.message(), conflict.field()});
    return error;
}

/// What another door writes does not belong to this apply.
void keepOwnPart(const ResourceType& type, core::Json& configuration, std::string_view subresource)
{
    if (subresource.empty()) {
        if (type.hasStatus())
            eraseMember(configuration, "status");
        return;
    }
    core::JsonObject kept;
    for (std::string_view key : {"apiVersion", "kind", "metadata", "status"})
        if (const core::Json* value = core::find(configuration, key))
            kept[key] = *value;
    configuration = std::move(kept);
}

} // namespace

void trackUpdate(const ResourceType& type, const core::Json* live, core::Json& next,
                 const FieldWriter& writer)
{
    next = core::updateTracked(live, next, *type.typeSchema, coreOptions(writer, false));
}

ApiResult<core::Json> applyConfiguration(const ResourceType& type, const core::Json* live,
                                         const core::Json& configuration, const FieldWriter& writer,
                                         bool force)
{
    core::Json own = configuration;
    keepOwnPart(type, own, writer.subresource);
    auto outcome = core::applyServerSide(live, own, *type.typeSchema, coreOptions(writer, force));
    if (!outcome)
        return badRequest(std::move(outcome).error().message);
    if (!outcome->conflicts.empty())
        return std::unexpected(conflictError(type, configuration, outcome->conflicts));
    return std::move(outcome->object);
}

} // namespace gitops::practice

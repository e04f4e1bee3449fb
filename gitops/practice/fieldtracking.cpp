// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/fieldtracking.h"

#include "core/schema/apply.h"
#include "gitops/practice/decoding.h"
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

/// Without the object's name: the API server does not tell it there.
ApiError conflictError(const std::vector<core::ApplyConflict>& conflicts)
{
    ApiError error;
    error.code = 409;
    error.reason = "Conflict";
    error.message = core::conflictText(conflicts);
    for (const core::ApplyConflict& conflict : conflicts)
        error.causes.push_back({"FieldManagerConflict", conflict.message(), conflict.field()});
    return error;
}

/// The merge knows the words, not the status that goes with them.
std::unexpected<ApiError> applyError(const core::Json& configuration, std::string message)
{
    constexpr std::string_view prefix = "failed to create typed patch object (";
    if (!message.starts_with(prefix))
        return badRequest(std::move(message));
    const std::size_t end = message.find("): ");
    return noTypedPatch(configuration, end == message.npos ? message : message.substr(end + 3));
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
    if (auto fits = checkConfiguration(type, configuration); !fits)
        return std::unexpected(std::move(fits).error());
    core::Json own = configuration;
    keepOwnPart(type, own, writer.subresource);
    auto outcome = core::applyServerSide(live, own, *type.typeSchema, coreOptions(writer, force));
    if (!outcome)
        return applyError(configuration, std::move(outcome).error().message);
    if (!outcome->conflicts.empty())
        return std::unexpected(conflictError(outcome->conflicts));
    return std::move(outcome->object);
}

} // namespace gitops::practice

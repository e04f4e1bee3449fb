// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/decoding.h"

#include "core/base/strings.h"
#include "gitops/practice/builtinfields.h"

#include <fmt/format.h>

namespace gitops::practice {

namespace {

std::unexpected<ApiError> undecodable(const ResourceType& type, const core::Json& object,
                                      const std::string& why, const WriteOptions& options)
{
    if (options.isPatch)
        return invalid("", "", "", {fieldInvalidText("patch", core::toText(object), why)});
    return badRequest(fmt::format("{0} in version \"{1}\" cannot be handled as a {0}: {2}",
                                  type.kind.kind, type.kind.version, why));
}

} // namespace

ApiResult<void> reportUnknown(const ResourceType& type, const core::Json& object,
                              const std::vector<std::string>& unknown, const WriteOptions& options)
{
    std::vector<std::string> complaints;
    for (const std::string& path : unknown)
        complaints.push_back("unknown field \"" + path + "\"");
    if (options.fieldValidation == FieldValidation::Strict && !complaints.empty())
        return undecodable(type, object, "strict decoding error: " + core::join(complaints, ", "),
                           options);
    if (options.fieldValidation == FieldValidation::Warn)
        for (std::string& complaint : complaints)
            options.warn(std::move(complaint));
    return {};
}

ApiResult<void> decodeObject(const ResourceType& type, core::Json& object,
                             const WriteOptions& options)
{
    if (type.custom)
        return {};
    auto decoded = decodeBuiltin(type.kind, object);
    if (!decoded)
        return {};
    if (!decoded->mismatch.empty())
        return undecodable(type, object, decoded->mismatch, options);
    if (auto reported = reportUnknown(type, object, decoded->unknown, options); !reported)
        return reported;
    object = std::move(decoded->object);
    return {};
}

std::unexpected<ApiError> noTypedPatch(const core::Json& configuration, const std::string& why)
{
    const core::GroupVersionKind kind = core::groupVersionKindOf(configuration);
    ApiError error;
    error.reason.clear();
    error.message = fmt::format("failed to create typed patch object ({}/{}; {}/{}, Kind={}): {}",
                                core::stringAt(configuration, {"metadata", "namespace"}),
                                core::stringAt(configuration, {"metadata", "name"}), kind.group,
                                kind.version, kind.kind, why);
    return std::unexpected(std::move(error));
}

ApiResult<void> checkConfiguration(const ResourceType& type, const core::Json& configuration)
{
    if (type.custom)
        return {};
    if (const std::string problem = shapeProblem(type.kind, configuration); !problem.empty())
        return noTypedPatch(configuration, problem);
    return {};
}

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "core/value/json.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

/// One entry of a Status' details.causes.
struct Cause
{
    std::string reason; ///< "FieldValueInvalid", "FieldManagerConflict"
    std::string message;
    std::string field; ///< "spec.replicas"
};

/// A refusal in Kubernetes' own words: what becomes a Status object (apimachinery
/// pkg/api/errors/errors.go has the reasons and their codes).
struct ApiError
{
    int code = 500;
    std::string reason = "InternalError";
    std::string message;
    std::string name;
    std::string group;
    std::string kind; ///< the resource for 403, 404 and 409, the kind for 422
    std::string uid;
    std::vector<Cause> causes;
    int retryAfterSeconds = 0;
    bool hasDetails = false; ///< details even where there is nothing to say
    std::string continueToken; ///< of an expired list: where an inconsistent one may go on

    core::Json toStatus() const;
    core::HttpResponse toResponse() const;
};

template<class T>
using ApiResult = std::expected<T, ApiError>;

/// Which resource an error speaks of.
struct ErrorSubject
{
    std::string group;
    std::string resource;
    std::string name;
    std::string text() const; ///< deployments.apps "web"
};

std::unexpected<ApiError> badRequest(std::string message);
std::unexpected<ApiError> notFound(const ErrorSubject& subject);
/// The path or kind itself is unknown: a 404 without details.name.
std::unexpected<ApiError> unknownResource();
std::unexpected<ApiError> alreadyExists(const ErrorSubject& subject);
std::unexpected<ApiError> conflict(const ErrorSubject& subject, std::string why);
std::unexpected<ApiError> forbidden(const ErrorSubject& subject, std::string why,
                                    std::vector<Cause> causes = {});
/// 422; kind is the Kind, not the resource.
std::unexpected<ApiError> invalid(std::string group, std::string kind, std::string name,
                                  std::vector<Cause> causes);
std::unexpected<ApiError> methodNotAllowed(std::string message);
std::unexpected<ApiError> expired(std::string message, std::string continueToken = {});
std::unexpected<ApiError> unsupportedMediaType(std::string message);
std::unexpected<ApiError> internalError(std::string message);
/// 500 without a reason: what the API server makes of errors that nobody gave one.
std::unexpected<ApiError> unreasoned(std::string message);

/// "app.kubernetes.io/name: Invalid value: \"…\": …" and its relatives, as causes.
Cause fieldInvalid(std::string field, const core::Json& value, std::string_view why);
Cause fieldInvalidText(std::string field, std::string_view value, std::string_view why);
Cause fieldRequired(std::string field, std::string_view why = {});
Cause fieldForbidden(std::string field, std::string_view why);
Cause fieldUnsupported(std::string field, std::string_view value,
                       const std::vector<std::string>& supported);

/// Of a dryRun that is not "All".
Cause unsupportedDryRun(std::string_view value);

core::HttpResponse jsonResponse(int status, const core::Json& body);
core::HttpResponse textResponse(int status, std::string text);

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/apierror.h"

namespace gitops::practice {

namespace {

constexpr std::string_view kJsonType = "application/json";

ApiError aboutSubject(int code, std::string_view reason, const ErrorSubject& subject,
                      std::string message)
{
    ApiError error;
    error.code = code;
    error.reason = reason;
    error.message = std::move(message);
    error.group = subject.group;
    error.kind = subject.resource;
    error.name = subject.name;
    return error;
}

ApiError plain(int code, std::string_view reason, std::string message)
{
    ApiError error;
    error.code = code;
    error.reason = reason;
    error.message = std::move(message);
    return error;
}

core::JsonArray causesToJson(const std::vector<Cause>& causes)
{
    core::JsonArray list;
    for (const Cause& cause : causes) {
        core::JsonObject entry;
        if (!cause.reason.empty())
            entry["reason"] = cause.reason;
        entry["message"] = cause.message;
        if (!cause.field.empty())
            entry["field"] = cause.field;
        list.push_back(std::move(entry));
    }
    return list;
}

/// Reasons whose answers carry details even where there is nothing to say.
bool hasEmptyDetails(std::string_view reason)
{
    return reason == "NotFound" || reason == "MethodNotAllowed" || reason == "Invalid";
}

std::string shownValue(const core::Json& value)
{
    return core::toText(value);
}

} // namespace

std::string ErrorSubject::text() const
{
    std::string text = resource;
    if (!group.empty())
        text += "." + group;
    return text + " \"" + name + "\"";
}

core::Json ApiError::toStatus() const
{
    core::JsonObject metadata;
    if (!continueToken.empty())
        metadata["continue"] = continueToken;
    core::JsonObject status {{"kind", "Status"},
                             {"apiVersion", "v1"},
                             {"metadata", metadata},
                             {"status", "Failure"},
                             {"message", message}};
    if (!reason.empty())
        status["reason"] = reason;
    core::JsonObject details;
    if (!name.empty())
        details["name"] = name;
    if (!group.empty())
        details["group"] = group;
    if (!kind.empty())
        details["kind"] = kind;
    if (!uid.empty())
        details["uid"] = uid;
    if (!causes.empty())
        details["causes"] = causesToJson(causes);
    if (retryAfterSeconds > 0)
        details["retryAfterSeconds"] = retryAfterSeconds;
    if (!details.empty() || hasDetails || hasEmptyDetails(reason))
        status["details"] = std::move(details);
    status["code"] = code;
    return status;
}

core::HttpResponse ApiError::toResponse() const
{
    core::HttpResponse response = jsonResponse(code, toStatus());
    if (retryAfterSeconds > 0)
        response.headers.emplace_back("Retry-After", std::to_string(retryAfterSeconds));
    return response;
}

std::unexpected<ApiError> badRequest(std::string message)
{
    return std::unexpected(plain(400, "BadRequest", std::move(message)));
}

std::unexpected<ApiError> notFound(const ErrorSubject& subject)
{
    return std::unexpected(aboutSubject(404, "NotFound", subject, subject.text() + " not found"));
}

std::unexpected<ApiError> unknownResource()
{
    return std::unexpected(
        plain(404, "NotFound", "the server could not find the requested resource"));
}

std::unexpected<ApiError> alreadyExists(const ErrorSubject& subject)
{
    return std::unexpected(
        aboutSubject(409, "AlreadyExists", subject, subject.text() + " already exists"));
}

std::unexpected<ApiError> conflict(const ErrorSubject& subject, std::string why)
{
    return std::unexpected(
        aboutSubject(409, "Conflict", subject,
                     "Operation cannot be fulfilled on " + subject.text() + ": " + why));
}

std::unexpected<ApiError> forbidden(const ErrorSubject& subject, std::string why,
                                    std::vector<Cause> causes)
{
    ApiError error =
        aboutSubject(403, "Forbidden", subject, subject.text() + " is forbidden: " + why);
    error.causes = std::move(causes);
    return std::unexpected(std::move(error));
}

std::unexpected<ApiError> invalid(std::string group, std::string kind, std::string name,
                                  std::vector<Cause> causes)
{
    ErrorSubject subject {group, kind, name};
    std::string list;
    for (const Cause& cause : causes) {
        if (!list.empty())
            list += ", ";
        list += cause.field.empty() ? cause.message : cause.field + ": " + cause.message;
    }
    if (causes.size() > 1)
        list = "[" + list + "]";
    ApiError error = aboutSubject(422, "Invalid", subject, subject.text() + " is invalid: " + list);
    error.causes = std::move(causes);
    return std::unexpected(std::move(error));
}

std::unexpected<ApiError> methodNotAllowed(std::string message)
{
    return std::unexpected(plain(405, "MethodNotAllowed", std::move(message)));
}

std::unexpected<ApiError> expired(std::string message, std::string continueToken)
{
    ApiError error = plain(410, "Expired", std::move(message));
    error.continueToken = std::move(continueToken);
    return std::unexpected(std::move(error));
}

std::unexpected<ApiError> unsupportedMediaType(std::string message)
{
    return std::unexpected(plain(415, "UnsupportedMediaType", std::move(message)));
}

std::unexpected<ApiError> internalError(std::string message)
{
    return std::unexpected(plain(500, "InternalError", std::move(message)));
}

std::unexpected<ApiError> unreasoned(std::string message)
{
    return std::unexpected(plain(500, "", std::move(message)));
}

Cause fieldInvalid(std::string field, const core::Json& value, std::string_view why)
{
    return {"FieldValueInvalid", "Invalid value: " + shownValue(value) + ": " + std::string(why),
            std::move(field)};
}

Cause fieldInvalidText(std::string field, std::string_view value, std::string_view why)
{
    return fieldInvalid(std::move(field), core::Json(value), why);
}

Cause fieldRequired(std::string field, std::string_view why)
{
    std::string message = "Required value";
    if (!why.empty())
        message += ": " + std::string(why);
    return {"FieldValueRequired", std::move(message), std::move(field)};
}

Cause fieldForbidden(std::string field, std::string_view why)
{
    return {"FieldValueForbidden", "Forbidden: " + std::string(why), std::move(field)};
}

Cause fieldUnsupported(std::string field, std::string_view value,
                       const std::vector<std::string>& supported)
{
    std::string list;
    for (const std::string& each : supported)
        list += (list.empty() ? "\"" : ", \"") + each + "\"";
    return {"FieldValueNotSupported",
            "Unsupported value: \"" + std::string(value) + "\": supported values: " + list,
            std::move(field)};
}

Cause unsupportedDryRun(std::string_view value)
{
    return {"FieldValueNotSupported",
            "Unsupported value: [" + core::toText(core::Json(value))
                + "]: supported values: \"All\"",
            "dryRun"};
}

core::HttpResponse jsonResponse(int status, const core::Json& body)
{
    return {status, {{"Content-Type", std::string(kJsonType)}}, core::toText(body) + "\n"};
}

core::HttpResponse textResponse(int status, std::string text)
{
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

} // namespace gitops::practice

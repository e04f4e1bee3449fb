// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apierror.h"

#include "core/base/strings.h"
#include "gitops/cluster/jsonbody.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace gitops {

namespace {

using core::ErrorCode;

constexpr std::size_t kMaxMessage = 4096;
constexpr std::size_t kMaxCauses = 20;

ErrorCode codeOfHttp(int status)
{
    switch (status) {
    case 401:
        return ErrorCode::Unauthorized;
    case 403:
        return ErrorCode::Forbidden;
    case 404:
        return ErrorCode::NotFound;
    case 409:
        return ErrorCode::Conflict;
    case 410:
        return ErrorCode::Gone;
    case 413:
        return ErrorCode::LimitExceeded;
    case 429:
        return ErrorCode::TooManyRequests;
    default:
        break;
    }
    if (status >= 500)
        return ErrorCode::Unavailable;
    return status >= 400 ? ErrorCode::Invalid : ErrorCode::Internal;
}

ErrorCode codeOfReason(std::string_view reason, int status)
{
    static const std::map<std::string_view, ErrorCode> codes {
        {"Unauthorized", ErrorCode::Unauthorized},
        {"Forbidden", ErrorCode::Forbidden},
        {"NotFound", ErrorCode::NotFound},
        {"AlreadyExists", ErrorCode::AlreadyExists},
        {"Conflict", ErrorCode::Conflict},
        {"Gone", ErrorCode::Gone},
        {"Expired", ErrorCode::Gone},
        {"Invalid", ErrorCode::Invalid},
        {"BadRequest", ErrorCode::Invalid},
        {"MethodNotAllowed", ErrorCode::Invalid},
        {"NotAcceptable", ErrorCode::Invalid},
        {"UnsupportedMediaType", ErrorCode::Invalid},
        {"RequestEntityTooLarge", ErrorCode::LimitExceeded},
        {"TooManyRequests", ErrorCode::TooManyRequests},
        {"ServerTimeout", ErrorCode::Unavailable},
        {"Timeout", ErrorCode::Unavailable},
        {"ServiceUnavailable", ErrorCode::Unavailable},
    };
    // A webhook may refuse with any code: only what the code allows is believed of the reason.
    if (const auto it = codes.find(reason); it != codes.end())
        return it->second;
    return codeOfHttp(status);
}

std::string limited(std::string_view text)
{
    std::string out = core::sanitised(text.substr(0, kMaxMessage));
    if (text.size() > kMaxMessage)
        out += "…";
    return out;
}

/// What may be told of a refused Secret: the reason and the fields, never a value.
std::string guardedMessage(std::string_view reason, const core::Json* causes)
{
    std::string out = "the server refused the Secret";
    if (!reason.empty())
        out += " (" + core::sanitised(reason) + ")";
    std::vector<std::string> fields;
    if (causes && causes->is_array())
        for (const core::Json& cause : causes->get_array())
            if (const std::string_view field = core::stringAt(cause, {"field"});
                !field.empty() && fields.size() < kMaxCauses)
                fields.push_back(core::sanitised(field.substr(0, 200)));
    if (!fields.empty())
        out += " because of " + core::join(fields, ", ");
    return out + "; its own words are left out, as they may hold values";
}

/// The causes that the message does not tell already.
std::string causesText(const core::Json* causes, std::string_view message)
{
    std::vector<std::string> out;
    if (causes && causes->is_array())
        for (const core::Json& cause : causes->get_array()) {
            const std::string_view text = core::stringAt(cause, {"message"});
            const std::string_view field = core::stringAt(cause, {"field"});
            if (out.size() >= kMaxCauses)
                break;
            if ((text.empty() || message.find(text) != std::string_view::npos)
                && message.find(field) != std::string_view::npos)
                continue;
            std::string line(field);
            line += (field.empty() || text.empty() ? "" : ": ") + std::string(text);
            out.push_back(std::move(line));
        }
    return core::join(out, "; ");
}

/// The object that a Status is about, as far as it says: "secrets shop/db" has only kind and name.
std::string objectOf(const core::Json& details)
{
    const std::string_view kind = core::stringAt(details, {"kind"});
    const std::string_view name = core::stringAt(details, {"name"});
    std::string out(kind.substr(0, 253));
    if (!name.empty())
        out += (out.empty() ? "" : " ") + std::string(name.substr(0, 253));
    return core::sanitised(out);
}

core::Fault faultOf(ErrorCode code)
{
    return code == ErrorCode::Invalid || code == ErrorCode::Conflict
            || code == ErrorCode::AlreadyExists
        ? core::Fault::User
        : core::Fault::Cluster;
}

bool quotesValues(ErrorCode code)
{
    return code == ErrorCode::Invalid || code == ErrorCode::Unavailable
        || code == ErrorCode::Internal || code == ErrorCode::LimitExceeded
        || code == ErrorCode::Forbidden;
}

} // namespace

core::Error errorFromStatus(const core::Json& status, int httpStatus, bool isSensitive)
{
    const int code = int(core::integerAt(status, {"code"}, httpStatus));
    const std::string_view reason = core::stringAt(status, {"reason"});
    const std::string_view message = core::stringAt(status, {"message"});
    const core::Json* details = core::find(status, "details");
    const core::Json* causes = details ? core::find(*details, "causes") : nullptr;
    core::Error error;
    error.code = codeOfReason(reason, code);
    error.fault = faultOf(error.code);
    if (details) {
        error.place.object = objectOf(*details);
        const std::string kind = core::toLower(core::stringAt(*details, {"kind"}));
        isSensitive = isSensitive || kind == "secret" || kind == "secrets";
        if (const auto seconds = core::integerAt(*details, {"retryAfterSeconds"}, 0); seconds > 0)
            error.retryAfter = std::chrono::seconds(std::min<std::int64_t>(seconds, 86'400));
    }
    if (isSensitive && quotesValues(error.code)) {
        error.message = guardedMessage(reason, causes);
        return error;
    }
    std::string text(message);
    if (const std::string more = causesText(causes, message); !more.empty())
        text += (text.empty() ? "" : " (") + more + (text.empty() ? "" : ")");
    if (text.empty())
        text = "the server answered " + std::to_string(code)
            + (reason.empty() ? "" : " " + std::string(reason));
    error.message = limited(text);
    return error;
}

core::Error errorFromResponse(const core::HttpResponse& response, bool isSensitive)
{
    core::Error error;
    const bool looksLikeJson = core::trimmed(response.body).starts_with('{');
    const auto body = looksLikeJson
        ? parseBody(response.body)
        : core::Result<core::Json>(core::failure(ErrorCode::Invalid, {}));
    if (body && core::stringAt(*body, {"kind"}) == "Status") {
        error = errorFromStatus(*body, response.status, isSensitive);
    } else {
        // A proxy's page or API Priority and Fairness' plain text.
        error.code = codeOfHttp(response.status);
        error.fault = faultOf(error.code);
        error.message = "the server answered " + std::to_string(response.status);
        const std::string_view text = core::trimmed(response.body);
        if (!isSensitive && !text.empty() && !text.starts_with('<') && text.size() <= 1000)
            error.message += ": " + core::sanitised(text);
    }
    if (const auto after = retryAfterOf(response))
        error.retryAfter = *after;
    return error;
}

core::Error errorFromResponse(const core::HttpResponse& response)
{
    return errorFromResponse(response, false);
}

core::Error writeErrorFromResponse(const core::HttpResponse& response, bool isSensitive,
                                   bool isDryRun)
{
    core::Error error = errorFromResponse(response, isSensitive);
    if (isDryRun || error.code != ErrorCode::Unavailable)
        return error;
    // Before anything is stored the server calls webhooks and checks its load: these are refusals.
    const bool isRefusal =
        response.status == 503 || response.body.find("failed calling webhook") != std::string::npos;
    if (!isRefusal)
        error.code = ErrorCode::UnknownOutcome;
    return error;
}

std::optional<std::chrono::milliseconds> retryAfterOf(const core::HttpResponse& response)
{
    const std::string_view text = core::trimmed(core::header(response.headers, "Retry-After"));
    if (text.empty())
        return {};
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || seconds < 0)
        return {};
    return std::chrono::seconds(std::min<std::int64_t>(seconds, 86'400));
}

std::vector<std::string> warningsOf(const core::HttpHeaders& headers)
{
    std::vector<std::string> out;
    for (const auto& [name, value] : headers) {
        if (!core::equalsIgnoringCase(name, "Warning"))
            continue;
        // code agent "text" ["date"], perhaps several with commas between them
        std::string text;
        bool inside = false;
        for (std::size_t i = 0; i < value.size() && out.size() < 100; ++i) {
            const char c = value[i];
            if (!inside) {
                // The second quoted part of an entry is a date: only what follows "NNN agent"
                // counts.
                if (c == '"' && i >= 2 && value[i - 1] == ' ' && value[i - 2] != '"')
                    inside = true;
                continue;
            }
            if (c == '\\' && i + 1 < value.size()) {
                text += value[++i];
            } else if (c == '"') {
                inside = false;
                std::string clean = core::sanitised(text.substr(0, kMaxMessage));
                if (!clean.empty() && std::find(out.begin(), out.end(), clean) == out.end())
                    out.push_back(std::move(clean));
                text.clear();
            } else {
                text += c;
            }
        }
    }
    return out;
}

} // namespace gitops

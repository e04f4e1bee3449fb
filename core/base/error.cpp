// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace core {

std::string Place::text() const
{
    std::string out = file;
    if (line > 0)
        out += ":" + std::to_string(line);
    if (line > 0 && column > 0)
        out += ":" + std::to_string(column);
    if (!object.empty())
        out += (out.empty() ? "" : ": ") + object;
    return out;
}

bool Error::isRetryable() const
{
    switch (code) {
    case ErrorCode::Conflict:
    case ErrorCode::Gone:
    case ErrorCode::Network:
    case ErrorCode::Timeout:
    case ErrorCode::TooManyRequests:
    case ErrorCode::Unavailable:
    case ErrorCode::UnknownOutcome:
    case ErrorCode::Disk:
        return true;
    default:
        return false;
    }
}

Error Error::within(std::string_view context) &&
{
    message = std::string(context) + ": " + message;
    return std::move(*this);
}

std::string Error::text() const
{
    const std::string where = place.text();
    return where.empty() ? message : where + ": " + message;
}

std::unexpected<Error> failure(ErrorCode code, std::string message, Place place, Fault fault)
{
    return std::unexpected(Error {code, std::move(message), std::move(place), fault, {}});
}

std::string_view toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return "Cancelled";
    case ErrorCode::Conflict:
        return "Conflict";
    case ErrorCode::AlreadyExists:
        return "AlreadyExists";
    case ErrorCode::Forbidden:
        return "Forbidden";
    case ErrorCode::Gone:
        return "Gone";
    case ErrorCode::Internal:
        return "Internal";
    case ErrorCode::Invalid:
        return "Invalid";
    case ErrorCode::LimitExceeded:
        return "LimitExceeded";
    case ErrorCode::Network:
        return "Network";
    case ErrorCode::NotFound:
        return "NotFound";
    case ErrorCode::Timeout:
        return "Timeout";
    case ErrorCode::TooManyRequests:
        return "TooManyRequests";
    case ErrorCode::Unauthorized:
        return "Unauthorized";
    case ErrorCode::Unavailable:
        return "Unavailable";
    case ErrorCode::UnknownOutcome:
        return "UnknownOutcome";
    case ErrorCode::Unsupported:
        return "Unsupported";
    case ErrorCode::Disk:
        return "Disk";
    }
    return "Internal";
}

} // namespace core

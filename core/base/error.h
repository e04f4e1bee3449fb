// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// What went wrong, as far as a caller may have to tell cases apart.
enum class ErrorCode
{
    Cancelled,
    Conflict, ///< optimistic lock, or another field manager owns the field (409)
    AlreadyExists, ///< 409 of a create
    Forbidden, ///< the server knows us and says no (403)
    Gone, ///< resourceVersion or continue token too old (410)
    Internal, ///< a defect of ours, or an answer that makes no sense
    Invalid, ///< the input is wrong and stays wrong (400, 422, a manifest that does not parse)
    LimitExceeded, ///< a size, depth, time or memory budget was passed
    Network, ///< nothing was sent, or the connection failed before an answer began
    NotFound,
    Timeout,
    TooManyRequests, ///< 429
    Unauthorized, ///< 401
    Unavailable, ///< 5xx
    UnknownOutcome, ///< a write was sent and no answer came: read back, never send again blindly
    Unsupported, ///< something that Wavewright does not do, named
    Disk, ///< a file could not be read or written
};

/// Whose turn it is to mend it; the words on screen depend on it.
enum class Fault
{
    User,
    Repository,
    Git,
    Cluster,
    Machine,
    Wavewright
};

/// Where in the outside world an error lies. Empty members are unknown; line and column count
/// from 1.
struct Place
{
    std::string file; ///< a path inside the repository, or on disk
    int line = 0;
    int column = 0;
    std::string object; ///< "Deployment shop/web", a URL, a server
    bool isEmpty() const { return file.empty() && object.empty(); }
    std::string text() const; ///< "base/web.yaml:12:3", "Deployment shop/web", or both
    bool operator==(const Place&) const = default;
};

/// A failure as a value. message is one sentence for a person, without its place.
/// Never put a secret's value into it.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    Place place = {};
    Fault fault = Fault::Wavewright;
    std::optional<std::chrono::milliseconds> retryAfter = {}; ///< what the server asked for

    bool isRetryable() const; ///< decided by the code alone, never by the text
    Error within(std::string_view context) &&; ///< puts "context: " before the message
    std::string text() const; ///< "base/web.yaml:12:3: message"
    bool operator==(const Error&) const = default;
};

template<class T>
using Result = std::expected<T, Error>;

/// return failure(ErrorCode::Invalid, "…", {.file = path, .line = 3});
std::unexpected<Error> failure(ErrorCode code, std::string message, Place place = {},
                               Fault fault = Fault::Wavewright);

std::string_view toString(ErrorCode code);

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

class Transport;

/// A container whose log is read.
struct LogSource
{
    std::string namespaceName;
    std::string pod;
    std::string container;
    auto operator<=>(const LogSource&) const = default;
};

struct LogOptions
{
    bool follow = false;
    bool previous = false; ///< of the container before its last restart
    bool timestamps = false;
    std::optional<std::chrono::seconds> since = {};
    std::optional<int> tail = {}; ///< the last so many lines
};

/// "/api/v1/namespaces/shop/pods/web-0/log?container=web&follow=true".
std::string logTarget(const LogSource& source, const LogOptions& options);

/// Cuts bytes into lines. One that is longer than 64 KiB comes in pieces.
class LogLines
{
public:
    using Handler = std::function<void(std::string_view)>;
    void feed(std::string_view bytes, const Handler& line);
    /// What stood after the last line end.
    void end(const Handler& line);

private:
    std::string m_rest;
};

/// Reads the logs of several containers at once. Handlers are called on the transport's thread, one
/// after the other; they must not take long and may not destroy this. A stream that breaks while it
/// is followed is not begun anew: the end says why.
class PodLogs
{
public:
    struct Handlers
    {
        std::function<void(const LogSource&, std::string_view line)> line;
        /// Once for each source; nullopt: the log is over.
        std::function<void(const LogSource&, std::optional<core::Error>)> end;
    };

    PodLogs(Transport& transport, const std::vector<LogSource>& sources, const LogOptions& options,
            Handlers handlers);
    /// No handler is called after this.
    ~PodLogs();

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gitops

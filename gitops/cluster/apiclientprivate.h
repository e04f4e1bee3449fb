// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/apicaller.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/watchstream.h"

#include <map>

namespace gitops {

/// What the files of ApiClient share.
struct ApiClient::Private : std::enable_shared_from_this<ApiClient::Private>
{
    Private(Transport& transportOf, core::Executor& executorOf)
        : transport(transportOf)
        , executor(executorOf)
        , gate(std::make_shared<Gate>(executorOf))
        , caller(std::make_shared<ApiCaller>(transportOf, executorOf, gate))
    {
    }

    /// Opens a watch; query says where it begins.
    WatchId startWatch(std::string target, bool isSensitive, int seconds, WatchHandler handler);
    int watchSeconds() { return 300 + int(caller->random()() % 301); }

    Transport& transport;
    core::Executor& executor;
    std::shared_ptr<Gate> gate;
    std::shared_ptr<ApiCaller> caller;
    std::map<WatchId, std::shared_ptr<WatchStream>> watches;
    WatchId lastWatch = 0;
    Discovery lastDiscovery; ///< for what an answer leaves out as stale
};

/// "?a=b&c=d" from what is not empty; percent-encoded.
class ApiQuery
{
public:
    ApiQuery& add(std::string_view name, std::string_view value);
    ApiQuery& addIf(bool condition, std::string_view name, std::string_view value);
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

/// "Deployment shop/web" of a request, for an error's place.
std::string describe(const ApiResource& resource, const std::string& namespaceName,
                     const std::string& name);
/// Whether answers about it may quote what must not be told.
bool isSensitive(const ApiResource& resource);

} // namespace gitops

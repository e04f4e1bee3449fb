// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/cluster/kubeconfig.h"
#include "gitops/cluster/transport.h"

#include <memory>
#include <optional>
#include <string>

namespace gitops {

/// One cluster as a person named it, for callers that may wait: verbs of the command line and the
/// threads of a port-forward. What the engine does goes through ApiClient instead, which never
/// blocks. Any thread.
class ClusterAccess
{
public:
    /// Errors are those of Kubeconfig: no configuration, no such context, a file that is wrong.
    static core::Result<std::unique_ptr<ClusterAccess>> open(const KubeconfigSource& source,
                                                             const std::string& context);
    /// Calls that are under way end as Cancelled first.
    ~ClusterAccess();

    const ClusterConnection& connection() const;
    Transport& transport();

    /// One exchange. Any status is a response.
    core::Result<core::HttpResponse> send(core::HttpRequest request);
    /// A GET whose answer is JSON; everything but a 2xx is an error with the server's words.
    core::Result<core::Json> get(const std::string& target);

    /// The identity of this moment, for connections that are made beside the transport
    /// (WebSockets): the kubeconfig as it is now, with what its plugin hands out. A plugin is asked
    /// again only when its credential expires or was refused.
    core::Result<ClusterConnection> identity();
    /// The server answered 401 to the identity given last.
    void refused();

    /// All that waits ends as Cancelled, and so does all that is asked from now on.
    void stop();

private:
    struct Private;
    explicit ClusterAccess(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace gitops

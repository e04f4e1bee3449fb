// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/portforward.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// Keeps a set of port-forwards: listens on 127.0.0.1 and carries every connection that arrives to
/// a pod, several at once. The listener stays while pods come and go: a connection that finds its
/// pod gone is led to another one, and one that cannot be led anywhere is closed, with the reason
/// in the state and the log.
///
/// Each connection is a WebSocket of its own (v4.channel.k8s.io on pods/…/portforward). That form
/// is passed through by every API server from 1.29 to 1.36, whatever its feature gates; the
/// tunnelled SPDY of kubectl needs a server from 1.31 on (ARCHITECTURE.md has the whole reason).
/// The form has no half-close: a peer that has said all is kept for the answer until that ends.
///
/// It owns its threads. All members may be called from any thread but a callback's.
class PortForwarder
{
public:
    struct State
    {
        PortForward forward;
        std::uint16_t localPort = 0; ///< the one that listens
        std::string pod; ///< where it leads; "" while it leads nowhere
        std::uint16_t podPort = 0;
        int connections = 0; ///< open now
        std::uint64_t total = 0; ///< opened since the start
        std::string problem; ///< the last one that still holds, as a sentence
        bool operator==(const State&) const = default;
    };
    struct Options
    {
        std::chrono::milliseconds check {10'000}; ///< between two looks at where a forward leads
        /// How long an answer is waited for, after its last byte, once the local side has said all
        /// (or has gone, which cannot be told apart).
        std::chrono::milliseconds linger {10'000};
        int maxConnections = 256; ///< of one forward
    };
    /// One sentence of what happened; on a thread of the forwarder.
    using Log = std::function<void(const std::string&)>;

    /// AlreadyExists: a local port is in use, or declared twice; nothing listens then. access must
    /// outlive the forwarder.
    static core::Result<std::unique_ptr<PortForwarder>>
    start(ClusterAccess& access, std::vector<PortForward> forwards, Options options, Log log);
    /// Closes listeners and connections.
    ~PortForwarder();

    std::vector<State> states() const;

private:
    struct Private;
    explicit PortForwarder(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace gitops

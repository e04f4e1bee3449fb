// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/httpreader.h"

namespace gitops {

/// Asks RabbitMQ's Prometheus plugin directly: each node, because a node tells of the queues that
/// it leads.
class RabbitReader : public HttpReader
{
public:
    struct Node
    {
        std::string name; ///< for messages
        HttpFetchPtr fetch;
    };
    /// cluster as TelemetryConfig has it; there is one node at least. pool and clock outlive the
    /// reader and what it posted.
    RabbitReader(std::string name, const std::string& cluster, std::vector<Node> nodes,
                 core::WorkPool& pool, const core::Clock& clock);

    std::string type() const override { return "rabbitmq"; }

private:
    class NodesLook;
};

} // namespace gitops

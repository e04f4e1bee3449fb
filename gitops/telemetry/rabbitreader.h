// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/httpfetch.h"
#include "gitops/telemetry/rabbitsampler.h"
#include "gitops/telemetry/telemetryreader.h"

namespace gitops {

/// Asks RabbitMQ's Prometheus plugin directly: each node, because a node tells of the queues that
/// it leads. Bodies are read on the pool.
class RabbitReader : public TelemetryReader
{
public:
    struct Node
    {
        std::string name; ///< for messages
        HttpFetchPtr fetch;
    };
    /// cluster as TelemetryConfig has it; pool and clock outlive the reader and what it posted.
    RabbitReader(std::string name, std::string cluster, std::vector<Node> nodes,
                 core::WorkPool& pool, const core::Clock& clock);

    std::string name() const override { return m_name; }
    std::string type() const override { return "rabbitmq"; }
    std::chrono::milliseconds interval() const override { return m_interval; }
    void read(SubjectsPtr subjects, Handler done) override;
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }

private:
    struct Work;
    std::string m_name;
    /// The broker itself counts anew every five seconds.
    std::chrono::milliseconds m_interval {10'000};
    std::shared_ptr<Work> m_work; ///< with handlers and tasks
    std::vector<Node> m_nodes; ///< not with them: the last of them would end its own thread
};

} // namespace gitops

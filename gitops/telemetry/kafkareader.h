// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/kafkaclient.h"
#include "gitops/telemetry/kafkasampler.h"
#include "gitops/telemetry/telemetryconfig.h"
#include "gitops/telemetry/telemetryreader.h"

namespace gitops {

/// Asks Kafka brokers directly. Waiting for them happens on the pool; the connection is made with
/// the first look, and again after a failed one, so that a new certificate or password counts.
class KafkaReader : public TelemetryReader
{
public:
    /// Makes a client, on the pool.
    using ClientFactory = std::function<core::Result<std::unique_ptr<KafkaClient>>()>;

    /// pool and clock outlive the reader and what it posted.
    KafkaReader(const KafkaAccess& access, ClientFactory factory, core::WorkPool& pool,
                const core::Clock& clock, std::chrono::milliseconds interval = kInterval);

    std::string name() const override { return m_name; }
    std::string type() const override { return "kafka"; }
    std::chrono::milliseconds interval() const override { return m_interval; }
    void read(SubjectsPtr subjects, Handler done) override;

    static constexpr std::chrono::milliseconds kInterval {5'000};
    static std::string nameOf(const KafkaAccess& access);

private:
    struct Work;
    std::string m_name;
    std::chrono::milliseconds m_interval;
    core::WorkPool& m_pool;
    std::shared_ptr<Work> m_work; ///< with tasks on the pool
};

} // namespace gitops

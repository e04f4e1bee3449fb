// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkareader.h"

#include "core/base/strings.h"

namespace gitops {

/// What the pool works with: one task at a time.
struct KafkaReader::Work
{
    ClientFactory factory;
    const core::Clock& clock;
    KafkaSampler sampler;
    std::unique_ptr<KafkaClient> client;

    Reading look(const Subjects& subjects)
    {
        if (!client) {
            auto made = factory();
            if (!made)
                return Reading::failed(clock.wallNow(), made.error().text());
            client = std::move(*made);
        }
        Reading reading = sampler.sample(*client, subjects);
        if (reading.state == core::TelemetrySource::State::Failed)
            client.reset();
        return reading;
    }
};

std::string KafkaReader::nameOf(const KafkaAccess& access)
{
    return "Kafka " + (access.cluster.empty() ? access.brokers : access.cluster);
}

KafkaReader::KafkaReader(const KafkaAccess& access, ClientFactory factory, core::WorkPool& pool,
                         const core::Clock& clock, std::chrono::milliseconds interval)
    : m_name(nameOf(access))
    , m_interval(interval)
    , m_pool(pool)
{
    KafkaSampler::Options options;
    options.source = m_name;
    options.cluster = access.cluster;
    // A question for each group is much: seldom, unless somebody waits for the second look.
    options.groupInterval = interval < kInterval ? interval : 3 * interval;
    for (const std::string_view each : core::split(access.brokers, ','))
        options.bootstrap.emplace_back(core::trimmed(each));
    m_work = std::make_shared<Work>(
        Work {std::move(factory), clock, KafkaSampler(std::move(options), clock), nullptr});
}

void KafkaReader::read(SubjectsPtr subjects, Handler done)
{
    m_pool.run([work = m_work, subjects = std::move(subjects), done = std::move(done)] {
        done(work->look(*subjects));
    });
}

} // namespace gitops

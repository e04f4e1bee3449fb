// SPDX-License-Identifier: GPL-3.0-or-later
// 1,000 topics of 10 partitions each, sampled, beside the bare ListOffsets requests for the same
// partitions by the same library, in turns: all at once, and 500 at a time, as our client asks.
// librdkafka's mock brokers; with an argument (HOST:PORT), a real one whose topics are made before
// (bench_kafka has no right to make any).
#include "gitops/telemetry/kafkasampler.h"
#include "gitops/telemetry/librdkafkaclient.h"
#include "gitops/telemetry/samplestore.h"
#include "tests/gitops/telemetry/mockkafka.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace {

constexpr int kTopics = 1'000;
constexpr int kPartitions = 10;
constexpr int kRounds = 11;

class Clock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
    core::WallTime wallNow() const override { return std::chrono::system_clock::now(); }
};

double milliseconds(std::chrono::steady_clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
        .count();
}

/// The same question with nothing around it.
class Raw
{
public:
    Raw(const std::string& brokers, const gitops::KafkaMetadata& metadata, int atOnce)
    {
        char message[256] = {};
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), message, sizeof message);
        m_handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf, message, sizeof message);
        const rd_kafka_metadata_t* known = nullptr; // it need not ask for leaders each time
        if (rd_kafka_metadata(m_handle, 1, nullptr, &known, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_metadata_destroy(known);
        for (const auto& topic : metadata.topics)
            for (const auto& partition : topic.partitions) {
                if (m_partitions++ % atOnce == 0)
                    m_lists.push_back(rd_kafka_topic_partition_list_new(atOnce));
                rd_kafka_topic_partition_list_add(m_lists.back(), topic.name.c_str(), partition.id);
            }
    }
    ~Raw()
    {
        for (rd_kafka_topic_partition_list_t* list : m_lists)
            rd_kafka_topic_partition_list_destroy(list);
        rd_kafka_destroy(m_handle);
    }
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;

    bool ask()
    {
        for (rd_kafka_topic_partition_list_t* list : m_lists) {
            for (int i = 0; i < list->cnt; ++i)
                list->elems[i].offset = -1;
            if (rd_kafka_offsets_for_times(m_handle, list, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
                return false;
        }
        return true;
    }
    int partitions() const { return m_partitions; }

private:
    rd_kafka_t* m_handle = nullptr;
    std::vector<rd_kafka_topic_partition_list_t*> m_lists;
    int m_partitions = 0;
};

void print(const char* name, std::vector<double> times, int partitions)
{
    std::ranges::sort(times);
    fmt::print("{{\"name\": \"{}\", \"partitions\": {}, \"minimum_ms\": {:.2f}, \"median_ms\": "
               "{:.2f}, \"maximum_ms\": {:.2f}}}\n",
               name, partitions, times.front(), times[times.size() / 2], times.back());
}

} // namespace

int main(int argc, char** argv)
{
    std::optional<tests::MockKafka> mock;
    if (argc < 2) {
        mock.emplace(3);
        for (int i = 0; i < kTopics; ++i)
            mock->create("topic-" + std::to_string(i), kPartitions);
    }
    gitops::KafkaConnection connection;
    connection.brokers = mock ? mock->bootstrap() : argv[1];
    connection.timeout = std::chrono::seconds(10);
    auto client = gitops::LibrdkafkaClient::make(connection);
    const auto metadata = client ? (*client)->metadata() : std::unexpected(client.error());
    if (!metadata) {
        fmt::print(stderr, "{}\n", metadata.error().text());
        return 2;
    }
    Raw raw(connection.brokers, *metadata, kTopics * kPartitions);
    Raw chunked(connection.brokers, *metadata, 500);
    Clock clock;
    gitops::KafkaSampler::Options options;
    options.groupInterval = std::chrono::hours(1); // the question is about offsets
    gitops::KafkaSampler sampler(options, clock);
    gitops::SampleStore store;
    const gitops::Subjects subjects;
    std::vector<double> rawTimes;
    std::vector<double> chunkTimes;
    std::vector<double> ourTimes;
    for (int i = 0; i < kRounds; ++i) {
        const auto rawStart = std::chrono::steady_clock::now();
        if (!raw.ask())
            return 2;
        const double rawTime = milliseconds(rawStart);
        const auto chunkStart = std::chrono::steady_clock::now();
        if (!chunked.ask())
            return 2;
        const double chunkTime = milliseconds(chunkStart);
        const auto start = std::chrono::steady_clock::now();
        const gitops::Reading reading = sampler.sample(**client, subjects);
        store.add({"bench", false, std::chrono::seconds(5), 0}, reading);
        const double ourTime = milliseconds(start);
        if (reading.state == core::TelemetrySource::State::Failed) {
            fmt::print(stderr, "{}\n", reading.message);
            return 2;
        }
        if (i == 0)
            continue; // connections are made, and the topics listed
        rawTimes.push_back(rawTime);
        chunkTimes.push_back(chunkTime);
        ourTimes.push_back(ourTime);
    }
    print("bare ListOffsets, all at once", rawTimes, raw.partitions());
    print("bare ListOffsets, 500 at a time", chunkTimes, raw.partitions());
    print("a sample", ourTimes, raw.partitions());
    const auto median = [](std::vector<double>& times) {
        std::ranges::sort(times);
        return times[times.size() / 2];
    };
    fmt::print("{{\"name\": \"a sample against the bare requests\", \"all_at_once\": {:.2f}, "
               "\"500_at_a_time\": {:.2f}}}\n",
               median(ourTimes) / median(rawTimes), median(ourTimes) / median(chunkTimes));
}

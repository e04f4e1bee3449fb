// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <string>

namespace tests {

/// Why librdkafka cannot run here, in one line; "": it can.
constexpr const char* whyNoLibrdkafka()
{
#if defined(__SANITIZE_THREAD__)
    return "librdkafka's C11 threads are unknown to the thread sanitizer";
#else
    return "";
#endif
}

/// librdkafka's mock cluster on loopback, with a producer. Knows no group lists and no admin calls.
class MockKafka
{
public:
    explicit MockKafka(int brokers = 3)
    {
        char message[256] = {};
        rd_kafka_conf_t* quiet = rd_kafka_conf_new(); // it has no brokers to connect to
        rd_kafka_conf_set(quiet, "log_level", "0", message, sizeof message);
        m_handle = rd_kafka_new(RD_KAFKA_PRODUCER, quiet, message, sizeof message);
        m_cluster = rd_kafka_mock_cluster_new(m_handle, brokers);
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap().c_str(), message, sizeof message);
        rd_kafka_conf_set(conf, "linger.ms", "0", message, sizeof message);
        m_producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, message, sizeof message);
    }
    ~MockKafka()
    {
        rd_kafka_destroy(m_producer);
        rd_kafka_mock_cluster_destroy(m_cluster);
        rd_kafka_destroy(m_handle);
    }
    MockKafka(const MockKafka&) = delete;
    MockKafka& operator=(const MockKafka&) = delete;

    std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(m_cluster); }
    rd_kafka_mock_cluster_t* cluster() { return m_cluster; }
    void create(const std::string& topic, int partitions)
    {
        rd_kafka_mock_topic_create(m_cluster, topic.c_str(), partitions, 1);
    }
    /// Returns when the brokers have them.
    bool produce(const std::string& topic, int partition, int records)
    {
        rd_kafka_topic_t* to = rd_kafka_topic_new(m_producer, topic.c_str(), nullptr);
        std::string record = "record";
        for (int i = 0; i < records; ++i)
            rd_kafka_produce(to, partition, RD_KAFKA_MSG_F_COPY, record.data(), record.size(),
                             nullptr, 0, nullptr);
        const bool done = rd_kafka_flush(m_producer, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR;
        rd_kafka_topic_destroy(to);
        return done;
    }

private:
    rd_kafka_t* m_handle = nullptr;
    rd_kafka_mock_cluster_t* m_cluster = nullptr;
    rd_kafka_t* m_producer = nullptr;
};

} // namespace tests

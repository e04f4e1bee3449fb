// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusqueries.h"

#include <algorithm>

namespace gitops {

namespace {

using core::Measure;

/// Labels that tell of which cluster a series is, however it was scraped.
constexpr const char* kCluster = "namespace,strimzi_io_cluster";
constexpr const char* kRabbit = "namespace,rabbitmq_cluster";
constexpr const char* kPod = "namespace,pod,kubernetes_pod_name,camel_apache_org_integration,"
                             "integration,camelContext,routeId";

std::string sumBy(const std::string& labels, const std::string& what)
{
    return "sum by (" + labels + ") (" + what + ")";
}

class Builder
{
public:
    Builder(std::chrono::seconds window, const std::string& topics)
        : m_seconds(std::to_string(window.count()))
        , m_window("[" + m_seconds + "s]")
        , m_topic(topics.empty() ? "topic!=\"\"" : "topic!=\"\",topic=~" + promQuoted(topics))
    {
    }

    /// The JMX exporter's name, or else the metrics reporter's.
    std::string brokerRate(const std::string& what) const
    {
        const std::string family = "kafka_server_brokertopicmetrics_" + what;
        const auto one = [&](const std::string& ending) {
            return sumBy(std::string(kCluster) + ",topic",
                         "rate(" + family + ending + "{" + m_topic + "}" + m_window + ")");
        };
        return one("_total") + " or " + one("persec_total");
    }
    std::string exporterIn() const
    {
        return sumBy(std::string(kCluster) + ",topic",
                     "rate(kafka_topic_partition_current_offset{" + m_topic + "}" + m_window + ")");
    }
    /// A group that committed nothing has the offset -1: what passed that is no rate.
    std::string exporterOut() const
    {
        const std::string offsets =
            "kafka_consumergroup_current_offset{" + m_topic + "}" + m_window;
        return sumBy(std::string(kCluster) + ",topic,consumergroup",
                     "rate(" + offsets + ") and min_over_time(" + offsets + ") >= 0");
    }
    std::string exporterLag() const
    {
        return sumBy(std::string(kCluster) + ",topic,consumergroup",
                     "kafka_consumergroup_lag{" + m_topic + "} >= 0");
    }

    std::string rabbitDepth() const
    {
        return sumBy(std::string(kRabbit) + ",vhost,queue", "rabbitmq_detailed_queue_messages");
    }
    std::string rabbit(const std::string& labels, std::initializer_list<const char*> metrics) const
    {
        std::vector<std::string> names;
        for (const char* metric : metrics)
            names.push_back(std::string("rabbitmq_detailed_") + metric);
        return sumBy(std::string(kRabbit) + "," + labels, ratesOf(names, ""));
    }
    std::string camel(std::initializer_list<const char*> metrics) const
    {
        return sumBy(kPod,
                     ratesOf({metrics.begin(), metrics.end()},
                             "{routeId!=\"\",eventType!=\"context\",kind!=\"CamelContext\"}"));
    }

private:
    /// Rates of several metrics side by side: a rate has no name, so that each gets a label of its
    /// own, or those of the same labels would meet.
    std::string ratesOf(const std::vector<std::string>& metrics, const std::string& filter) const
    {
        std::string out;
        for (const std::string& metric : metrics)
            out += std::string(out.empty() ? "" : " or ") + "label_replace(rate(" + metric + filter
                + m_window + "),\"from\",\"" + metric + "\",\"\",\"\")";
        return out;
    }

    std::string m_seconds;
    std::string m_window;
    std::string m_topic;
};

} // namespace

std::string promQuoted(std::string_view text)
{
    std::string out = "\"";
    for (const char each : text) {
        if (each == '\n') {
            out += "\\n";
            continue;
        }
        if (each == '"' || each == '\\')
            out += '\\';
        out += each;
    }
    return out + "\"";
}

std::vector<PrometheusQuery> prometheusQueries(std::chrono::seconds window,
                                               const std::string& topics)
{
    const Builder build(window, topics);
    using enum PrometheusSubject;
    return {
        {build.brokerRate("messagesin"), Topic, Measure::RecordsIn, false},
        {build.exporterIn(), Topic, Measure::RecordsIn, true},
        {build.brokerRate("bytesin"), Topic, Measure::BytesIn, false},
        {build.brokerRate("bytesout"), Topic, Measure::BytesOut, false},
        {build.exporterOut(), Topic, Measure::RecordsOut, false},
        {build.exporterLag(), Topic, Measure::Lag, false},
        {build.rabbitDepth(), Queue, Measure::Depth, false},
        {build.rabbit("vhost,queue", {"queue_exchange_messages_published_total"}), Queue,
         Measure::RecordsIn, false},
        {build.rabbit("queue_vhost,queue", {"queue_messages_published_total"}), Queue,
         Measure::RecordsIn, true},
        {build.rabbit("vhost,queue",
                      {"queue_messages_delivered_total", "queue_messages_delivered_ack_total",
                       "queue_get_total", "queue_get_ack_total"}),
         Queue, Measure::RecordsOut, false},
        {build.rabbit("vhost,queue",
                      {"channel_messages_delivered_total", "channel_messages_delivered_ack_total",
                       "channel_get_total", "channel_get_ack_total"}),
         Queue, Measure::RecordsOut, true},
        {build.rabbit("vhost,exchange", {"exchange_messages_published_total"}), Exchange,
         Measure::RecordsIn, false},
        {build.rabbit("vhost,exchange", {"channel_messages_published_total"}), Exchange,
         Measure::RecordsIn, true},
        // Micrometer's names, with and without its older spelling.
        {build.camel({"camel_exchanges_total", "CamelExchangesTotal_total"}), Route,
         Measure::Exchanges, false},
        {build.camel({"camel_exchanges_failed_total", "CamelExchangesFailed_total"}), Route,
         Measure::Failures, false},
    };
}

std::chrono::seconds rateWindow(std::chrono::milliseconds scrapeInterval)
{
    return std::max(std::chrono::ceil<std::chrono::seconds>(4 * scrapeInterval),
                    std::chrono::seconds(60));
}

std::chrono::seconds rangeStep(std::chrono::seconds range, std::chrono::milliseconds scrapeInterval,
                               std::size_t wantedPoints)
{
    constexpr std::size_t kMost = 11'000;
    const auto points = std::int64_t(std::clamp<std::size_t>(wantedPoints, 1, kMost));
    const std::chrono::seconds fair((range.count() + points - 1) / points);
    return std::max(
        {fair, std::chrono::ceil<std::chrono::seconds>(scrapeInterval), std::chrono::seconds(1)});
}

} // namespace gitops

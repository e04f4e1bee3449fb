// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusfigures.h"

#include <algorithm>
#include <cmath>

namespace gitops {

namespace {

using core::Measure;

/// Of several groups, and of several routes, the whole is told as well.
bool isSummed(Measure measure)
{
    return measure == Measure::RecordsOut || measure == Measure::Exchanges
        || measure == Measure::Failures;
}

std::string firstOf(const PrometheusSeries& series, std::initializer_list<const char*> labels)
{
    for (const char* label : labels)
        if (const std::string_view found = series.label(label); !found.empty())
            return std::string(found);
    return {};
}

/// "relay-7d9f8-x2x4z" runs "relay": the longest name that fits.
std::string integrationOf(const Subjects& subjects, const std::string& namespaceName,
                          const std::string& text)
{
    const core::LineageNode* best = nullptr;
    for (const core::LineageNode& node : subjects.graph().nodes()) {
        if (!node.object || node.object->group != "camel.apache.org"
            || (!namespaceName.empty() && node.object->namespaceName != namespaceName))
            continue;
        const std::string& name = node.object->name;
        const bool fits = text == name || text.starts_with(name + "-");
        if (fits && (!best || name.size() > best->object->name.size()))
            best = &node;
    }
    return best ? best->id() : std::string();
}

} // namespace

const Broker* PrometheusFigures::brokerOf(std::string_view system, std::string_view namespaceName,
                                          std::string_view name) const
{
    if (!namespaceName.empty() && !name.empty())
        return m_subjects.broker(system, std::string(namespaceName) + "/" + std::string(name));
    if (!name.empty())
        return m_subjects.broker(system, name);
    if (namespaceName.empty())
        return m_subjects.broker(system, ""); // what was scraped tells of no cluster
    const Broker* found = nullptr;
    for (const Broker& each : m_subjects.brokers()) {
        if (each.system != system || each.kubernetesNamespace != namespaceName)
            continue;
        if (found)
            return nullptr;
        found = &each;
    }
    return found;
}

std::optional<PrometheusFigures::Found>
PrometheusFigures::topicOf(const PrometheusQuery& query, const PrometheusSeries& series) const
{
    const std::string topic(series.label("topic"));
    const Broker* broker =
        brokerOf("kafka", series.label("namespace"), series.label("strimzi_io_cluster"));
    if (!broker || topic.empty())
        return std::nullopt;
    Found out;
    out.key = {Subjects::topic(*broker, topic), query.measure,
               std::string(series.label("consumergroup"))};
    out.topic.subject = out.key.subject;
    out.topic.system = "kafka";
    out.topic.cluster = broker->cluster;
    out.topic.name = topic;
    out.topic.internal = topic.starts_with("__");
    if (!out.key.part.empty())
        out.topic.groups.push_back(out.key.part);
    return out;
}

std::optional<PrometheusFigures::Found>
PrometheusFigures::rabbitOf(const PrometheusQuery& query, const PrometheusSeries& series) const
{
    const Broker* broker =
        brokerOf("rabbitmq", series.label("namespace"), series.label("rabbitmq_cluster"));
    const std::string vhost = firstOf(series, {"vhost", "queue_vhost", "exchange_vhost"});
    const bool isExchange = query.subject == PrometheusSubject::Exchange;
    const std::string name(series.label(isExchange ? "exchange" : "queue"));
    if (!broker || (name.empty() && !isExchange))
        return std::nullopt;
    Found out;
    out.key.subject = isExchange ? Subjects::exchange(*broker, vhost, name)
                                 : Subjects::queue(*broker, vhost, name);
    out.key.measure = query.measure;
    out.topic.subject = out.key.subject;
    out.topic.system = "rabbitmq";
    out.topic.cluster = broker->cluster;
    out.topic.vhost = vhost;
    out.topic.name = name;
    out.topic.exchange = isExchange;
    out.topic.internal = name.empty() || name.starts_with("amq.");
    return out;
}

std::optional<PrometheusFigures::Found>
PrometheusFigures::routeOf(const PrometheusQuery& query, const PrometheusSeries& series) const
{
    const std::string text = firstOf(series,
                                     {"camel_apache_org_integration", "integration", "pod",
                                      "kubernetes_pod_name", "camelContext"});
    Found out;
    out.key = {integrationOf(m_subjects, std::string(series.label("namespace")), text),
               query.measure, std::string(series.label("routeId"))};
    if (out.key.subject.empty())
        return std::nullopt;
    return out;
}

void PrometheusFigures::put(const core::SeriesKey& key, const PrometheusSeries& series)
{
    auto& to = m_points[key];
    for (const auto& [at, value] : series.points)
        if (std::isfinite(value))
            to[at] += value; // several pods of one integration, several brokers of one cluster
}

void PrometheusFigures::add(const PrometheusQuery& query, const PrometheusAnswer& answer)
{
    std::set<core::SeriesKey> known;
    if (query.isFallback)
        for (const auto& [key, points] : m_points)
            known.insert(key);
    for (const PrometheusSeries& series : answer.series) {
        std::optional<Found> found;
        switch (query.subject) {
        case PrometheusSubject::Topic:
            found = topicOf(query, series);
            break;
        case PrometheusSubject::Queue:
        case PrometheusSubject::Exchange:
            found = rabbitOf(query, series);
            break;
        case PrometheusSubject::Route:
            found = routeOf(query, series);
            break;
        }
        if (!found) {
            ++m_strangers;
            continue;
        }
        if (known.contains(found->key))
            continue;
        put(found->key, series);
        if (!found->key.part.empty() && isSummed(query.measure))
            put({found->key.subject, query.measure, {}}, series);
        if (found->topic.subject.empty())
            continue;
        core::ObservedTopic& topic =
            m_topics.try_emplace(found->key.subject, found->topic).first->second;
        for (const std::string& group : found->topic.groups)
            if (std::ranges::find(topic.groups, group) == topic.groups.end())
                topic.groups.push_back(group);
    }
}

std::vector<core::Series> PrometheusFigures::series() const
{
    std::vector<core::Series> out;
    for (const auto& [key, points] : m_points) {
        core::Series series {key, {}, false, {}};
        for (const auto& [at, value] : points) {
            const bool isGap = !series.samples.empty() && m_step.count() > 0
                && at - series.samples.back().at > m_step * 3 / 2;
            series.samples.push_back({at, value, isGap});
        }
        if (!series.samples.empty())
            out.push_back(std::move(series));
    }
    // Lag as a whole is that of the group that is furthest behind.
    std::map<std::string, core::Series> behind;
    for (const core::Series& each : out) {
        if (each.key.measure != Measure::Lag || each.key.part.empty())
            continue;
        core::Series& whole = behind[each.key.subject];
        whole.key = {each.key.subject, Measure::Lag, {}};
        std::map<core::WallTime, double> most;
        for (const core::Sample& sample : whole.samples)
            most[sample.at] = sample.value;
        for (const core::Sample& sample : each.samples)
            most[sample.at] = std::max(most[sample.at], sample.value);
        whole.samples.clear();
        for (const auto& [at, value] : most)
            whole.samples.push_back({at, value, false});
    }
    for (auto& [subject, series] : behind)
        out.push_back(std::move(series));
    std::ranges::sort(out, {}, &core::Series::key);
    return out;
}

std::vector<core::ObservedTopic> PrometheusFigures::topics(const std::string& source) const
{
    std::vector<core::ObservedTopic> out;
    for (const auto& [subject, topic] : m_topics) {
        out.push_back(topic);
        out.back().source = source;
    }
    return out;
}

std::map<std::string, std::string> reasonsFrom(const std::vector<PrometheusTarget>& targets,
                                               const Subjects& subjects,
                                               const std::set<std::string>& have)
{
    const auto targetOf = [&](const std::string& namespaceName, const std::string& name,
                              std::string_view word) -> std::string {
        bool isScraped = false;
        for (const PrometheusTarget& target : targets) {
            const auto label = [&](const char* key) {
                const auto found = target.labels.find(key);
                return found == target.labels.end() ? std::string() : found->second;
            };
            const std::string place = label("namespace");
            const bool fits = place.empty() ? target.job.find(word) != std::string::npos
                                            : place == namespaceName
                    && (label("strimzi_io_cluster").empty() || label("strimzi_io_cluster") == name);
            if (!fits)
                continue;
            isScraped = true;
            if (!target.isUp && !target.isUnknown)
                return "target " + target.job + " " + target.instance
                    + " is down: " + target.lastError;
        }
        return isScraped ? "Prometheus has no series of it"
                         : "Prometheus scrapes nothing of " + namespaceName + "/" + name;
    };
    std::map<std::string, std::string> out;
    for (const Broker& broker : subjects.brokers()) {
        std::string why;
        for (const auto index : subjects.graph().contents(broker.node)) {
            const std::string id = subjects.graph().node(index).id();
            if (have.contains(id))
                continue;
            if (why.empty())
                why = targetOf(broker.kubernetesNamespace, broker.name,
                               broker.system == "kafka" ? "kafka" : "rabbit");
            out[id] = why;
        }
    }
    for (const core::LineageNode& node : subjects.graph().nodes())
        if (node.object && node.object->group == "camel.apache.org"
            && node.object->kind == "Integration" && !have.contains(node.id()))
            out[node.id()] = targetOf(node.object->namespaceName, node.object->name, "camel");
    return out;
}

} // namespace gitops

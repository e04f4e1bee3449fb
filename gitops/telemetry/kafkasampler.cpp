// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkasampler.h"

#include <algorithm>

namespace gitops {

namespace {

using core::Measure;
using Commits = std::vector<std::pair<std::int32_t, std::int64_t>>;

double secondsBetween(core::SteadyTime from, core::SteadyTime to)
{
    return std::chrono::duration<double>(to - from).count();
}

bool isInternal(const std::string& topic)
{
    return topic.starts_with("__");
}

} // namespace

Reading KafkaSampler::sample(KafkaClient& client, const Subjects& subjects)
{
    if (auto refreshed = refresh(client, subjects); !refreshed) {
        m_lastMetadata.reset();
        return Reading::failed(m_clock.wallNow(), refreshed.error().message);
    }
    auto ends = client.endOffsets();
    if (!ends) {
        m_lastMetadata.reset();
        for (Slot& slot : m_slots)
            slot.last = -1;
        return Reading::failed(m_clock.wallNow(), ends.error().message);
    }
    const core::SteadyTime now = m_clock.steadyNow();
    Reading out;
    out.at = m_clock.wallNow();
    const bool isFirst = m_history.size() == 0;
    addRates(*ends, now, out);
    m_history.add(now, std::move(*ends));
    if (!m_lastGroups || now - *m_lastGroups >= m_options.groupInterval) {
        m_lastGroups = now;
        addGroups(client, now, out);
    }
    addTopics(out);
    if (isFirst) {
        out.state = core::TelemetrySource::State::Waiting;
        out.message = "a rate needs a second look";
    } else if (!m_groupProblem.empty()) {
        out.message = m_groupProblem;
    } else if (!m_isKnownCluster) {
        out.message = "no cluster of the manifests has these brokers; telemetry.kafka.cluster in "
                      "the configuration names one";
    }
    return out;
}

core::Result<void> KafkaSampler::refresh(KafkaClient& client, const Subjects& subjects)
{
    const core::SteadyTime now = m_clock.steadyNow();
    bool isNew = false;
    if (!m_lastMetadata || now - *m_lastMetadata >= m_options.metadataInterval) {
        auto metadata = client.metadata();
        if (!metadata)
            return std::unexpected(std::move(metadata.error()));
        std::size_t partitions = 0;
        for (const KafkaMetadata::Topic& topic : metadata->topics)
            partitions += topic.partitions.size();
        if (partitions > m_options.maxPartitions)
            return core::failure(
                core::ErrorCode::LimitExceeded,
                "the cluster has " + std::to_string(partitions) + " partitions, more than the "
                    + std::to_string(m_options.maxPartitions) + " that are looked at");
        m_lastMetadata = now;
        isNew = m_topics.empty() || metadata->topics != m_metadata.topics
            || metadata->brokers != m_metadata.brokers;
        m_metadata = std::move(*metadata);
        if (isNew)
            rebuild(client, m_metadata);
    }
    if (isNew || m_named != &subjects.graph())
        name(subjects);
    return {};
}

/// What is known of a partition stays, unless its leader is another now.
void KafkaSampler::rebuild(KafkaClient& client, const KafkaMetadata& metadata)
{
    std::vector<Topic> topics;
    std::vector<Slot> slots;
    std::vector<KafkaPartitionRef> partitions;
    std::vector<std::ptrdiff_t> from;
    std::vector<std::string> names;
    for (const KafkaMetadata::Topic& each : metadata.topics) {
        const Topic* known = find(each.name);
        Topic topic {each.name, {}, each.error, slots.size(), each.partitions.size(), 0, false};
        for (const KafkaMetadata::Partition& partition : each.partitions) {
            topic.replicas = std::max(topic.replicas, partition.replicas);
            Slot slot {partition.leader, -1};
            const auto before = known ? slotOf(*known, partition.id) : std::nullopt;
            if (before && m_slots[*before].leader == partition.leader)
                slot.last = m_slots[*before].last;
            slots.push_back(slot);
            from.push_back(before ? std::ptrdiff_t(*before) : -1);
            partitions.push_back({std::uint32_t(topics.size()), partition.id});
        }
        topic.hadRate = known && known->hadRate;
        topics.push_back(std::move(topic));
        names.push_back(each.name);
    }
    m_topics = std::move(topics);
    m_slots = std::move(slots);
    m_partitions = std::move(partitions);
    m_history.renumber(from);
    client.choose(names, m_partitions);
}

/// Which cluster of the platform this is, and so what its topics are called.
void KafkaSampler::name(const Subjects& subjects)
{
    std::vector<std::string> addresses = m_metadata.brokers;
    addresses.insert(addresses.end(), m_options.bootstrap.begin(), m_options.bootstrap.end());
    const Broker* found = nullptr;
    if (!m_options.cluster.empty())
        found = subjects.broker("kafka", m_options.cluster);
    else if (found = subjects.kafkaAt(addresses); !found)
        found = subjects.broker("kafka", "");
    m_isKnownCluster = found != nullptr;
    if (found) {
        m_broker = *found;
    } else {
        m_broker = {};
        m_broker.system = "kafka";
        m_broker.cluster = m_options.cluster;
        m_broker.namespaceName =
            "kafka://" + (m_options.bootstrap.empty() ? "unknown" : m_options.bootstrap.front());
    }
    for (Topic& topic : m_topics)
        topic.subject = Subjects::topic(m_broker, topic.name);
    m_named = &subjects.graph();
}

void KafkaSampler::addRates(const std::vector<std::int64_t>& ends, core::SteadyTime now,
                            Reading& out)
{
    const double seconds = secondsBetween(m_lastLook, now);
    m_lastLook = now;
    out.measurements.reserve(m_topics.size());
    for (Topic& topic : m_topics) {
        std::int64_t written = 0;
        std::size_t unknown = 0;
        bool isWhole = topic.slotCount > 0 && seconds > 0;
        for (std::size_t i = topic.firstSlot; i < topic.firstSlot + topic.slotCount; ++i) {
            Slot& slot = m_slots[i];
            const std::int64_t end = i < ends.size() ? ends[i] : KafkaClient::kUnknownOffset;
            unknown += end < 0 ? 1 : 0;
            if (end < 0 || slot.last < 0 || end < slot.last)
                isWhole = false;
            else
                written += end - slot.last;
            slot.last = std::max<std::int64_t>(end, -1);
        }
        if (isWhole)
            out.measurements.push_back({{topic.subject, Measure::RecordsIn, {}},
                                        double(written) / seconds,
                                        !topic.hadRate});
        else if (!topic.error.empty())
            out.reasons[topic.subject] = topic.error;
        else if (unknown > 0)
            out.reasons[topic.subject] = std::to_string(unknown) + " of "
                + std::to_string(topic.slotCount) + " partitions did not tell where they end";
        topic.hadRate = isWhole;
    }
}

void KafkaSampler::addGroups(KafkaClient& client, core::SteadyTime now, Reading& out)
{
    const auto groups = client.groups();
    m_groupProblem.clear();
    if (!groups) {
        m_groupProblem = "consumer groups are not known: " + groups.error().message;
        m_progress.clear();
        return;
    }
    m_groupsOf.clear();
    m_clientsOf.clear();
    std::map<ProgressKey, Progress> before;
    before.swap(m_progress);
    std::size_t asked = 0;
    for (const KafkaGroup& group : *groups) {
        if (++asked > m_options.maxGroups) {
            m_groupProblem = std::to_string(groups->size()) + " consumer groups are there, and "
                + std::to_string(m_options.maxGroups) + " are looked at";
            break;
        }
        const auto commits = client.commits(group.id);
        if (!commits) {
            m_groupProblem = "group " + group.id + ": " + commits.error().message;
            continue;
        }
        const std::string first = group.id;
        for (auto known = before.lower_bound({first, ""});
             known != before.end() && known->first.first == first;)
            m_progress.insert(before.extract(known++));
        addGroup(group.id, *commits, now, out);
        for (const KafkaCommit& commit : *commits) {
            auto& names = m_groupsOf[commit.topic];
            if (names.empty() || names.back() != group.id) {
                names.push_back(group.id);
                auto& clients = m_clientsOf[commit.topic];
                clients.insert(clients.end(), group.clients.begin(), group.clients.end());
            }
        }
    }
    addWholes(out);
}

void KafkaSampler::addGroup(const std::string& group, const std::vector<KafkaCommit>& commits,
                            core::SteadyTime now, Reading& out)
{
    std::map<std::string, Commits> byTopic;
    for (const KafkaCommit& commit : commits)
        byTopic[commit.topic].emplace_back(commit.partition, commit.offset);
    for (auto& [name, ofTopic] : byTopic) {
        std::ranges::sort(ofTopic);
        if (const Topic* topic = find(name))
            addProgress(group, *topic, std::move(ofTopic), now, out);
    }
}

void KafkaSampler::addProgress(const std::string& group, const Topic& topic, Commits commits,
                               core::SteadyTime now, Reading& out)
{
    std::int64_t lag = 0;
    std::optional<double> age = 0;
    bool isKnown = true;
    for (const auto& [partition, offset] : commits) {
        const auto slot = slotOf(topic, partition);
        const std::int64_t end = slot ? m_slots[*slot].last : -1;
        if (end < 0) {
            isKnown = false;
            continue;
        }
        // A commit may be newer than the end that was seen a moment before.
        lag += std::max<std::int64_t>(0, end - offset);
        if (end <= offset)
            continue;
        const auto written = m_history.writtenAt(*slot, offset);
        age = age && written ? std::optional(std::max(*age, secondsBetween(*written, now)))
                             : std::nullopt;
    }
    const auto add = [&](Measure measure, double value, bool afterGap) {
        out.measurements.push_back(
            {{topic.subject, measure, group}, value, afterGap, m_options.groupInterval});
    };
    if (isKnown) {
        add(Measure::Lag, double(lag), false);
        if (age)
            add(Measure::LagSeconds, *age, false);
    }
    Progress& progress = m_progress[{group, topic.name}];
    const double seconds = secondsBetween(progress.at, now);
    // The same partitions, none of them back: else the group was set to other offsets.
    bool isComparable = progress.commits.size() == commits.size() && seconds > 0;
    std::int64_t read = 0;
    for (std::size_t i = 0; isComparable && i < commits.size(); ++i) {
        const std::int64_t more = commits[i].second - progress.commits[i].second;
        isComparable = commits[i].first == progress.commits[i].first && more >= 0;
        read += more;
    }
    if (isComparable)
        add(Measure::RecordsOut, double(read) / seconds, !progress.hadRate);
    progress = {now, std::move(commits), isComparable};
}

/// Of all groups of a topic, where each has told: what they read together, and how far the last one
/// is behind.
void KafkaSampler::addWholes(Reading& out) const
{
    std::map<std::string, std::size_t> groups;
    for (const auto& [name, ids] : m_groupsOf)
        if (const Topic* topic = find(name))
            groups[topic->subject] = ids.size();
    struct Whole
    {
        double value = 0;
        std::size_t parts = 0;
    };
    std::map<std::pair<std::string, Measure>, Whole> wholes;
    for (const Measurement& each : out.measurements) {
        if (each.key.part.empty())
            continue;
        Whole& whole = wholes[{each.key.subject, each.key.measure}];
        ++whole.parts;
        whole.value = each.key.measure == Measure::RecordsOut ? whole.value + each.value
                                                              : std::max(whole.value, each.value);
    }
    for (const auto& [key, whole] : wholes)
        if (whole.parts == groups[key.first])
            out.measurements.push_back(
                {{key.first, key.second, {}}, whole.value, false, m_options.groupInterval});
}

void KafkaSampler::addTopics(Reading& out) const
{
    out.topics.reserve(m_topics.size());
    for (const Topic& topic : m_topics) {
        core::ObservedTopic& observed = out.topics.emplace_back();
        observed.subject = topic.subject;
        observed.system = "kafka";
        observed.cluster = m_broker.cluster;
        observed.name = topic.name;
        observed.internal = isInternal(topic.name);
        observed.partitions = std::int64_t(topic.slotCount);
        observed.replicas = std::int64_t(topic.replicas);
        observed.source = m_options.source;
        if (const auto groups = m_groupsOf.find(topic.name); groups != m_groupsOf.end())
            observed.groups = groups->second;
        if (const auto clients = m_clientsOf.find(topic.name); clients != m_clientsOf.end())
            observed.clients = clients->second;
    }
}

const KafkaSampler::Topic* KafkaSampler::find(const std::string& name) const
{
    const auto found = std::ranges::lower_bound(m_topics, name, {}, &Topic::name);
    return found != m_topics.end() && found->name == name ? &*found : nullptr;
}

std::optional<std::size_t> KafkaSampler::slotOf(const Topic& topic, std::int32_t partition) const
{
    const auto begin = m_partitions.begin() + std::ptrdiff_t(topic.firstSlot);
    const auto end = begin + std::ptrdiff_t(topic.slotCount);
    const auto found =
        std::ranges::lower_bound(begin, end, partition, {}, &KafkaPartitionRef::partition);
    if (found == end || found->partition != partition)
        return std::nullopt;
    return std::size_t(found - m_partitions.begin());
}

} // namespace gitops

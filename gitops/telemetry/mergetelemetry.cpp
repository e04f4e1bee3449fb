// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/mergetelemetry.h"

#include <algorithm>
#include <tuple>

namespace gitops {

namespace {

void addOnce(std::vector<std::string>& to, const std::vector<std::string>& more)
{
    for (const std::string& each : more)
        if (std::ranges::find(to, each) == to.end())
            to.push_back(each);
}

void complete(core::ObservedTopic& known, const core::ObservedTopic& other)
{
    if (!known.partitions)
        known.partitions = other.partitions;
    if (!known.replicas)
        known.replicas = other.replicas;
    known.internal = known.internal || other.internal;
    addOnce(known.groups, other.groups);
    addOnce(known.clients, other.clients);
}

} // namespace

core::Telemetry mergedTelemetry(const std::vector<const SourceReport*>& reports,
                                const std::vector<core::TelemetrySource>& missing)
{
    core::Telemetry out;
    std::map<std::string, core::ObservedTopic> topics;
    std::map<std::tuple<std::string, std::string, std::string>, core::ObservedRun> runs;
    out.sources = missing;
    for (const SourceReport* report : reports) {
        out.sources.push_back(report->source);
        for (const core::ObservedTopic& topic : report->topics)
            if (const auto [known, isNew] = topics.try_emplace(topic.subject, topic); !isNew)
                complete(known->second, topic);
        for (const core::ObservedRun& run : report->runs) {
            auto& known = runs[{run.jobNamespace, run.job, run.runId}];
            if (known.job.empty() || known.at <= run.at)
                known = run;
        }
        out.reasons.insert(report->reasons.begin(), report->reasons.end());
    }
    std::ranges::sort(out.sources, {}, [](const core::TelemetrySource& each) {
        return std::tuple(std::string_view(each.type), std::string_view(each.name));
    });
    for (auto& [subject, topic] : topics)
        out.topics.push_back(std::move(topic));
    for (auto& [key, run] : runs)
        out.runs.push_back(std::move(run));
    std::ranges::stable_sort(out.runs, {}, &core::ObservedRun::at);
    return out;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/prometheusanswer.h"
#include "gitops/telemetry/prometheusqueries.h"
#include "gitops/telemetry/reading.h"
#include "gitops/telemetry/subjects.h"

#include <optional>
#include <set>

namespace gitops {

/// Puts the answers to prometheusQueries together as series of the platform's subjects. One set of
/// answers each; not for two threads.
class PrometheusFigures
{
public:
    /// step: between two points of a range query; 0 for the newest point alone.
    PrometheusFigures(const Subjects& subjects, std::chrono::seconds step)
        : m_subjects(subjects)
        , m_step(step)
    {
    }

    /// In the order of the queries: a fallback counts only where nothing was told before.
    void add(const PrometheusQuery& query, const PrometheusAnswer& answer);
    /// By key, with finite values only; a hole of more than a step and a half is a gap.
    std::vector<core::Series> series() const;
    /// Topics, queues and exchanges that have series, with their groups.
    std::vector<core::ObservedTopic> topics(const std::string& source) const;
    /// Series of no broker or integration of the platform: how many.
    std::size_t strangers() const { return m_strangers; }

private:
    struct Found
    {
        core::SeriesKey key;
        core::ObservedTopic topic; ///< "" as subject: none to tell of
    };
    std::optional<Found> topicOf(const PrometheusQuery& query,
                                 const PrometheusSeries& series) const;
    std::optional<Found> rabbitOf(const PrometheusQuery& query,
                                  const PrometheusSeries& series) const;
    std::optional<Found> routeOf(const PrometheusQuery& query,
                                 const PrometheusSeries& series) const;
    const Broker* brokerOf(std::string_view system, std::string_view namespaceName,
                           std::string_view name) const;
    void put(const core::SeriesKey& key, const PrometheusSeries& series);

    const Subjects& m_subjects;
    const std::chrono::seconds m_step;
    std::map<core::SeriesKey, std::map<core::WallTime, double>> m_points;
    std::map<std::string, core::ObservedTopic> m_topics;
    std::size_t m_strangers = 0;
};

/// Why subjects have no figure, from what is scraped: of brokers' topics and queues, and of
/// integrations, that are not among those which have one.
std::map<std::string, std::string> reasonsFrom(const std::vector<PrometheusTarget>& targets,
                                               const Subjects& subjects,
                                               const std::set<std::string>& have);

} // namespace gitops

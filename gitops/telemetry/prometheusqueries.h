// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <chrono>
#include <string>
#include <vector>

namespace gitops {

/// What a query's series are about.
enum class PrometheusSubject
{
    Topic, ///< labels: topic, and of the group consumergroup
    Queue, ///< vhost, queue
    Exchange, ///< vhost, exchange
    Route, ///< pod or camelContext, routeId
};

struct PrometheusQuery
{
    std::string text;
    PrometheusSubject subject = PrometheusSubject::Topic;
    core::Measure measure = core::Measure::RecordsIn;
    bool isFallback = false; ///< counts only where the query before it had nothing for the subject
};

/// All that is asked of a Prometheus, in order. window is what a rate looks back; topics a pattern
/// (RE2) that names must match, "" for all.
std::vector<PrometheusQuery> prometheusQueries(std::chrono::seconds window,
                                               const std::string& topics);

/// What a rate must look back so that it meets enough samples: four intervals, a minute at least.
std::chrono::seconds rateWindow(std::chrono::milliseconds scrapeInterval);

/// The step of a range query: not finer than what is scraped, not more than 11,000 points, which
/// Prometheus refuses.
std::chrono::seconds rangeStep(std::chrono::seconds range, std::chrono::milliseconds scrapeInterval,
                               std::size_t wantedPoints);

/// In quotes, as PromQL reads it back.
std::string promQuoted(std::string_view text);

} // namespace gitops

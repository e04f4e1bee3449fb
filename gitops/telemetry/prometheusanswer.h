// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitops {

/// A series of an answer. Values may be NaN or infinite: they are what Prometheus said.
struct PrometheusSeries
{
    std::map<std::string, std::string> labels;
    std::vector<std::pair<core::WallTime, double>> points;

    std::string_view label(const std::string& name) const; ///< "" without it
};

struct PrometheusAnswer
{
    std::vector<PrometheusSeries> series;
    std::vector<std::string> warnings; ///< a partial answer says so here
};

/// What a Prometheus scrapes.
struct PrometheusTarget
{
    std::string job;
    std::string instance;
    bool isUp = false;
    bool isUnknown = false; ///< not scraped yet
    std::string lastError;
    std::chrono::milliseconds interval {0}; ///< 0: not told
    std::map<std::string, std::string> labels;
};

struct PrometheusLimits
{
    std::size_t bytes = 96u << 20;
    std::size_t series = 100'000;
    std::size_t points = 2'000'000; ///< of all series together
};

/// The answer to /api/v1/query and /api/v1/query_range. What Prometheus calls an error is one here,
/// with its words.
core::Result<PrometheusAnswer> readPrometheusAnswer(std::string_view text,
                                                    const PrometheusLimits& limits = {});
/// The answer to /api/v1/targets.
core::Result<std::vector<PrometheusTarget>>
readPrometheusTargets(std::string_view text, const PrometheusLimits& limits = {});

} // namespace gitops

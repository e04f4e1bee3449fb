// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitops {

/// One line of Prometheus' text format: name{label="value",…} number [time].
struct MetricLine
{
    std::string_view name; ///< within the text
    /// Values are unescaped; names are within the text.
    std::vector<std::pair<std::string_view, std::string>> labels;
    double value = 0; ///< may be NaN or infinite

    /// "" when there is none.
    std::string_view label(std::string_view wanted) const;
};

struct MetricsTextLimits
{
    std::size_t bytes = 128u << 20;
    std::size_t lines = 2'000'000;
    std::size_t lineBytes = 64u << 10;
    std::size_t labels = 64;
};

/// Reads the text format (0.0.4; OpenMetrics' exemplars and times are passed over) line by line:
/// the line is valid during the call only. A line that is none is an error with its number.
core::Result<void> readMetricsText(std::string_view text,
                                   const std::function<void(const MetricLine&)>& take,
                                   const MetricsTextLimits& limits = {});

} // namespace gitops

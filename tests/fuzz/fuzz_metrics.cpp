// SPDX-License-Identifier: GPL-3.0-or-later
// What sources of live figures answer: the text format, Prometheus' JSON, run events.
#include "gitops/telemetry/metricstext.h"
#include "gitops/telemetry/prometheusanswer.h"
#include "gitops/telemetry/prometheusfigures.h"
#include "gitops/telemetry/rabbitsampler.h"
#include "gitops/telemetry/runevents.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const gitops::Subjects nothing;
    switch (data[0] % 4) {
    case 0:
        (void)gitops::readMetricsText(text, [](const gitops::MetricLine&) { });
        break;
    case 1: {
        gitops::RabbitLook look;
        if (look.read(text)) {
            gitops::RabbitSampler sampler("source", "");
            (void)sampler.sample(look, core::WallTime(), nothing);
            (void)sampler.sample(look, core::WallTime(std::chrono::seconds(5)), nothing);
        }
        break;
    }
    case 2: {
        (void)gitops::readPrometheusTargets(text);
        if (const auto answer = gitops::readPrometheusAnswer(text)) {
            gitops::PrometheusFigures figures(nothing, std::chrono::seconds(5));
            for (const auto& query : gitops::prometheusQueries(std::chrono::seconds(60), ""))
                figures.add(query, *answer);
            (void)figures.series();
        }
        break;
    }
    default:
        (void)gitops::readRunEvents(text);
    }
    return 0;
}

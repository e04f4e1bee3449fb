// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/httpreader.h"

namespace gitops {

/// Asks a Prometheus. The first look also asks for the last hour, so that charts begin with one.
class PrometheusReader : public HttpReader
{
public:
    /// topics: a pattern for names, "" for all. pool and clock outlive the reader and what it
    /// posted.
    PrometheusReader(std::string name, std::string topics, HttpFetchPtr fetch, core::WorkPool& pool,
                     const core::Clock& clock);

    std::string type() const override { return "prometheus"; }

private:
    class QueriesLook;
};

} // namespace gitops

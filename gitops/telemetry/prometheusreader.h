// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/httpfetch.h"
#include "gitops/telemetry/telemetryreader.h"

namespace gitops {

/// Asks a Prometheus: all queries of one look at once, answers read on the pool. The first look
/// also asks for the last hour, so that charts begin with one.
class PrometheusReader : public TelemetryReader
{
public:
    /// topics: a pattern for names, "" for all. pool and clock outlive the reader and what it
    /// posted.
    PrometheusReader(std::string name, std::string topics, HttpFetchPtr fetch, core::WorkPool& pool,
                     const core::Clock& clock);

    std::string name() const override { return m_name; }
    std::string type() const override { return "prometheus"; }
    std::chrono::milliseconds interval() const override { return m_interval; }
    void read(SubjectsPtr subjects, Handler done) override;
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }

private:
    struct Work;
    std::string m_name;
    std::chrono::milliseconds m_interval {15'000};
    std::shared_ptr<Work> m_work; ///< with handlers and tasks
    HttpFetchPtr m_fetch; ///< not with them: the last of them would end its own thread
};

} // namespace gitops

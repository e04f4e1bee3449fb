// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/httpfetch.h"
#include "gitops/telemetry/telemetryreader.h"

namespace gitops {

/// Run events of OpenLineage, from a file or from Marquez. They give no figures: edges of lineage
/// that were seen to happen.
class OpenLineageReader : public TelemetryReader
{
public:
    /// Of a file; pool and clock outlive the reader and what it posted.
    OpenLineageReader(const std::string& file, core::WorkPool& pool, const core::Clock& clock);
    /// Of Marquez at an address.
    OpenLineageReader(const std::string& url, HttpFetchPtr marquez, core::WorkPool& pool,
                      const core::Clock& clock);

    std::string name() const override { return m_name; }
    std::string type() const override { return "openlineage"; }
    std::chrono::milliseconds interval() const override { return std::chrono::seconds(30); }
    void read(SubjectsPtr subjects, Handler done) override;

private:
    struct Work;
    std::string m_name;
    std::string m_file; ///< "" of Marquez
    core::WorkPool& m_pool;
    std::shared_ptr<Work> m_work; ///< with handlers and tasks
    HttpFetchPtr m_fetch; ///< null of a file
};

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/telemetryreader.h"

namespace gitops {

/// Traffic of the practice cluster, for a tour: made up from what is declared and from the time, so
/// that the same moment always shows the same. A topic that nobody declares to write has none, nor
/// one that the practice cluster does not have yet. Says that it is simulated in its name and with
/// every series; never for a real cluster.
class SimulatedReader : public TelemetryReader
{
public:
    /// clock outlives the reader.
    explicit SimulatedReader(const core::Clock& clock)
        : m_clock(clock)
    {
    }

    std::string name() const override { return "Practice traffic (simulated)"; }
    std::string type() const override { return "simulated"; }
    bool isSimulated() const override { return true; }
    std::chrono::milliseconds interval() const override { return std::chrono::seconds(5); }
    void read(SubjectsPtr subjects, Handler done) override;

private:
    const core::Clock& m_clock;
    bool m_hasPast = false;
};

/// All figures of a moment. Pure.
std::vector<Measurement> simulatedTraffic(const Subjects& subjects, core::WallTime at);

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/reading.h"
#include "gitops/telemetry/subjects.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace gitops {

/// One place that figures come from. Lives on the service's strand; what takes long happens
/// elsewhere.
class TelemetryReader
{
public:
    using Handler = std::function<void(Reading)>;

    virtual ~TelemetryReader() = default;
    virtual std::string name() const = 0; ///< "Kafka kafka/event-cluster"
    virtual std::string type() const = 0; ///< as TelemetrySource has it
    virtual bool isSimulated() const { return false; }
    virtual std::chrono::milliseconds interval() const = 0;
    /// Begins to look, and returns at once. done is called once, from any thread; not at all when
    /// the reader is destroyed before. Never begun again before done.
    virtual void read(SubjectsPtr subjects, Handler done) = 0;
};

/// A place that figures could come from. Two of one key are the same place.
struct FoundSource
{
    std::string key;
    std::function<std::unique_ptr<TelemetryReader>()> make; ///< empty: nobody can ask it
    core::TelemetrySource missing; ///< what to say instead, when make is empty
};

/// Tells which sources there are for a platform. Pure as far as the service is concerned: called on
/// its strand, whenever the platform has changed.
using SourceFinder = std::function<std::vector<FoundSource>(const Subjects&)>;

} // namespace gitops

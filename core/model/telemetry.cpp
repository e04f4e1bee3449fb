// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/telemetry.h"

namespace core {

std::string_view toString(Measure measure)
{
    switch (measure) {
    case Measure::RecordsIn:
        return "recordsIn";
    case Measure::RecordsOut:
        return "recordsOut";
    case Measure::BytesIn:
        return "bytesIn";
    case Measure::BytesOut:
        return "bytesOut";
    case Measure::Lag:
        return "lag";
    case Measure::LagSeconds:
        return "lagSeconds";
    case Measure::Depth:
        return "depth";
    case Measure::Exchanges:
        return "exchanges";
    case Measure::Failures:
        return "failures";
    }
    return "";
}

std::string_view unitOf(Measure measure)
{
    switch (measure) {
    case Measure::RecordsIn:
    case Measure::RecordsOut:
        return "records/s";
    case Measure::BytesIn:
    case Measure::BytesOut:
        return "B/s";
    case Measure::Lag:
        return "records";
    case Measure::LagSeconds:
        return "s";
    case Measure::Depth:
        return "messages";
    case Measure::Exchanges:
    case Measure::Failures:
        return "exchanges/s";
    }
    return "";
}

std::string_view toString(TelemetrySource::State state)
{
    switch (state) {
    case TelemetrySource::State::Missing:
        return "missing";
    case TelemetrySource::State::Waiting:
        return "waiting";
    case TelemetrySource::State::Live:
        return "live";
    case TelemetrySource::State::Failed:
        return "failed";
    }
    return "";
}

const Figure* Telemetry::find(const std::string& subject, Measure measure,
                              const std::string& part) const
{
    const auto found = latest.find(SeriesKey {subject, measure, part});
    return found == latest.end() ? nullptr : &found->second;
}

} // namespace core

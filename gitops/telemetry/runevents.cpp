// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/runevents.h"

#include "core/base/strings.h"
#include "core/base/time.h"
#include "core/value/json.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>

namespace gitops {

namespace {

using core::Json;
using core::ObservedRun;

constexpr std::array<std::string_view, 6> kStates {"START", "RUNNING", "COMPLETE",
                                                   "ABORT", "FAIL",    "OTHER"};

class Collector
{
public:
    explicit Collector(const RunEventLimits& limits)
        : m_limits(limits)
    {
    }

    core::Result<void> take(const Json& event)
    {
        if (++m_events > m_limits.events)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "there are more than " + std::to_string(m_limits.events)
                                     + " events");
        if (!takeRun(event))
            ++m_skipped;
        return {};
    }
    void skip() { ++m_skipped; }

    RunEvents build() &&
    {
        RunEvents out;
        out.skipped = m_skipped;
        for (auto& [key, run] : m_runs)
            out.runs.push_back(std::move(run));
        std::ranges::stable_sort(out.runs, {}, &ObservedRun::at);
        if (out.runs.size() > m_limits.runs)
            out.runs.erase(out.runs.begin(), out.runs.end() - std::ptrdiff_t(m_limits.runs));
        return out;
    }

private:
    std::string name(const Json& event, std::initializer_list<std::string_view> path) const
    {
        const std::string_view text = core::stringAt(event, path);
        return text.size() > m_limits.nameBytes ? std::string() : core::sanitised(text);
    }

    bool takeRun(const Json& event)
    {
        const std::string id = name(event, {"run", "runId"});
        const std::string job = name(event, {"job", "name"});
        const std::string place = name(event, {"job", "namespace"});
        const auto at = core::parseRfc3339(core::stringAt(event, {"eventTime"}));
        if (id.empty() || job.empty() || !at)
            return false;
        ObservedRun& run = m_runs[{place, job, id}];
        if (run.job.empty()) {
            run.jobNamespace = place;
            run.job = job;
            run.runId = id;
            run.at = *at;
            run.state = "OTHER";
        }
        if (*at >= run.at) {
            const std::string_view state = core::stringAt(event, {"eventType"});
            run.at = *at;
            if (std::ranges::find(kStates, state) != kStates.end())
                run.state = state;
        }
        takeDatasets(core::find(event, "inputs"), run.inputs);
        takeDatasets(core::find(event, "outputs"), run.outputs);
        return true;
    }

    void takeDatasets(const Json* list, std::vector<ObservedRun::Dataset>& to) const
    {
        if (!list || !list->is_array())
            return;
        for (const Json& each : list->get_array()) {
            ObservedRun::Dataset dataset {name(each, {"namespace"}), name(each, {"name"})};
            const auto place = std::ranges::lower_bound(to, dataset);
            const bool isKnown = place != to.end() && *place == dataset;
            if (!dataset.name.empty() && !isKnown && to.size() < m_limits.datasets)
                to.insert(place, std::move(dataset));
        }
    }

    const RunEventLimits& m_limits;
    std::map<std::tuple<std::string, std::string, std::string>, ObservedRun> m_runs;
    std::size_t m_events = 0;
    std::size_t m_skipped = 0;
};

core::Result<void> takeAll(const core::JsonArray& events, Collector& to)
{
    for (const Json& event : events)
        if (auto done = to.take(event); !done)
            return done;
    return {};
}

core::Result<void> takeLines(std::string_view text, const core::JsonLimits& json, Collector& to)
{
    while (!text.empty()) {
        const std::size_t length = std::min(text.find('\n'), text.size());
        const std::string_view line = core::trimmed(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
        if (line.empty())
            continue;
        const auto event = core::parseJson(line, json);
        if (!event) { // a line cut by who writes it takes no other along
            to.skip();
            continue;
        }
        if (auto done = to.take(*event); !done)
            return done;
    }
    return {};
}

} // namespace

core::Result<RunEvents> readRunEvents(std::string_view text, const RunEventLimits& limits)
{
    if (text.size() > limits.bytes)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "the events are larger than " + std::to_string(limits.bytes >> 20)
                                 + " MiB");
    const core::JsonLimits json {.bytes = limits.bytes, .depth = 60};
    Collector collector(limits);
    core::Result<void> done;
    const std::string_view body = core::trimmed(text);
    auto whole = body.starts_with('[') || body.find('\n') == body.npos
        ? core::parseJson(body, json)
        : core::Result<Json>(core::failure(core::ErrorCode::Invalid, "lines"));
    // An answer may be printed over several lines.
    if (!whole && body.starts_with('{') && body.find("\"events\"") < 200)
        whole = core::parseJson(body, json);
    const Json* events = whole ? core::find(*whole, "events") : nullptr;
    if (whole && whole->is_array())
        done = takeAll(whole->get_array(), collector);
    else if (events && events->is_array())
        done = takeAll(events->get_array(), collector);
    else if (whole)
        done = collector.take(*whole);
    else if (body.starts_with('['))
        return core::failure(core::ErrorCode::Invalid,
                             "the events are no JSON: " + whole.error().message);
    else
        done = takeLines(body, json, collector);
    if (!done)
        return std::unexpected(std::move(done.error()));
    return std::move(collector).build();
}

} // namespace gitops

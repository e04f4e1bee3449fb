// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright lineage and wavewright topics: where data comes from and where it goes.
#include "app/commands.h"
#include "app/console.h"
#include "app/figuretext.h"
#include "app/lineagefiles.h"
#include "app/livefigures.h"
#include "app/platformsource.h"
#include "app/terraformfiles.h"
#include "core/base/strings.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/lineageobserved.h"
#include "core/platform/lineagereach.h"
#include "core/platform/lineagetext.h"
#include "core/platform/livetopics.h"
#include "core/platform/topics.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

namespace app {

namespace {

using core::LineageGraph;
using Index = LineageGraph::Index;

struct Loaded
{
    core::PlatformInputPtr input;
    core::LineageGraphPtr graph; ///< with what was observed
    core::TelemetryPtr telemetry; ///< null: nobody was asked
};

std::optional<Loaded> load(const Options& options)
{
    auto input = loadPlatform(options);
    if (input)
        input = withTerraformLayers(options, *input);
    if (!input) {
        printError(input.error().text());
        return std::nullopt;
    }
    Loaded out {*input, core::makeLineage(**input, lineageFiles(options, **input)), nullptr};
    auto telemetry = measure(options, *input);
    if (!telemetry) {
        printError(telemetry.error().text());
        return std::nullopt;
    }
    if (out.telemetry = std::move(*telemetry); out.telemetry)
        out.graph = std::make_shared<const core::LineageGraph>(
            core::withObserved(*out.graph, *out.telemetry));
    return out;
}

/// The one node that a text names; an error that lists the candidates otherwise.
std::optional<Index> oneNode(const LineageGraph& graph, const std::string& text)
{
    const auto found = graph.search(text);
    if (found.size() == 1)
        return found.front();
    std::string sentence =
        found.empty() ? "no node is called \"" + text + "\"" : "\"" + text + "\" may be any of";
    for (std::size_t i = 0; i < found.size() && i < 20; ++i)
        sentence += (i ? ", " : " ") + graph.node(found[i]).id();
    printError(core::sanitised(sentence));
    return std::nullopt;
}

/// What --focus or --path leaves of the graph. exitCode is set when there is nothing to print.
std::optional<LineageGraph> selected(const LineageGraph& graph, const Options& options,
                                     int& exitCode)
{
    if (!options.lineagePath.empty()) {
        const auto from = oneNode(graph, options.lineagePath.front());
        const auto to = oneNode(graph, options.lineagePath.back());
        if (!from || !to) {
            exitCode = Usage;
            return std::nullopt;
        }
        const auto path = graph.path(*from, *to);
        if (path.empty()) {
            printError("no data goes from " + graph.node(*from).id() + " to "
                       + graph.node(*to).id());
            exitCode = No;
            return std::nullopt;
        }
        return graph.part(path);
    }
    if (options.focus.empty())
        return graph;
    const auto focus = oneNode(graph, options.focus);
    if (!focus) {
        exitCode = Usage;
        return std::nullopt;
    }
    std::vector<Index> nodes {*focus};
    std::ranges::copy(graph.upstream(*focus, {.depth = options.upstream, .permitted = true}),
                      std::back_inserter(nodes));
    std::ranges::copy(graph.downstream(*focus, {.depth = options.downstream, .permitted = true}),
                      std::back_inserter(nodes));
    return graph.part(nodes);
}

void print(const LineageGraph& graph, const core::Telemetry* telemetry, Format format)
{
    switch (format) {
    case Format::Json: {
        core::Json json = core::toJson(graph);
        if (telemetry)
            addFigures(graph, *telemetry, json);
        std::puts(core::toText(json).c_str());
        break;
    }
    case Format::Dot:
        std::fputs(core::toDot(graph).c_str(), stdout);
        break;
    case Format::OpenLineage: {
        const auto now = std::chrono::time_point_cast<core::WallTime::duration>(
            std::chrono::system_clock::now());
        for (const core::Json& event : core::toOpenLineage(graph, now))
            std::puts(core::toText(event).c_str());
        break;
    }
    default:
        std::fputs(core::sanitised(core::toText(graph)).c_str(), stdout);
        if (telemetry)
            std::fputs(core::sanitised(figureLines(graph, *telemetry)).c_str(), stdout);
    }
}

std::string countText(const std::vector<std::string>& sure, const std::vector<std::string>& unsure)
{
    std::string out = std::to_string(sure.size());
    if (!unsure.empty())
        out += "+" + std::to_string(unsure.size()) + "?";
    return out;
}

template<class T>
std::string optionalText(const std::optional<T>& value)
{
    return value ? std::to_string(*value) : "-";
}

std::string stateText(const core::Topic& topic)
{
    std::vector<std::string> words;
    if (!topic.declared)
        words.emplace_back("undeclared");
    if (topic.isStill() && topic.declared)
        words.emplace_back("silent");
    if (topic.existing && !*topic.existing && topic.declared)
        words.emplace_back("not in the cluster");
    if (topic.isSilent())
        words.emplace_back("no producer");
    if (topic.isUnread())
        words.emplace_back("no consumer");
    return core::join(words, ", ");
}

void print(const std::vector<core::Topic>& topics, bool hasFigures)
{
    std::vector<std::string> head {"TYPE",     "NAME",      "CLUSTER",   "PARTITIONS",
                                   "REPLICAS", "PRODUCERS", "CONSUMERS", "STATE"};
    if (hasFigures)
        head.insert(head.end() - 1, {"IN", "OUT", "LAG"});
    std::vector<std::vector<std::string>> rows {head};
    for (const core::Topic& topic : topics) {
        if (topic.internal && !topic.declared)
            continue; // a broker's own plumbing
        std::vector<std::string> row {std::string(toString(topic.type)),
                                      core::sanitised(topic.name),
                                      core::sanitised(topic.cluster.empty() ? "?" : topic.cluster),
                                      optionalText(topic.partitions),
                                      optionalText(topic.replicas),
                                      countText(topic.producers, topic.users),
                                      countText(topic.consumers, topic.users)};
        if (hasFigures)
            std::ranges::move(figureCells(topic), std::back_inserter(row));
        row.push_back(stateText(topic));
        rows.push_back(std::move(row));
    }
    std::fputs(table(rows).c_str(), stdout);
}

} // namespace

int runLineage(const Options& options)
{
    const auto loaded = load(options);
    if (!loaded)
        return CouldNotTell;
    int exitCode = Yes;
    core::LineageGraphPtr whole = loaded->graph;
    if (options.permitted)
        whole = std::make_shared<const core::LineageGraph>(
            core::withPermittedReach(*whole, core::PlatformModel(loaded->input)));
    const auto graph = selected(*whole, options, exitCode);
    if (!graph)
        return exitCode;
    print(*graph, loaded->telemetry.get(), options.format);
    return reportGaps(*loaded->input) ? Yes : CouldNotTell;
}

int runTopics(const Options& options)
{
    const auto loaded = load(options);
    if (!loaded)
        return CouldNotTell;
    auto topics = core::topicsOf(*loaded->graph, loaded->input->hasLive);
    if (loaded->telemetry)
        topics = core::withTelemetry(std::move(topics), *loaded->telemetry);
    if (options.format == Format::Json) {
        core::JsonArray all;
        for (const core::Topic& topic : topics)
            all.push_back(core::toJson(topic));
        core::JsonObject out {{"topics", std::move(all)}};
        if (loaded->telemetry)
            out["sources"] = sourcesJson(*loaded->telemetry);
        std::puts(core::toText(out).c_str());
    } else {
        print(topics, loaded->telemetry != nullptr);
        if (loaded->telemetry)
            std::fputs(core::sanitised(sourceLines(topics, *loaded->telemetry)).c_str(), stdout);
    }
    return reportGaps(*loaded->input) ? Yes : CouldNotTell;
}

} // namespace app

// SPDX-License-Identifier: GPL-3.0-or-later
// A graph of 5,000 nodes: made from manifests, changed by one, asked. Prints figures.
#include "core/platform/lineagelayout.h"
#include "core/platform/lineagemodel.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

core::ManifestPtr manifest(core::JsonObject object)
{
    return *core::Manifest::make(core::Json(std::move(object)));
}

core::ManifestPtr topic(int i)
{
    return manifest(
        {{"apiVersion", "kafka.strimzi.io/v1beta2"},
         {"kind", "KafkaTopic"},
         {"metadata",
          core::JsonObject {{"name", "topic-" + std::to_string(i)},
                            {"namespace", "kafka"},
                            {"labels", core::JsonObject {{"strimzi.io/cluster", "main"}}}}},
         {"spec", core::JsonObject {{"partitions", 6}}}});
}

/// Reads one topic and writes the next: all of them are one long chain, in shelves of ten.
core::ManifestPtr workload(int i, const std::string& suffix)
{
    const auto variable = [](const char* name, const std::string& value) {
        return core::JsonObject {{"name", name}, {"value", value}};
    };
    core::JsonArray environment {
        variable("KAFKA_BOOTSTRAP_SERVERS", "main-kafka-bootstrap.kafka.svc:9092"),
        variable("INPUT_TOPIC", "topic-" + std::to_string(i)),
        variable("OUTPUT_TOPICS",
                 "topic-" + std::to_string(i + 1) + ",topic-" + std::to_string(i / 10 * 10)
                     + suffix),
        variable("LOG_LEVEL", "info")};
    core::JsonObject container {
        {"name", "app"}, {"image", "shop/app:1"}, {"env", std::move(environment)}};
    core::JsonObject pod {{"containers", core::JsonArray {std::move(container)}}};
    core::JsonObject labels {{"app", "w" + std::to_string(i)}};
    core::JsonObject pods {{"metadata", core::JsonObject {{"labels", std::move(labels)}}},
                           {"spec", std::move(pod)}};
    return manifest({{"apiVersion", "apps/v1"},
                     {"kind", "Deployment"},
                     {"metadata",
                      core::JsonObject {{"name", "w" + std::to_string(i)},
                                        {"namespace", "n" + std::to_string(i % 50)}}},
                     {"spec", core::JsonObject {{"template", std::move(pods)}}}});
}

core::PlatformInputPtr inputOf(const std::vector<core::ManifestPtr>& manifests)
{
    core::PlatformInputBuilder builder;
    for (const core::ManifestPtr& each : manifests)
        builder.declare({each, "app", 0, ""});
    return std::move(builder).build();
}

template<class Ask>
void query(const char* name, int count, const Ask& ask)
{
    std::vector<double> times;
    std::size_t answers = 0;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        answers += ask(i);
        times.push_back(milliseconds(start));
    }
    std::ranges::sort(times);
    fmt::print("{:28} median {:.3f} ms, worst {:.3f} ms, {} nodes a question\n", name,
               times[times.size() / 2], times.back(), answers / static_cast<std::size_t>(count));
}

void layOut(const char* name, const std::vector<core::LayoutBox>& boxes,
            const std::vector<core::LayoutLink>& links)
{
    auto start = Clock::now();
    const auto layout = core::layoutLineage(boxes, links);
    const double first = milliseconds(start);
    start = Clock::now();
    core::layoutLineage(boxes, links, {}, &layout);
    fmt::print("{:28} {:.0f} ms, again {:.0f} ms; {} boxes, {} links, {} crossings\n", name, first,
               milliseconds(start), boxes.size(), links.size(), layout.crossings);
}

/// 5,000 boxes in stages, as a large platform has them: short links, some long, a few back.
void layOutStages()
{
    std::vector<core::LayoutBox> boxes;
    std::vector<core::LayoutLink> links;
    std::uint32_t random = 1;
    const auto next = [&] { return random = random * 1664525U + 1013904223U, random >> 8; };
    for (std::uint32_t i = 0; i < 5'000; ++i) {
        boxes.push_back({"box " + std::to_string(i)});
        for (std::uint32_t link = 0; i + 500 < 5'000 && link < 2; ++link)
            links.push_back({i, i / 500 * 500 + 500 + next() % (next() % 10 == 0 ? 3'000 : 60)});
    }
    std::erase_if(links, [](const core::LayoutLink& link) { return link.to >= 5'000; });
    layOut("layout of ten stages", boxes, links);
}

} // namespace

int main()
{
    constexpr int kHalf = 2'500;
    std::vector<core::ManifestPtr> manifests {
        manifest({{"apiVersion", "kafka.strimzi.io/v1beta2"},
                  {"kind", "Kafka"},
                  {"metadata", core::JsonObject {{"name", "main"}, {"namespace", "kafka"}}}})};
    for (int i = 0; i < kHalf; ++i) {
        manifests.push_back(topic(i));
        manifests.push_back(workload(i, ""));
    }
    core::LineageModel model;
    const auto input = inputOf(manifests);
    auto start = Clock::now();
    auto graph = model.update(*input);
    fmt::print("{} nodes, {} edges\n", graph->nodes().size(), graph->edges().size());
    fmt::print("from scratch                 {:.1f} ms\n", milliseconds(start));
    start = Clock::now();
    model.update(*input);
    fmt::print("nothing changed              {:.2f} ms\n", milliseconds(start));
    manifests[200] = workload(99, "");
    auto changed = inputOf(manifests);
    start = Clock::now();
    model.update(*changed);
    fmt::print("one object, same meaning     {:.2f} ms\n", milliseconds(start));
    manifests[200] = workload(99, ",topic-7");
    changed = inputOf(manifests);
    start = Clock::now();
    graph = model.update(*changed);
    fmt::print("one object, another edge     {:.2f} ms\n", milliseconds(start));
    const auto node = [&](int i) {
        return *graph->find(
            {"apps", "Deployment", "n" + std::to_string(i % 50), "w" + std::to_string(i)});
    };
    query("neighbours", 1'000,
          [&](int i) { return graph->outgoing(node(i)).size() + graph->incoming(node(i)).size(); });
    query("all upstream", 200, [&](int i) { return graph->upstream(node(i * 12)).size(); });
    query("all downstream", 200, [&](int i) { return graph->downstream(node(i * 12)).size(); });
    query("impact", 200, [&](int i) { return graph->impact(node(i * 12)).size(); });
    query("path from the first", 200,
          [&](int i) { return graph->path(node(0), node(i * 12)).size(); });
    query("impact of the whole cluster", 50, [&](int) {
        return graph->impact(*graph->find({"kafka.strimzi.io", "Kafka", "kafka", "main"})).size();
    });
    std::vector<core::LayoutBox> boxes;
    std::vector<core::LayoutLink> links;
    for (const core::LineageNode& each : graph->nodes())
        boxes.push_back({each.id()});
    for (const core::LineageEdge& each : graph->edges())
        links.push_back({each.from, each.to});
    layOut("layout of a long chain", boxes, links);
    layOutStages();
    return 0;
}

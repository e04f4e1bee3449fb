// SPDX-License-Identifier: GPL-3.0-or-later
// A graph of 5,000 nodes: made from manifests, changed by one, asked. Prints figures.
#include "core/platform/lineagelayout.h"
#include "core/platform/lineagemodel.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kHalf = 2'500;

double milliseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// Of the processor, in this thread: what others do on the machine does not count.
double workedMilliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
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
    std::vector<double> worked;
    std::size_t answers = 0;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        const double before = workedMilliseconds();
        answers += ask(i);
        worked.push_back(workedMilliseconds() - before);
        times.push_back(milliseconds(start));
    }
    std::ranges::sort(times);
    std::ranges::sort(worked);
    fmt::print("{:28} median {:.3f} ms, worst {:.3f} ms (of the processor: {:.3f}, {:.3f}), "
               "{} nodes each\n",
               name, times[times.size() / 2], times.back(), worked[worked.size() / 2],
               worked.back(), answers / static_cast<std::size_t>(count));
}

/// A change of one object after another: what an update costs, with the graph before thrown away.
template<class Change>
void change(const char* name, core::LineageModel& model, std::vector<core::ManifestPtr>& manifests,
            const Change& once)
{
    std::vector<core::PlatformInputPtr> inputs;
    for (int i = 0; i < 40; ++i) {
        once(i, manifests);
        inputs.push_back(inputOf(manifests));
    }
    query(name, 40, [&](int i) { return model.update(*inputs[std::size_t(i)])->nodes().size(); });
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
    graph.reset();
    change("nothing changed", model, manifests, [](int, auto&) { });
    change("one object, same meaning", model, manifests,
           [](int i, auto& all) { all[std::size_t(2 + 2 * i)] = workload(i, ""); });
    change("one object, another edge", model, manifests,
           [](int i, auto& all) { all[std::size_t(2 + 100 * i)] = workload(50 * i, ",topic-7"); });
    change("one object more or less", model, manifests, [](int i, auto& all) {
        if (i % 2 == 0)
            all.pop_back();
        else
            all.push_back(workload(kHalf - 1, ""));
    });
    graph = model.update(*inputOf(manifests));
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

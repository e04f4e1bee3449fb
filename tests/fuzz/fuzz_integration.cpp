// SPDX-License-Identifier: GPL-3.0-or-later
// Any text is the source of an integration, in each of the languages, and a whole graph comes of
// it.
#include "core/platform/integrationroutes.h"
#include "core/platform/lineageextractor.h"
#include "core/platform/lineagejoin.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    constexpr std::array<const char*, 4> kNames {"a.java", "a.groovy", "a.xml", "a.yaml"};
    const std::string_view text {reinterpret_cast<const char*>(data) + 1, size - 1};
    (void)core::routesOfCode(text);
    (void)core::routesOfXml(text);
    const core::Json object = core::JsonObject {
        {"apiVersion", "camel.apache.org/v1"},
        {"kind", "Integration"},
        {"metadata", core::JsonObject {{"name", "a"}, {"namespace", "b"}}},
        {"spec",
         core::JsonObject {
             {"sources",
              core::JsonArray {core::JsonObject {{"name", kNames[data[0] % kNames.size()]},
                                                 {"content", std::string(text)}}}}}}};
    const auto manifest = core::Manifest::make(object);
    if (!manifest)
        std::abort();
    const core::LineageFactsPtr facts = core::extractLineage(**manifest, {});
    const core::LineageGraph graph = core::joinLineage({{facts, nullptr, "", 0, true, false}});
    for (const core::LineageEdge& edge : graph.edges())
        if (edge.from >= graph.nodes().size() || edge.to >= graph.nodes().size()
            || edge.proofs.empty())
            std::abort();
    return 0;
}

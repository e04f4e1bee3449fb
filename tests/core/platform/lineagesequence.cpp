// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/lineagesequence.h"

#include "tests/core/platform/platformhistory.h"

#include <algorithm>
#include <utility>

namespace tests {

using namespace core;

namespace {

std::string textOf(const LineageGraph& graph, std::size_t at)
{
    const LineageEdge& edge = graph.edges()[at];
    std::string out = graph.node(edge.from).id() + (edge.bothWays ? " <-" : " ")
        + std::string(toString(edge.relation)) + (edge.bothWays ? "-> " : " ")
        + graph.node(edge.to).id() + " (";
    for (const LineageProof& proof : edge.proofs)
        out += proof.detail + "; ";
    return out + ")";
}

} // namespace

std::string differenceOf(const LineageGraph& a, const LineageGraph& b)
{
    for (std::size_t i = 0; i < std::min(a.nodes().size(), b.nodes().size()); ++i) {
        const auto at = static_cast<LineageGraph::Index>(i);
        if (a.node(at).id() != b.node(at).id())
            return "node " + a.node(at).id() + " against " + b.node(at).id();
        if (a.node(at) != b.node(at))
            return "what is said of " + a.node(at).id() + ": \"" + a.node(at).note + "\", layer "
                + a.node(at).layer + " against \"" + b.node(at).note + "\", layer "
                + b.node(at).layer;
        if (a.containerOf(at) != b.containerOf(at))
            return "what holds " + a.node(at).id();
        if (a.find(a.node(at).id()) != b.find(a.node(at).id()))
            return "what is found as " + a.node(at).id();
        if (a.node(at).object && a.find(*a.node(at).object) != b.find(*a.node(at).object))
            return "what is found as " + a.node(at).object->text();
    }
    if (a.nodes().size() != b.nodes().size())
        return std::to_string(a.nodes().size()) + " nodes against "
            + std::to_string(b.nodes().size()) + ", the last one is "
            + (a.nodes().size() > b.nodes().size() ? a : b).nodes().back().id();
    for (std::size_t i = 0; i < std::min(a.edges().size(), b.edges().size()); ++i)
        if (a.edges()[i] != b.edges()[i])
            return "edge " + textOf(a, i) + " against " + textOf(b, i);
    if (a.edges().size() != b.edges().size())
        return std::to_string(a.edges().size()) + " edges against "
            + std::to_string(b.edges().size());
    for (LineageGraph::Index i = 0; i < a.nodes().size(); ++i)
        if (!std::ranges::equal(a.outgoing(i), b.outgoing(i))
            || !std::ranges::equal(a.incoming(i), b.incoming(i)))
            return "edges of " + a.node(i).id();
    return {};
}

/// What walks tell, at some nodes: they go over what is kept beside the edges.
std::string differenceOfWalks(const LineageGraph& a, const LineageGraph& b, std::size_t step)
{
    for (LineageGraph::Index i = step % 7; i < a.nodes().size(); i += 7)
        for (const bool permitted : {false, true})
            if (const LineageWalk walk {.permitted = permitted};
                a.downstream(i, walk) != b.downstream(i, walk)
                || a.upstream(i, walk) != b.upstream(i, walk) || a.impact(i) != b.impact(i))
                return "walks from " + a.node(i).id();
    return {};
}

std::string runLineage(const PlatformInput& first, std::vector<LineageFile> files,
                       std::uint32_t seed, int steps)
{
    PlatformHistory history(first, std::move(files), seed);
    LineageModel model;
    for (int i = 0; i < steps; ++i) {
        const std::string what = i == 0 ? "" : history.change();
        const PlatformInputPtr input = history.input();
        const auto kept = model.update(*input, history.files());
        const auto fresh = makeLineage(*input, history.files());
        std::string difference = differenceOf(*kept, *fresh);
        if (difference.empty())
            difference = differenceOfWalks(*kept, *fresh, std::size_t(i));
        if (!difference.empty())
            return "step " + std::to_string(i) + " (" + what + "): " + difference;
    }
    return {};
}

} // namespace tests

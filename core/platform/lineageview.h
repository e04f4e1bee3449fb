// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/model/telemetry.h"
#include "core/platform/lineage.h"
#include "core/platform/lineagelayout.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// How much of the graph is shown.
enum class LineageScope : std::uint8_t
{
    Whole,
    Near, ///< the focus and what is so many steps from it
    Upstream, ///< all that comes before the focus
    Downstream, ///< all that comes after it
    Connected, ///< both
    Impact, ///< what suffers when the focus, or what it holds, does
    Path, ///< a shortest way from the focus to the end
};
std::string_view toString(LineageScope scope); ///< "whole", "near" …

/// What is drawn as one box.
enum class LineageGrouping : std::uint8_t
{
    None,
    Tenant,
    Layer,
    Application,
};
std::string_view toString(LineageGrouping grouping); ///< "none", "tenant" …

/// Which nodes are drawn; ways through the others are drawn as arrows all the same.
enum class LineageKinds : std::uint8_t
{
    All,
    Datasets, ///< datasets and stores, without the jobs and services between them
    Jobs, ///< jobs and services, without the datasets and stores between them
};
std::string_view toString(LineageKinds kinds); ///< "all", "datasets", "jobs"

/// What a person wants to see of a graph.
struct LineageQuestion
{
    LineageScope scope = LineageScope::Whole;
    std::string focus; ///< id of a node; a scope that needs it is Whole without
    std::string end; ///< of a Path
    int depth = 1; ///< of Near
    bool permitted = false; ///< also edges that are only permitted
    bool internal = false; ///< also plumbing
    bool unlinked = false; ///< also nodes without any edge that is shown
    LineageKinds kinds = LineageKinds::All;
    LineageGrouping grouping = LineageGrouping::None;
    std::set<std::string> open; ///< ids of groups that are shown with what is in them
    bool operator==(const LineageQuestion&) const = default;
};

/// What else is known beside the graph; all may be missing.
struct LineageSurroundings
{
    const PlatformInput* input = nullptr; ///< for health
    const Telemetry* telemetry = nullptr; ///< for rates
    std::map<std::string, std::string> tenants; ///< by Kubernetes namespace
};

/// A node, or a group of nodes, as it is drawn and read aloud.
struct LineageBox
{
    std::string id; ///< of the node; "group:layer/bronze" of a group
    std::string title;
    std::string detail; ///< "topic · kafka/event-cluster"; of a group "3 datasets, 2 jobs"
    LineageNodeType type = LineageNodeType::Unresolved; ///< of a group: that of most of it
    std::string system;
    std::string layer;
    std::string key; ///< of a group: "bronze"
    std::vector<LineageGraph::Index> nodes; ///< more than one, or a group
    bool isGroup = false;
    bool isFocus = false;
    bool undeclared = false; ///< it exists, and nobody declares it
    std::optional<Health> health; ///< the worst of its nodes
    std::string healthMessage;
};

/// All edges from one box to another.
struct LineageArrow
{
    std::uint32_t from = 0; ///< indices of boxes
    std::uint32_t to = 0;
    std::vector<LineageGraph::Index> edges; ///< also those of ways through what is not drawn
    LineageEvidence evidence = LineageEvidence::Permitted; ///< the strongest
    LineageRelation relation = LineageRelation::Uses; ///< of the first
    bool bothWays = false; ///< of all of them
    std::optional<double> rate; ///< records a second through the datasets at its ends
    bool simulated = false;
    /// So many arrows have the rate together: a topic's figure is not known by its writers.
    int sharing = 1;
    std::vector<LineageGraph::Index> through; ///< nodes that are not drawn and that it stands for
};

/// What is drawn: boxes by id, arrows by their ends, and how much is not there.
struct LineageView
{
    std::vector<LineageBox> boxes;
    std::vector<LineageArrow> arrows;
    int hiddenPermitted = 0; ///< edges
    int hiddenInternal = 0; ///< nodes
    int hiddenUnlinked = 0; ///< nodes
    int outside = 0; ///< nodes beyond the scope
    int hiddenKinds = 0; ///< jobs or datasets, of a question that wants the others only
    bool noPath = false; ///< the two ends are there, and no way leads from one to the other
    std::optional<std::uint32_t> find(std::string_view box) const;
    /// Index of the box that shows a node.
    std::optional<std::uint32_t> boxOf(LineageGraph::Index node) const;
};

LineageView lineageView(const LineageGraph& graph, const LineageQuestion& question,
                        const LineageSurroundings& surroundings);

/// What is shown where nobody has asked for anything: the whole of a platform, by application where
/// it has more nodes than a person sees at once.
LineageQuestion usualQuestion(const LineageGraph& graph);

/// "topic", "queue", "exchange", "bucket", "folder", "Deployment" …: what people call it.
std::string kindWord(const LineageGraph& graph, LineageGraph::Index node);
/// "Deployment shop/web reads topic events", for the list and for screen readers.
std::string describe(const LineageGraph& graph, const LineageEdge& edge);
/// Boxes and links to lay out: the widths follow from the texts.
struct LineageDrawing
{
    std::vector<LayoutBox> boxes;
    std::vector<LayoutLink> links;
};
/// textWidth tells how wide a title is; boxes are between narrowest and widest.
template<class Width>
LineageDrawing drawingOf(const LineageView& view, const Width& textWidth)
{
    constexpr double kNarrowest = 148;
    constexpr double kWidest = 264;
    constexpr double kBeside = 58; // glyphs and padding
    LineageDrawing out;
    for (const LineageBox& box : view.boxes) {
        const double width = kBeside + textWidth(box);
        out.boxes.push_back({box.id,
                             width < kNarrowest    ? kNarrowest
                                 : width > kWidest ? kWidest
                                                   : width,
                             box.isGroup ? 52.0 : 46.0});
    }
    for (const LineageArrow& arrow : view.arrows)
        out.links.push_back({arrow.from, arrow.to});
    return out;
}

} // namespace core

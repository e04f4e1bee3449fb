// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace core {

struct LayoutBox
{
    std::string id; ///< its own: what its place is remembered by
    double width = 190;
    double height = 44;
};

struct LayoutLink
{
    std::uint32_t from = 0; ///< indices of boxes
    std::uint32_t to = 0;
};

struct LayoutPoint
{
    double x = 0;
    double y = 0;
    bool operator==(const LayoutPoint&) const = default;
};

struct LayoutOptions
{
    double columnGap = 60;
    double rowGap = 14;
    double partGap = 36; ///< between parts that no link joins
    double aspect = 1.7; ///< width by height that several parts are packed to
    /// A part that is wider goes on below its beginning, like a line of text; 0: never.
    double foldWidth = 0;
};

/// Boxes of a graph from left to right, and the ways of its links. Values; any thread.
struct LineageLayout
{
    struct Box
    {
        double x = 0; ///< of the upper left corner
        double y = 0;
        int column = 0; ///< within its part
    };
    struct Link
    {
        /// From the side of the first box to the side of the second. Between the first and second
        /// point the way bends, between the second and third it is level, and so on: at each column
        /// that it passes it has two points. A bend between two points of the same x is a turn, of
        /// a way that runs back to the left because its part is folded, and one that turns again to
        /// go on; one between two equal points is none.
        std::vector<LayoutPoint> points;
        bool back = false; ///< it closes a cycle and leads from right to left
    };
    std::vector<Box> boxes; ///< as they were given
    std::vector<Link> links; ///< as they were given; one from a box to itself has no points
    double width = 0;
    double height = 0;
    std::uint64_t crossings = 0;
    /// Where each box was put, for the next time.
    struct Place
    {
        double x = 0;
        double y = 0;
        std::uint32_t part = 0; ///< number of its part, as parts were packed
        bool operator==(const Place&) const = default;
    };
    std::map<std::string, Place> places;
    /// And how high, from the top of its part, everything of a link's way stood: by both ends.
    std::map<std::pair<std::string, std::string>, std::vector<double>> ways;
};

/// Lays a graph out in columns: cycles broken, longest paths, few crossings, long links as straight
/// as may be, parts that nothing joins packed side by side, single boxes last. The same graph gives
/// the same picture, in whatever order its boxes and links come. With the layout before, boxes keep
/// their order wherever that has no more crossings.
LineageLayout layoutLineage(const std::vector<LayoutBox>& boxes,
                            const std::vector<LayoutLink>& links, const LayoutOptions& options = {},
                            const LineageLayout* before = nullptr);

} // namespace core

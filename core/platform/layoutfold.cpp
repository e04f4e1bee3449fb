// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/layoutfold.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace core {

namespace {

constexpr double kSide = 16; // from the outermost boxes to where links turn
constexpr double kTurn = 26; // room for the turns beside that
constexpr double kGap = 30; // between two bands, above and below the links that run back
constexpr double kLane = 8; // between two of those

/// How many are needed at least.
std::size_t bandsWithin(const std::vector<double>& left, const std::vector<double>& widths,
                        double width)
{
    std::size_t bands = 1;
    std::size_t first = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (i > first && left[i] + widths[i] - left[first] > width) {
            ++bands;
            first = i;
        }
    return bands;
}

/// How many links lead into each column from those before it.
std::vector<std::size_t> linksInto(const FoldedPart& part)
{
    std::vector<std::size_t> out(part.columnLeft.size(), 0);
    for (const FoldedPart::Way& way : part.ways) {
        const auto [first, last] =
            std::minmax(part.boxes[way.from]->column, part.boxes[way.to]->column);
        for (int column = first + 1; column <= last; ++column)
            ++out[static_cast<std::size_t>(column)];
    }
    return out;
}

struct Band
{
    double left = 0;
    double right = 0;
    double top = std::numeric_limits<double>::max();
    double bottom = std::numeric_limits<double>::lowest();
    std::map<std::uint32_t, std::size_t> lanes; ///< below it: by the box where their links begin
    double shift = 0; ///< downwards
    double below = 0; ///< where the room below it begins
};

/// The columns in which the points of a way stand, from left to right; the ends only where it was
/// not cut at the columns that it passes.
std::vector<std::size_t> columnsOf(const std::vector<LayoutPoint>& points, std::size_t from,
                                   std::size_t to)
{
    std::vector<std::size_t> out {from};
    const bool isCut = points.size() == 2 * (to - from);
    for (std::size_t i = 1; i + 1 < points.size(); ++i)
        out.push_back(isCut ? from + (i + 1) / 2 : from);
    out.push_back(to);
    return out;
}

class Folder
{
public:
    Folder(FoldedPart& part, double width)
        : m_part(part)
        , m_bandOf(foldBands(part.columnLeft, part.columnWidth, width, linksInto(part)))
        , m_bands(m_bandOf.back() + 1)
    {
    }
    void run();

private:
    std::size_t columnOf(std::uint32_t box) const
    {
        return static_cast<std::size_t>(m_part.boxes[box]->column);
    }
    void measure();
    void stack();
    void fold(FoldedPart::Way& way);

    FoldedPart& m_part;
    std::vector<std::size_t> m_bandOf;
    std::vector<Band> m_bands;
    double m_right = 0;
};

/// How high each band is, and how many links run back below it.
void Folder::measure()
{
    for (std::size_t i = 0; i < m_bandOf.size(); ++i) {
        Band& band = m_bands[m_bandOf[i]];
        if (i == 0 || m_bandOf[i - 1] != m_bandOf[i])
            band.left = m_part.columnLeft[i];
        band.right = m_part.columnLeft[i] + m_part.columnWidth[i] - band.left;
        m_right = std::max(m_right, band.right);
    }
    const auto take = [](Band& band, double top, double bottom) {
        band.top = std::min(band.top, top);
        band.bottom = std::max(band.bottom, bottom);
    };
    for (std::uint32_t i = 0; i < m_part.boxes.size(); ++i)
        take(m_bands[m_bandOf[columnOf(i)]], m_part.boxes[i]->y,
             m_part.boxes[i]->y + m_part.heights[i]);
    for (FoldedPart::Way& way : m_part.ways) {
        const std::uint32_t first = way.link->back ? way.to : way.from;
        const std::uint32_t last = way.link->back ? way.from : way.to;
        std::vector<LayoutPoint> points = way.link->points;
        if (way.link->back)
            std::ranges::reverse(points);
        const auto columns = columnsOf(points, columnOf(first), columnOf(last));
        for (std::size_t i = 0; i < points.size(); ++i) {
            take(m_bands[m_bandOf[columns[i]]], points[i].y, points[i].y);
            if (i > 0 && m_bandOf[columns[i]] != m_bandOf[columns[i - 1]]) {
                auto& lanes = m_bands[m_bandOf[columns[i - 1]]].lanes;
                lanes.emplace(first, lanes.size());
            }
        }
    }
}

void Folder::stack()
{
    double y = 0;
    for (Band& band : m_bands) {
        band.shift = y - band.top;
        y += band.bottom - band.top;
        band.below = y;
        if (&band != &m_bands.back())
            y += 2 * kGap + kLane * double(std::max<std::size_t>(band.lanes.size(), 1) - 1);
    }
    m_part.height = y;
    m_part.width = m_right + 2 * (kSide + kTurn);
}

void Folder::fold(FoldedPart::Way& way)
{
    const std::uint32_t first = way.link->back ? way.to : way.from;
    const std::uint32_t last = way.link->back ? way.from : way.to;
    std::vector<LayoutPoint> points = std::move(way.link->points);
    if (way.link->back)
        std::ranges::reverse(points);
    const auto columns = columnsOf(points, columnOf(first), columnOf(last));
    std::vector<LayoutPoint> out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Band& band = m_bands[m_bandOf[columns[i]]];
        const LayoutPoint here {points[i].x - band.left + kSide + kTurn, points[i].y + band.shift};
        if (i > 0 && m_bandOf[columns[i]] != m_bandOf[columns[i - 1]]) {
            const Band& above = m_bands[m_bandOf[columns[i - 1]]];
            const double lane = above.below + kGap + kLane * double(above.lanes.at(first));
            const double right = above.right + 2 * kSide + kTurn;
            const double left = kTurn;
            const LayoutPoint turn {right, out.back().y};
            out.insert(out.end(), {turn, turn, {right, lane}, {left, lane}, {left, here.y}});
            out.push_back(out.back());
        }
        out.push_back(here);
    }
    if (way.link->back)
        std::ranges::reverse(out);
    way.link->points = std::move(out);
}

void Folder::run()
{
    measure();
    stack();
    for (FoldedPart::Way& way : m_part.ways)
        fold(way);
    for (LineageLayout::Box* box : m_part.boxes) {
        const Band& band = m_bands[m_bandOf[static_cast<std::size_t>(box->column)]];
        box->x += kSide + kTurn - band.left;
        box->y += band.shift;
    }
}

} // namespace

std::vector<std::size_t> foldBands(const std::vector<double>& columnLeft,
                                   const std::vector<double>& columnWidth, double width,
                                   const std::vector<std::size_t>& links)
{
    const std::size_t count = columnLeft.size();
    const std::size_t bands = bandsWithin(columnLeft, columnWidth, width);
    std::vector<std::size_t> out(count, 0);
    if (bands < 2)
        return out;
    struct Best
    {
        std::size_t links = 0;
        double widest = std::numeric_limits<double>::max();
        std::size_t from = 0; ///< where the last band begins
        bool isThere = false;
        bool operator<(const Best& other) const
        {
            return std::tie(links, widest) < std::tie(other.links, other.widest);
        }
    };
    // Of so many bands over the first so many columns.
    std::vector<std::vector<Best>> best(bands + 1, std::vector<Best>(count + 1));
    best[0][0] = {0, 0, 0, true};
    for (std::size_t band = 1; band <= bands; ++band)
        for (std::size_t end = band; end <= count; ++end)
            for (std::size_t from = end; from-- > band - 1;) {
                const double wide = columnLeft[end - 1] + columnWidth[end - 1] - columnLeft[from];
                if (wide > width && end - from > 1)
                    break;
                const Best& before = best[band - 1][from];
                Best& now = best[band][end];
                const Best next {before.links + (from > 0 && !links.empty() ? links[from] : 0),
                                 std::max(before.widest, wide), from, true};
                if (before.isThere && (!now.isThere || next < now))
                    now = next;
            }
    for (std::size_t band = bands, end = count; band > 0; --band) {
        const std::size_t from = best[band][end].from;
        for (std::size_t i = from; i < end; ++i)
            out[i] = band - 1;
        end = from;
    }
    return out;
}

void foldPart(FoldedPart& part, double width)
{
    if (part.columnLeft.empty() || part.width <= width)
        return;
    Folder folder(part, width);
    folder.run();
}

} // namespace core

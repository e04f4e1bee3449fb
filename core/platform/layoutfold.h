// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineagelayout.h"

#include <cstddef>
#include <vector>

namespace core {

/// Columns of one part and what stands in them, to be folded: boxes as they were laid out, ways of
/// links as LineageLayout::Link has them.
struct FoldedPart
{
    std::vector<double> columnLeft;
    std::vector<double> columnWidth;
    std::vector<LineageLayout::Box*> boxes;
    std::vector<double> heights; ///< of the boxes
    struct Way
    {
        LineageLayout::Link* link;
        std::uint32_t from = 0; ///< indices of boxes, as the link has them
        std::uint32_t to = 0;
    };
    std::vector<Way> ways;
    double width = 0;
    double height = 0;
};

/// Which band each column belongs to: as few bands as the width allows, parted where the fewest
/// links would run back, and about equally wide where that is all the same. A column wider than the
/// width is a band by itself. links: how many of them lead into each column from those before it.
std::vector<std::size_t> foldBands(const std::vector<double>& columnLeft,
                                   const std::vector<double>& columnWidth, double width,
                                   const std::vector<std::size_t>& links = {});

/// A part that is wider than `width` continues below its beginning, like lines of text: columns
/// become bands, one below the other, and links from one band to another run back between them.
void foldPart(FoldedPart& part, double width);

} // namespace core

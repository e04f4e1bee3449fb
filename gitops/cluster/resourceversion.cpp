// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/resourceversion.h"

namespace gitops {

namespace {

bool isWellFormed(std::string_view version)
{
    return !version.empty() && version.front() != '0'
        && version.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::partial_ordering compareResourceVersions(std::string_view a, std::string_view b)
{
    if (a == b && !a.empty())
        return std::partial_ordering::equivalent;
    if (!isWellFormed(a) || !isWellFormed(b))
        return std::partial_ordering::unordered;
    if (a.size() != b.size())
        return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

} // namespace gitops

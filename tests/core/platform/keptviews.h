// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"
#include "tests/core/platform/platformchanges.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// Views that see one input after another, held against views from scratch after each: all that
/// pages show, with the lineage and what telemetry tells of topics.
class KeptViews
{
public:
    /// Goes on to an input. The first difference, "" without one.
    std::string update(const core::PlatformInputPtr& input);
    /// The same where the views from scratch are known.
    std::string update(const core::PlatformInputPtr& input, const core::PlatformViews& fresh);

    core::PlatformViewsPtr views() const { return m_views; }
    /// Codes of findings that some views had, and of those that fewer were left of by an update.
    const std::set<std::string>& fired() const { return m_fired; }
    const std::set<std::string>& withdrawn() const { return m_withdrawn; }

private:
    void count(const std::vector<core::Finding>& live);

    core::PlatformViewer m_viewer;
    core::PlatformViewsPtr m_views;
    std::map<std::string, int> m_counts; ///< of findings, by code
    std::set<std::string> m_fired;
    std::set<std::string> m_withdrawn;
};

core::PlatformViewsPtr freshViews(const core::PlatformInputPtr& input);

/// One change after another, each taken back before the next one comes.
std::string checkOneByOne(const core::PlatformInput& platform,
                          const std::vector<PlatformChange>& changes, KeptViews& kept);
/// Changes that come and go at random, some of them at a time.
std::string checkTogether(const core::PlatformInput& platform,
                          const std::vector<PlatformChange>& changes, std::uint32_t seed, int steps,
                          KeptViews& kept);

} // namespace tests

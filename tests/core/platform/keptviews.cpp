// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/keptviews.h"

#include "core/platform/livetopics.h"
#include "core/platform/platformjson.h"
#include "tests/core/platform/lineagesequence.h"
#include "tests/core/platform/madeplatform.h"

#include <algorithm>
#include <random>

namespace tests {

using namespace core;

namespace {

std::string textOf(const Finding& each)
{
    std::string out = each.code + " at " + each.place.text() + " " + each.message
        + (each.accepted ? " accepted: " + each.reason : "") + " (related:";
    for (const Place& place : each.related)
        out += " " + place.text();
    return out + ")";
}

std::string textOf(const NamespaceSummary& each)
{
    return each.name + " of " + std::string(toString(each.group)) + " " + each.tenant + ", "
        + std::to_string(each.findings.all()) + " findings";
}

template<class T>
std::string textOf(const T& each)
{
    return toText(toJson(each));
}

template<class List>
std::string differenceOf(const char* what, const List& kept, const List& fresh)
{
    auto a = kept.begin();
    auto b = fresh.begin();
    for (; a != kept.end() && b != fresh.end(); ++a, ++b)
        if (*a != *b)
            return std::string(what) + " kept: " + textOf(*a) + "\nfresh: " + textOf(*b);
    if (a != kept.end())
        return std::string(what) + " kept too long: " + textOf(*a);
    return b != fresh.end() ? std::string(what) + " not kept: " + textOf(*b) : std::string();
}

std::string differenceOf(const ReachMatrix& kept, const ReachMatrix& fresh)
{
    if (kept == fresh)
        return {};
    for (std::size_t row = 0; row < std::min(kept.rows.size(), fresh.rows.size()); ++row)
        for (std::size_t at = 0; at < std::min(kept.targets.size(), fresh.targets.size()); ++at)
            if (kept.rows[row].cells[at] != fresh.rows[row].cells[at])
                return "reach from " + kept.rows[row].namespaceName + " to "
                    + kept.targets[at].title + ": " + kept.rows[row].cells[at].verdict.reason()
                    + " against " + fresh.rows[row].cells[at].verdict.reason();
    return "who reaches what";
}

/// What the figures of a moment find, of the views' topics.
std::vector<Finding> liveFindings(const PlatformViews& views)
{
    static const Telemetry telemetry = madeTelemetry();
    auto circumstances = std::make_shared<PlatformInput>();
    circumstances->gaps = views.input->gaps;
    std::vector<Finding> out;
    findLive(PlatformModel(circumstances), withTelemetry(*views.topics, telemetry), telemetry, out);
    return out;
}

std::string differenceOf(const PlatformViews& kept, const PlatformViews& fresh)
{
    std::string out = differenceOf("finding", *kept.findings, *fresh.findings);
    if (out.empty())
        out = tests::differenceOf(*kept.lineage, *fresh.lineage);
    if (out.empty())
        out = differenceOf("namespace", *kept.namespaces, *fresh.namespaces);
    if (out.empty())
        out = differenceOf("tenant", *kept.tenants, *fresh.tenants);
    if (out.empty())
        out = differenceOf("topic", *kept.topics, *fresh.topics);
    if (out.empty())
        out = differenceOf(*kept.reach, *fresh.reach);
    return out.empty() ? differenceOf("summary", *kept.summaries, *fresh.summaries) : out;
}

} // namespace

PlatformViewsPtr freshViews(const PlatformInputPtr& input)
{
    return PlatformViewer().update(input);
}

std::string KeptViews::update(const PlatformInputPtr& input)
{
    return update(input, *freshViews(input));
}

std::string KeptViews::update(const PlatformInputPtr& input, const PlatformViews& fresh)
{
    m_views = m_viewer.update(input);
    const std::vector<Finding> live = liveFindings(*m_views);
    count(live);
    const std::string out = differenceOf(*m_views, fresh);
    return out.empty() ? differenceOf("live finding", live, liveFindings(fresh)) : out;
}

void KeptViews::count(const std::vector<Finding>& live)
{
    std::map<std::string, int> now;
    for (const Finding& each : *m_views->findings)
        ++now[each.code];
    for (const Finding& each : live)
        ++now[each.code];
    for (const auto& [code, number] : m_counts)
        if (const auto left = now.find(code); left == now.end() || left->second < number)
            m_withdrawn.insert(code);
    for (const auto& [code, number] : now)
        m_fired.insert(code);
    m_counts = std::move(now);
}

std::string checkOneByOne(const PlatformInput& platform, const std::vector<PlatformChange>& changes,
                          KeptViews& kept)
{
    const auto first = std::make_shared<const PlatformInput>(platform);
    const PlatformViewsPtr fresh = freshViews(first);
    std::string out = kept.update(first, *fresh);
    for (const PlatformChange& change : changes) {
        if (!out.empty())
            return out;
        out = kept.update(changed(platform, {&change}));
        if (!out.empty())
            return change.what + ": " + out;
        out = kept.update(first, *fresh);
        if (!out.empty())
            return "after \"" + change.what + "\" was taken back: " + out;
    }
    return out;
}

std::string checkTogether(const PlatformInput& platform, const std::vector<PlatformChange>& changes,
                          std::uint32_t seed, int steps, KeptViews& kept)
{
    std::mt19937 random(seed);
    std::vector<const PlatformChange*> now;
    for (int step = 0; step < steps; ++step) {
        std::string what = "the platform";
        if (now.size() > random() % 8) {
            const std::size_t at = random() % now.size();
            what = "taken back: " + now[at]->what;
            now.erase(now.begin() + std::ptrdiff_t(at));
        } else if (step > 0) {
            now.push_back(&changes[random() % changes.size()]);
            what = now.back()->what;
        }
        const std::string out = kept.update(changed(platform, now));
        if (!out.empty())
            return "step " + std::to_string(step) + " (" + what + "): " + out;
    }
    return {};
}

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/findingssequence.h"

#include "core/platform/findingsmodel.h"
#include "core/platform/platformjson.h"
#include "core/platform/platformviews.h"
#include "tests/core/platform/platformhistory.h"

#include <algorithm>
#include <utility>

namespace tests {

using namespace core;

namespace {

std::string textOf(const Finding& each)
{
    return each.code + " at " + each.place.text() + " " + each.message
        + (each.accepted ? " accepted: " + each.reason : "") + " ("
        + std::to_string(each.related.size()) + " related)";
}

std::string differenceOf(const std::vector<const Finding*>& kept, const std::vector<Finding>& fresh)
{
    for (std::size_t i = 0; i < std::max(kept.size(), fresh.size()); ++i) {
        if (i >= kept.size())
            return "not found any more: " + textOf(fresh[i]);
        if (i >= fresh.size())
            return "still found: " + textOf(*kept[i]);
        if (*kept[i] != fresh[i])
            return "found: " + textOf(*kept[i]) + " against " + textOf(fresh[i]);
    }
    return {};
}

std::string differenceOf(const PlatformModel& kept, const PlatformModel& fresh)
{
    const auto a = namespaceViews(kept);
    const auto b = namespaceViews(fresh);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (toJson(a[i]) != toJson(b[i]))
            return "namespace " + a[i].name + " against " + b[i].name;
    if (a.size() != b.size())
        return std::to_string(a.size()) + " namespaces against " + std::to_string(b.size());
    const auto x = tenantViews(kept);
    const auto y = tenantViews(fresh);
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        if (toJson(x[i]) != toJson(y[i]))
            return "tenant " + x[i].name + " against " + y[i].name;
    return x.size() == y.size() ? "" : "another number of tenants";
}

template<class T>
std::string differenceOf(const char* what, const std::vector<T>& kept, const std::vector<T>& fresh)
{
    for (std::size_t i = 0; i < std::min(kept.size(), fresh.size()); ++i)
        if (const Json a = toJson(kept[i]), b = toJson(fresh[i]); a != b)
            return std::string(what) + " " + toText(a) + " against " + toText(b);
    return kept.size() == fresh.size() ? "" : std::string("another number of ") + what;
}

std::string differenceOf(const PlatformViews& kept, const PlatformViews& fresh)
{
    std::string out = differenceOf("namespace", *kept.namespaces, *fresh.namespaces);
    if (out.empty())
        out = differenceOf("tenant", *kept.tenants, *fresh.tenants);
    if (out.empty())
        out = differenceOf("topic", *kept.topics, *fresh.topics);
    if (out.empty())
        out = differenceOf("finding", *kept.findings, *fresh.findings);
    if (out.empty() && toJson(*kept.reach) != toJson(*fresh.reach))
        return "who reaches whom";
    if (!out.empty() || kept.summaries->size() != fresh.summaries->size())
        return out.empty() ? "another number of summaries" : out;
    for (std::size_t i = 0; i < kept.summaries->size(); ++i)
        if (const NamespaceSummary &a = (*kept.summaries)[i], &b = (*fresh.summaries)[i];
            a.name != b.name || a.group != b.group || a.tenant != b.tenant || a.health != b.health
            || a.objects != b.objects || a.pods != b.pods || a.findings.all() != b.findings.all())
            return "summary of " + a.name;
    return {};
}

/// Puts the objects of an input into a model that has those of another.
void setObjects(const PlatformInput& before, const PlatformInput& now, PlatformModel& model)
{
    for (const PlatformObject& object : before.objects)
        if (!now.find(object.key)) {
            PlatformObject gone;
            gone.key = object.key;
            model.setObject(gone);
        }
    for (const PlatformObject& object : now.objects)
        if (const PlatformObject* was = before.find(object.key);
            !was || !isSameObject(*was, object))
            model.setObject(object);
}

} // namespace

std::string runFindings(const PlatformInput& first, std::vector<LineageFile> files,
                        std::uint32_t seed, int steps, Changes changes)
{
    PlatformHistory history(first, std::move(files), seed);
    if (changes == Changes::ByInput)
        history.changeCircumstances();
    PlatformModel model;
    LineageModel lineage;
    FindingsModel findingsModel;
    PlatformViewer viewer;
    PlatformInputPtr before;
    for (int i = 0; i < steps; ++i) {
        const std::string what = i == 0 ? "" : history.change();
        const PlatformInputPtr input = history.input();
        if (changes == Changes::ByObject && i % 15 != 0)
            setObjects(*before, *input, model);
        else
            model.setInput(input);
        before = input;
        const bool hasLineage = changes != Changes::Without;
        const auto graph = hasLineage ? lineage.update(*input, history.files()) : nullptr;
        const auto& kept = findingsModel.update(model, graph);
        const PlatformModel fresh(input);
        std::string difference = differenceOf(
            kept,
            hasLineage ? findings(fresh, *makeLineage(*input, history.files())) : findings(fresh));
        if (difference.empty())
            difference = differenceOf(model, fresh);
        if (difference.empty() && changes == Changes::ByInput)
            difference = differenceOf(*viewer.update(input, history.files()),
                                      *PlatformViewer().update(input, history.files()));
        if (!difference.empty())
            return "step " + std::to_string(i) + " (" + what + "): " + difference;
    }
    return {};
}

} // namespace tests

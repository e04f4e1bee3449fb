// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformviews.h"

#include "core/model/measureduse.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace core {

namespace {

template<class T>
std::shared_ptr<const T> shared(T value)
{
    return std::make_shared<const T>(std::move(value));
}

bool isSame(const PlatformApplication& a, const PlatformApplication& b)
{
    const auto tied = [](const PlatformApplication& each) {
        return std::tie(each.name, each.parent, each.wave, each.repoUrl, each.path, each.revision,
                        each.destinationNamespace, each.sync, each.health);
    };
    return tied(a) == tied(b) && a.place == b.place;
}

bool isSameFile(const LineageFile& a, const LineageFile& b)
{
    return a.path == b.path && a.application == b.application
        && (a.text == b.text || (a.text && b.text && *a.text == *b.text));
}

bool isSameUse(const PlatformInput& a, const PlatformInput& b)
{
    return a.use == b.use || (a.use && b.use && *a.use == *b.use);
}

template<class T>
const T* byName(const std::vector<T>& sorted, std::string_view name)
{
    const auto found = std::ranges::find(sorted, name, &T::name);
    return found == sorted.end() ? nullptr : &*found;
}

} // namespace

static bool areSameApplications(const PlatformInput& a, const PlatformInput& b)
{
    return std::ranges::equal(a.applications, b.applications,
                              [](const auto& x, const auto& y) { return isSame(x, y); });
}

/// What is told of the whole, beside objects and applications.
static bool isSameWhole(const PlatformInput& a, const PlatformInput& b)
{
    return a.hasLive == b.hasLive && a.practice == b.practice && a.cluster == b.cluster
        && a.unknownKinds == b.unknownKinds && a.gaps == b.gaps;
}

bool isSameInput(const PlatformInput& a, const PlatformInput& b)
{
    return isSameWhole(a, b) && areSameApplications(a, b)
        && std::ranges::equal(a.objects, b.objects, isSameObject);
}

const NamespaceView* PlatformViews::namespaceOf(std::string_view name) const
{
    return byName(*namespaces, name);
}

const TenantView* PlatformViews::tenantOf(std::string_view name) const
{
    return byName(*tenants, name);
}

/// What an input changes.
struct PlatformViewer::Changes
{
    bool areAll = false; ///< any view may be another one
    bool areAny = false;
    bool areApplicationsOther = false; ///< namespaces tell of their healths
    ModelAspects aspects;
    std::set<std::string> namespaces; ///< of which something is another now

    bool has(ModelAspect aspect) const { return areAll || aspects.has(aspect); }
};

PlatformViewer::PlatformViewer(TenantRules rules)
    : m_rules(std::move(rules))
    , m_findings(m_rules)
    , m_views(noViews())
{
}

PlatformViewer::Changes PlatformViewer::changesTo(const PlatformInputPtr& input)
{
    Changes out;
    const std::uint64_t count = m_model.changeCount();
    m_model.setInput(input);
    const auto changes = m_model.changesSince(count);
    out.areAll = !changes || !isSameWhole(*input, *m_views->input);
    out.areApplicationsOther = !areSameApplications(*input, *m_views->input);
    out.areAny = out.areAll || out.areApplicationsOther || !changes->empty();
    if (out.areAll)
        return out;
    for (const ModelChange& change : *changes) {
        out.aspects.add(change.aspects);
        out.namespaces.insert(change.key.namespaceName);
        if (change.key.kind == "Namespace" && change.key.group.empty())
            out.namespaces.insert(change.key.name);
    }
    return out;
}

void PlatformViewer::updateSpaces(const Changes& changes, PlatformViews& next)
{
    // What a namespace tells of others: their Services and labels, and what they copy to it.
    const bool areLinksOther = changes.has(ModelAspect::Spaces) || changes.has(ModelAspect::Claims)
        || changes.has(ModelAspect::Services);
    const PlatformViews& before = *m_views;
    if (areLinksOther || changes.areApplicationsOther)
        next.namespaces = shared(namespaceViews(m_model));
    else if (changes.areAny)
        next.namespaces = shared(namespaceViews(m_model, *before.namespaces, changes.namespaces));
    if (areLinksOther || changes.has(ModelAspect::Rights)) {
        std::vector<TenantView> tenants = tenantViews(m_model, m_rules);
        addTopics(tenants, *next.lineage);
        next.tenants = shared(std::move(tenants));
    } else if (changes.areAny || next.lineage != before.lineage) {
        std::vector<TenantView> tenants = tenantViews(m_model, *before.tenants, changes.namespaces);
        if (next.lineage != before.lineage)
            addTopics(tenants, *next.lineage);
        next.tenants = shared(std::move(tenants));
    }
    if (changes.has(ModelAspect::Network) || changes.has(ModelAspect::Spaces))
        next.reach = shared(reachMatrix(m_model, tenantSpaces(m_model, m_rules)));
}

void PlatformViewer::updateFlows(const PlatformInput& input, PlatformViews& next)
{
    next.lineage = m_lineage.update(input, m_files);
    if (next.lineage != m_views->lineage || input.hasLive != m_views->input->hasLive)
        next.topics = shared(topicsOf(*next.lineage, input.hasLive));
    const auto& found = m_findings.update(m_model, next.lineage);
    if (m_findingsSeen == m_findings.revision())
        return;
    m_findingsSeen = m_findings.revision();
    std::vector<Finding> findings;
    findings.reserve(found.size());
    for (const Finding* each : found)
        findings.push_back(*each);
    next.findings = shared(std::move(findings));
}

PlatformViewsPtr PlatformViewer::update(const PlatformInputPtr& input,
                                        std::vector<LineageFile> files)
{
    const Changes changes = changesTo(input);
    const bool isSame = !changes.areAny && std::ranges::equal(files, m_files, isSameFile);
    if (isSame && isSameUse(*input, *m_views->input))
        return m_views;
    PlatformViews next = *m_views;
    next.input = input;
    if (isSame) { // figures beside the objects: no view is made of them
        m_views = shared(std::move(next));
        return m_views;
    }
    m_files = std::move(files);
    updateFlows(*input, next);
    updateSpaces(changes, next);
    next.summaries =
        shared(namespaceSummaries(*next.namespaces, *next.tenants, *next.findings, input->hasLive));
    m_views = shared(std::move(next));
    return m_views;
}

PlatformViewsPtr PlatformViewer::measure(TelemetryPtr telemetry, std::string why)
{
    if (telemetry == m_views->telemetry && why == m_views->noTelemetry)
        return m_views;
    PlatformViews next = *m_views;
    next.telemetry = std::move(telemetry);
    next.noTelemetry = std::move(why);
    m_views = shared(std::move(next));
    return m_views;
}

PlatformViewsPtr noViews()
{
    static const PlatformViewsPtr none = [] {
        PlatformViews views;
        views.input = shared(PlatformInput());
        views.namespaces = shared(std::vector<NamespaceView>());
        views.summaries = shared(std::vector<NamespaceSummary>());
        views.tenants = shared(std::vector<TenantView>());
        views.reach = shared(ReachMatrix());
        views.findings = shared(std::vector<Finding>());
        views.lineage = std::make_shared<const LineageGraph>();
        views.topics = shared(std::vector<Topic>());
        return shared(std::move(views));
    }();
    return none;
}

} // namespace core

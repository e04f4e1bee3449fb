// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformviews.h"

#include "core/model/measureduse.h"

#include <algorithm>
#include <tuple>

namespace core {

namespace {

template<class T>
std::shared_ptr<const T> shared(T value)
{
    return std::make_shared<const T>(std::move(value));
}

bool isSame(const Declaration& a, const Declaration& b)
{
    return a.manifest == b.manifest && a.wave == b.wave && a.application == b.application
        && a.hook == b.hook;
}

bool isSame(const LiveRecord::Owner& a, const LiveRecord::Owner& b)
{
    return a.uid == b.uid && a.name == b.name;
}

bool isSame(const std::shared_ptr<const LiveRecord>& a, const std::shared_ptr<const LiveRecord>& b)
{
    if (a == b)
        return true;
    return a && b && a->text == b->text && a->uid == b->uid && a->deleting == b->deleting
        && a->health == b->health && a->version == b->version && a->application == b->application
        && a->createdAt == b->createdAt
        && std::ranges::equal(a->owners, b->owners,
                              [](const auto& x, const auto& y) { return isSame(x, y); });
}

bool isSame(const PlatformObject& a, const PlatformObject& b)
{
    return a.key == b.key && isSame(a.live, b.live)
        && std::ranges::equal(a.declared, b.declared,
                              [](const auto& x, const auto& y) { return isSame(x, y); });
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

bool isSameInput(const PlatformInput& a, const PlatformInput& b)
{
    const auto same = [](const auto& x, const auto& y) { return isSame(x, y); };
    return a.hasLive == b.hasLive && a.practice == b.practice && a.cluster == b.cluster
        && a.unknownKinds == b.unknownKinds && a.gaps == b.gaps
        && std::ranges::equal(a.applications, b.applications, same)
        && std::ranges::equal(a.objects, b.objects, same);
}

const NamespaceView* PlatformViews::namespaceOf(std::string_view name) const
{
    return byName(*namespaces, name);
}

const TenantView* PlatformViews::tenantOf(std::string_view name) const
{
    return byName(*tenants, name);
}

PlatformViewer::PlatformViewer(TenantRules rules)
    : m_rules(std::move(rules))
    , m_views(noViews())
{
}

PlatformViewsPtr PlatformViewer::update(const PlatformInputPtr& input,
                                        std::vector<LineageFile> files)
{
    const bool isSame =
        isSameInput(*input, *m_views->input) && std::ranges::equal(files, m_files, isSameFile);
    if (isSame && isSameUse(*input, *m_views->input))
        return m_views;
    PlatformViews next = *m_views;
    next.input = input;
    if (isSame) { // figures beside the objects: no view is made of them
        m_views = shared(std::move(next));
        return m_views;
    }
    m_files = std::move(files);
    m_model.setInput(input);
    next.lineage = m_lineage.update(*input, m_files);
    next.topics = shared(topicsOf(*next.lineage, input->hasLive));
    std::vector<TenantView> tenants = tenantViews(m_model, m_rules);
    addTopics(tenants, *next.lineage);
    next.tenants = shared(std::move(tenants));
    next.reach = shared(reachMatrix(m_model, tenantSpaces(m_model, m_rules)));
    next.findings = shared(findings(m_model, *next.lineage, m_rules));
    next.namespaces = shared(namespaceViews(m_model));
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

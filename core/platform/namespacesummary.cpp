// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/namespacesummary.h"

#include <array>
#include <map>
#include <unordered_set>

namespace core {

namespace {

NamespaceSummary summaryOf(const NamespaceView& view, bool hasLive)
{
    NamespaceSummary out;
    out.name = view.name;
    out.group = view.isSystem && view.applications.empty() ? NamespaceGroup::System
                                                           : NamespaceGroup::Platform;
    out.health = view.health;
    for (const KindCount& count : view.kinds)
        out.objects += std::max(count.declared, count.live);
    out.pods = view.pods;
    if (hasLive)
        out.livePods = view.livePods.value_or(0);
    out.quota = fullestLine(view.quotas);
    out.undeclared = int(view.undeclared.size());
    out.leftOver = int(view.leftOver.size());
    return out;
}

} // namespace

std::string_view toString(NamespaceGroup group)
{
    constexpr std::array<std::string_view, 3> kWords {"tenant", "platform", "system"};
    return kWords[static_cast<std::size_t>(group)];
}

double shareOf(const Quantity& amount, const Quantity& hard)
{
    const double limit = hard.toDouble();
    if (limit <= 0)
        return amount.toDouble() > 0 ? 1 : 0;
    return std::max(amount.toDouble() / limit, 0.0);
}

std::optional<QuotaShare> fullestLine(const std::vector<QuotaView>& quotas)
{
    std::optional<QuotaShare> fullest;
    for (const QuotaView& quota : quotas)
        for (const QuotaLine& line : quota.lines) {
            const double pending = shareOf(line.pending, line.hard);
            const double used = shareOf(line.used.value_or(line.requested), line.hard);
            if (!fullest || pending > fullest->pending)
                fullest = {line.resource, used, pending};
        }
    return fullest;
}

std::vector<ObjectStanding> standingsOf(const NamespaceView& view,
                                        const std::vector<const PlatformObject*>& objects,
                                        bool hasLive)
{
    using Keys = std::unordered_set<ObjectKey, ObjectKeyHash>;
    const Keys undeclared(view.undeclared.begin(), view.undeclared.end());
    const Keys leftOver(view.leftOver.begin(), view.leftOver.end());
    std::vector<ObjectStanding> out;
    out.reserve(objects.size());
    for (const PlatformObject* object : objects) {
        if (object->isDeclared())
            out.push_back(object->live  ? ObjectStanding::Present
                              : hasLive ? ObjectStanding::Absent
                                        : ObjectStanding::Declared);
        else if (undeclared.contains(object->key))
            out.push_back(ObjectStanding::Undeclared);
        else if (leftOver.contains(object->key))
            out.push_back(ObjectStanding::LeftOver);
        else
            out.push_back(object->live && !object->live->owners.empty() ? ObjectStanding::Owned
                                                                        : ObjectStanding::System);
    }
    return out;
}

std::vector<NamespaceSummary> namespaceSummaries(const std::vector<NamespaceView>& views,
                                                 const std::vector<TenantView>& tenants,
                                                 const std::vector<Finding>& findings, bool hasLive)
{
    std::vector<NamespaceSummary> out;
    out.reserve(views.size());
    std::map<std::string_view, std::size_t> places;
    for (const NamespaceView& view : views) {
        places.emplace(view.name, out.size());
        out.push_back(summaryOf(view, hasLive));
    }
    for (const TenantView& tenant : tenants)
        for (const std::string& name : tenant.namespaces)
            if (const auto at = places.find(name); at != places.end()) {
                out[at->second].group = NamespaceGroup::Tenant;
                out[at->second].tenant = tenant.name;
            }
    for (const Finding& finding : findings) {
        const auto at = places.find(finding.namespaceName);
        if (at == places.end() || finding.accepted)
            continue;
        FindingCounts& counts = out[at->second].findings;
        ++(finding.severity == Severity::Error         ? counts.errors
               : finding.severity == Severity::Warning ? counts.warnings
                                                       : counts.notes);
    }
    return out;
}

} // namespace core

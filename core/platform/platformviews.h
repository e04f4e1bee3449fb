// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/findingsmodel.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/namespaces.h"
#include "core/platform/namespacesummary.h"
#include "core/platform/platformmodel.h"
#include "core/platform/reachability.h"
#include "core/platform/tenants.h"
#include "core/platform/topics.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace core {

/// Everything that pages of the platform show, at one moment. Immutable once made; any thread. What
/// did not change is shared with the views before, so that a page can tell by the pointers what it
/// has to draw anew. No pointer is null, but for telemetry.
struct PlatformViews
{
    PlatformInputPtr input;
    std::shared_ptr<const std::vector<NamespaceView>> namespaces; ///< by name
    std::shared_ptr<const std::vector<NamespaceSummary>> summaries; ///< one for each namespace
    std::shared_ptr<const std::vector<TenantView>> tenants; ///< by name, with their topics
    std::shared_ptr<const ReachMatrix> reach;
    std::shared_ptr<const std::vector<Finding>> findings; ///< the worst first
    LineageGraphPtr lineage;
    std::shared_ptr<const std::vector<Topic>> topics;
    TelemetryPtr telemetry; ///< null: nobody measures, or no answer yet
    std::string noTelemetry; ///< why it is null, one sentence; "" while there is no answer

    const NamespaceView* namespaceOf(std::string_view name) const; ///< null when it is not there
    const TenantView* tenantOf(std::string_view name) const;
};
using PlatformViewsPtr = std::shared_ptr<const PlatformViews>;

/// Makes the views of one input after another. Keeps model, lineage and findings between them, and
/// takes the views before for what did not change, so that a change costs what it touches. Not for
/// two threads at once.
class PlatformViewer
{
public:
    explicit PlatformViewer(TenantRules rules = {});

    /// The views before, where nothing that they show has changed. files: beside the objects, for
    /// the lineage.
    PlatformViewsPtr update(const PlatformInputPtr& input, std::vector<LineageFile> files = {});
    /// The last views with other figures.
    PlatformViewsPtr measure(TelemetryPtr telemetry, std::string why);

private:
    struct Changes;
    Changes changesTo(const PlatformInputPtr& input);
    void updateSpaces(const Changes& changes, PlatformViews& next);
    void updateFlows(const PlatformInput& input, PlatformViews& next);

    TenantRules m_rules;
    PlatformModel m_model;
    LineageModel m_lineage;
    FindingsModel m_findings;
    std::uint64_t m_findingsSeen = 0; ///< their revision
    std::vector<LineageFile> m_files;
    PlatformViewsPtr m_views;
};

/// Views of an input without any object: what there is before the first answer.
PlatformViewsPtr noViews();

/// Whether two inputs say the same, seen from outside: the same objects with the same texts,
/// healths and owners. Cheap: texts are compared by address. What pods use is left aside.
bool isSameInput(const PlatformInput& a, const PlatformInput& b);

} // namespace core

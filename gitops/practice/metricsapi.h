// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/objectselector.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcerequest.h"

#include <vector>

namespace gitops::practice {

/// metrics.k8s.io/v1beta1 as a metrics-server answers it. Nothing runs in a practice cluster, so
/// the figures are made up of what pods ask for, the same for all who ask within half a minute, and
/// every one of them is marked by an annotation.
class MetricsApi
{
public:
    /// PodMetrics and NodeMetrics.
    static std::vector<TypePtr> types();
    static bool serves(const ResourceType& type) { return type.kind.group == kGroup; }

    explicit MetricsApi(const ObjectStore& store)
        : m_store(store)
    {
    }

    /// A GET of one or of a collection.
    Answer answer(const ResourceRequest& request) const;

private:
    static constexpr std::string_view kGroup = "metrics.k8s.io";

    core::Json list(const ResourceRequest& request, const ObjectSelector& selector) const;
    core::Json nodeMetrics(const core::Json& node, core::WallTime now) const;

    const ObjectStore& m_store;
};

} // namespace gitops::practice

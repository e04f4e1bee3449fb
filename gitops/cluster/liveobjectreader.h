// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/livestate.h"

namespace gitops {

/// Makes what is kept of a live object, walking its metadata once. object is used up: status and
/// bookkeeping are taken out of it for the digest. isWanted: keep the manifest though nothing
/// tracks the object. Null when there is no name.
LiveObjectPtr readLiveObject(core::Json& object, const core::GroupVersionKind& kind,
                             bool isNamespaced, bool isWanted,
                             const LiveState::HealthFunction& health);

/// What readLiveObject would take as its key and version, without the work.
struct LiveIdentity
{
    core::ObjectKey key;
    std::string_view uid;
    std::string_view resourceVersion;
};
LiveIdentity liveIdentityOf(const core::Json& object, const core::GroupVersionKind& kind,
                            bool isNamespaced);

} // namespace gitops

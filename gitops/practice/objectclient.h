// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "gitops/practice/apierror.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gitops::practice {

/// An object as a controller sees it: shared, never changed.
using ObjectPtr = std::shared_ptr<const core::Json>;

/// The cluster as the simulated controllers see it: a cache that follows the server, and writes
/// whose results come back as changes. The practice server implements it in memory; a client of a
/// real API server can too, since no write's result is waited for. All on one thread.
class ObjectClient
{
public:
    using Listener = std::function<void(const core::Json& object, bool deleted)>;
    /// Told of a write that was refused; the next change or a later look sets it right.
    using Refused = std::function<void(const ApiError&)>;

    virtual ~ObjectClient() = default;
    /// Follows a kind from now on; its objects come as changes first. A kind that is not served yet
    /// is followed as soon as it is.
    virtual void follow(const core::GroupKind& kind) = 0;
    virtual void setListener(Listener listener) = 0;

    virtual ObjectPtr get(const core::GroupKind& kind, std::string_view namespaceName,
                          std::string_view name) const = 0;
    /// namespaceName "" lists all namespaces.
    virtual std::vector<ObjectPtr> list(const core::GroupKind& kind,
                                        std::string_view namespaceName) const = 0;

    virtual void create(core::Json object, Refused refused = {}) = 0;
    /// The object with its resourceVersion; subresource "" or "status".
    virtual void update(core::Json object, std::string_view subresource, Refused refused = {}) = 0;
    /// With the object's uid as a precondition; at once, without a grace period, when now is true.
    virtual void remove(const core::Json& object, bool now, Refused refused = {}) = 0;
    /// Writes so far that failed without a change to come that would set it right (everything but a
    /// conflict): a controller that had one is asked again after a while.
    virtual std::uint64_t failures() const { return 0; }
};

} // namespace gitops::practice

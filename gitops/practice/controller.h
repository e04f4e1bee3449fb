// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/time.h"
#include "gitops/practice/objectclient.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gitops::practice {

/// How long the steps of the simulated controllers take, from resources/practice.
class Delays
{
public:
    Delays() = default;
    Delays(std::map<std::string, std::chrono::milliseconds> named, double factor)
        : m_named(std::move(named))
        , m_factor(factor)
    {
    }
    /// "pod.ready"; 0 for a name that no file gives.
    std::chrono::milliseconds of(const std::string& name) const;
    std::chrono::milliseconds scaled(std::chrono::milliseconds delay) const;

private:
    std::map<std::string, std::chrono::milliseconds> m_named;
    double m_factor = 1;
};

/// Which object a controller is to look at.
struct ControllerKey
{
    std::string namespaceName;
    std::string name;
    auto operator<=>(const ControllerKey&) const = default;
};

/// What a controller works with while it reconciles.
struct ControllerContext
{
    ObjectClient& client;
    const Delays& delays;
    core::WallTime now;
    std::string nowText() const { return core::formatRfc3339(now); }
};

/// One simulated controller: looks at one object at a time and brings its world one step nearer to
/// what the object asks for. Level-triggered; it keeps no state of its own. One thread.
class Controller
{
public:
    virtual ~Controller() = default;
    /// The kind whose objects it looks after.
    virtual core::GroupKind kind() const = 0;
    /// Other kinds whose changes matter to it.
    virtual std::vector<core::GroupKind> alsoFollows() const { return {}; }
    /// The objects to look at when an object of another kind changed; by default its controller
    /// owner.
    virtual std::vector<ControllerKey> concerned(const core::Json& changed,
                                                 const ControllerContext& context) const;
    /// Returns after how long it wants to look again; nullopt: when something changes.
    virtual std::optional<std::chrono::milliseconds> reconcile(const ControllerKey& key,
                                                               ControllerContext& context) = 0;
};

/// The parts of controllers that are all alike.

/// The ownerReference that makes owner the controller of what carries it.
core::Json controllerReference(const core::Json& owner);
bool isControlledBy(const core::Json& object, const core::Json& owner);
/// Objects of a kind that owner controls.
std::vector<ObjectPtr> controlledBy(const ControllerContext& context, const core::GroupKind& kind,
                                    const core::Json& owner);
bool isTerminating(const core::Json& object);
bool hasTrueCondition(const core::Json& object, std::string_view type);
bool isPodReady(const core::Json& pod);
/// Time since an RFC 3339 field; nullopt when it is absent.
std::optional<std::chrono::milliseconds> since(core::WallTime now, std::string_view time);
/// Writes object's status when it is another than status. Conditions of equal type and status keep
/// their lastTransitionTime.
void setStatus(ControllerContext& context, const core::Json& object, core::JsonObject status);
/// A condition with lastTransitionTime now.
core::Json makeCondition(std::string_view type, bool is, std::string_view reason,
                         std::string_view message, core::WallTime now);
/// A short name for a template: the same for the same text.
std::string templateHash(const core::Json& value);

} // namespace gitops::practice

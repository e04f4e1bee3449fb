// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/diff.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/eventstream.h"
#include "gitops/engine/objectwriter.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gitops {

/// Puts drifted objects back, one apply each, at once. Only a fight over the same field is slowed
/// down; it is noticed and named. On the engine's strand.
class Healer
{
public:
    Healer(std::string application, ObjectWriter& writer, core::Executor& executor,
           EventStream& events, std::function<void()> changed);
    ~Healer();

    /// Asked before each heal is sent: why it may not be at the moment.
    std::function<std::optional<core::Error>()> refusal;

    /// Applies the manifest unless a heal of the object is under way or must wait.
    void heal(const core::ManifestPtr& manifest, const core::ResourceDiff& diff,
              core::SteadyTime noticed);
    /// A heal by somebody else begins: false while the object must wait. Then succeeded() or
    /// failed().
    bool begin(const core::ResourceDiff& diff);
    void succeeded(const core::ResourceDiff& diff, core::SteadyTime noticed);
    void failed(const core::ResourceDiff& diff, const std::string& message);
    bool isHealing(const core::ObjectKey& key) const { return m_underWay.contains(key); }
    /// "spec.replicas of Deployment shop/web is changed again and again by …", for each fight that
    /// goes on: it is over once the field has been left alone for a minute.
    std::string fights() const;
    /// Why the last heal of an object failed, "" when it did not.
    std::string failures() const;
    void calm(const core::ObjectKey& key); ///< it is as it should be
    void keepOnly(const std::set<core::ObjectKey>& keys); ///< the others are not wanted any more

private:
    struct Field
    {
        std::deque<core::SteadyTime> heals;
        std::string manager;
        std::string display;
        core::SteadyTime notBefore {};
        std::optional<core::SteadyTime> calmSince; ///< nobody has changed it since
    };
    std::optional<core::SteadyTime> mustWaitUntil(const core::ResourceDiff& diff);
    void note(const core::ResourceDiff& diff);
    void stir(const core::ResourceDiff& diff);
    void wakeAt(core::SteadyTime when);

    const std::string m_application;
    ObjectWriter& m_writer;
    core::Executor& m_executor;
    EventStream& m_events;
    std::function<void()> m_changed;
    std::set<core::ObjectKey> m_underWay;
    std::map<std::pair<core::ObjectKey, std::string>, Field> m_fields;
    struct Failure
    {
        std::string message;
        core::SteadyTime notBefore {};
        int count = 0;
    };
    std::map<core::ObjectKey, Failure> m_failures;
    Alive m_alive;
};

/// A change that an autoscaler made through /scale: a finding, never a reason for a heal.
bool isAutoscaled(const core::FieldChange& change);
/// Nothing differs but what an autoscaler changed, or who owns it.
bool isAutoscaledOnly(const core::ResourceDiff& diff);

} // namespace gitops

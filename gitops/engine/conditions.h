// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "gitops/engine/eventstream.h"

#include <map>
#include <string>
#include <vector>

namespace gitops {

/// The conditions of one application, one of each type. Changes go to the event stream.
class Conditions
{
public:
    Conditions(std::string application, EventStream& events, const core::Clock& clock);
    void raise(const std::string& type, const std::string& message, core::Place place = {});
    void clear(const std::string& type);
    /// raise when message is not empty, else clear.
    void set(const std::string& type, const std::string& message, core::Place place = {});
    bool has(const std::string& type) const { return m_conditions.contains(type); }
    std::vector<core::Condition> all() const;

private:
    const std::string m_application;
    EventStream& m_events;
    const core::Clock& m_clock;
    std::map<std::string, core::Condition> m_conditions;
};

} // namespace gitops

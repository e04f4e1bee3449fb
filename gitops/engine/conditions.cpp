// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/conditions.h"

namespace gitops {

Conditions::Conditions(std::string application, EventStream& events, const core::Clock& clock)
    : m_application(std::move(application))
    , m_events(events)
    , m_clock(clock)
{
}

void Conditions::raise(const std::string& type, const std::string& message, core::Place place)
{
    auto [found, added] = m_conditions.try_emplace(type);
    core::Condition& condition = found->second;
    if (!added && condition.message == message && condition.place == place)
        return;
    if (added)
        condition.since = m_clock.wallNow();
    condition.type = type;
    condition.message = message;
    condition.place = std::move(place);
    m_events.send(core::event::ConditionRaised {m_application, condition});
}

void Conditions::clear(const std::string& type)
{
    if (m_conditions.erase(type))
        m_events.send(core::event::ConditionCleared {m_application, type});
}

void Conditions::set(const std::string& type, const std::string& message, core::Place place)
{
    if (message.empty())
        clear(type);
    else
        raise(type, message, std::move(place));
}

std::vector<core::Condition> Conditions::all() const
{
    std::vector<core::Condition> result;
    for (const auto& [type, condition] : m_conditions)
        result.push_back(condition);
    return result;
}

} // namespace gitops

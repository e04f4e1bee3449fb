// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/leftbehind.h"

#include "gitops/engine/inventoryrecord.h"
#include "gitops/engine/ownership.h"
#include "gitops/engine/savedstate.h"

#include <utility>

namespace gitops {

namespace {

constexpr std::chrono::seconds kAgain {60};
constexpr std::size_t kNamed = 10;
const core::GroupVersionKind kConfigMap {"", "v1", "ConfigMap"};

} // namespace

LeftBehind::LeftBehind(EngineContext& context, std::function<void()> changed)
    : m_context(context)
    , m_changed(std::move(changed))
{
}

void LeftBehind::look(const std::set<std::string>& names)
{
    const std::size_t before = m_records.size();
    std::erase_if(m_records, [&](const auto& entry) { return !names.contains(entry.first); });
    if (m_records.size() != before)
        collectPlaces();
    if (m_context.executor.clock().steadyNow() < m_notBefore)
        return;
    for (const std::string& name : names)
        if (m_records.try_emplace(name).second)
            ask(name);
}

void LeftBehind::ask(const std::string& name)
{
    const ApiResource* resource = m_context.cluster.resource(kConfigMap);
    if (!resource) {
        m_records.erase(name);
        return;
    }
    m_context.api.get(*resource, m_context.controlNamespace.name(), resourceNameFor(name),
                      m_alive.guard([this, name](core::Result<ApiObject> answer) {
                          const auto entry = m_records.find(name);
                          if (entry == m_records.end())
                              return; // declared again since
                          if (!answer && answer.error().code != core::ErrorCode::NotFound) {
                              m_records.erase(entry);
                              m_notBefore = m_context.executor.clock().steadyNow() + kAgain;
                              return;
                          }
                          if (answer)
                              entry->second = InventoryRecord::placesIn(answer->object);
                          collectPlaces();
                      }));
}

void LeftBehind::collectPlaces()
{
    KindPlaces places;
    for (const auto& [name, recorded] : m_records)
        addPlaces(places, recorded);
    if (std::exchange(m_places, std::move(places)) != m_places)
        m_changed();
}

std::string LeftBehind::text() const
{
    std::string text;
    for (const auto& [name, kinds] : m_records) {
        std::string left;
        std::size_t count = 0;
        for (const LiveObjectPtr& live : m_context.live.trackedTo(name)) {
            if (!live->owners.empty() || !tracksItself(live->tracking, name, live->key)
                || m_context.directory.isDeclaredElsewhere(live->key, name))
                continue;
            if (++count <= kNamed)
                left += (left.empty() ? "" : ", ") + live->key.text();
        }
        if (count > kNamed)
            left += " and " + std::to_string(count - kNamed) + " more";
        if (count > 0)
            text += (text.empty() ? "" : " ") + std::string("The application \"") + name
                + "\" is declared no more, and nobody prunes what is left of it: " + left + ".";
    }
    return text;
}

} // namespace gitops

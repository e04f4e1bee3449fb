// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/enginecontext.h"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace gitops {

/// Children that an application had, and that nobody declares any more: what the cluster still has
/// of them. Their names come from their parent's record, their kinds and namespaces from their own,
/// so that a Wavewright that never saw them knows of them, too. Only told: nothing here is pruned.
/// On the engine's strand.
class LeftBehind
{
public:
    LeftBehind(EngineContext& context, std::function<void()> changed);

    /// These are the children that are gone. Asks for the record of each once.
    void look(const std::set<std::string>& names);
    const KindPlaces& places() const { return m_places; } ///< to be watched
    /// What is left, for people; "" when nothing is.
    std::string text() const;

private:
    void ask(const std::string& name);
    void collectPlaces();

    EngineContext& m_context;
    std::function<void()> m_changed;
    std::map<std::string, KindPlaces> m_records; ///< empty: none, or not known yet
    KindPlaces m_places;
    core::SteadyTime m_notBefore {}; ///< after an error
    Alive m_alive;
};

} // namespace gitops

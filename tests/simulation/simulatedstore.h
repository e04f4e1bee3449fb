// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/history/statestore.h"
#include "tests/simulation/simulatedworld.h"

#include <map>
#include <memory>
#include <string>

namespace tests {

/// A state folder that outlives its process. A save takes a while; when the process dies meanwhile
/// the old or the new text is there, by the seed.
class SimulatedStore
{
public:
    explicit SimulatedStore(SimulatedWorld& world)
        : m_world(world)
    {
    }
    /// What one process sees of it.
    class Session : public gitops::StateStore
    {
    public:
        explicit Session(SimulatedStore& store)
            : m_store(store)
        {
        }
        void load(const std::string& name, core::Executor& executor,
                  std::function<void(core::Result<std::optional<std::string>>)> done) override
        {
            core::Result<std::optional<std::string>> text;
            if (auto found = m_store.m_texts.find(name); found != m_store.m_texts.end())
                text = found->second;
            executor.post([done, text] { done(text); });
        }
        void save(const std::string& name, std::string text, core::Executor& executor,
                  std::function<void(core::Result<void>)> done) override
        {
            m_store.m_texts[name + ".new"] = text;
            executor.postAt(executor.clock().steadyNow() + m_store.m_world.between(0, 20),
                            [&store = m_store, name, text, done] {
                                store.m_texts[name] = text;
                                store.m_texts.erase(name + ".new");
                                done({});
                            });
        }
        void remove(const std::string& name, core::Executor& executor,
                    std::function<void(core::Result<void>)> done) override
        {
            m_store.m_texts.erase(name);
            m_store.m_texts.erase(name + ".new");
            executor.post([done] { done({}); });
        }

    private:
        SimulatedStore& m_store;
    };

    /// The process died: each save that was under way has happened or has not.
    void crash()
    {
        for (auto entry = m_texts.begin(); entry != m_texts.end();) {
            if (!entry->first.ends_with(".new")) {
                ++entry;
                continue;
            }
            if (m_world.chance(0.5))
                m_texts[entry->first.substr(0, entry->first.size() - 4)] = entry->second;
            entry = m_texts.erase(entry);
        }
    }

private:
    SimulatedWorld& m_world;
    std::map<std::string, std::string> m_texts;
};

} // namespace tests

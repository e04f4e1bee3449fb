// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineage.h"
#include "core/platform/lineagejoin.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace core {

/// A Python file of a repository that may hold Airflow DAGs.
struct LineageFile
{
    std::string path; ///< in its repository
    std::string application; ///< whose repository it stands in
    std::shared_ptr<const std::string> text;
};

/// Keeps what is known of each object, so that a change costs what it touches: an object is read
/// again when it, or a ConfigMap that it names, has changed; the graph is made anew only when what
/// was read differs. Not safe for two threads at once.
class LineageModel
{
public:
    explicit LineageModel(const LineageRules& rules = lineageRules());
    ~LineageModel();

    /// The graph of an input; the same pointer as before when nothing of it changed.
    LineageGraphPtr update(const PlatformInput& input, const std::vector<LineageFile>& files = {});

    struct Statistics
    {
        std::size_t extracted = 0; ///< objects that the last update read
        bool joined = false; ///< whether it made the graph anew
    };
    const Statistics& statistics() const { return m_statistics; }

private:
    struct Entry;
    LineageFactsPtr factsOf(const PlatformInput& input, const PlatformObject& object, Entry& entry);

    const LineageRules& m_rules;
    std::unordered_map<ObjectKey, std::unique_ptr<Entry>, ObjectKeyHash> m_entries;
    std::vector<Entry*> m_order; ///< of the last input's objects
    std::vector<LineagePart> m_parts;
    LineageGraphPtr m_graph;
    Statistics m_statistics;
    std::uint64_t m_round = 0;
};

/// The graph of an input, made from scratch.
LineageGraphPtr makeLineage(const PlatformInput& input, const std::vector<LineageFile>& files = {});

} // namespace core

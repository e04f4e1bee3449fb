// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineage.h"
#include "core/platform/lineagejoin.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace core {

class LineageJoiner;

/// A Python file of a repository that may hold Airflow DAGs.
struct LineageFile
{
    std::string path; ///< in its repository
    std::string application; ///< whose repository it stands in
    std::shared_ptr<const std::string> text;
};

/// Keeps what is known of each object, so that a change costs what it touches: an object is read
/// again when it, or a ConfigMap that it names, has changed; only those are joined again that it
/// concerns (LineageJoiner). Not safe for two threads at once.
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
        std::size_t rejoined = 0; ///< objects and files that it joined again
        bool joined = false; ///< whether the graph is another one
    };
    const Statistics& statistics() const { return m_statistics; }

private:
    struct Entry;
    struct Seen;
    using Lookups = std::unordered_map<ObjectKey, std::unordered_set<Entry*>, ObjectKeyHash>;

    void takeObjects(const PlatformInput& input);
    std::optional<std::vector<std::size_t>> othersOf(const PlatformInput& input) const;
    void putInOrder(const PlatformInput& input);
    void takeFiles(const std::vector<LineageFile>& files);
    void see(const PlatformObject& object, Entry& entry);
    void leave(Entry& entry);
    void readAgain(const PlatformInput& input);
    LineageFactsPtr factsOf(const PlatformInput& input, const PlatformObject& object, Entry& entry);
    void forgetLookups(Entry& entry);
    void put(Entry& entry);

    const LineageRules& m_rules;
    std::unique_ptr<LineageJoiner> m_joiner;
    std::vector<std::unique_ptr<Entry>> m_order; ///< by key, as the last input's objects
    std::vector<Seen> m_seen; ///< one for each of these
    std::map<std::pair<std::string, std::uint32_t>, std::unique_ptr<Entry>> m_files;
    Lookups m_lookups; ///< who named an object, whether it is there or not
    std::vector<ObjectKey> m_changed; ///< objects with another text than before
    std::unordered_set<Entry*> m_stale; ///< to be read
    LineageGraphPtr m_graph;
    Statistics m_statistics;
};

/// The graph of an input, made from scratch.
LineageGraphPtr makeLineage(const PlatformInput& input, const std::vector<LineageFile>& files = {});

} // namespace core

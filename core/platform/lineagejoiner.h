// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageedges.h"
#include "core/platform/lineageindex.h"
#include "core/platform/lineagejoin.h"
#include "core/platform/lineagelayers.h"
#include "core/platform/lineagenodes.h"
#include "core/platform/lineagesorter.h"

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace core {

/// "//queue/x" (the vhost "/") as the management API writes it: "%2F/queue/x".
std::string rabbitName(std::string name);

/// Joins the facts of all parts into one graph, and keeps it right while parts come, change and go:
/// the ends of a part's flows become nodes (lineageends.cpp), its flows edges (lineagejoiner.cpp),
/// its patterns and mirrors edges to what they match (lineagematches.cpp). A part is joined again
/// when it changed, or when something that it looked up has another answer; nodes, edges, matches
/// and layers follow from what is said of them, each for itself. So the graph is that of all parts
/// joined at once, whatever came before. Not for two threads at once.
class LineageJoiner
{
public:
    using Part = const LineagePart*;

    explicit LineageJoiner(const LineageRules& rules);
    ~LineageJoiner();

    /// Puts a part in. Whoever keeps the pointer can change and remove it.
    Part add(LineagePart part);
    /// The same object (key and serial), with other facts or circumstances.
    void change(Part part, LineagePart next);
    void remove(Part part);

    /// The graph of the parts that are in now; the one before where nothing is another.
    LineageGraphPtr graph();

    /// How many parts the last graph() joined.
    std::size_t joined() const { return m_joinedLast; }

private:
    using Slot = LineageSlot;

    struct Matcher;

    /// A part with what was made of it.
    struct Joined
    {
        LineagePart part;
        std::vector<LineageClaim> claims;
        std::vector<LineageEdges::Place> edges;
        std::vector<const Matcher*> matchers;
        std::uint32_t number = 0; ///< counts flows and matchers, for the order of proofs
        bool isGone = false;
    };
    /// A pattern of a part, with everything that it matches.
    struct Matcher
    {
        Joined* owner = nullptr;
        bool isMirror = false;
        std::uint32_t number = 0; ///< among those of the part
        std::string system;
        Slot container = kNoSlot; ///< whose datasets; kNoSlot: of any
        std::shared_ptr<const RE2> pattern; ///< null: it is no regular expression
        std::shared_ptr<const RE2> exclude;
        // Of a pattern:
        const LineageFlow* flow = nullptr;
        bool isFrom = false; ///< what matches is where the data comes from
        std::vector<Slot> others; ///< the other end
        // Of a mirror:
        Slot to = kNoSlot;
        std::string address;
        std::string prefix;
        LineageProofPtr proof;

        struct Match
        {
            std::vector<LineageClaim> claims;
            std::vector<LineageEdges::Place> edges;
        };
        std::map<Slot, Match> matches;
        std::set<Slot> fitting; ///< all that fit, also where they are too many to be drawn
        Match whole; ///< what is said of the pattern itself, when nothing or too much fits
        bool isNew = true;
    };
    struct MatcherOrder
    {
        bool operator()(const Matcher* a, const Matcher* b) const;
    };
    /// What matchers and folders see of a node.
    struct Face
    {
        bool isThere = false;
        bool isInFirst = false;
        bool isDataset = false;
        std::string system;
        Slot container = kNoSlot;
        std::vector<const void*> mirrors;
        bool operator==(const Face&) const = default;
    };

    Joined& joinedOf(Part part);
    void undo(Joined& joined);
    void lookAgain();
    void settleNodes(std::vector<Slot>& changed);
    void join(Joined& joined);
    void addNodes(Joined& joined);
    void addFlows(Joined& joined, const LineageFactsPtr& facts, bool observedOnly);
    void addFlow(Joined& joined, const LineageFactsPtr& facts, const LineageFlow& flow);
    void addEdge(Joined& joined, Slot from, Slot to, const LineageFlow& flow,
                 LineageProofPtr proof);
    void addPattern(Joined& joined, const LineageFactsPtr& facts, const LineageFlow& flow);
    void addMirror(Joined& joined, const LineageMirror& mirror);
    Matcher& addMatcher(Joined& joined, std::unique_ptr<Matcher> matcher);
    /// The nodes that an end is, for those who act for the part.
    std::vector<Slot> endsOf(const LineageEnd& end, const std::string& secret, Part part);
    std::vector<Part> actorsOf(const std::string& secret, Part part);
    void touchSelf(Part part);

    /// A store, and the address that its datasets are called by.
    struct Store
    {
        Slot slot = kNoSlot;
        std::string address;
    };
    // Ends, for the part that is joined now.
    Slot said(const std::string& namespaceName, const std::string& name, LineageSaid what);
    /// Looks for a store without saying that it is there.
    std::optional<Store> containerAt(const LineageEnd& end, Part part, std::string& note);
    Slot self(Part part);
    Slot object(const ObjectKey& key, const std::string& note);
    Slot unresolved(const LineageEnd& end, Part part, const std::string& note);
    Slot named(const LineageEnd& end, Part part);
    std::optional<std::string> sameDag(const LineageEnd& end);
    std::optional<Store> store(const std::string& host, const std::string& system, Part part,
                               std::string& note);
    std::optional<Store> storeAt(const std::string& host, const std::string& system, Part part,
                                 std::string& note);
    Store storeOf(Part part);
    Slot host(const LineageEnd& end, Part part);
    Slot data(const LineageEnd& end, Part part);
    Slot objectStoreData(const LineageEnd& end, Part part);
    std::vector<Slot> resolve(const LineageEnd& end, Part part);
    /// With variables put in; nothing where one is not known.
    std::optional<LineageEnd> filled(const LineageEnd& end, Part part);
    std::optional<std::string> withVariables(std::string text, const std::string& namespaceName);
    std::vector<std::pair<std::string, std::string>> declaredBy(Part part);

    // Patterns, mirrors, folders.
    void runMatchers(std::vector<Slot> changed);
    void run(Matcher& matcher, const std::vector<Slot>& changed);
    bool fits(const Matcher& matcher, Slot slot) const;
    void draw(Matcher& matcher, Slot slot);
    void drawWhole(Matcher& matcher);
    void erase(Matcher& matcher, Matcher::Match& match);
    std::shared_ptr<const RE2> compiled(const std::string& text);
    void joinFolders(const std::vector<Slot>& changed);
    void placeFolder(const std::string& bucket, const std::string& path);

    LineageIndex m_index;
    LineageNodes m_nodes;
    LineageEdges m_edges;
    LineageLayers m_layers;
    LineageSorter m_sorter;
    std::map<Part, std::unique_ptr<Joined>> m_parts;
    LineageIndex::Parts m_stale; ///< to be joined
    std::vector<Part> m_removed;
    std::map<const Matcher*, std::unique_ptr<Matcher>> m_matchers;
    std::set<Matcher*, MatcherOrder> m_inOrder;
    std::vector<Face> m_faces; ///< by slot, as matchers and folders saw them
    struct Folder
    {
        Slot slot = kNoSlot;
        Slot parent = kNoSlot;
        std::vector<LineageEdges::Place> edges;
    };
    std::map<std::string, std::map<std::string, Folder>> m_folders; ///< by bucket and path
    LineageProofPtr m_folderProof;
    std::unordered_map<std::string, std::weak_ptr<const RE2>> m_compiled;
    LineageGraphPtr m_graph;
    std::size_t m_joinedLast = 0;

    // While a part is joined:
    Joined* m_now = nullptr; ///< null: nothing is said, only looked up
    LineageStep m_step = LineageStep::Part; ///< Aside while a container is looked for
    bool m_areFlows = false; ///< else its nodes are joined
    std::vector<Part> m_selves; ///< that are looked at, against ends that name themselves
    std::vector<LineageSlot> m_touched; ///< since the last graph
};

} // namespace core

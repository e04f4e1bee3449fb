// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/object/identity.h"
#include "core/platform/lineageproofs.h"
#include "core/platform/lineageshared.h"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// What a node of the lineage graph is.
enum class LineageNodeType : std::uint8_t
{
    Dataset, ///< a topic, queue, exchange, bucket or folder of it, database, table
    Job, ///< something that reads and writes: an integration, a connector, a DAG and its tasks
    Service, ///< something that runs and answers
    Store, ///< what holds datasets: a Kafka cluster, a broker, a database server
    External, ///< outside this cluster, named by its address
    Unresolved, ///< an end that the manifests do not tell: note says why
};

/// What happens along an edge, from its first node to its second.
enum class LineageRelation : std::uint8_t
{
    Writes, ///< job to dataset
    Reads, ///< dataset to job
    Uses, ///< client and store; which way the data goes is not told
    Routes, ///< ingress to what answers
    Calls, ///< client to service
    Triggers, ///< dataset or task to what it starts
    Runs, ///< task to the object that it creates
    Binds, ///< exchange to queue or exchange
    Exports, ///< telemetry, from where it arises to where it goes
    Scrapes, ///< metrics, from the target to the collector
    Queries, ///< data source to the dashboard that reads it
    Contains, ///< a folder and one inside it: who writes one changes the other
};

std::string_view toString(LineageNodeType type);
std::string_view toString(LineageRelation relation);

struct LineageNode
{
    LineageNodeType type = LineageNodeType::Unresolved;
    /// "kafka", "rabbitmq", "s3", "postgres", "airflow", or the object's kind for others.
    std::string system;
    /// OpenLineage's name: "kafka://event-cluster-kafka-bootstrap.kafka.svc:9092" and "events".
    std::string namespaceName;
    std::string name;
    std::string label; ///< short, for a box: "events"
    std::string layer; ///< "bronze", "speed", "ingress" …; "" without one
    std::optional<ObjectKey> object; ///< that this node is, or that declares it
    std::string kubernetesNamespace; ///< of the object, "" outside
    std::string application; ///< that brought the object, "" when nobody's
    int wave = 0;
    Place place; ///< of the declaration in Git
    std::string note; ///< of an unresolved end: why
    std::map<std::string, std::string> attributes; ///< "partitions", "replicas", "retention.ms" …
    bool declared = false; ///< an object in Git says that it exists
    bool existing = false; ///< the cluster says so
    bool internal = false; ///< plumbing, such as Connect's own topics: hidden by default
    std::string id() const { return namespaceName + "/" + name; }
    bool operator==(const LineageNode&) const = default;
};

using LineageNodePtr = std::shared_ptr<const LineageNode>;

struct LineageEdge
{
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    LineageRelation relation = LineageRelation::Uses;
    bool bothWays = false; ///< the manifests do not tell which way data flows
    LineageProofs proofs; ///< at least one
    bool has(LineageEvidence evidence) const { return proofs.has(evidence); }
    LineageEvidence strongest() const { return proofs.strongest(); }
    bool operator==(const LineageEdge&) const = default;
};

/// How far a walk goes, and over which edges.
struct LineageWalk
{
    int depth = -1; ///< edges; -1: without end
    bool permitted = false; ///< also over edges that are only permitted
};

/// The whole graph. Immutable once made; any thread. Nodes and proofs are shared with the graphs
/// that were made of it, so that a copy is cheap. Every query is linear in what it visits.
class LineageGraph
{
public:
    using Index = std::uint32_t;
    static constexpr Index kNone = std::numeric_limits<Index>::max();
    using Nodes = SharedValues<LineageNode>;

    LineageGraph() = default;
    /// containers: of each node the one that holds it (a store, bucket or DAG), or kNone; where the
    /// list is shorter, none does.
    LineageGraph(Nodes nodes, std::vector<LineageEdge> edges, std::vector<Index> containers = {});
    LineageGraph(std::vector<LineageNode> nodes, std::vector<LineageEdge> edges,
                 std::vector<Index> containers = {});

    /// What a graph is made of, by somebody who keeps all of it in order.
    struct Sorted
    {
        Nodes nodes; ///< by namespaceName and name
        std::vector<Index> containers; ///< one for each node
        std::vector<LineageEdge> edges; ///< by from, to and relation
        std::vector<Index> byObject; ///< nodes that have an object, by isObjectBefore()
    };
    explicit LineageGraph(Sorted parts);
    /// The same graph with other words on its nodes: each has the id and the object that it had.
    LineageGraph withNodes(Nodes nodes) const;
    /// By the object's key; the object itself before the datasets that it declares, then by id.
    static bool isObjectBefore(const LineageNode& a, const LineageNode& b);

    const Nodes& nodes() const { return m_nodes; }
    const std::vector<LineageEdge>& edges() const { return m_shape->edges; }
    const LineageNode& node(Index index) const { return m_nodes[index]; }
    /// The store, bucket or DAG that holds a node.
    std::optional<Index> containerOf(Index node) const;
    const std::vector<Index>& containers() const { return m_shape->containers; }
    /// Indices of edges; those that go both ways are in both.
    std::span<const Index> outgoing(Index node) const { return m_shape->outgoing.of(node); }
    std::span<const Index> incoming(Index node) const { return m_shape->incoming.of(node); }
    /// What a store, bucket or DAG holds directly.
    std::span<const Index> contents(Index node) const { return m_shape->contents.of(node); }

    /// Whether nodes are in the order of their ids.
    bool isSorted() const { return m_shape->byId.empty(); }
    /// Whether both share edges and containers; the nodes may say something else.
    bool hasShapeOf(const LineageGraph& other) const { return m_shape == other.m_shape; }

    /// By id, or by the object's key.
    std::optional<Index> find(std::string_view id) const;
    std::optional<Index> find(const ObjectKey& object) const;
    /// All nodes of an object: itself, and the datasets that it declares.
    std::span<const Index> allOf(const ObjectKey& object) const;
    /// By id, else by name, else by label, else by the end of an id: all that fit, in order.
    std::vector<Index> search(std::string_view text) const;

    /// Without the node itself, nearest first.
    std::vector<Index> upstream(Index node, const LineageWalk& walk = {}) const;
    /// Upstream of any of several nodes, these first.
    std::vector<Index> upstreamOf(std::vector<Index> nodes, const LineageWalk& walk = {}) const
    {
        return closure(std::move(nodes), false, walk);
    }
    std::vector<Index> downstream(Index node, const LineageWalk& walk = {}) const;
    /// What suffers when this node does: all downstream of it and of what it holds.
    std::vector<Index> impact(Index node, const LineageWalk& walk = {}) const;
    /// Nodes of a shortest way with the data, both ends included; empty when there is none. A store
    /// is reached with anything that it holds.
    std::vector<Index> path(Index from, Index to, const LineageWalk& walk = {}) const;
    /// The nodes with the edges among them, as a graph of its own; containers come along.
    LineageGraph part(const std::vector<Index>& nodes) const;

private:
    /// Lists of every node in one array: those of node n are [starts[n], starts[n + 1]).
    struct Lists
    {
        std::vector<Index> starts;
        std::vector<Index> items;
        std::span<const Index> of(Index node) const
        {
            if (node + std::size_t(1) >= starts.size())
                return {};
            return std::span(items).subspan(starts[node], starts[node + 1] - starts[node]);
        }
    };
    /// One edge as a walk sees it, at the place of its index in a list.
    struct Hop
    {
        Index to = 0;
        bool isFolder = false;
        bool isOnlyPermitted = false;
    };
    /// All but the nodes: shared by graphs that tell their nodes apart by words only.
    struct Shape
    {
        std::vector<LineageEdge> edges;
        std::vector<Index> containers;
        Lists outgoing;
        Lists incoming;
        Lists contents;
        std::vector<Hop> down; ///< beside outgoing's items
        std::vector<Hop> up;
        std::vector<Index> byId; ///< nodes by namespaceName and name; empty: in this order
        std::vector<Index> byObject;
        void makeLists(std::size_t nodes);
        std::vector<Hop> hopsOf(const Lists& lists) const;
    };
    template<class Visit>
    static Lists lists(std::size_t nodes, const Visit& visit);
    static const std::shared_ptr<const Shape>& noShape();
    static std::span<const Hop> hops(const Lists& lists, const std::vector<Hop>& all, Index node)
    {
        return std::span(all).subspan(lists.starts[node],
                                      lists.starts[node + 1] - lists.starts[node]);
    }
    std::vector<Index> closure(std::vector<Index> from, bool down, const LineageWalk& walk) const;
    std::pair<std::string_view, std::string_view> idAt(std::size_t place) const;

    Nodes m_nodes;
    std::shared_ptr<const Shape> m_shape = noShape(); ///< never null
};

using LineageGraphPtr = std::shared_ptr<const LineageGraph>;

} // namespace core

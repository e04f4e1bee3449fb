// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"
#include "core/platform/lineage.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

/// One side of a flow as one object tells it, before anybody has looked at the others.
struct LineageEnd
{
    enum class Type
    {
        Self, ///< the object that tells it
        Object, ///< another object, by its key
        Named, ///< a node by host (as its OpenLineage namespace) and name
        Host, ///< what answers at `host`, a store or a service
        Data, ///< a dataset of `system` called `name` at `host`; host "" is not told
        Pattern, ///< all datasets of `system` at `host` whose names match the RE2 `name`
        Selector, ///< workloads by labels: `name` in kubectl's grammar, `host` their namespaces
                  ///< with commas ("" all), `system` "pod", "service" or "annotation"
        Unresolved, ///< not told: note says why
    } type = Type::Self;
    std::string system;
    std::string host; ///< "name:port", also several with commas; or "object:" and a key's text
    std::string name;
    ObjectKey object;
    std::string note;
    bool operator==(const LineageEnd&) const = default;
};

/// Data that goes from one end to the other, or may.
struct LineageFlow
{
    LineageEnd from;
    LineageEnd to;
    LineageRelation relation = LineageRelation::Uses;
    bool bothWays = false;
    LineageProof proof;
    bool operator==(const LineageFlow&) const = default;
};

/// A node that an object brings: itself, or a dataset, or a DAG with its tasks.
struct LineageNodeFact
{
    LineageEnd end;
    std::optional<LineageEnd> container;
    LineageNodeType type = LineageNodeType::Service;
    std::string system;
    std::string label;
    std::string layer;
    Place place;
    std::map<std::string, std::string> attributes;
    bool internal = false;
    bool operator==(const LineageNodeFact&) const = default;
};

/// Topics of one cluster that appear in another one under another name.
struct LineageMirror
{
    std::string fromHost;
    std::string toHost;
    std::string pattern; ///< RE2
    std::string exclude; ///< RE2, "" for none
    std::string prefix; ///< "source." or "" when names stay
    LineageProof proof;
    bool operator==(const LineageMirror&) const = default;
};

/// Who a DNS name in the cluster stands for.
struct LineageService
{
    std::string namespaceName;
    std::string name;
    std::string externalName; ///< of an ExternalName Service
    std::map<std::string, std::string> selector;
    std::vector<std::pair<std::string, int>> ports;
    bool headless = false;
    bool implied = false; ///< an operator makes it: the object itself answers
    bool operator==(const LineageService&) const = default;
};

/// All that one object tells. Made from that object (and the ConfigMaps that it names) alone, so it
/// is kept until one of them changes.
struct LineageFacts
{
    ObjectKey key;
    std::vector<LineageNodeFact> nodes;
    std::vector<LineageFlow> flows;
    std::vector<LineageMirror> mirrors;
    std::vector<LineageService> services;
    /// Of a workload: its pods' labels.
    std::map<std::string, std::string> podLabels;
    std::map<std::string, std::string> scrapeAnnotations; ///< prometheus.io/*, of pods or a Service
    std::map<std::string, std::string> labels; ///< of a Service, for monitors
    bool isWorkload = false;
    std::vector<std::pair<std::string, int>> containerPorts; ///< of a workload: name and number
    std::string alias; ///< of a connector's runtime: the address of the cluster behind it
    std::string system; ///< of a store: "postgres"
    int port = 0; ///< where the store listens when no Service tells it
    /// Of Airflow's own workloads: plain variables, which DAG files read.
    std::map<std::string, std::string> environment;
    std::string principalSecret; ///< of a user: the Secret whose holder acts as it
    std::vector<std::string> secrets; ///< names that a workload uses; never what is in them
    std::vector<std::string> outside; ///< "host:port" by which the world knows it; the usual first
    bool operator==(const LineageFacts&) const = default;
    bool isEmpty() const
    {
        return nodes.empty() && flows.empty() && mirrors.empty() && services.empty() && !isWorkload;
    }
};

using LineageFactsPtr = std::shared_ptr<const LineageFacts>;

} // namespace core

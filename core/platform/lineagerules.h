// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/platform/lineage.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One end of a flow in a rule. Exactly one of these keys says what it is:
///   self: true                        the object itself
///   reference: /spec/sink/ref         an object reference at a pointer; kind: its default kind
///   address: "{./destination/host}"   what answers there; also a URI of any known system
///   name: "{/spec/topics/*}"          a dataset of `system` at `host`; with pattern: true a regex;
///                                     with list: true a comma list
/// Texts are templates (core/platform/lineagetemplate.h).
struct LineageEndRule
{
    enum class Type
    {
        Self,
        Reference,
        Address,
        Data
    } type = Type::Self;
    std::string reference;
    std::string kind; ///< "group/Kind"
    std::string system;
    std::string host;
    std::string name;
    bool pattern = false;
    bool list = false;
};

/// {at: /spec/class, is: ["*Sink*"]}: some value there matches a glob; without is: it is there;
/// absent: true turns it round.
struct LineageWhen
{
    std::string at;
    std::vector<std::string> is;
    bool absent = false;
};

struct LineageFlowRule
{
    std::string each; ///< pointer with "*": once for every value, which "./" pointers start from
    std::vector<LineageWhen> when;
    LineageEndRule from;
    LineageEndRule to;
    LineageRelation relation = LineageRelation::Uses;
    LineageEvidence evidence = LineageEvidence::Declared;
    bool bothWays = false;
    std::string detail; ///< template
};

/// A node that an object brings. Without a name it is the object itself.
struct LineageNodeRule
{
    std::string each;
    std::vector<LineageWhen> when;
    LineageNodeType type = LineageNodeType::Service;
    std::string system;
    std::string host;
    std::string name;
    std::map<std::string, std::string> attributes; ///< templates
    bool internal = false;
};

/// Topics that one cluster takes over from another.
struct LineageMirrorRule
{
    std::string each;
    std::string from;
    std::string to;
    std::string pattern;
    std::string exclude;
    std::string prefix;
    std::vector<LineageWhen> keepsNames;
};

/// The table of some kinds of objects.
struct LineageObjectRule
{
    std::vector<std::string> kinds; ///< "group/Kind", globs
    std::vector<LineageNodeRule> nodes;
    std::vector<std::string> hosts; ///< DNS names that an operator makes: templates
    std::string alias; ///< template: the cluster that this object stands for, by its address
    std::vector<LineageFlowRule> flows;
    std::vector<LineageMirrorRule> mirrors;
    std::vector<std::string> readers; ///< built-in readers by name, with what they read:
                                      ///< "collector /spec/config"
    int line = 0;
};

/// What an image tells of the workload that runs it.
struct LineageProductRule
{
    std::vector<std::string> images; ///< globs on the name without registry and tag
    std::string system; ///< "postgres": it is a store of that system
    LineageNodeType type = LineageNodeType::Store;
    int port = 0;
};

/// What a variable's name (or an argument's: --input-topic is INPUT_TOPIC) says of its value.
struct LineageVariableRule
{
    std::vector<std::string> names; ///< globs
    enum class Meaning
    {
        Ignored,
        Address, ///< host or URL of the system
        Port, ///< of the system's address
        Data, ///< names of datasets
        Container ///< database, vhost or keyspace that the data is in
    } meaning = Meaning::Address;
    std::string system;
    std::string form; ///< put round the name: "queue", "exchange"
    std::optional<LineageRelation> relation;
};

/// Words in names that tell which way data goes.
struct LineageDirections
{
    std::vector<std::string> reads; ///< globs on one word: "INPUT", "CONSUM*"
    std::vector<std::string> writes;
};

/// A program in a container's command that makes or names datasets.
struct LineageCommandRule
{
    std::vector<std::string> programs; ///< globs on the last part of the path
    std::vector<std::string> words; ///< that must stand among its arguments
    std::string system;
    std::string host; ///< option that names the address: "--bootstrap-server"
    std::string name; ///< option, or "last" for the last argument
    std::map<std::string, std::string> attributes; ///< "partitions": "--partitions"
    std::optional<LineageRelation> relation; ///< none: the data is made here
};

/// What a Camel component or a Kamelet leads to.
struct LineageComponentRule
{
    std::vector<std::string> schemes; ///< "kafka"; Kamelets as "kamelet:kafka-sink"
    std::string system; ///< "" for those that lead to no data, such as timer and log
    std::string form; ///< "topics", "exchange", "bucket", "http", "table", "route", "nothing"
    std::vector<std::string> name; ///< options that hold the name; "path" is the URI's
    std::vector<std::string> host; ///< options that hold the address
};

/// What a Kafka Connect connector's class says of it. Texts are templates on the KafkaConnector.
struct LineageConnectorRule
{
    std::vector<std::string> classes; ///< globs
    bool source = false; ///< writes topics; else it reads them
    std::string system;
    std::string host;
    std::string name;
};

/// What an Airflow operator reads and writes.
struct LineageOperatorRule
{
    std::vector<std::string> names; ///< globs
    std::string form; ///< "bucket", "runs", "triggers", "waits"
    std::vector<std::string> bucket; ///< names of arguments
    std::vector<std::string> key;
    std::optional<LineageRelation> relation;
    std::string kind; ///< of "runs": what a file of another place holds; "" is not told
};

/// To which layer a node belongs: the first rule that fits.
struct LineageLayerRule
{
    std::string layer;
    std::vector<std::string> words; ///< one of these among the words of its name
    std::vector<std::string> types; ///< "dataset", "store" …
    std::vector<std::string> systems; ///< globs
    std::vector<std::string> kinds; ///< globs on the object's kind
    std::vector<std::string> needs; ///< layers that some node has by its words: all of these
};

struct LineageRules
{
    std::vector<LineageObjectRule> objects;
    std::vector<LineageProductRule> products;
    std::vector<LineageVariableRule> variables;
    LineageDirections directions;
    std::vector<LineageCommandRule> commands;
    std::vector<LineageComponentRule> components;
    std::vector<LineageConnectorRule> connectors;
    std::vector<LineageOperatorRule> operators;
    std::vector<LineageLayerRule> layers;
    const LineageObjectRule* ruleOf(const GroupKind& kind) const; ///< exact names before globs
};

/// Adds the rules of one file. Fails (Invalid, with file and line) on any word that it does not
/// know, and LimitExceeded beyond 1 MiB or 2,000 rules.
Result<void> readLineageRules(std::string_view text, const std::string& file, LineageRules& out);

/// The rules that the program was built with: resources/lineage. A file that fails is left out (a
/// test reads them all). Made once; any thread.
const LineageRules& lineageRules();

} // namespace core

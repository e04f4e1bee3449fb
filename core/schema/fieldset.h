// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <compare>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One step of a path as managedFields writes it: "f:name" a member, "k:{…}" the item of a keyed
/// list, "v:…" the item of a set, "i:0" an item by index.
struct PathElement
{
    enum class Kind
    {
        Field,
        Key,
        Value,
        Index
    } kind = Kind::Field;
    /// Field: the name. Key: canonical JSON of the key fields. Value: canonical JSON of the value.
    /// Index: "".
    std::string text;
    std::size_t index = 0;

    static PathElement field(std::string_view name) { return {Kind::Field, std::string(name), 0}; }
    static PathElement key(const JsonObject& keyFields);
    static PathElement value(const Json& scalar);
    static PathElement at(std::size_t index) { return {Kind::Index, {}, index}; }
    /// Reads "f:spec" and the like; Invalid when it is none of the four forms.
    static Result<PathElement> parse(std::string_view text);

    std::string serialised() const; ///< "f:spec", "k:{\"name\":\"web\"}", "v:1", "i:0"
    /// As the API server prints paths in conflicts: ".spec", "[name=\"web\"]", "[=1]", "[0]".
    std::string display() const;
    bool operator==(const PathElement&) const = default;
    std::strong_ordering operator<=>(const PathElement&) const = default;
};

using FieldPath = std::vector<PathElement>;

/// ".spec.template.spec.containers[name=\"web\"].image", as conflicts print it.
std::string displayText(std::span<const PathElement> path);

/// A set of paths, the content of fieldsV1: a tree in which every node says whether its own path is
/// a member. A value type.
class FieldSet
{
public:
    struct Node;
    static constexpr int kMaximumDepth = 100;

    FieldSet() = default;
    /// Reads fieldsV1. The error names the element that is wrong; no deeper than kMaximumDepth.
    static Result<FieldSet> parse(const Json& fieldsV1);
    /// "." first, then members in order, as the API server writes it.
    Json toJson() const;

    bool isEmpty() const { return m_nodes.empty(); }
    std::size_t size() const; ///< the number of paths

    void insert(std::span<const PathElement> path);
    bool contains(std::span<const PathElement> path) const;
    /// True also for a path below which members are.
    bool containsAnyUnder(std::span<const PathElement> path) const;

    bool containsElement(const PathElement& element) const; ///< contains a path of one element
    /// What lies below an element, with the element taken off; nullptr when nothing does.
    const FieldSet* below(const PathElement& element) const;
    const Node* node(const PathElement& element) const;
    Node& nodeFor(const PathElement& element); ///< made when absent; a node may not stay empty

    FieldSet united(const FieldSet& other) const;
    FieldSet intersected(const FieldSet& other) const;
    FieldSet without(const FieldSet& other) const;
    /// without, and without all that lies below a path of other.
    FieldSet withoutTreesOf(const FieldSet& other) const;
    /// The paths that have no members below them.
    FieldSet leaves() const;

    const std::vector<Node>& nodes() const { return m_nodes; } ///< sorted by element
    /// Every path of the set, parents before children.
    void forEach(const std::function<void(std::span<const PathElement>)>& visit) const;
    std::vector<FieldPath> paths() const;

    bool operator==(const FieldSet& other) const;

private:
    void prune(); ///< drops nodes that are no members and have nothing below
    std::vector<Node> m_nodes;
};

struct FieldSet::Node
{
    PathElement element;
    bool isMember = false;
    FieldSet children;
    bool operator==(const Node&) const = default;
};

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/fieldset.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace core {

namespace {

using Nodes = std::vector<FieldSet::Node>;

Nodes::const_iterator lowerBound(const Nodes& nodes, const PathElement& element)
{
    return std::ranges::lower_bound(nodes, element, {}, &FieldSet::Node::element);
}

/// Walks two sorted lists of nodes together; either argument of visit may be null, never both.
template<class Visit>
void mergeWalk(const Nodes& a, const Nodes& b, Visit visit)
{
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() || right != b.end()) {
        if (right == b.end() || (left != a.end() && left->element < right->element))
            visit(&*left++, nullptr);
        else if (left == a.end() || right->element < left->element)
            visit(nullptr, &*right++);
        else
            visit(&*left++, &*right++);
    }
}

Result<PathElement> malformed(std::string_view text)
{
    return failure(ErrorCode::Invalid,
                   "managedFields has a path element that is not understood: "
                       + std::string(text.substr(0, 80)));
}

Result<FieldSet> parseSet(const Json& fields, int depth, bool& self);

Result<void> parseMember(FieldSet& set, std::string_view name, const Json& content, int depth,
                         bool& self)
{
    if (name == ".") {
        self = true;
        return {};
    }
    Result<PathElement> element = PathElement::parse(name);
    if (!element)
        return std::unexpected(element.error());
    bool member = false;
    Result<FieldSet> children = parseSet(content, depth + 1, member);
    if (!children)
        return std::unexpected(children.error());
    FieldSet::Node& node = set.nodeFor(*element);
    node.isMember = member || children->isEmpty();
    node.children = std::move(*children);
    return {};
}

Result<FieldSet> parseSet(const Json& fields, int depth, bool& self)
{
    if (depth > FieldSet::kMaximumDepth)
        return failure(ErrorCode::LimitExceeded, "managedFields is nested too deep");
    FieldSet set;
    if (fields.is_null())
        return set;
    if (!fields.is_object())
        return failure(ErrorCode::Invalid, "managedFields has a fieldsV1 that is not an object");
    for (const auto& [name, content] : fields.get_object())
        if (Result<void> done = parseMember(set, name, content, depth, self); !done)
            return std::unexpected(done.error());
    return set;
}

JsonObject writeSet(const FieldSet& set)
{
    JsonObject result;
    for (const FieldSet::Node& node : set.nodes()) {
        JsonObject below;
        if (node.isMember && !node.children.isEmpty())
            below.emplace(".", JsonObject());
        for (auto& [name, content] : writeSet(node.children))
            below.emplace(name, std::move(content));
        result.emplace(node.element.serialised(), std::move(below));
    }
    return result;
}

void visitAll(const FieldSet& set, FieldPath& path,
              const std::function<void(std::span<const PathElement>)>& visit)
{
    for (const FieldSet::Node& node : set.nodes()) {
        path.push_back(node.element);
        if (node.isMember)
            visit(path);
        visitAll(node.children, path, visit);
        path.pop_back();
    }
}

} // namespace

PathElement PathElement::key(const JsonObject& keyFields)
{
    return {Kind::Key, toCanonicalText(Json(keyFields)), 0};
}

PathElement PathElement::value(const Json& scalar)
{
    return {Kind::Value, toCanonicalText(scalar), 0};
}

Result<PathElement> PathElement::parse(std::string_view text)
{
    if (text.size() < 2 || text[1] != ':')
        return malformed(text);
    const std::string_view rest = text.substr(2);
    switch (text[0]) {
    case 'f':
        return field(rest);
    case 'k': {
        const Result<Json> fields = parseJson(rest, {.bytes = 64u << 10, .depth = 8});
        if (!fields || !fields->is_object())
            return malformed(text);
        return key(fields->get_object());
    }
    case 'v': {
        const Result<Json> scalar = parseJson(rest, {.bytes = 1u << 20, .depth = 32});
        if (!scalar)
            return malformed(text);
        return value(*scalar);
    }
    case 'i': {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc() || end != rest.data() + rest.size())
            return malformed(text);
        return at(number);
    }
    default:
        return malformed(text);
    }
}

std::string PathElement::serialised() const
{
    switch (kind) {
    case Kind::Field:
        return "f:" + text;
    case Kind::Key:
        return "k:" + text;
    case Kind::Value:
        return "v:" + text;
    case Kind::Index:
        break;
    }
    return "i:" + std::to_string(index);
}

std::string PathElement::display() const
{
    switch (kind) {
    case Kind::Field:
        return "." + text;
    case Kind::Key: {
        const Result<Json> fields = parseJson(text);
        if (!fields || !fields->is_object())
            break;
        std::string result;
        for (const auto& [name, content] : fields->get_object())
            result += (result.empty() ? "" : ",") + std::string(name) + "=" + toText(content);
        return "[" + result + "]";
    }
    case Kind::Value:
        return "[=" + text + "]";
    case Kind::Index:
        return "[" + std::to_string(index) + "]";
    }
    return "[" + text + "]";
}

std::string displayText(std::span<const PathElement> path)
{
    std::string result;
    for (const PathElement& element : path)
        result += element.display();
    return result;
}

Result<FieldSet> FieldSet::parse(const Json& fieldsV1)
{
    bool self = false; // the root's own "." says nothing
    return parseSet(fieldsV1, 0, self);
}

Json FieldSet::toJson() const
{
    return writeSet(*this);
}

std::size_t FieldSet::size() const
{
    std::size_t count = 0;
    for (const Node& node : m_nodes)
        count += (node.isMember ? 1 : 0) + node.children.size();
    return count;
}

void FieldSet::insert(std::span<const PathElement> path)
{
    FieldSet* set = this;
    for (std::size_t i = 0; i < path.size(); ++i) {
        Node& next = set->nodeFor(path[i]);
        if (i + 1 == path.size())
            next.isMember = true;
        set = &next.children;
    }
}

bool FieldSet::contains(std::span<const PathElement> path) const
{
    const FieldSet* set = this;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Node* next = set->node(path[i]);
        if (!next)
            return false;
        if (i + 1 == path.size())
            return next->isMember;
        set = &next->children;
    }
    return false;
}

bool FieldSet::containsAnyUnder(std::span<const PathElement> path) const
{
    const FieldSet* set = this;
    for (const PathElement& element : path) {
        const Node* next = set->node(element);
        if (!next)
            return false;
        set = &next->children;
    }
    return true; // no node stays empty: it is a member, or members are below
}

bool FieldSet::containsElement(const PathElement& element) const
{
    const Node* found = node(element);
    return found && found->isMember;
}

const FieldSet* FieldSet::below(const PathElement& element) const
{
    const Node* found = node(element);
    return found && !found->children.isEmpty() ? &found->children : nullptr;
}

const FieldSet::Node* FieldSet::node(const PathElement& element) const
{
    const auto found = lowerBound(m_nodes, element);
    return found != m_nodes.end() && found->element == element ? &*found : nullptr;
}

FieldSet::Node& FieldSet::nodeFor(const PathElement& element)
{
    if (m_nodes.empty() || m_nodes.back().element < element)
        return m_nodes.emplace_back(Node {element, false, {}});
    const auto found = lowerBound(m_nodes, element);
    if (found != m_nodes.end() && found->element == element)
        return m_nodes[static_cast<std::size_t>(found - m_nodes.begin())];
    return *m_nodes.insert(found, Node {element, false, {}});
}

FieldSet FieldSet::united(const FieldSet& other) const
{
    FieldSet result;
    mergeWalk(m_nodes, other.m_nodes, [&](const Node* a, const Node* b) {
        if (!a || !b) {
            result.m_nodes.push_back(a ? *a : *b);
            return;
        }
        result.m_nodes.push_back(
            {a->element, a->isMember || b->isMember, a->children.united(b->children)});
    });
    return result;
}

FieldSet FieldSet::intersected(const FieldSet& other) const
{
    FieldSet result;
    mergeWalk(m_nodes, other.m_nodes, [&](const Node* a, const Node* b) {
        if (a && b)
            result.m_nodes.push_back(
                {a->element, a->isMember && b->isMember, a->children.intersected(b->children)});
    });
    result.prune();
    return result;
}

FieldSet FieldSet::without(const FieldSet& other) const
{
    FieldSet result;
    mergeWalk(m_nodes, other.m_nodes, [&](const Node* a, const Node* b) {
        if (a && b)
            result.m_nodes.push_back(
                {a->element, a->isMember && !b->isMember, a->children.without(b->children)});
        else if (a)
            result.m_nodes.push_back(*a);
    });
    result.prune();
    return result;
}

FieldSet FieldSet::withoutTreesOf(const FieldSet& other) const
{
    FieldSet result;
    mergeWalk(m_nodes, other.m_nodes, [&](const Node* a, const Node* b) {
        if (a && b && !b->isMember)
            result.m_nodes.push_back(
                {a->element, a->isMember, a->children.withoutTreesOf(b->children)});
        else if (a && !b)
            result.m_nodes.push_back(*a);
    });
    result.prune();
    return result;
}

FieldSet FieldSet::leaves() const
{
    FieldSet result;
    for (const Node& node : m_nodes)
        result.m_nodes.push_back(
            {node.element, node.isMember && node.children.isEmpty(), node.children.leaves()});
    result.prune();
    return result;
}

void FieldSet::forEach(const std::function<void(std::span<const PathElement>)>& visit) const
{
    FieldPath path;
    visitAll(*this, path, visit);
}

std::vector<FieldPath> FieldSet::paths() const
{
    std::vector<FieldPath> result;
    forEach(
        [&](std::span<const PathElement> path) { result.emplace_back(path.begin(), path.end()); });
    return result;
}

bool FieldSet::operator==(const FieldSet& other) const
{
    return m_nodes == other.m_nodes;
}

void FieldSet::prune()
{
    std::erase_if(m_nodes,
                  [](const Node& node) { return !node.isMember && node.children.isEmpty(); });
}

} // namespace core

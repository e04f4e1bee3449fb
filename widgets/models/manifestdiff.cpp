// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/manifestdiff.h"

#include "core/base/strings.h"
#include "widgets/models/yamloutline.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>

namespace widgets {

namespace {

using Kind = DiffRow::Kind;
using Nodes = std::vector<YamlNode>;

/// An entry of either side or both; children are paired.
struct Pair
{
    const YamlNode* live = nullptr;
    const YamlNode* desired = nullptr;
    int liveIndex = -1; ///< among live's siblings
    int desiredIndex = -1;
    std::optional<Kind> kind; ///< set by a change of the engine, for all below
    int change = -1;
    std::vector<Pair> children;
    const YamlNode& any() const { return desired ? *desired : *live; }
};

/// The members that name an item of a list, the first that both sides have.
constexpr std::string_view kItemNames[] = {"name", "mountPath",   "containerPort", "port", "key",
                                           "ip",   "topologyKey", "type",          "kind"};

std::string identityOf(const YamlNode& node, std::string_view nameMember)
{
    if (node.type == YamlNode::Type::Member)
        return "." + bareKey(node.key);
    if (node.children.empty())
        return "=" + node.value;
    if (const YamlNode* name = nameMember.empty() ? nullptr : node.child(nameMember))
        return "[" + std::string(nameMember) + "=" + bareKey(name->value);
    return {};
}

std::string_view nameMemberOf(const Nodes& a, const Nodes& b)
{
    auto everyoneHas = [](const Nodes& nodes, std::string_view member) {
        return std::all_of(nodes.begin(), nodes.end(),
                           [&](const YamlNode& node) { return node.child(member); });
    };
    for (const std::string_view member : kItemNames)
        if (everyoneHas(a, member) && everyoneHas(b, member))
            return member;
    return {};
}

/// Pairs siblings: desired's order, with what only live has behind its neighbour above.
std::vector<Pair> paired(const Nodes& live, const Nodes& desired)
{
    const bool lists = !(desired.empty() ? live : desired).empty()
        && (desired.empty() ? live : desired).front().type == YamlNode::Type::Item;
    const std::string_view member = lists ? nameMemberOf(live, desired) : std::string_view();
    std::unordered_map<std::string, int> places;
    std::map<std::string, int> seen;
    auto identity = [&](const YamlNode& node, int index) {
        const std::string own = identityOf(node, member);
        const std::string base = own.empty() ? "#" + std::to_string(index) : own;
        return base + "~" + std::to_string(seen[base]++);
    };
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < desired.size(); ++i) {
        places.emplace(identity(desired[i], int(i)), int(i));
        pairs.push_back({nullptr, &desired[i], -1, int(i), {}, -1, {}});
    }
    seen.clear();
    std::map<int, std::vector<Pair>> behind; // -1: before everything
    int above = -1;
    for (std::size_t i = 0; i < live.size(); ++i) {
        const auto found = places.find(identity(live[i], int(i)));
        if (found == places.end()) {
            behind[above].push_back({&live[i], nullptr, int(i), -1, {}, -1, {}});
            continue;
        }
        above = found->second;
        pairs[std::size_t(above)].live = &live[i];
        pairs[std::size_t(above)].liveIndex = int(i);
    }
    std::vector<Pair> merged = std::move(behind[-1]);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        merged.push_back(std::move(pairs[i]));
        for (Pair& extra : behind[int(i)])
            merged.push_back(std::move(extra));
    }
    static const Nodes none;
    for (Pair& pair : merged)
        pair.children = paired(pair.live ? pair.live->children : none,
                               pair.desired ? pair.desired->children : none);
    return merged;
}

std::string unescaped(std::string_view token)
{
    std::string text(token);
    for (const auto& [from, to] : {std::pair("~1", '/'), std::pair("~0", '~')})
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; ++at)
            text.replace(at, 2, 1, to);
    return text;
}

/// "[name=web]" filters of a display path, in their order.
std::vector<std::pair<std::string, std::string>> filtersOf(std::string_view display)
{
    std::vector<std::pair<std::string, std::string>> filters;
    for (std::size_t at = 0; (at = display.find('[', at)) != std::string_view::npos; ++at) {
        const std::size_t end = display.find(']', at);
        const std::size_t equal = display.find('=', at);
        if (end == std::string_view::npos)
            break;
        if (equal != std::string_view::npos && equal < end)
            filters.emplace_back(display.substr(at + 1, equal - at - 1),
                                 display.substr(equal + 1, end - equal - 1));
        else
            filters.emplace_back(std::string(), display.substr(at + 1, end - at - 1));
    }
    return filters;
}

bool hasMember(const YamlNode* node, const std::pair<std::string, std::string>& filter)
{
    const YamlNode* member = node ? node->child(filter.first) : nullptr;
    return member && bareKey(member->value) == bareKey(filter.second);
}

Pair* itemAt(std::vector<Pair>& items, std::string_view token,
             const std::pair<std::string, std::string>& filter)
{
    if (!filter.first.empty())
        for (Pair& item : items)
            if (hasMember(item.desired, filter) || hasMember(item.live, filter))
                return &item;
    int index = -1;
    std::from_chars(token.data(), token.data() + token.size(), index);
    for (Pair& item : items)
        if (item.desiredIndex == index)
            return &item;
    for (Pair& item : items)
        if (item.liveIndex == index && !item.desired)
            return &item;
    return nullptr;
}

/// The pair that a change is about, or the deepest one on the way to it.
Pair* find(std::vector<Pair>& roots, const core::FieldChange& change)
{
    const auto filters = filtersOf(change.display);
    std::size_t lists = 0;
    std::vector<Pair>* level = &roots;
    Pair* at = nullptr;
    const auto tokens = core::split(change.path, '/');
    for (std::size_t i = 1; i < tokens.size() && !level->empty(); ++i) {
        Pair* next = nullptr;
        if (level->front().any().type == YamlNode::Type::Item) {
            next = itemAt(*level, tokens[i],
                          lists < filters.size() ? filters[lists]
                                                 : std::pair<std::string, std::string>());
            ++lists;
        } else {
            const std::string key = unescaped(tokens[i]);
            for (Pair& pair : *level)
                if (bareKey(pair.any().key) == key)
                    next = &pair;
        }
        if (!next)
            return nullptr;
        at = next;
        level = &at->children;
    }
    return at;
}

Kind kindOf(core::FieldChange::Type type)
{
    switch (type) {
    case core::FieldChange::Type::Missing:
        return Kind::OnlyDesired;
    case core::FieldChange::Type::Undeclared:
        return Kind::OnlyLive;
    case core::FieldChange::Type::NotOurs:
        return Kind::NotOurs;
    case core::FieldChange::Type::Different:
        break;
    }
    return Kind::Changed;
}

/// Prints pairs as rows. doubt: the engine could not tell, so every difference in text counts.
class Printer
{
public:
    Printer(std::vector<DiffRow>& rows, bool doubt)
        : m_rows(rows)
        , m_doubt(doubt)
    {
    }

    struct Dashes
    {
        bool live = false; ///< the next line of this side opens a list item
        bool desired = false;
    };

    void print(const std::vector<Pair>& pairs, int column, const std::string& path,
               std::optional<Kind> above, Dashes& dashes)
    {
        std::map<std::string, int> seen;
        for (const Pair& pair : pairs) {
            const YamlNode& node = pair.any();
            std::string id = path
                + (node.type == YamlNode::Type::Member ? "/" + bareKey(node.key)
                                                       : "/" + std::to_string(pair.desiredIndex)
                           + "," + std::to_string(pair.liveIndex));
            if (const int again = seen[id]++)
                id += "~" + std::to_string(again);
            const std::optional<Kind> kind = pair.kind ? pair.kind : above;
            if (node.type == YamlNode::Type::Item)
                printItem(pair, column, id, kind);
            else
                printMember(pair, column, id, kind, dashes);
        }
    }

private:
    void printItem(const Pair& pair, int column, const std::string& id, std::optional<Kind> kind)
    {
        Dashes dashes {pair.live != nullptr, pair.desired != nullptr};
        m_pendingChange = pair.change >= 0 ? pair.change : m_pendingChange;
        if (pair.children.empty()) {
            row(pair, column, id, kind, dashes);
            moreRows(pair, column + 2, id, kind);
            return;
        }
        print(pair.children, column + 2, id, kind, dashes);
    }

    void printMember(const Pair& pair, int column, const std::string& id, std::optional<Kind> kind,
                     Dashes& dashes)
    {
        m_pendingChange = pair.change >= 0 ? pair.change : m_pendingChange;
        row(pair, column, id, kind, dashes);
        moreRows(pair, column + 2, id, kind);
        Dashes none;
        const bool list =
            !pair.children.empty() && pair.children.front().any().type == YamlNode::Type::Item;
        print(pair.children, list ? column : column + 2, id, kind, none);
    }

    static std::string line(const YamlNode* node, int column, bool& dash)
    {
        if (!node)
            return {};
        const bool item = node->type == YamlNode::Type::Item;
        const int indent = dash && !item ? column - 2 : column;
        std::string text = std::string(std::size_t(std::max(indent, 0)), ' ');
        if (dash)
            text += "- ";
        dash = false;
        if (item)
            return text + node->value;
        return text + node->key + (node->value.empty() ? ":" : ": " + node->value);
    }

    void row(const Pair& pair, int column, const std::string& id, std::optional<Kind> kind,
             Dashes& dashes)
    {
        DiffRow row;
        row.id = id;
        row.hasLive = pair.live != nullptr;
        row.hasDesired = pair.desired != nullptr;
        row.live = line(pair.live, column, dashes.live);
        row.desired = line(pair.desired, column, dashes.desired);
        finish(std::move(row), kind,
               pair.live && pair.desired && pair.live->value == pair.desired->value);
    }

    void moreRows(const Pair& pair, int column, const std::string& id, std::optional<Kind> kind)
    {
        const std::size_t count = std::max(pair.live ? pair.live->more.size() : 0,
                                           pair.desired ? pair.desired->more.size() : 0);
        const std::string indent(std::size_t(column), ' ');
        for (std::size_t i = 0; i < count; ++i) {
            DiffRow row;
            row.id = id + "|" + std::to_string(i);
            row.hasLive = pair.live && i < pair.live->more.size();
            row.hasDesired = pair.desired && i < pair.desired->more.size();
            if (row.hasLive)
                row.live = indent + pair.live->more[i];
            if (row.hasDesired)
                row.desired = indent + pair.desired->more[i];
            const bool equal = row.hasLive && row.hasDesired && row.live == row.desired;
            finish(std::move(row), kind, equal);
        }
    }

    void finish(DiffRow row, std::optional<Kind> kind, bool equal)
    {
        if (kind == Kind::NotOurs)
            row.kind = Kind::NotOurs;
        else if (equal && row.hasLive && row.hasDesired)
            row.kind = Kind::Same;
        else if (kind || m_doubt)
            row.kind = !row.hasLive ? Kind::OnlyDesired
                : !row.hasDesired   ? Kind::OnlyLive
                                    : Kind::Changed;
        else
            row.kind = row.hasDesired ? Kind::Spelling : Kind::Undeclared;
        if (m_pendingChange >= 0 && row.kind != Kind::Same) {
            row.change = m_pendingChange;
            m_pendingChange = -1;
        }
        m_rows.push_back(std::move(row));
    }

    std::vector<DiffRow>& m_rows;
    bool m_doubt;
    int m_pendingChange = -1;
};

} // namespace

std::vector<DiffRow> diffRows(const core::ManifestsAnswer& manifests)
{
    const Nodes live = outlineYaml(manifests.live);
    const Nodes desired = outlineYaml(manifests.desired);
    std::vector<Pair> pairs = paired(live, desired);
    using Verdict = core::ResourceDiff::Verdict;
    const Verdict verdict = manifests.diff ? manifests.diff->verdict : Verdict::Same;
    if (manifests.diff)
        for (std::size_t i = 0; i < manifests.diff->changes.size(); ++i)
            if (Pair* pair = find(pairs, manifests.diff->changes[i])) {
                pair->kind = kindOf(manifests.diff->changes[i].type);
                pair->change = int(i);
            }
    const bool whole = verdict == Verdict::MissingLive || verdict == Verdict::Extra;
    std::vector<DiffRow> rows;
    Printer::Dashes none;
    Printer(rows, whole || verdict == Verdict::CouldNotTell)
        .print(pairs, 0, {}, std::nullopt, none);
    return rows;
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from the names of datasets: patterns, mirrors, and folders in folders. A dataset
// that comes, goes or changes is held against each pattern; nothing else is looked at again.
#include "core/platform/lineagejoiner.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace core {

using Slot = LineageSlot;

namespace {

constexpr std::size_t kMaxMatches = 20'000;

/// "…/queue/(^jobs)": RabbitMQ looks for its patterns anywhere in a name unless they are anchored.
std::string rabbitPattern(const std::string& text)
{
    for (const std::string_view mark : {"exchange)/(", "/queue/("}) {
        const std::size_t found = text.find(mark);
        if (found == text.npos || !text.ends_with(')'))
            continue;
        const std::size_t at = found + mark.size();
        std::string inner = text.substr(at, text.size() - at - 1);
        const bool begins = inner.starts_with('^');
        const bool ends = inner.ends_with('$') && !inner.ends_with("\\$");
        inner = inner.substr(begins, inner.size() - begins - ends);
        return text.substr(0, at - 1) + (begins ? "" : ".*") + "(" + inner + ")"
            + (ends ? "" : ".*");
    }
    return text;
}

constexpr std::uint8_t kMirrorStep = 1;
constexpr std::uint8_t kPatternStep = 2;
constexpr std::uint8_t kFolderStep = 3;

} // namespace

bool LineageJoiner::MatcherOrder::operator()(const Matcher* a, const Matcher* b) const
{
    if (a->isMirror != b->isMirror)
        return a->isMirror;
    if (a->owner != b->owner)
        return LineagePartOrder()(&a->owner->part, &b->owner->part);
    return a->number < b->number;
}

/// nullptr where the text is no regular expression, or a very large one.
std::shared_ptr<const RE2> LineageJoiner::compiled(const std::string& text)
{
    std::weak_ptr<const RE2>& known = m_compiled[text];
    if (auto found = known.lock())
        return found;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto made = std::make_shared<const RE2>(text, options);
    if (text.size() > 4'096 || !made->ok()) {
        m_compiled.erase(text);
        return nullptr;
    }
    if (m_compiled.size() > 1'000)
        std::erase_if(m_compiled, [&](const auto& each) {
            return each.second.expired() && each.first != text;
        });
    m_compiled[text] = made;
    return made;
}

LineageJoiner::Matcher& LineageJoiner::addMatcher(Joined& joined, std::unique_ptr<Matcher> matcher)
{
    Matcher& out = *matcher;
    out.owner = &joined;
    out.number = joined.number++;
    joined.matchers.push_back(&out);
    m_matchers.emplace(&out, std::move(matcher));
    m_inOrder.insert(&out);
    return out;
}

void LineageJoiner::addPattern(Joined& joined, const LineageFactsPtr& facts,
                               const LineageFlow& flow)
{
    auto matcher = std::make_unique<Matcher>();
    matcher->isFrom = flow.from.type == LineageEnd::Type::Pattern;
    const LineageEnd& end = matcher->isFrom ? flow.from : flow.to;
    const LineageEnd& other = matcher->isFrom ? flow.to : flow.from;
    std::string note;
    if (const auto container = containerAt(end, &joined.part, note))
        matcher->container = container->slot;
    matcher->system = end.system;
    matcher->pattern =
        compiled(end.system == "rabbitmq" ? rabbitPattern(rabbitName(end.name)) : end.name);
    matcher->flow = &flow;
    matcher->proof = {facts, &flow.proof};
    const LineageStep step = std::exchange(m_step, LineageStep::Aside);
    matcher->others = endsOf(other, joined.part.facts->principalSecret, &joined.part);
    m_step = step;
    addMatcher(joined, std::move(matcher));
}

void LineageJoiner::addMirror(Joined& joined, const LineageMirror& mirror)
{
    const Part part = &joined.part;
    std::string note;
    const auto from = store(mirror.fromHost, "kafka", part, note);
    const auto to = store(mirror.toHost, "kafka", part, note);
    const Slot job = self(part);
    const LineageFlow flow {
        .relation = LineageRelation::Uses, .bothWays = true, .proof = mirror.proof};
    const auto proof = std::make_shared<const LineageProof>(mirror.proof);
    if (from)
        addEdge(joined, from->slot, job, flow, proof);
    if (to)
        addEdge(joined, job, to->slot, flow, proof);
    if (!from || !to || from->slot == to->slot) {
        const LineageEnd end {.name = from ? mirror.toHost : mirror.fromHost};
        addEdge(joined, job,
                unresolved(end, part, note.empty() ? "both clusters are the same" : note), flow,
                proof);
        return;
    }
    // Strimzi's pattern may be a comma list.
    std::string pattern = mirror.pattern;
    std::ranges::replace(pattern, ',', '|');
    auto matcher = std::make_unique<Matcher>();
    matcher->isMirror = true;
    matcher->system = "kafka";
    matcher->container = from->slot;
    matcher->pattern = compiled("(" + pattern + ")");
    if (!mirror.exclude.empty())
        matcher->exclude = compiled(mirror.exclude);
    matcher->to = to->slot;
    matcher->address = to->address;
    matcher->prefix = mirror.prefix;
    matcher->proof = std::make_shared<const LineageProof>(LineageProof {
        mirror.proof.evidence, "mirrored by KafkaMirrorMaker2 " + part->facts->key.name,
        mirror.proof.place});
    addMatcher(joined, std::move(matcher));
}

/// Whether a pattern matches a node, as far as it was named before the pattern's turn.
bool LineageJoiner::fits(const Matcher& matcher, Slot slot) const
{
    const LineageNodes::Node& node = m_nodes[slot];
    if (!node.isThere() || !matcher.pattern || node.plain->type != LineageNodeType::Dataset
        || node.plain->system != matcher.system
        || (matcher.container != kNoSlot && node.container != matcher.container))
        return false;
    if (!node.isInFirst()) {
        const auto isEarlier = [&](const void* each) {
            return !matcher.isMirror
                || MatcherOrder()(m_matchers.find(static_cast<const Matcher*>(each))->second.get(),
                                  &matcher);
        };
        if (std::ranges::none_of(node.mirrors, isEarlier))
            return false;
    }
    if (!RE2::FullMatch(node.name, *matcher.pattern))
        return false;
    return !matcher.isMirror
        || (!node.name.starts_with("__")
            && !(matcher.exclude && RE2::FullMatch(node.name, *matcher.exclude)));
}

void LineageJoiner::erase(Matcher& matcher, Matcher::Match& match)
{
    if (matcher.isMirror)
        for (const LineageClaim& claim : match.claims) {
            auto& mirrors = m_nodes.at(claim.slot).mirrors;
            const auto at = std::ranges::find(mirrors, static_cast<const void*>(&matcher));
            if (at != mirrors.end())
                mirrors.erase(at);
        }
    m_nodes.takeBack(match.claims);
    m_edges.takeBack(match.edges, &matcher);
    match = {};
}

void LineageJoiner::draw(Matcher& matcher, Slot slot)
{
    Matcher::Match& match = matcher.matches[slot];
    LineageEdges::Telling telling {.owner = &matcher,
                                   .step = matcher.isMirror ? kMirrorStep : kPatternStep,
                                   .part = &matcher.owner->part,
                                   .number = matcher.number,
                                   .bothWays = false,
                                   .proof = matcher.proof};
    if (matcher.isMirror) {
        const std::string name = matcher.prefix + m_nodes[slot].name;
        const Slot copy = m_nodes.slot("kafka://" + matcher.address, name);
        m_nodes.say(match.claims, copy,
                    {.type = LineageNodeType::Dataset, .system = "kafka", .container = matcher.to},
                    LineageStep::Mirror);
        m_nodes.at(copy).mirrors.push_back(&matcher);
        std::ranges::sort(m_nodes.at(copy).mirrors);
        m_edges.add(match.edges, {slot, copy, LineageRelation::Writes}, telling);
        return;
    }
    telling.bothWays = matcher.flow->bothWays;
    for (const Slot other : matcher.others) {
        m_nodes.claim(
            match.claims,
            {.type = LineageClaim::Type::Named, .step = LineageStep::Pattern, .slot = other});
        const Slot from = matcher.isFrom ? slot : other;
        const Slot to = matcher.isFrom ? other : slot;
        m_edges.add(match.edges, {from, to, matcher.flow->relation}, telling);
    }
}

/// Says of the pattern itself that nothing matches, or too much.
void LineageJoiner::drawWhole(Matcher& matcher)
{
    erase(matcher, matcher.whole);
    const bool isTooMuch = matcher.fitting.size() > kMaxMatches;
    if (matcher.isMirror || (!matcher.fitting.empty() && !isTooMuch)
        || (!isTooMuch && matcher.proof->evidence == LineageEvidence::Permitted))
        return;
    const LineageEnd& end = matcher.isFrom ? matcher.flow->from : matcher.flow->to;
    const ObjectKey& key = matcher.owner->part.facts->key;
    const std::string note = isTooMuch ? "more names match the pattern than can be drawn"
        : matcher.pattern              ? "no known name matches the pattern"
                                       : "the pattern is no regular expression";
    const Slot slot = m_nodes.slot(
        "unresolved://" + key.namespaceName + "/" + key.kind + "/" + key.name, end.name);
    m_nodes.say(matcher.whole.claims, slot,
                {.type = LineageNodeType::Unresolved,
                 .system = end.system,
                 .label = end.name,
                 .note = note,
                 .kubernetesNamespace = key.namespaceName},
                LineageStep::Pattern);
    for (const Slot other : matcher.others) {
        m_nodes.claim(
            matcher.whole.claims,
            {.type = LineageClaim::Type::Named, .step = LineageStep::Pattern, .slot = other});
        m_edges.add(
            matcher.whole.edges,
            {matcher.isFrom ? slot : other, matcher.isFrom ? other : slot, matcher.flow->relation},
            {.owner = &matcher,
             .step = kPatternStep,
             .part = &matcher.owner->part,
             .number = matcher.number,
             .bothWays = matcher.flow->bothWays,
             .proof = matcher.proof});
    }
}

void LineageJoiner::run(Matcher& matcher, const std::vector<Slot>& changed)
{
    const bool wasEmpty = matcher.fitting.empty();
    const bool wasTooMuch = matcher.fitting.size() > kMaxMatches;
    std::vector<Slot> fresh;
    const auto judge = [&](Slot slot) {
        if (fits(matcher, slot)) {
            if (matcher.fitting.insert(slot).second)
                fresh.push_back(slot);
            return;
        }
        matcher.fitting.erase(slot);
        if (const auto known = matcher.matches.find(slot); known != matcher.matches.end()) {
            erase(matcher, known->second);
            matcher.matches.erase(known);
        }
    };
    if (matcher.isNew)
        for (Slot slot = 0; slot < m_nodes.size(); ++slot)
            judge(slot);
    else
        std::ranges::for_each(changed, judge);
    const bool isTooMuch = matcher.fitting.size() > kMaxMatches;
    if (isTooMuch) {
        for (auto& [slot, match] : matcher.matches)
            erase(matcher, match);
        matcher.matches.clear();
    } else {
        if (wasTooMuch)
            fresh.assign(matcher.fitting.begin(), matcher.fitting.end());
        for (const Slot slot : fresh)
            draw(matcher, slot);
    }
    if (matcher.isNew || wasEmpty != matcher.fitting.empty() || wasTooMuch != isTooMuch)
        drawWhole(matcher);
    matcher.isNew = false;
}

/// Mirrors in their order, since one may copy the copies of another; then patterns.
void LineageJoiner::runMatchers(std::vector<Slot> changed)
{
    for (Matcher* matcher : m_inOrder) {
        run(*matcher, changed);
        if (matcher->isMirror)
            settleNodes(changed);
    }
    settleNodes(changed);
    joinFolders(changed);
}

/// A folder of a bucket and one inside it: who changes one changes the other.
void LineageJoiner::joinFolders(const std::vector<Slot>& changed)
{
    std::set<std::pair<std::string, std::string>> toPlace;
    for (const Slot slot : changed) {
        const LineageNodes::Node& node = m_nodes[slot];
        if (!node.namespaceName.starts_with("s3://"))
            continue;
        const bool isFolder = m_faces[slot].isDataset && m_faces[slot].system == "s3";
        auto& folders = m_folders[node.namespaceName];
        const auto known = folders.find(node.name);
        if (isFolder == (known != folders.end()))
            continue;
        if (isFolder) {
            folders[node.name].slot = slot;
            toPlace.emplace(node.namespaceName, node.name);
        } else {
            m_edges.takeBack(known->second.edges, this);
            folders.erase(known);
        }
        // Those below it may lie in it now, or no longer.
        const std::string below = node.name == "/" ? "" : node.name + "/";
        for (auto at = folders.lower_bound(below);
             at != folders.end() && at->first.starts_with(below); ++at)
            toPlace.emplace(node.namespaceName, at->first);
        if (folders.empty())
            m_folders.erase(node.namespaceName);
    }
    for (const auto& [bucket, path] : toPlace)
        placeFolder(bucket, path);
}

/// Into the nearest folder that is a node.
void LineageJoiner::placeFolder(const std::string& bucket, const std::string& path)
{
    const auto known = m_folders.find(bucket);
    if (known == m_folders.end())
        return;
    auto& folders = known->second;
    const auto own = folders.find(path);
    if (own == folders.end())
        return;
    Slot parent = kNoSlot;
    for (std::string above = path; above != "/" && parent == kNoSlot;) {
        const std::size_t slash = above.rfind('/');
        above = slash == above.npos ? "/" : above.substr(0, slash);
        if (const auto found = folders.find(above); found != folders.end() && found != own)
            parent = found->second.slot;
    }
    Folder& folder = own->second;
    if (folder.parent == parent)
        return;
    m_edges.takeBack(folder.edges, this);
    folder.edges.clear();
    folder.parent = parent;
    if (parent != kNoSlot)
        m_edges.add(folder.edges, {parent, folder.slot, LineageRelation::Contains},
                    {.owner = this, .step = kFolderStep, .bothWays = true, .proof = m_folderProof});
}

} // namespace core

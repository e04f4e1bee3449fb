// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/lineagesequence.h"

#include <algorithm>

namespace tests {

using namespace core;

namespace {

std::string textOf(const LineageGraph& graph, std::size_t at)
{
    const LineageEdge& edge = graph.edges()[at];
    std::string out = graph.node(edge.from).id() + (edge.bothWays ? " <-" : " ")
        + std::string(toString(edge.relation)) + (edge.bothWays ? "-> " : " ")
        + graph.node(edge.to).id() + " (";
    for (const LineageProof& proof : edge.proofs)
        out += proof.detail + "; ";
    return out + ")";
}

} // namespace

std::string differenceOf(const LineageGraph& a, const LineageGraph& b)
{
    for (std::size_t i = 0; i < std::min(a.nodes().size(), b.nodes().size()); ++i) {
        const auto at = static_cast<LineageGraph::Index>(i);
        if (a.node(at).id() != b.node(at).id())
            return "node " + a.node(at).id() + " against " + b.node(at).id();
        if (a.node(at) != b.node(at))
            return "what is said of " + a.node(at).id() + ": \"" + a.node(at).note + "\", layer "
                + a.node(at).layer + " against \"" + b.node(at).note + "\", layer "
                + b.node(at).layer;
        if (a.containerOf(at) != b.containerOf(at))
            return "what holds " + a.node(at).id();
        if (a.find(a.node(at).id()) != b.find(a.node(at).id()))
            return "what is found as " + a.node(at).id();
        if (a.node(at).object && a.find(*a.node(at).object) != b.find(*a.node(at).object))
            return "what is found as " + a.node(at).object->text();
    }
    if (a.nodes().size() != b.nodes().size())
        return std::to_string(a.nodes().size()) + " nodes against "
            + std::to_string(b.nodes().size()) + ", the last one is "
            + (a.nodes().size() > b.nodes().size() ? a : b).nodes().back().id();
    for (std::size_t i = 0; i < std::min(a.edges().size(), b.edges().size()); ++i)
        if (a.edges()[i] != b.edges()[i])
            return "edge " + textOf(a, i) + " against " + textOf(b, i);
    if (a.edges().size() != b.edges().size())
        return std::to_string(a.edges().size()) + " edges against "
            + std::to_string(b.edges().size());
    for (LineageGraph::Index i = 0; i < a.nodes().size(); ++i)
        if (!std::ranges::equal(a.outgoing(i), b.outgoing(i))
            || !std::ranges::equal(a.incoming(i), b.incoming(i)))
            return "edges of " + a.node(i).id();
    return {};
}

LineageSequence::LineageSequence(const PlatformInput& input, std::vector<LineageFile> files,
                                 std::uint32_t seed)
    : m_random(seed)
    , m_files(std::move(files))
{
    for (const PlatformObject& object : input.objects) {
        m_states.push_back({object, object, pick(10) != 0});
        if (object.isDeclared())
            collect(object.declared.front().manifest->value());
    }
    for (std::size_t i = 0; i < m_files.size(); ++i)
        m_filesIn.insert(i);
}

/// Words that may stand somewhere else, too.
void LineageSequence::collect(const Json& value)
{
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            collect(member.value());
    else if (const auto* array = value.if_array())
        for (const Json& item : *array)
            collect(item);
    else if (const auto* text = value.if_string(); text && text->size() < 200)
        m_words.emplace_back(text->c_str(), text->size());
}

void LineageSequence::mutate(Json& value, int depth)
{
    if (auto* object = value.if_object(); object && !object->empty()) {
        const auto at = object->begin() + std::ptrdiff_t(pick(object->size()));
        const std::string_view key = at->key();
        const bool isName = depth < 2
            && (key == "apiVersion" || key == "kind" || key == "name" || key == "namespace");
        if (isName)
            return;
        if (pick(8) == 0 && depth > 0)
            object->erase(at);
        else
            mutate(at->value(), depth + 1);
    } else if (auto* array = value.if_array(); array && !array->empty()) {
        const auto at = array->begin() + std::ptrdiff_t(pick(array->size()));
        if (pick(8) == 0)
            array->erase(at);
        else
            mutate(*at, depth + 1);
    } else if (value.is_string() && !m_words.empty()) {
        value = Json(m_words[pick(m_words.size())]);
    }
}

ManifestPtr LineageSequence::mutated(const Manifest& manifest)
{
    Json value = manifest.value();
    for (std::size_t i = 0; i < 6; ++i)
        mutate(value, 0);
    auto out = Manifest::make(value, {{"", manifest.origin("")}});
    return out && (*out)->key() == manifest.key() ? *out : nullptr;
}

/// One change; what it was, in words.
std::string LineageSequence::step()
{
    if (!m_files.empty() && pick(10) == 0) {
        const std::size_t at = pick(m_files.size());
        const bool isIn = m_filesIn.erase(at) != 0;
        if (!isIn)
            m_filesIn.insert(at);
        return (isIn ? "without " : "with ") + m_files[at].path;
    }
    State& state = m_states[pick(m_states.size())];
    PlatformObject& object = state.now;
    const std::string name = object.key.text();
    switch (pick(7)) {
    case 0:
    case 1:
        state.isIn = !state.isIn;
        return (state.isIn ? "with " : "without ") + name;
    case 2:
        object = state.first;
        return name + " as it was";
    case 3:
        if (!object.isDeclared())
            return name + " as it is";
        object.declared.front().application = pick(2) ? "app" : "other";
        object.declared.front().wave = int(pick(3));
        return name + " in other hands";
    case 4: {
        if (object.live) {
            object.live = nullptr;
            return name + " not in the cluster";
        }
        LiveRecord record;
        if (object.isDeclared() && pick(2)) {
            const ManifestPtr text = mutated(*object.declared.front().manifest);
            if (text)
                record.text = std::make_shared<const std::string>(toText(text->value()));
        }
        object.live = std::make_shared<const LiveRecord>(std::move(record));
        return name + " in the cluster";
    }
    default:
        if (object.isDeclared())
            if (const ManifestPtr other = mutated(*object.declared.front().manifest)) {
                object.declared.front().manifest = other;
                return name + " saying something else";
            }
        return name + " as it is";
    }
}

std::string LineageSequence::run(int steps)
{
    for (int i = 0; i < steps; ++i) {
        std::string what;
        for (std::size_t changes = i == 0 ? 0 : 1 + pick(pick(4) == 0 ? 8 : 2); changes > 0;
             --changes)
            what += step() + "; ";
        PlatformInput input;
        input.hasLive = true;
        for (const State& state : m_states)
            if (state.isIn)
                input.objects.push_back(state.now);
        std::vector<LineageFile> files;
        for (const std::size_t at : m_filesIn)
            files.push_back(m_files[at]);
        const auto kept = m_model.update(input, files);
        const auto fresh = makeLineage(input, files);
        if (const std::string difference = differenceOf(*kept, *fresh); !difference.empty())
            return "step " + std::to_string(i) + " (" + what + "): " + difference;
    }
    return {};
}

} // namespace tests

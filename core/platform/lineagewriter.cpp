// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagewriter.h"

#include "core/base/strings.h"
#include "core/object/selector.h"
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagevariables.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

ManifestPtr LineageWriter::configMap(std::string_view name) const
{
    if (name.empty() || !m_lookup)
        return nullptr;
    return m_lookup({"", "ConfigMap", namespaceName(), std::string(name)});
}

void LineageWriter::add(LineageNodeFact node)
{
    if (facts.nodes.size() < kMaxFlows)
        facts.nodes.push_back(std::move(node));
}

void LineageWriter::add(LineageFlow flow)
{
    if (facts.flows.size() < kMaxFlows) {
        if (std::ranges::find(facts.flows, flow) == facts.flows.end())
            facts.flows.push_back(std::move(flow));
    } else if (facts.flows.size() == kMaxFlows) {
        flow.to = unresolved("more", "the object tells more than 20000 flows");
        flow.from = {};
        facts.flows.push_back(std::move(flow));
    }
}

void LineageWriter::reads(LineageEnd data, LineageProof proof)
{
    add(LineageFlow {std::move(data), {}, LineageRelation::Reads, false, std::move(proof)});
}

void LineageWriter::writes(LineageEnd data, LineageProof proof)
{
    add(LineageFlow {{}, std::move(data), LineageRelation::Writes, false, std::move(proof)});
}

void LineageWriter::uses(LineageEnd data, LineageProof proof)
{
    add(LineageFlow {{}, std::move(data), LineageRelation::Uses, true, std::move(proof)});
}

LineageEnd LineageWriter::unresolved(std::string_view what, std::string_view why)
{
    constexpr std::size_t kLongest = 200;
    std::string name(what.substr(0, kLongest));
    if (!isValidUtf8(name))
        name = sanitised(name);
    return {
        .type = LineageEnd::Type::Unresolved, .name = std::move(name), .note = std::string(why)};
}

Place EmbeddedText::line(int number) const
{
    Place out = place;
    // A block scalar's text begins on the line after its indicator; a file of its own at its first.
    if (out.line > 0)
        out.line += number;
    else if (!out.file.empty())
        out.line = number;
    out.column = 0;
    return out;
}

LineageEnd endOfAnnotation(std::string_view text, const std::string& namespaceName)
{
    text = trimmed(text);
    if (auto end = endOfUri(text))
        return *end;
    const std::size_t colon = text.find(':');
    const std::size_t slash = text.find('/');
    if (colon == std::string_view::npos && slash != std::string_view::npos) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kGroups {
            {{"Deployment", "apps"},
             {"StatefulSet", "apps"},
             {"DaemonSet", "apps"},
             {"Integration", "camel.apache.org"},
             {"SparkApplication", "sparkoperator.k8s.io"},
             {"Kafka", "kafka.strimzi.io"}}};
        const std::string_view kind = text.substr(0, slash);
        const auto* group =
            std::ranges::find(kGroups, kind, &std::pair<std::string_view, std::string_view>::first);
        return {.type = LineageEnd::Type::Object,
                .object = {std::string(group == kGroups.end() ? "" : group->second),
                           std::string(kind), namespaceName, std::string(text.substr(slash + 1))}};
    }
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
        return LineageWriter::unresolved(text, "the annotation names no system");
    LineageEnd out {.type = LineageEnd::Type::Data,
                    .system = systemOfScheme(text.substr(0, colon)),
                    .name = std::string(text.substr(colon + 1))};
    if (out.system == "s3")
        out.name = objectStorePath(out.name);
    else if (out.system == "rabbitmq")
        out.name =
            "//" + (out.name.find('/') == std::string::npos ? "queue/" + out.name : out.name);
    else if (out.system == "http")
        out = {.type = LineageEnd::Type::Host, .system = "http", .host = out.name};
    return out;
}

namespace {

/// Plain variables of an object's containers: $(NAME) in an annotation means them.
std::map<std::string, std::string> plainVariables(const Json& object)
{
    std::map<std::string, std::string> out;
    for (const char* pointer : {"/spec/template/spec/containers/*/env/*",
                                "/spec/jobTemplate/spec/template/spec/containers/*/env/*"})
        for (const FoundValue& each : valuesAt(object, pointer))
            if (const Json* value = find(*each.value, "value"); value && value->is_string())
                out.emplace(stringAt(*each.value, {"name"}), value->get_string());
    return out;
}

/// Where what is inferred of a system stands: an annotation that names no host means that one.
std::string hostOf(const LineageFacts& facts, const std::string& system)
{
    for (const LineageFlow& flow : facts.flows)
        for (const LineageEnd* end : {&flow.from, &flow.to})
            if (end->system == system && !end->host.empty()
                && (end->type == LineageEnd::Type::Data || end->type == LineageEnd::Type::Host))
                return end->host;
    return {};
}

} // namespace

void readAnnotations(LineageWriter& out)
{
    constexpr std::string_view kPrefix = "wavewright.dev/";
    const Json* annotations = findPath(out.object, {"metadata", "annotations"});
    if (!annotations || !annotations->is_object())
        return;
    const auto variables = plainVariables(out.object);
    for (const auto& member : annotations->get_object()) {
        const std::string_view key = member.key();
        if (!key.starts_with(kPrefix) || !member.value().is_string())
            continue;
        const std::string_view word = key.substr(kPrefix.size());
        if (word != "produces" && word != "consumes" && word != "uses")
            continue;
        const std::string pointer = "/metadata/annotations/wavewright.dev~1" + std::string(word);
        const LineageProof proof {LineageEvidence::Declared, "annotation " + std::string(key),
                                  out.place(pointer)};
        const std::string text =
            withVariables(std::string_view(member.value().get_string()), variables);
        for (const std::string_view part : split(text, ',')) {
            if (trimmed(part).empty())
                continue;
            LineageEnd end = part.find("$(") != part.npos
                ? LineageWriter::unresolved(trimmed(part), "no container has its variable as text")
                : endOfAnnotation(part, out.namespaceName());
            if (end.type == LineageEnd::Type::Data && end.host.empty())
                end.host = hostOf(out.facts, end.system);
            // What a person says goes before what names of variables let us think.
            std::erase_if(out.facts.flows, [&](const LineageFlow& flow) {
                return flow.proof.evidence == LineageEvidence::Inferred && !end.system.empty()
                    && (flow.from.system == end.system || flow.to.system == end.system);
            });
            const bool isHost = end.type == LineageEnd::Type::Host;
            if (word == "produces" && isHost)
                out.add(LineageFlow {{}, end, LineageRelation::Calls, false, proof});
            else if (word == "produces")
                out.writes(std::move(end), proof);
            else if (word == "consumes")
                out.reads(std::move(end), proof);
            else if (word == "uses")
                out.uses(std::move(end), proof);
        }
    }
}

} // namespace core

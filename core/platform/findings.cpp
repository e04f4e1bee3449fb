// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"

#include "core/platform/findingsmodel.h"
#include "core/platform/findingsparts.h"

#include <algorithm>
#include <memory>
#include <tuple>

namespace core {

std::string_view toString(Severity severity)
{
    switch (severity) {
    case Severity::Note:
        return "note";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "none";
}

std::optional<Severity> severityFromString(std::string_view text)
{
    for (const Severity each : {Severity::Note, Severity::Warning, Severity::Error})
        if (text == toString(each))
            return each;
    return std::nullopt;
}

static void takeAccepted(const ModelObject& object, Finding& out)
{
    const ObjectFacts* facts = object.facts();
    if (!facts)
        return;
    if (const auto found = facts->accepted.find(out.code); found != facts->accepted.end()) {
        out.accepted = true;
        out.reason = found->second;
    }
}

Finding makeFinding(std::string_view code, std::string message, const ModelObject& object,
                    std::string_view pointer)
{
    Finding out;
    out.code = code;
    if (const FindingRule* rule = findingRule(code))
        out.severity = rule->severity;
    out.message = std::move(message);
    out.place = object.object.place(pointer);
    const ObjectKey& key = object.key();
    const bool isNamespace = key.group.empty() && key.kind == "Namespace";
    out.namespaceName = isNamespace ? key.name : key.namespaceName;
    out.key = key;
    takeAccepted(object, out);
    return out;
}

static auto orderOf(const Finding& each)
{
    return std::tie(each.place.file, each.place.line, each.code, each.place.object, each.message);
}

bool isBefore(const Finding& a, const Finding& b)
{
    if (a.accepted != b.accepted)
        return b.accepted;
    if (a.severity != b.severity)
        return a.severity > b.severity;
    if (const auto order = orderOf(a) <=> orderOf(b); order != 0)
        return order < 0;
    // Doubles of one another, of which the first is shown: it has to be the same one each time.
    const auto rest = [](const Finding& each) {
        return std::tie(each.place.column, each.namespaceName, each.key, each.reason);
    };
    if (const auto order = rest(a) <=> rest(b); order != 0)
        return order < 0;
    return std::ranges::lexicographical_compare(
        a.related, b.related, [](const Place& x, const Place& y) { return x.text() < y.text(); });
}

bool isDouble(const Finding& a, const Finding& b)
{
    return orderOf(a) == orderOf(b);
}

void sortFindings(std::vector<Finding>& findings)
{
    std::ranges::sort(findings, isBefore);
    const auto doubles = std::ranges::unique(findings, isDouble);
    findings.erase(doubles.begin(), doubles.end());
}

static std::vector<Finding> foundOf(const PlatformModel& model, const LineageGraphPtr& graph,
                                    const TenantRules& rules)
{
    FindingsModel once(rules);
    std::vector<Finding> out;
    for (const Finding* each : once.update(model, graph))
        out.push_back(*each);
    return out;
}

std::vector<Finding> findings(const PlatformModel& model, const TenantRules& rules)
{
    return foundOf(model, nullptr, rules);
}

std::vector<Finding> findings(const PlatformModel& model, const LineageGraph& graph,
                              const TenantRules& rules)
{
    const std::shared_ptr<const void> nobody;
    return foundOf(model, LineageGraphPtr(nobody, &graph), rules);
}

void findUnclearAcceptsOf(const ModelObject& object, std::vector<Finding>& out)
{
    if (!object.facts())
        return;
    for (const auto& [code, reason] : object.facts()->accepted) {
        const bool isKnown = findingRule(code) != nullptr;
        if (isKnown && !reason.empty())
            continue;
        out.push_back(makeFinding(
            "unclear-accept",
            std::string(kAcceptAnnotation) + " of " + object.key().text()
                + (isKnown ? " gives no reason for \"" : " names no finding: \"") + code + "\".",
            object));
    }
}

} // namespace core

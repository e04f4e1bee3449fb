// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"

#include "core/platform/findingsmodel.h"
#include "core/platform/findingsparts.h"

#include <algorithm>
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

void updateAccepted(Finding& finding, const PlatformModel& model)
{
    const ModelObject* object = finding.key.kind.empty() ? nullptr : model.find(finding.key);
    finding.accepted = false;
    finding.reason.clear();
    if (object)
        takeAccepted(*object, finding);
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
    return orderOf(a) < orderOf(b);
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

std::vector<Finding> findings(const PlatformModel& model, const TenantRules& rules)
{
    FindingsModel once(rules);
    std::vector<Finding> out;
    for (const Finding* each : once.update(model))
        out.push_back(*each);
    return out;
}

void findUnclearAcceptsIn(const PlatformModel& model, const std::string& name,
                          std::vector<Finding>& out)
{
    for (const auto& [key, object] : model.space(name).objects()) {
        if (!object.facts())
            continue;
        for (const auto& [code, reason] : object.facts()->accepted) {
            const bool isKnown = findingRule(code) != nullptr;
            if (isKnown && !reason.empty())
                continue;
            out.push_back(
                makeFinding("unclear-accept",
                            std::string(kAcceptAnnotation) + " of " + key.text()
                                + (isKnown ? " gives no reason for \"" : " names no finding: \"")
                                + code + "\".",
                            object));
        }
    }
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright findings: what is wrong with the platform, for people and for CI.
#include "core/platform/findings.h"

#include "app/commands.h"
#include "app/console.h"
#include "app/lineagefiles.h"
#include "app/livefigures.h"
#include "app/platformsource.h"
#include "app/terraformfiles.h"
#include "core/base/strings.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/livetopics.h"
#include "core/platform/platformjson.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace app {

namespace {

using core::Finding;
using core::Severity;

Colour colourOfSeverity(Severity severity)
{
    return severity == Severity::Error  ? Colour::Red
        : severity == Severity::Warning ? Colour::Yellow
                                        : Colour::Blue;
}

void printFinding(const Finding& finding)
{
    const core::Place& place = finding.place;
    std::string where = place.file.empty() ? place.object : place.file;
    if (!place.file.empty() && place.line > 0)
        where += ":" + std::to_string(place.line);
    const std::string word =
        finding.accepted ? "accepted" : std::string(toString(finding.severity));
    std::printf("%s: %s: %s [%s]\n", core::sanitised(where).c_str(),
                coloured(word, finding.accepted ? Colour::Grey : colourOfSeverity(finding.severity))
                    .c_str(),
                core::sanitised(finding.message).c_str(), finding.code.c_str());
    if (!finding.reason.empty())
        std::printf("    because: %s\n", core::sanitised(finding.reason).c_str());
    for (const core::Place& other : finding.related)
        if (!other.file.empty())
            std::printf("    see %s:%d\n", core::sanitised(other.file).c_str(), other.line);
}

void printText(const std::vector<Finding>& findings)
{
    std::ranges::for_each(findings, printFinding);
    std::set<std::string> codes;
    for (const Finding& each : findings)
        if (!each.accepted)
            codes.insert(each.code);
    for (const std::string& code : codes)
        if (const core::FindingRule* rule = core::findingRule(code))
            std::printf("%s: %s\n", code.c_str(), std::string(rule->help).c_str());
    const auto count = [&](Severity severity) {
        return std::to_string(std::ranges::count_if(findings, [&](const Finding& each) {
            return !each.accepted && each.severity == severity;
        }));
    };
    const auto accepted = std::ranges::count_if(findings, &Finding::accepted);
    std::printf("%s errors, %s warnings, %s notes%s\n", count(Severity::Error).c_str(),
                count(Severity::Warning).c_str(), count(Severity::Note).c_str(),
                accepted > 0 ? (", " + std::to_string(accepted) + " accepted").c_str() : "");
}

void printCodes(Format format)
{
    core::JsonArray list;
    std::vector<std::vector<std::string>> rows {{"CODE", "SEVERITY", "MEANING", "WHAT TO DO"}};
    for (const core::FindingRule& rule : core::findingRules()) {
        list.push_back(core::JsonObject {{"code", rule.code},
                                         {"severity", toString(rule.severity)},
                                         {"title", rule.title},
                                         {"hint", rule.help}});
        rows.push_back({std::string(rule.code), std::string(toString(rule.severity)),
                        std::string(rule.title), std::string(rule.help)});
    }
    if (format == Format::Text)
        std::fputs(table(rows).c_str(), stdout);
    else
        std::puts(core::toText(core::JsonObject {{"codes", std::move(list)}}).c_str());
}

} // namespace

int runFindings(const Options& options)
{
    if (options.list) {
        printCodes(options.format);
        return Yes;
    }
    auto input = loadPlatform(options);
    if (input)
        input = withTerraformLayers(options, *input);
    if (!input) {
        printError(input.error().text());
        return CouldNotTell;
    }
    const bool isWhole = reportGaps(**input);
    const core::PlatformModel model(*input);
    const auto graph = core::makeLineage(**input, lineageFiles(options, **input));
    std::vector<Finding> findings =
        core::findings(model, *graph, {options.tenantLabel, options.tenantPattern});
    const auto telemetry = measure(options, *input, SourcesAsked::Named);
    if (!telemetry) {
        printError(telemetry.error().text());
        return CouldNotTell;
    }
    if (*telemetry) {
        const auto topics = core::topicsOf(*graph, (*input)->hasLive);
        core::findLive(model, core::withTelemetry(topics, **telemetry), **telemetry, findings);
        core::sortFindings(findings);
    }
    if (options.format == Format::Sarif) {
        std::puts(core::sarif(findings).c_str());
    } else if (options.format == Format::Json) {
        core::JsonArray list;
        for (const Finding& finding : findings)
            list.push_back(core::toJson(finding));
        std::puts(core::toText(core::JsonObject {{"findings", std::move(list)}}).c_str());
    } else {
        printText(findings);
    }
    const Severity level = core::severityFromString(options.level).value_or(Severity::Warning);
    const bool isBad = std::ranges::any_of(
        findings, [&](const Finding& each) { return !each.accepted && each.severity >= level; });
    return isBad ? No : isWhole ? Yes : CouldNotTell;
}

} // namespace app

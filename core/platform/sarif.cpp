// SPDX-License-Identifier: GPL-3.0-or-later
// Findings as SARIF 2.1.0, for code hosts and editors.
#include "core/base/digest.h"
#include "core/platform/findings.h"

namespace core {

namespace {

JsonObject text(std::string_view words)
{
    return {{"text", words}};
}

/// A path as the URI reference that SARIF wants: relative, with what is no path character escaped.
std::string uriOf(const std::string& path)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || std::string_view("/-._~").find(c) != std::string_view::npos;
        if (isPlain) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

JsonObject locationOf(const Place& place)
{
    JsonObject location;
    if (!place.file.empty()) {
        JsonObject physical {{"artifactLocation", JsonObject {{"uri", uriOf(place.file)}}}};
        if (place.line > 0) {
            JsonObject region {{"startLine", place.line}};
            if (place.column > 0)
                region["startColumn"] = place.column;
            physical["region"] = std::move(region);
        }
        location["physicalLocation"] = std::move(physical);
    }
    if (!place.object.empty())
        location["logicalLocations"] =
            JsonArray {JsonObject {{"fullyQualifiedName", place.object}, {"kind", "resource"}}};
    return location;
}

JsonObject ruleOf(const FindingRule& rule)
{
    return {{"id", rule.code},
            {"shortDescription", text(rule.title)},
            {"help", text(rule.help)},
            {"defaultConfiguration", JsonObject {{"level", toString(rule.severity)}}}};
}

std::size_t ruleIndex(std::string_view code)
{
    std::size_t i = 0;
    for (const FindingRule& rule : findingRules()) {
        if (rule.code == code)
            return i;
        ++i;
    }
    return i;
}

JsonObject resultOf(const Finding& finding)
{
    JsonObject result {{"ruleId", finding.code},
                       {"level", toString(finding.severity)},
                       {"message", text(finding.message)}};
    if (findingRule(finding.code))
        result["ruleIndex"] = ruleIndex(finding.code);
    result["locations"] = JsonArray {locationOf(finding.place)};
    if (!finding.related.empty()) {
        JsonArray related;
        for (const Place& place : finding.related)
            related.push_back(locationOf(place));
        result["relatedLocations"] = std::move(related);
    }
    // Lines move, objects stay: the same finding is known again in the next run.
    const std::string identity =
        finding.code + "\n" + finding.place.object + "\n" + finding.message;
    result["partialFingerprints"] =
        JsonObject {{"wavewrightFinding/v1", sha256(identity).hex().substr(0, 32)}};
    if (finding.accepted)
        result["suppressions"] = JsonArray {JsonObject {
            {"kind", "inSource"},
            {"justification",
             finding.reason.empty() ? std::string(kAcceptAnnotation) : finding.reason}}};
    return result;
}

} // namespace

std::string sarif(const std::vector<Finding>& findings)
{
    JsonArray rules;
    for (const FindingRule& rule : findingRules())
        rules.push_back(ruleOf(rule));
    JsonArray results;
    for (const Finding& finding : findings)
        results.push_back(resultOf(finding));
    const JsonObject driver {{"name", "Wavewright"},
                             {"version", WAVEWRIGHT_VERSION},
                             {"informationUri", "https://github.com/wavewright/wavewright"},
                             {"rules", std::move(rules)}};
    JsonObject run {{"tool", JsonObject {{"driver", driver}}},
                    {"columnKind", "utf16CodeUnits"},
                    {"results", std::move(results)}};
    const JsonObject log {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                          {"version", "2.1.0"},
                          {"runs", JsonArray {std::move(run)}}};
    return toPrettyText(log);
}

} // namespace core

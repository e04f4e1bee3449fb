// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/lineage.h"
#include "core/platform/platformmodel.h"
#include "core/platform/tenants.h"
#include "core/platform/topics.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

enum class Severity
{
    Note,
    Warning,
    Error
};
std::string_view toString(Severity severity); ///< SARIF's words: "note", "warning", "error"
std::optional<Severity> severityFromString(std::string_view text);

/// A kind of finding. Its code is stable: people write it into annotations and CI.
struct FindingRule
{
    std::string_view code; ///< "not-permitted"
    Severity severity;
    std::string_view title; ///< "A connection that is declared and not permitted"
    std::string_view help; ///< what to do about it, one sentence
};

/// All kinds, those about topics and lineage too; sorted by code.
std::span<const FindingRule> findingRules();
const FindingRule* findingRule(std::string_view code);

/// Something about the platform that somebody should know.
struct Finding
{
    std::string code;
    Severity severity = Severity::Warning;
    std::string message; ///< one sentence; never a secret's value
    Place place; ///< in Git where it is known, and the object
    std::vector<Place> related; ///< the other side: the policy, the second claim
    std::string namespaceName;
    ObjectKey key; ///< of the object that it is about; its kind is "" when it is about none
    /// The object carries wavewright.dev/accept with this code: shown, and not counted.
    bool accepted = false;
    std::string reason; ///< why it is accepted, as the annotation says; "" when it does not
    bool operator==(const Finding&) const = default;
};

/// A finding of a code in the table, about an object; accepted is looked up on it.
Finding makeFinding(std::string_view code, std::string message, const ModelObject& object,
                    std::string_view pointer = "");

/// What the model alone shows. Others (topics, lineage) add theirs and sort again.
/// Whoever asks again after a change keeps a FindingsModel instead.
std::vector<Finding> findings(const PlatformModel& model, const TenantRules& rules = {});
/// With what the lineage of the same input shows of topics, layers and rights.
std::vector<Finding> findings(const PlatformModel& model, const LineageGraph& graph,
                              const TenantRules& rules = {});
/// The worst first, then by file, line, code and text; no doubles.
void sortFindings(std::vector<Finding>& findings);
bool isBefore(const Finding& a, const Finding& b); ///< in that order; total
bool isDouble(const Finding& a, const Finding& b); ///< of what is at one place, the same

/// Valid SARIF 2.1.0, two blanks an indentation.
std::string sarif(const std::vector<Finding>& findings);

/// What applications expect of the layer below and Terraform does not have
/// (core/platform/terraform.h).
void findLayerOne(const PlatformModel& model, const LineageGraph& graph, std::vector<Finding>& out);
/// Of topics with live figures (livetopics.h): data that flows through what nobody declares, and
/// groups that move where nobody is declared to read.
void findLive(const PlatformModel& model, const std::vector<Topic>& topics,
              const Telemetry& telemetry, std::vector<Finding>& out);

} // namespace core

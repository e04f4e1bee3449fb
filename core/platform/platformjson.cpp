// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformjson.h"

namespace core {

namespace {

template<class Values>
JsonArray listOf(const Values& values)
{
    JsonArray out;
    for (const auto& value : values)
        out.push_back(toJson(value));
    return out;
}

JsonArray textsOf(const std::vector<std::string>& texts)
{
    JsonArray out;
    for (const std::string& text : texts)
        out.push_back(Json(text));
    return out;
}

JsonObject resourcesJson(const ResourceList& resources)
{
    JsonObject out;
    for (const auto& [name, quantity] : resources)
        out[name] = quantity.canonical();
    return out;
}

Json healthJson(const std::optional<Health>& health)
{
    return health ? Json(toString(*health)) : Json(nullptr);
}

} // namespace

static Json toJson(const KindCount& count)
{
    return JsonObject {
        {"kind", count.kind.text()}, {"declared", count.declared}, {"live", count.live}};
}

static Json toJson(const WorkloadView& view)
{
    return JsonObject {{"object", toJson(view.key)},
                       {"application", view.application},
                       {"wave", view.wave ? Json(*view.wave) : Json(nullptr)},
                       {"health", healthJson(view.health)},
                       {"pods", view.pods},
                       {"need", resourcesJson(view.need)},
                       {"defaulted", textsOf(view.defaulted)},
                       {"place", toJson(view.place)}};
}

static Json toJson(const NamespaceView::Bringer& bringer)
{
    return JsonObject {{"application", bringer.application},
                       {"firstWave", bringer.firstWave},
                       {"lastWave", bringer.lastWave},
                       {"objects", bringer.objects}};
}

static Json toJson(const CrossReference& reference)
{
    return JsonObject {{"from", toJson(reference.from)},
                       {"toNamespace", reference.toNamespace},
                       {"to", reference.to},
                       {"how", reference.how},
                       {"text", reference.text},
                       {"place", toJson(reference.place)}};
}

static Json toJson(const QuotaLine::Consumer& consumer)
{
    return JsonObject {{"object", toJson(consumer.key)},
                       {"application", consumer.application},
                       {"amount", consumer.amount.canonical()},
                       {"place", toJson(consumer.place)}};
}

static Json toJson(const QuotaLine& line)
{
    return JsonObject {{"resource", line.resource},
                       {"hard", line.hard.canonical()},
                       {"used", line.used ? Json(line.used->canonical()) : Json(nullptr)},
                       {"requested", line.requested.canonical()},
                       {"pending", line.pending.canonical()},
                       {"exceeded", line.isExceeded()},
                       {"consumers", listOf(line.consumers)}};
}

static Json toJson(const IsolationCheck& check)
{
    return JsonObject {{"code", check.code},
                       {"title", check.title},
                       {"ok", check.ok},
                       {"text", check.text},
                       {"place", toJson(check.place)}};
}

static Json toJson(const Grant& grant)
{
    JsonArray rules;
    for (const RbacRule& rule : grant.rules)
        rules.push_back(Json(rule.text()));
    return JsonObject {{"subject", grant.subject.text()}, {"binding", toJson(grant.binding)},
                       {"role", toJson(grant.role)},      {"namespace", grant.namespaceName},
                       {"known", grant.isKnown},          {"rules", std::move(rules)}};
}

static Json toJson(const DirectionVerdict& verdict)
{
    return JsonObject {
        {"reach", toString(verdict.reach)},
        {"isolated", verdict.isIsolated},
        {"policy", verdict.policy.name.empty() ? Json(nullptr) : toJson(verdict.policy)},
        {"rule", verdict.rule >= 0 ? Json(verdict.rule + 1) : Json(nullptr)},
        {"reason", verdict.reason}};
}

static Json toJson(const NetworkVerdict& verdict)
{
    return JsonObject {{"reach", toString(verdict.reach)},
                       {"reason", verdict.reason()},
                       {"egress", toJson(verdict.egress)},
                       {"ingress", toJson(verdict.ingress)}};
}

static Json toJson(const ReachTarget& target)
{
    static constexpr std::string_view types[] = {"service", "tenant", "dns", "world"};
    return JsonObject {
        {"type", types[std::size_t(target.type)]}, {"title", target.title},
        {"namespace", target.namespaceName},       {"services", textsOf(target.services)},
        {"protocol", target.port.protocol},        {"port", target.servicePort}};
}

static Json toJson(const ReachCell& cell)
{
    JsonArray exceptions;
    for (const ReachSource& source : cell.exceptions)
        exceptions.push_back(
            JsonObject {{"source", source.title}, {"verdict", toJson(source.verdict)}});
    JsonObject out = toJson(cell.verdict).as_object();
    out["exceptions"] = std::move(exceptions);
    return out;
}

static Json toJson(const ReachRow& row)
{
    return JsonObject {
        {"tenant", row.tenant}, {"namespace", row.namespaceName}, {"cells", listOf(row.cells)}};
}

Json toJson(const Place& place)
{
    if (place.file.empty())
        return nullptr;
    JsonObject out {{"file", place.file}};
    if (place.line > 0)
        out["line"] = place.line;
    return out;
}

Json toJson(const ObjectKey& key)
{
    return JsonObject {{"group", key.group},
                       {"kind", key.kind},
                       {"namespace", key.namespaceName},
                       {"name", key.name}};
}

Json toJson(const QuotaView& view)
{
    return JsonObject {{"object", toJson(view.key)},
                       {"scopes", textsOf(view.scopes)},
                       {"place", toJson(view.place)},
                       {"lines", listOf(view.lines)}};
}

Json toJson(const LimitView& view)
{
    return JsonObject {{"object", toJson(view.key)},
                       {"defaultRequests", resourcesJson(view.facts.defaultRequests)},
                       {"defaults", resourcesJson(view.facts.defaults)},
                       {"min", resourcesJson(view.facts.min)},
                       {"max", resourcesJson(view.facts.max)},
                       {"place", toJson(view.place)}};
}

Json toJson(const NamespaceView& view)
{
    JsonObject labels;
    for (const auto& [name, value] : view.labels)
        labels[name] = value;
    return JsonObject {{"name", view.name},
                       {"declared", view.declared},
                       {"live", view.live},
                       {"system", view.isSystem},
                       {"labels", std::move(labels)},
                       {"place", toJson(view.place)},
                       {"health", healthJson(view.health)},
                       {"healthMessage", view.healthMessage},
                       {"applications", listOf(view.applications)},
                       {"kinds", listOf(view.kinds)},
                       {"workloads", listOf(view.workloads)},
                       {"pods", view.pods},
                       {"livePods", view.livePods ? Json(*view.livePods) : Json(nullptr)},
                       {"need", resourcesJson(view.need)},
                       {"quotas", listOf(view.quotas)},
                       {"limits", listOf(view.limits)},
                       {"undeclared", listOf(view.undeclared)},
                       {"leftOver", listOf(view.leftOver)},
                       {"references", listOf(view.references)}};
}

Json toJson(const TenantView& view)
{
    return JsonObject {{"name", view.name},
                       {"knownBy", view.knownBy},
                       {"namespaces", textsOf(view.namespaces)},
                       {"owners", textsOf(view.owners)},
                       {"state", view.state},
                       {"place", toJson(view.place)},
                       {"quotas", listOf(view.quotas)},
                       {"need", resourcesJson(view.need)},
                       {"workloads", listOf(view.workloads)},
                       {"checks", listOf(view.checks)},
                       {"grants", listOf(view.grants)},
                       {"total", listOf(view.total)},
                       {"permittedTopics", textsOf(view.permittedTopics)},
                       {"usedTopics", textsOf(view.usedTopics)}};
}

Json toJson(const ReachMatrix& matrix)
{
    return JsonObject {{"targets", listOf(matrix.targets)}, {"rows", listOf(matrix.rows)}};
}

Json toJson(const Finding& finding)
{
    JsonArray related;
    for (const Place& place : finding.related)
        related.push_back(JsonObject {{"object", place.object}, {"place", toJson(place)}});
    const FindingRule* rule = findingRule(finding.code);
    return JsonObject {{"code", finding.code},
                       {"severity", toString(finding.severity)},
                       {"message", finding.message},
                       {"object", finding.place.object},
                       {"namespace", finding.namespaceName},
                       {"place", toJson(finding.place)},
                       {"related", std::move(related)},
                       {"accepted", finding.accepted},
                       {"reason", finding.reason},
                       {"hint", rule ? rule->help : std::string_view()}};
}

std::string_view toString(Reach reach)
{
    static constexpr std::string_view words[] = {"allowed", "denied", "depends"};
    return words[std::size_t(reach)];
}

} // namespace core

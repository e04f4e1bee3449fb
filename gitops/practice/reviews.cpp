// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/reviews.h"

namespace gitops::practice {

namespace {

core::JsonObject userInfo(const Identity& identity)
{
    core::JsonArray groups;
    for (const std::string& group : identity.groups)
        groups.emplace_back(group);
    return {{"username", identity.user}, {"groups", std::move(groups)}};
}

core::JsonObject everyRule()
{
    core::JsonArray all {"*"};
    core::JsonObject resources {{"verbs", all}, {"apiGroups", all}, {"resources", all}};
    core::JsonObject paths {{"verbs", all}, {"nonResourceURLs", all}};
    return {{"resourceRules", core::JsonArray {std::move(resources)}},
            {"nonResourceRules", core::JsonArray {std::move(paths)}},
            {"incomplete", false}};
}

} // namespace

Answer answerReview(const ResourceRequest& request)
{
    auto body = bodyOf(request.http, false);
    if (!body)
        return std::unexpected(std::move(body).error());
    if (!body->is_object())
        return badRequest("the body is no JSON object");
    const std::string& kind = request.type->kind.kind;
    core::JsonObject& review = body->get_object();
    review["apiVersion"] = request.type->kind.apiVersion();
    review["kind"] = kind;
    if (kind == "SelfSubjectReview")
        review["status"] = core::JsonObject {{"userInfo", userInfo(request.identity)}};
    else if (kind == "SelfSubjectRulesReview")
        review["status"] = everyRule();
    else if (kind == "TokenReview")
        review["status"] = core::JsonObject {{"authenticated", false}};
    else
        review["status"] = core::JsonObject {{"allowed", true}};
    return valueResponse(201, *body);
}

} // namespace gitops::practice

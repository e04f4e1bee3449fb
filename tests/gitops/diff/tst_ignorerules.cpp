// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/ignorerules.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using Answer = gitops::IgnoreRules::Answer;
using core::Json;
using core::PathElement;

namespace {

const core::ObjectKey kKey {"apps", "Deployment", "shop", "web"};

Answer ask(const core::IgnoreDifference& rule, const char* pointer, const Json& object = {})
{
    const core::ManagedFields none;
    const auto rules = gitops::IgnoreRules::make(std::span(&rule, 1), kKey, object, object, none);
    return rules ? rules->at(pointer, pointer, {}) : Answer::Compare;
}

} // namespace

class TestIgnoreRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pointersCoverWhatIsBelow()
    {
        const core::IgnoreDifference rule {
            .group = "apps", .kind = "Deployment", .jsonPointers = {"/spec/template"}};
        QVERIFY(ask(rule, "/spec/template") == Answer::Ignore);
        QVERIFY(ask(rule, "/spec/template/spec") == Answer::Ignore);
        QVERIFY(ask(rule, "/spec/templates") == Answer::Compare);
        QVERIFY(ask(rule, "/spec") == Answer::Below);
        QVERIFY(ask(rule, "/metadata") == Answer::Compare);
    }

    void rulesAreForTheirObjects()
    {
        const auto with = [](core::IgnoreDifference rule) {
            rule.jsonPointers = {"/a"};
            return ask(rule, "/a") == Answer::Ignore;
        };
        QVERIFY(with({.group = "*", .kind = "*"}));
        QVERIFY(with({.group = "apps", .kind = "Deploy*", .name = "web", .namespaceName = "shop"}));
        QVERIFY(!with({.group = "", .kind = "Deployment"}));
        QVERIFY(!with({.group = "apps", .kind = "Deployment", .name = "we*"}));
        QVERIFY(!with({.group = "apps", .kind = "Deployment", .namespaceName = "other"}));
    }

    void managersAreTrustedWithTheirFields()
    {
        core::ManagedFieldsEntry entry {.manager = "hpa"};
        const core::FieldPath replicas {PathElement::field("spec"), PathElement::field("replicas")};
        entry.fields.insert(replicas);
        const core::ManagedFields managed({entry});
        const core::IgnoreDifference rule {
            .group = "apps", .kind = "Deployment", .managedFieldsManagers = {"hpa"}};
        const auto rules = gitops::IgnoreRules::make(std::span(&rule, 1), kKey, {}, {}, managed);
        QVERIFY(rules);
        QVERIFY(rules->at("/spec/replicas", "/spec/replicas", replicas) == Answer::Ignore);
        QVERIFY(rules->at("/spec", "/spec", std::span(replicas).first(1)) == Answer::Compare);
        core::FieldPath inside = replicas;
        inside.push_back(PathElement::at(0));
        QVERIFY(rules->at("/spec/replicas/0", "/spec/replicas/0", inside) == Answer::Ignore);
    }

    void refusesWhatItCannotFollow()
    {
        const core::ManagedFields none;
        const core::IgnoreDifference rule {
            .group = "apps", .kind = "Deployment", .jqPathExpressions = {".spec | keys"}};
        const auto rules = gitops::IgnoreRules::make(std::span(&rule, 1), kKey, {}, {}, none);
        QVERIFY(!rules);
        QVERIFY(rules.error().message.find(".spec | keys") != std::string::npos);
    }

    void asksJqForMoreThanAPath()
    {
        const core::ManagedFields none;
        const core::IgnoreDifference rule {.group = "apps",
                                           .kind = "Deployment",
                                           .jqPathExpressions = {".spec.a", ".spec | dance"}};
        std::vector<std::string> asked;
        const gitops::JqSelect jq = [&](const std::string& expression, const Json& object) {
            asked.push_back(expression + " " + core::toText(object));
            return std::vector<std::string> {object.as_object().contains("live") ? "/live"
                                                                                 : "/git"};
        };
        const Json desired = core::JsonObject {{"spec", core::JsonObject {{"a", 1}}}};
        const Json live = core::JsonObject {{"live", true}};
        const auto rules =
            gitops::IgnoreRules::make(std::span(&rule, 1), kKey, desired, live, none, jq);
        QVERIFY(rules);
        QCOMPARE(asked,
                 (std::vector<std::string> {".spec | dance {\"spec\":{\"a\":1}}",
                                            ".spec | dance {\"live\":true}"}));
        QVERIFY(rules->at("/git", "", {}) == Answer::Ignore);
        QVERIFY(rules->at("", "/live", {}) == Answer::Ignore);
        QVERIFY(rules->at("/live", "/git", {}) == Answer::Compare);
    }

    void saysWhatJqSays()
    {
        const core::ManagedFields none;
        const core::IgnoreDifference rule {
            .group = "*", .kind = "*", .jqPathExpressions = {".. | dance"}};
        const gitops::JqSelect jq = [](const std::string&, const Json&) {
            return core::Result<std::vector<std::string>>(
                core::failure(core::ErrorCode::LimitExceeded, "too slow"));
        };
        const auto rules = gitops::IgnoreRules::make(std::span(&rule, 1), kKey, {}, {}, none, jq);
        QVERIFY(!rules && rules.error().message == "too slow");
    }
};

WW_TEST_CLASS(TestIgnoreRules)
#include "tst_ignorerules.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformjson.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

/// What scripts rely on: names of members, in order.
std::string membersOf(const Json& value)
{
    std::string out;
    for (const auto& [name, member] : value.as_object())
        out += (out.empty() ? "" : " ") + std::string(name);
    return out;
}

PlatformInputPtr input()
{
    return PlatformFixture()
        .declare(space("user-a") + deployment("user-a", "web")
                 + object("v1", "ResourceQuota", "user-a", "q", "spec: {hard: {pods: '2'}}\n")
                 + object("rbac.authorization.k8s.io/v1", "RoleBinding", "user-a", "b",
                          "roleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: "
                          "User, name: ann}]\n"))
        .build();
}

} // namespace

class TestPlatformJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namespaces()
    {
        const PlatformModel model(input());
        const Json json = toJson(namespaceView(model, "user-a"));
        QCOMPARE(membersOf(json),
                 std::string("name declared live system labels place health healthMessage "
                             "applications kinds workloads pods livePods need quotas limits "
                             "undeclared leftOver references"));
        QVERIFY(json.at("health").is_null()); // no cluster, no health
        QCOMPARE(integerAt(json.at("place"), {"line"}, 0), std::int64_t(2));
        const Json& line = json.at("quotas").at(0).at("lines").at(0);
        QCOMPARE(membersOf(line),
                 std::string("resource hard used requested pending exceeded consumers"));
        QVERIFY(line.at("used").is_null());
        QCOMPARE(stringAt(line, {"pending"}), std::string_view("1"));
        QCOMPARE(stringAt(line.at("consumers").at(0), {"object", "name"}), std::string_view("web"));
    }
    void tenants()
    {
        const PlatformModel model(input());
        const Json json = toJson(tenantViews(model).at(0));
        QCOMPARE(membersOf(json),
                 std::string("name knownBy namespaces owners state place quotas need workloads "
                             "checks grants total permittedTopics usedTopics"));
        QCOMPARE(stringAt(json.at("grants").at(0), {"subject"}), std::string_view("User ann"));
        QCOMPARE(json.at("checks").as_array().size(), std::size_t(7));
    }
    void reachability()
    {
        const PlatformModel model(input());
        const Json json = toJson(reachMatrix(model, tenantSpaces(model)));
        QCOMPARE(membersOf(json), std::string("targets rows"));
        const Json& cell = json.at("rows").at(0).at("cells").at(0);
        QCOMPARE(membersOf(cell), std::string("reach reason egress ingress exceptions"));
        QCOMPARE(stringAt(cell, {"reach"}), std::string_view("allowed"));
        QCOMPARE(json.at("targets").as_array().size(),
                 json.at("rows").at(0).at("cells").as_array().size());
    }
    void findingsAndPlaces()
    {
        Finding finding;
        finding.code = "cluster-admin";
        finding.place = {.object = "ClusterRoleBinding b"};
        const Json json = toJson(finding);
        QCOMPARE(membersOf(json),
                 std::string("code severity message object namespace place "
                             "related accepted reason hint"));
        QVERIFY(json.at("place").is_null());
        QCOMPARE(toText(toJson(Place {.file = "a.yaml", .line = 3})),
                 std::string("{\"file\":\"a.yaml\",\"line\":3}"));
    }
};

WW_TEST_CLASS(TestPlatformJson)
#include "tst_platformjson.moc"

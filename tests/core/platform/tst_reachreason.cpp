// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/reachreason.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

std::string policy(const char* name, const char* namespaceName, const char* spec)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", namespaceName, name,
                  std::string("spec: ") + spec + "\n");
}

/// From user-a to any pod of user-b.
std::vector<ReachReason> reasonsOf(const std::string& policies)
{
    const PlatformInputPtr input =
        PlatformFixture().declare(space("user-a") + space("user-b") + policies).build();
    const PlatformModel model(input);
    const ReachMatrix matrix = reachMatrix(model, {{"a", {"user-a"}}, {"b", {"user-b"}}});
    for (std::size_t i = 0; i < matrix.targets.size(); ++i)
        if (matrix.targets[i].namespaceName == "user-b")
            return reachReasons(*input, matrix.rows.front().cells[i].verdict);
    return {};
}

} // namespace

class TestReachReason : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutPolicies()
    {
        const auto reasons = reasonsOf("");
        QCOMPARE(reasons.size(), std::size_t(2));
        for (const ReachReason& each : reasons) {
            QVERIFY(each.decides); // both let it pass
            QVERIFY(each.policy.empty());
            QVERIFY(each.place.isEmpty());
            QVERIFY(!each.text.empty());
        }
    }
    void whoDenies_data()
    {
        QTest::addColumn<QString>("policies");
        QTest::addColumn<bool>("outgoing");
        QTest::addColumn<QString>("policy");
        const std::string out =
            policy("out", "user-a", "{podSelector: {}, policyTypes: [Egress], egress: []}");
        const std::string in = policy("in", "user-b", "{podSelector: {}, policyTypes: [Ingress]}");
        QTest::newRow("the source")
            << QString::fromStdString(out) << true << "NetworkPolicy user-a/out";
        QTest::newRow("the target")
            << QString::fromStdString(in) << false << "NetworkPolicy user-b/in";
        QTest::newRow("both") << QString::fromStdString(out + in) << true
                              << "NetworkPolicy user-a/out";
    }
    void whoDenies()
    {
        QFETCH(QString, policies);
        QFETCH(bool, outgoing);
        QFETCH(QString, policy);
        const auto reasons = reasonsOf(policies.toStdString());
        QVERIFY(reasons.front().decides);
        QVERIFY(!reasons.back().decides);
        QCOMPARE(reasons.front().outgoing, outgoing);
        QCOMPARE(QString::fromStdString(reasons.front().policy), policy);
        QCOMPARE(reasons.front().rule, -1);
        QVERIFY(reasons.front().place.line > 0);
    }
    void theRuleThatAllows()
    {
        const auto reasons = reasonsOf(policy("in", "user-b",
                                              "\n  podSelector: {}\n  ingress:\n  - from: "
                                              "[{podSelector: {}}]\n  - from:\n    - "
                                              "namespaceSelector: {}"));
        const auto in = std::ranges::find(reasons, false, &ReachReason::outgoing);
        QVERIFY(in->decides);
        QCOMPARE(in->rule, 1);
        const auto none = std::ranges::find(reasons, true, &ReachReason::outgoing);
        QVERIFY(none->policy.empty());
        const auto first =
            reasonsOf(policy("in", "user-b",
                             "\n  podSelector: {}\n  ingress:\n  - from:\n    - "
                             "namespaceSelector: {}\n  - from: [{podSelector: {}}]"));
        // Each rule has its own line.
        QVERIFY(in->place.line
                > std::ranges::find(first, false, &ReachReason::outgoing)->place.line);
    }
};

WW_TEST_CLASS(TestReachReason)
#include "tst_reachreason.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/reachability.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

std::string service(const char* name, const char* spec)
{
    return object("v1", "Service", "data", name, std::string("spec: ") + spec + "\n");
}

const std::string kDb =
    deployment("data", "db", "          ports: [{name: sql, containerPort: 5432}]\n");

std::string egress(const char* rules)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", "user-a", "out",
                  std::string("spec: {podSelector: {}, policyTypes: [Egress], egress: ") + rules
                      + "}\n");
}

/// What any pod of user-a reaches: "title yes|no|depends".
QStringList reachedOf(const std::string& yaml)
{
    const PlatformModel model(PlatformFixture().declare(yaml).build());
    const ReachMatrix matrix = reachMatrix(model, {{"a", {"user-a"}}});
    QStringList out;
    for (std::size_t i = 0; i < matrix.targets.size(); ++i) {
        const Reach reach = matrix.rows.at(0).cells.at(i).reach;
        out << QString::fromStdString(matrix.targets[i].title) + " "
                + (reach == Reach::Allowed      ? "yes"
                       : reach == Reach::Denied ? "no"
                                                : "depends");
    }
    return out;
}

} // namespace

class TestReachability : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void columns()
    {
        QCOMPARE(
            reachedOf(space("user-a") + kDb
                      + service("db",
                                "{selector: {app: db}, ports: [{port: 80, targetPort: "
                                "sql}]}")
                      + service("db-headless",
                                "{clusterIP: None, selector: {app: db}, ports: "
                                "[{port: 5432}]}")
                      + service("alias", "{type: ExternalName, externalName: x.org}")
                      + service("by-hand", "{ports: [{port: 1}]}")),
            (QStringList {"data/db:80 yes", "any pod of user-a yes", "DNS (kube-system:53/UDP) yes",
                          "the world:80 yes", "the world:443 yes"}));
    }
    void rulesMeanThePodsPort_data()
    {
        QTest::addColumn<QString>("rules");
        QTest::addColumn<QString>("first");
        QTest::newRow("the pods' port") << "[{ports: [{port: 5432}]}]" << "data/db:80 yes";
        QTest::newRow("the Service's own") << "[{ports: [{port: 80}]}]" << "data/db:80 no";
        QTest::newRow("by name") << "[{ports: [{port: sql}]}]" << "data/db:80 yes";
    }
    void rulesMeanThePodsPort()
    {
        QFETCH(QString, rules);
        QFETCH(QString, first);
        const QStringList reached =
            reachedOf(space("user-a") + kDb
                      + service("db", "{selector: {app: db}, ports: [{port: 80, targetPort: sql}]}")
                      + egress(qPrintable(rules)));
        QCOMPARE(reached.at(0), first);
        QCOMPARE(reached.at(1),
                 QString("any pod of user-a ")
                     + (rules.isEmpty() ? "no" : "yes")); // any port of it
    }
    void whatIsDenied()
    {
        QCOMPARE(reachedOf(space("user-a") + egress("[{ports: [{port: 443}]}]")),
                 (QStringList {"any pod of user-a yes", "DNS (kube-system:53/UDP) no",
                               "the world:80 no", "the world:443 yes"}));
    }
    void otherTenants()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(space("user-a") + space("user-b")
                         + object("networking.k8s.io/v1", "NetworkPolicy", "user-b", "in",
                                  "spec: {podSelector: {}, ingress: [{from: [{podSelector: "
                                  "{}}]}]}\n"))
                .build());
        const ReachMatrix matrix = reachMatrix(model, {{"a", {"user-a"}}, {"b", {"user-b"}}});
        const auto cell = [&](std::size_t row, std::size_t column) {
            return matrix.rows.at(row).cells.at(column);
        };
        QCOMPARE(cell(0, 0).reach, Reach::Allowed);
        QCOMPARE(cell(0, 1).reach, Reach::Denied);
        QCOMPARE(cell(0, 1).verdict.ingress.policy.name, std::string("in"));
        QCOMPARE(cell(1, 0).reach, Reach::Allowed);
        QCOMPARE(cell(1, 1).reach, Reach::Allowed);
        QCOMPARE(cell(1, 1).verdict.ingress.rule, 0);
    }
    void workloadsThatDiffer()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(space("user-a") + deployment("user-a", "job") + deployment("user-a", "web")
                         + egress("[]")
                         + object("networking.k8s.io/v1", "NetworkPolicy", "user-a", "job",
                                  "spec: {podSelector: {matchLabels: {app: job}}, policyTypes: "
                                  "[Egress], egress: [{}]}\n"))
                .build());
        const ReachMatrix matrix = reachMatrix(model, {{"a", {"user-a"}}});
        const ReachCell& world = matrix.rows.at(0).cells.back();
        QCOMPARE(world.reach, Reach::Denied);
        QVERIFY(world.isMixed);
        QCOMPARE(world.exceptions.size(), std::size_t(1));
        QCOMPARE(world.exceptions[0].title, std::string("Deployment user-a/job"));
    }
    void onePortOfAService()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(kDb
                         + service("db",
                                   "{selector: {app: db}, ports: [{port: 80, targetPort: "
                                   "sql}]}")
                         + service("none", "{selector: {app: x}, ports: [{port: 80}]}"))
                .build());
        const PodFacts pods;
        const auto verdict = [&](const char* name, int port) {
            const ServiceName target {"data", name};
            return serviceVerdict(model, "shop", pods, target, *model.service(target)->facts, port);
        };
        QVERIFY(verdict("db", 80));
        QVERIFY(!verdict("db", 81));
        QVERIFY(!verdict("none", 80)); // nobody is behind it
    }
    void podPorts()
    {
        const std::vector<ContainerPort> ports {{"sql", 5432, "TCP"}};
        QCOMPARE(podPort({.port = 80}, ports), 80);
        QCOMPARE(podPort({.port = 80, .targetPort = 8080}, ports), 8080);
        QCOMPARE(podPort({.port = 80, .targetName = "sql"}, ports), 5432);
        QCOMPARE(podPort({.port = 80, .targetName = "http"}, ports), 0);
    }
};

WW_TEST_CLASS(TestReachability)
#include "tst_reachability.moc"

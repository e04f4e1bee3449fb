// SPDX-License-Identifier: GPL-3.0-or-later
// Each code has a row that gives it and one that does not.
#include "core/platform/findings.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <set>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

std::string role(const std::string& spaceName, const std::string& name, const std::string& rules)
{
    return object("rbac.authorization.k8s.io/v1", spaceName.empty() ? "ClusterRole" : "Role",
                  spaceName, name, "rules: [" + rules + "]\n");
}

std::string binding(const std::string& spaceName, const std::string& roleRef,
                    const std::string& subject)
{
    const bool isCluster = spaceName.empty();
    return object("rbac.authorization.k8s.io/v1", isCluster ? "ClusterRoleBinding" : "RoleBinding",
                  spaceName, "b",
                  "roleRef: {kind: " + std::string(isCluster ? "ClusterRole" : "Role")
                      + ", name: " + roleRef + "}\nsubjects: [" + subject + "]\n");
}

std::string policy(const std::string& spaceName, const std::string& name, const std::string& spec)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", spaceName, name, "spec: " + spec + "\n");
}

std::string service(const std::string& spaceName, const std::string& name, const std::string& spec)
{
    return object("v1", "Service", spaceName, name, "spec: " + spec + "\n");
}

std::string env(const std::string& name, const std::string& value)
{
    return "          env: [{name: " + name + ", value: '" + value + "'}]\n";
}

/// A tenant with everything that the checklist asks for.
std::string soundTenant()
{
    return space("user-a", "{pod-security.kubernetes.io/enforce: restricted}")
        + policy("user-a", "deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}")
        + object("v1", "ResourceQuota", "user-a", "q", "spec: {hard: {pods: '2'}}\n")
        + object("v1", "LimitRange", "user-a", "l",
                 "spec: {limits: [{type: Container, default: {cpu: '1', memory: 1Gi}}]}\n")
        + object("v1", "ServiceAccount", "user-a", "default",
                 "automountServiceAccountToken: false\n");
}

const std::string kDatabase =
    deployment("data", "db", "          ports: [{name: sql, containerPort: 5432}]\n")
    + service("data", "db", "{selector: {app: db}, ports: [{port: 5432, targetPort: sql}]}");

const std::string kKafka =
    object("kafka.strimzi.io/v1beta2", "Kafka", "kafka", "c",
           "spec: {kafka: {replicas: 1, listeners: [{name: plain, port: 9092, type: internal, tls: "
           "false}, {name: tls, port: 9093, type: internal, tls: true}]}}\n");

const char* const kRobot = "{kind: ServiceAccount, name: robot, namespace: shop}";
const char* const kTenantRobot = "{kind: ServiceAccount, name: robot, namespace: user-a}";
const char* const kAll = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";

std::set<std::string> codesOf(const std::vector<Finding>& found)
{
    std::set<std::string> out;
    for (const Finding& finding : found)
        out.insert(finding.code);
    return out;
}

std::vector<Finding> findingsOf(const std::string& yaml)
{
    const PlatformModel model(PlatformFixture().declare(yaml).build());
    return findings(model);
}

QString listOf(const std::vector<Finding>& found)
{
    QString out;
    for (const Finding& each : found)
        out += QString::fromStdString(each.code + ": " + each.message + "\n");
    return out;
}

} // namespace

class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void codes_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<bool>("found");
        const auto pair = [](const char* code, const std::string& bad, const std::string& good) {
            QTest::addRow("%s", code) << QString(code) << QString::fromStdString(bad) << true;
            QTest::addRow("no %s", code) << QString(code) << QString::fromStdString(good) << false;
        };
        const std::string shop =
            deployment("shop", "web", env("DB_URL", "postgres://db.data:5432"));
        pair("not-permitted",
             kDatabase + shop + policy("shop", "deny", "{podSelector: {}, policyTypes: [Egress]}"),
             kDatabase + shop
                 + policy("shop", "allow",
                          "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: "
                          "sql}]}]}"));
        pair("no-such-port", kDatabase + deployment("shop", "web", env("DB", "db.data:5433")),
             kDatabase + shop);
        pair("missing-service", kDatabase + deployment("shop", "web", env("DB", "x.data.svc:5432")),
             kDatabase + deployment("shop", "web", env("DB", "db.data.svc:5432")));
        pair("selects-nothing",
             deployment("shop", "web")
                 + service("shop", "web", "{selector: {app: wob}, ports: [{port: 80}]}"),
             deployment("shop", "web")
                 + service("shop", "web", "{selector: {app: web}, ports: [{port: 80}]}"));
        const std::string primary =
            service("shop", "web", "{selector: {app: web, role: primary}, ports: [{port: 80}]}");
        QTest::newRow("labels that come when it runs")
            << "selects-nothing" << QString::fromStdString(deployment("shop", "web") + primary)
            << false;
        QTest::newRow("roles of the API server")
            << "missing-role"
            << QString::fromStdString(binding("kube-system", "extension-reader", kRobot)) << false;
        pair("tenant-no-default-deny-ingress", space("user-a"), soundTenant());
        pair("tenant-no-default-deny-egress",
             space("user-a") + policy("user-a", "p", "{podSelector: {}}"), soundTenant());
        pair("tenant-no-quota", space("user-a"), soundTenant());
        pair("tenant-no-limits", space("user-a"), soundTenant());
        pair("tenant-no-pod-security",
             space("user-a", "{pod-security.kubernetes.io/enforce: privileged}"), soundTenant());
        pair("tenant-default-token", space("user-a"), soundTenant());
        pair("default-token", space("user-a") + deployment("user-a", "web"),
             soundTenant() + deployment("user-a", "web"));
        pair("tenant-wide-rights",
             soundTenant() + role("", "r", "{verbs: [get], apiGroups: [''], resources: [pods]}")
                 + binding("", "r", kTenantRobot),
             soundTenant()
                 + role("user-a", "r", "{verbs: [get], apiGroups: [''], resources: [pods]}")
                 + binding("user-a", "r", kTenantRobot));
        pair("cluster-admin", binding("", "cluster-admin", kRobot),
             binding("", "cluster-admin", "{kind: User, name: ann}"));
        pair("missing-role", binding("shop", "r", kRobot),
             role("shop", "r", kAll) + binding("shop", "r", kRobot));
        pair("default-credentials",
             object("v1", "Secret", "shop", "s", "stringData: {password: guest}\n"),
             object("v1", "Secret", "shop", "s", "stringData: {password: x7!kQ, user: guest}\n"));
        pair("privileged",
             deployment("shop", "web", "          securityContext: {privileged: true}\n"),
             deployment("shop", "web", "          securityContext: {privileged: false}\n"));
        pair("quota-exceeded",
             object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {requests.cpu: 500m}}\n")
                 + deployment("shop", "web", "          resources: {requests: {cpu: 600m}}\n"),
             object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {requests.cpu: 600m}}\n")
                 + deployment("shop", "web", "          resources: {requests: {cpu: 600m}}\n"));
        pair("quota-needs-limits",
             object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {limits.cpu: '5'}}\n")
                 + deployment("shop", "web"),
             object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {limits.cpu: '5'}}\n")
                 + object("v1", "LimitRange", "shop", "l",
                          "spec: {limits: [{type: Container, default: {cpu: '1'}}]}\n")
                 + deployment("shop", "web"));
        pair("plain-listener",
             kKafka + space("user-a")
                 + policy("user-a", "p",
                          "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: "
                          "9092}]}]}"),
             kKafka + space("user-a")
                 + policy("user-a", "p",
                          "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: "
                          "9093}]}]}"));
        pair("node-port-twice",
             service("shop", "a", "{type: NodePort, ports: [{port: 80, nodePort: 30001}]}")
                 + service("data", "b", "{type: NodePort, ports: [{port: 80, nodePort: 30001}]}"),
             service("shop", "a", "{type: NodePort, ports: [{port: 80, nodePort: 30001}]}")
                 + service("data", "b", "{type: NodePort, ports: [{port: 80, nodePort: 30002}]}"));
        const std::string secretName = "          envFrom: [{secretRef: {name: s}}]\n";
        pair("missing-reference", deployment("shop", "web", secretName),
             deployment("shop", "web", secretName)
                 + object("v1", "Secret", "shop", "s", "data: {}\n"));
        const auto kind = [](const std::string& name) {
            return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", name,
                          "spec: {group: x.io, names: {kind: Planet}}\n");
        };
        pair("crd-twice", kind("a.x.io") + kind("b.x.io"), kind("a.x.io"));
    }
    void codes()
    {
        QFETCH(QString, code);
        QFETCH(QString, yaml);
        QFETCH(bool, found);
        const std::vector<Finding> all = findingsOf(yaml.toStdString());
        QVERIFY2(codesOf(all).contains(code.toStdString()) == found, qPrintable(listOf(all)));
        for (const Finding& finding : all) {
            QVERIFY2(findingRule(finding.code), finding.code.c_str());
            QVERIFY2(finding.message.ends_with('.'), finding.message.c_str());
            QVERIFY2(finding.message.find("guest") == std::string::npos, finding.message.c_str());
            QVERIFY(!finding.place.object.empty());
        }
    }

    void claims_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("yaml");
        QTest::newRow("object") << "claimed-twice"
                                << QString::fromStdString(object("v1", "ConfigMap", "shop", "c"));
        QTest::newRow("namespace") << "namespace-twice" << QString::fromStdString(space("shop"));
    }
    void claims()
    {
        QFETCH(QString, code);
        QFETCH(QString, yaml);
        for (const char* other : {"one", "two"}) {
            PlatformFixture f;
            f.declare(yaml.toStdString(), "one");
            if (std::string_view(other) == "two")
                f.declare(yaml.toStdString(), other);
            const PlatformModel model(f.build());
            const auto all = findings(model);
            QCOMPARE(codesOf(all).contains(code.toStdString()), std::string_view(other) == "two");
            if (!all.empty())
                QCOMPARE(all.front().related.at(0).file, std::string("two.yaml"));
        }
    }

    void waves_data()
    {
        QTest::addColumn<int>("web"); // wave of the application that waits
        QTest::addColumn<int>("vault"); // of the one that brings the Secret
        QTest::addColumn<int>("secret"); // of the Secret in its application
        QTest::addColumn<bool>("found");
        QTest::newRow("before") << 2 << 1 << 9 << false;
        QTest::newRow("with it") << 1 << 1 << 0 << false;
        QTest::newRow("after") << 1 << 2 << -9 << true;
    }
    void waves()
    {
        QFETCH(int, web);
        QFETCH(int, vault);
        QFETCH(int, secret);
        QFETCH(bool, found);
        PlatformFixture f;
        f.application("root", 0)
            .application("web", web, "root")
            .application("vault", vault, "root");
        f.declare(deployment("shop", "web", "          envFrom: [{secretRef: {name: s}}]\n"),
                  "web");
        f.declare(object("v1", "Secret", "shop", "s",
                         "  annotations: {argocd.argoproj.io/sync-wave: '" + std::to_string(secret)
                             + "'}\n"),
                  "vault");
        const PlatformModel model(f.build());
        QCOMPARE(codesOf(findings(model)).contains("later-wave"), found);
    }
    void wavesWithinAnApplication()
    {
        for (const int wave : {0, 1}) {
            PlatformFixture f;
            f.application("app", 0);
            f.declare(deployment("shop", "web", "          envFrom: [{secretRef: {name: s}}]\n")
                      + object("v1", "Secret", "shop", "s",
                               "  annotations: {argocd.argoproj.io/sync-wave: '"
                                   + std::to_string(wave) + "'}\n"));
            const PlatformModel model(f.build());
            QCOMPARE(codesOf(findings(model)).contains("later-wave"), wave == 1);
        }
    }

    void placesStandInGit()
    {
        const auto all = findingsOf(
            kDatabase + deployment("shop", "web", env("DB_URL", "postgres://db.data:5432"))
            + policy("shop", "deny", "{podSelector: {}, policyTypes: [Egress]}"));
        QCOMPARE(all.size(), std::size_t(1));
        QCOMPARE(all[0].place.file, std::string("app.yaml"));
        QVERIFY(all[0].place.line > 30);
        QCOMPARE(all[0].related.at(0).object, std::string("NetworkPolicy shop/deny"));
        QCOMPARE(QString::fromStdString(all[0].message),
                 QString("DB_URL of Deployment shop/web names Service data/db:5432, which is not "
                         "permitted: out of the source: NetworkPolicy shop/deny isolates it and no "
                         "rule lets it out."));
    }
    void acceptedOnesAreKeptApart()
    {
        const auto all =
            findingsOf(object("v1", "Secret", "shop", "s",
                              "  annotations: {wavewright.dev/accept: "
                              "default-credentials}\nstringData: {password: guest}\n"));
        QCOMPARE(all.size(), std::size_t(2)); // with the one about the missing reason
        QVERIFY(!all[0].accepted && all[1].accepted);
    }
    void accepts_data()
    {
        QTest::addColumn<QString>("annotation");
        QTest::addColumn<QString>("reason"); // "-" when it is not accepted
        QTest::addColumn<bool>("isClear");
        QTest::newRow("code and reason") << "default-credentials: a demo" << "a demo" << true;
        QTest::newRow("several") << "cluster-admin: x; default-credentials: a: demo; "
                                 << "a: demo" << true;
        QTest::newRow("lines") << "cluster-admin: x\\ndefault-credentials: y" << "y" << true;
        QTest::newRow("a reason for two") << "cluster-admin, default-credentials: z" << "z" << true;
        QTest::newRow("no reason") << "default-credentials" << "" << false;
        QTest::newRow("no such code") << "default-credential: a demo" << "-" << false;
        QTest::newRow("nothing") << " ; ," << "-" << true;
    }
    void accepts()
    {
        QFETCH(QString, annotation);
        QFETCH(QString, reason);
        QFETCH(bool, isClear);
        const auto all =
            findingsOf(object("v1", "Secret", "shop", "s",
                              "  annotations: {wavewright.dev/accept: \"" + annotation.toStdString()
                                  + "\"}\nstringData: {password: guest}\n"));
        const auto found =
            std::ranges::find(all, std::string("default-credentials"), &Finding::code);
        QVERIFY(found != all.end());
        QCOMPARE(found->accepted ? QString::fromStdString(found->reason) : QString("-"), reason);
        QCOMPARE(codesOf(all).contains("unclear-accept"), !isClear);
    }
    void whatWasNotReadIsNotMissing()
    {
        PlatformFixture f;
        f.declare(deployment("shop", "web", "          envFrom: [{secretRef: {name: s}}]\n"));
        f.input().gaps.push_back("Application x could not be read.");
        const PlatformModel model(f.build());
        QVERIFY(!codesOf(findings(model)).contains("missing-reference"));
    }
    void severities()
    {
        QCOMPARE(severityFromString("error"), std::optional(Severity::Error));
        QVERIFY(!severityFromString("fatal"));
    }
    void sortedWorstFirst()
    {
        Finding note {.code = "a", .severity = Severity::Note};
        Finding error {.code = "b", .severity = Severity::Error};
        Finding accepted {.code = "c", .severity = Severity::Error, .accepted = true};
        std::vector<Finding> all {accepted, note, error, error};
        sortFindings(all);
        QCOMPARE(all.size(), std::size_t(3));
        QCOMPARE(all[0].code, std::string("b"));
        QCOMPARE(all[2].code, std::string("c"));
    }
};

WW_TEST_CLASS(TestFindings)
#include "tst_findings.moc"

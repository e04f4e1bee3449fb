// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagemodel.h"
#include "core/platform/tenants.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <map>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

QString checksOf(const PlatformModel& model, const char* name)
{
    QStringList out;
    for (const IsolationCheck& check : isolationChecks(model, name))
        if (check.ok)
            out << QString::fromStdString(check.code).remove("tenant-");
    return out.join(' ');
}

} // namespace

class TestTenants : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void howTheyAreKnown_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("tenant"); // "name: namespaces, known by", "" for none
        const auto row = [](const char* name, const std::string& yaml, const char* tenant) {
            QTest::newRow(name) << QString::fromStdString(yaml) << QString(tenant);
        };
        row("by label", space("team-a", "{platform.wavewright.dev/tenant: ann}"),
            "ann: team-a, label platform.wavewright.dev/tenant");
        row("by name", space("user-bob"), "user-bob: user-bob, name pattern user-*");
        row("the label goes before the name",
            space("user-ann", "{platform.wavewright.dev/tenant: ann}"),
            "ann: user-ann, label platform.wavewright.dev/tenant");
        row("several namespaces",
            space("a", "{platform.wavewright.dev/tenant: x}")
                + space("b", "{platform.wavewright.dev/tenant: x}"),
            "x: a b, label platform.wavewright.dev/tenant");
        row("by Capsule's label", space("oil-dev", "{capsule.clastix.io/tenant: oil}"),
            "oil: oil-dev, Capsule Tenant oil");
        row("by Capsule's status",
            object("capsule.clastix.io/v1beta2", "Tenant", "", "oil",
                   "spec: {owners: [{kind: User, name: ann}]}\nstatus: {state: Active, namespaces: "
                   "[oil-dev]}\n")
                + space("oil-dev"),
            "oil: oil-dev, Capsule Tenant oil, User ann");
        row("none", space("kafka"), "");
        row("an empty label", space("kafka", "{platform.wavewright.dev/tenant: ''}"), "");
    }
    void howTheyAreKnown()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, tenant);
        const PlatformModel model(PlatformFixture().declare(yaml.toStdString()).build());
        QStringList found;
        for (const TenantView& view : tenantViews(model)) {
            QStringList spaces;
            for (const std::string& name : view.namespaces)
                spaces << QString::fromStdString(name);
            QString text = QString::fromStdString(view.name) + ": " + spaces.join(' ') + ", "
                + QString::fromStdString(view.knownBy);
            for (const std::string& owner : view.owners)
                text += ", " + QString::fromStdString(owner);
            found << text;
        }
        QCOMPARE(found.join("; "), tenant);
    }
    void totalsOverNamespaces()
    {
        const std::string quota =
            object("v1", "ResourceQuota", "oil-dev", "q",
                   "spec: {hard: {requests.cpu: '4', pods: '9'}}\nstatus: {used: {pods: '2'}}\n")
            + object("v1", "ResourceQuota", "oil-test", "q", "spec: {hard: {requests.cpu: '2'}}\n");
        const std::string spaces = space("oil-dev", "{capsule.clastix.io/tenant: oil}")
            + space("oil-test", "{capsule.clastix.io/tenant: oil}");
        const std::string work =
            deployment("oil-dev", "web", "          resources: {requests: {cpu: 500m}}\n")
            + deployment("oil-test", "web", "          resources: {requests: {cpu: '1'}}\n");
        for (const bool isCapsule : {false, true}) {
            const PlatformModel model(
                PlatformFixture()
                    .declare(
                        quota + spaces + work
                        + (isCapsule
                               ? object("capsule.clastix.io/v1beta2", "Tenant", "", "oil",
                                        "spec: {cordoned: true, resourceQuotas: {scope: Tenant, "
                                        "items: [{hard: {requests.cpu: '5', limits.cpu: "
                                        "'8'}}]}}\n")
                               : std::string()))
                    .build());
            const TenantView view = tenantViews(model).at(0);
            QCOMPARE(view.state, std::string(isCapsule ? "Cordoned" : ""));
            std::map<std::string, std::string> hard;
            for (const QuotaLine& line : view.total)
                hard[line.resource] = line.pending.canonical() + "/" + line.hard.canonical();
            QCOMPARE(hard["requests.cpu"], std::string(isCapsule ? "1500m/5" : "1500m/6"));
            QCOMPARE(hard["pods"], std::string("1/9"));
            QCOMPARE(hard.contains("limits.cpu"), isCapsule);
            const QuotaLine& cpu = view.total.back();
            QCOMPARE(cpu.resource, std::string("requests.cpu"));
            QCOMPARE(cpu.consumers.at(0).key.namespaceName, std::string("oil-test"));
        }
    }
    void topics()
    {
        const auto input =
            PlatformFixture()
                .declare(
                    object("kafka.strimzi.io/v1beta2", "Kafka", "kafka", "c",
                           "spec: {kafka: {listeners: [{name: tls, port: 9093}]}}\n")
                    + space("user-a")
                    + deployment("user-a", "web",
                                 "          env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: "
                                 "'c-kafka-bootstrap.kafka:9093'}, {name: OUTPUT_TOPIC, "
                                 "value: orders}]\n          envFrom: [{secretRef: {name: "
                                 "web}}]\n")
                    + object("kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", "mails",
                             "  labels: {strimzi.io/cluster: c}\nspec: {partitions: 1}\n")
                    + object("kafka.strimzi.io/v1beta2", "KafkaUser", "kafka", "web",
                             "  labels: {strimzi.io/cluster: c}\nspec: {authorization: {acls: "
                             "[{resource: {type: topic, name: mails}, operations: [Read]}]}}\n"))
                .build();
        const PlatformModel model(input);
        std::vector<TenantView> views = tenantViews(model);
        addTopics(views, *makeLineage(*input));
        QCOMPARE(views.size(), std::size_t(1));
        const std::string cluster = "kafka://c-kafka-bootstrap.kafka.svc:9093/";
        QCOMPARE(views[0].usedTopics, (std::vector<std::string> {cluster + "orders"}));
        QCOMPARE(views[0].permittedTopics, (std::vector<std::string> {cluster + "mails"}));
    }
    void rightsElsewhere_data()
    {
        QTest::addColumn<QString>("where"); // namespace of the binding
        QTest::addColumn<bool>("ok");
        QTest::newRow("its own") << "user-a" << true;
        QTest::newRow("another") << "kafka" << false;
        QTest::newRow("everywhere") << "" << false;
    }
    void rightsElsewhere()
    {
        QFETCH(QString, where);
        QFETCH(bool, ok);
        const std::string kind = where.isEmpty() ? "ClusterRoleBinding" : "RoleBinding";
        const PlatformModel model(
            PlatformFixture()
                .declare(space("user-a")
                         + object("rbac.authorization.k8s.io/v1", kind, where.toStdString(), "b",
                                  "roleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: "
                                  "ServiceAccount, name: web, namespace: user-a}]\n"))
                .build());
        const auto checks = tenantViews(model).at(0).checks;
        const auto found =
            std::ranges::find(checks, std::string("tenant-wide-rights"), &IsolationCheck::code);
        QVERIFY(found != checks.end());
        QCOMPARE(found->ok, ok);
    }
    void otherRules()
    {
        const PlatformModel model(
            PlatformFixture().declare(space("team-a", "{squad: red}") + space("user-b")).build());
        QCOMPARE(tenantSpaces(model, {"squad", ""}).size(), std::size_t(1));
        QCOMPARE(tenantSpaces(model, {"", "team-*"}).size(), std::size_t(1));
        QCOMPARE(tenantSpaces(model, {"", ""}).size(), std::size_t(0));
    }
    void checks_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("passed");
        const auto row = [](const char* name, const std::string& yaml, const char* passed) {
            QTest::newRow(name) << QString::fromStdString(yaml) << QString(passed);
        };
        const auto policy = [](const char* spec) {
            return object("networking.k8s.io/v1", "NetworkPolicy", "user-a", "p",
                          std::string("spec: ") + spec + "\n");
        };
        row("nothing", "", "");
        row("both directions", policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"),
            "no-default-deny-ingress no-default-deny-egress");
        row("with rules it still isolates",
            policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"),
            "no-default-deny-ingress");
        row("some pods only", policy("{podSelector: {matchLabels: {a: b}}}"), "");
        row("everything let through", policy("{podSelector: {}, ingress: [{}]}"), "");
        row("a quota", object("v1", "ResourceQuota", "user-a", "q", "spec: {hard: {pods: 1}}\n"),
            "no-quota");
        row("limits",
            object("v1", "LimitRange", "user-a", "l",
                   "spec: {limits: [{type: Container, max: {cpu: '1'}}]}\n"),
            "no-limits");
        row("requests alone are no limits",
            object("v1", "LimitRange", "user-a", "l",
                   "spec: {limits: [{type: Container, defaultRequest: {cpu: '1'}}]}\n"),
            "");
        row("baseline", space("user-a", "{pod-security.kubernetes.io/enforce: baseline}"),
            "no-pod-security");
        row("no token",
            object("v1", "ServiceAccount", "user-a", "default",
                   "automountServiceAccountToken: false\n"),
            "default-token");
        row("a token", object("v1", "ServiceAccount", "user-a", "default"), "");
    }
    void checks()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, passed);
        const PlatformModel model(
            PlatformFixture()
                .declare(object("v1", "ConfigMap", "user-a", "c") + yaml.toStdString())
                .build());
        QCOMPARE(checksOf(model, "user-a"), passed);
        QCOMPARE(isolationChecks(model, "user-a").size(), std::size_t(6));
    }
    void rights()
    {
        const char* const subject = "[{kind: ServiceAccount, name: robot, namespace: user-a}]";
        const auto bind = [&](const char* kind, const char* where, const char* name,
                              const std::string& subjects) {
            return object("rbac.authorization.k8s.io/v1", kind, where, name,
                          "roleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: " + subjects
                              + "\n");
        };
        const PlatformModel model(
            PlatformFixture()
                .declare(space("user-a")
                         + bind("RoleBinding", "user-a", "here", "[{kind: User, name: ann}]")
                         + bind("RoleBinding", "data", "there", subject)
                         + bind("ClusterRoleBinding", "", "platform", "[{kind: User, name: root}]")
                         + bind("ClusterRoleBinding", "", "wide",
                                "[{kind: Group, name: 'system:serviceaccounts:user-a'}]"))
                .build());
        QStringList found;
        const std::vector<TenantView> tenants = tenantViews(model);
        for (const Grant& grant : tenants.at(0).grants)
            found << QString::fromStdString(grant.binding.name + " " + grant.subject.text());
        found.sort();
        QCOMPARE(found,
                 (QStringList {"here User ann", "there ServiceAccount user-a/robot",
                               "wide Group system:serviceaccounts:user-a"}));
    }
    void figures()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(
                    space("user-a")
                    + object("v1", "ResourceQuota", "user-a", "q", "spec: {hard: {pods: '2'}}\n")
                    + deployment("user-a", "web") + deployment("user-a", "api"))
                .build());
        const TenantView view = tenantViews(model).at(0);
        QCOMPARE(view.workloads.size(), std::size_t(2));
        QCOMPARE(view.quotas.at(0).lines.at(0).pending.canonical(), std::string("2"));
        QCOMPARE(needFor(view.need, "pods").canonical(), std::string("2"));
        QCOMPARE(view.passed(), 2); // the quota, and no rights elsewhere
    }
};

WW_TEST_CLASS(TestTenants)
#include "tst_tenants.moc"

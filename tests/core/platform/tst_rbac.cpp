// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/rbac.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <deque>

using namespace core;

namespace {

constexpr const char* kGroup = "rbac.authorization.k8s.io";

Json yaml(const QString& text)
{
    auto value = parseYaml(text.toStdString(), "rbac.yaml");
    if (!value)
        qFatal("%s", value.error().text().c_str());
    return *value;
}

/// Roles and bindings that stay where they are.
class Rbac
{
public:
    Rbac& role(const char* space, const char* name, const QString& rest, const Labels& labels = {})
    {
        m_roles.push_back(RoleFacts::read(yaml(rest)));
        m_labels.push_back(labels);
        index.addRole({kGroup, *space ? "Role" : "ClusterRole", space, name}, m_roles.back(),
                      m_labels.back());
        return *this;
    }
    Rbac& bind(const char* space, const char* name, const char* role, const char* subject)
    {
        m_bindings.push_back(
            BindingFacts::read(yaml(QString("{roleRef: {kind: %1, name: %2}, subjects: [%3]}")
                                        .arg(*role == '#' ? "ClusterRole" : "Role",
                                             *role == '#' ? role + 1 : role, subject)),
                               space));
        index.addBinding({kGroup, *space ? "RoleBinding" : "ClusterRoleBinding", space, name},
                         m_bindings.back());
        return *this;
    }
    RbacIndex index;

private:
    std::deque<RoleFacts> m_roles;
    std::deque<Labels> m_labels;
    std::deque<BindingFacts> m_bindings;
};

const RbacSubject kRobot {"ServiceAccount", "shop", "robot"};
constexpr const char* kRobotSubject = "{kind: ServiceAccount, name: robot, namespace: shop}";

} // namespace

class TestRbac : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("request"); // verb group resource name, "-" for none; or verb url
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* rule, const char* request, bool allowed) {
            QTest::addRow("%s: %s", rule, request) << QString(rule) << QString(request) << allowed;
        };
        const char* const pods = "{verbs: [get], apiGroups: [''], resources: [pods]}";
        row(pods, "get - pods -", true);
        row(pods, "list - pods -", false);
        row(pods, "get apps pods -", false);
        row(pods, "get - services -", false);
        row(pods, "get - pods/log -", false);
        row("{verbs: ['*'], apiGroups: [''], resources: [pods]}", "delete - pods -", true);
        row("{verbs: [get], apiGroups: ['*'], resources: [pods]}", "get apps pods -", true);
        row("{verbs: [get], apiGroups: [''], resources: ['*']}", "get - pods/log -", true);
        row("{verbs: [get], apiGroups: [''], resources: [pods/log]}", "get - pods/log -", true);
        row("{verbs: [get], apiGroups: [''], resources: [pods/log]}", "get - pods -", false);
        row("{verbs: [get], apiGroups: [apps], resources: ['*/scale']}",
            "get apps deployments/scale -", true);
        row("{verbs: [get], apiGroups: [apps], resources: ['*/scale']}",
            "get apps deployments/status -", false);
        row("{verbs: [get], apiGroups: [''], resources: ['pods/*']}", "get - pods/log -", false);
        const char* const named =
            "{verbs: [get, list], apiGroups: [''], resources: [secrets], resourceNames: [a]}";
        row(named, "get - secrets a", true);
        row(named, "get - secrets b", false);
        row(named, "list - secrets -", false);
        row("{verbs: [get], nonResourceURLs: [/healthz, /metrics/*]}", "get /healthz", true);
        row("{verbs: [get], nonResourceURLs: [/healthz, /metrics/*]}", "get /healthz/x", false);
        row("{verbs: [get], nonResourceURLs: [/healthz, /metrics/*]}", "get /metrics/a/b", true);
        row("{verbs: [get], nonResourceURLs: ['*']}", "get /any", true);
        row("{verbs: [get], nonResourceURLs: ['*']}", "get - pods -", false);
        row(pods, "get /healthz", false);
    }
    void rules()
    {
        QFETCH(QString, rule);
        QFETCH(QString, request);
        QFETCH(bool, allowed);
        const QStringList words = request.split(' ');
        const auto word = [&](int i) {
            return words[i] == "-" ? std::string() : words[i].toStdString();
        };
        RbacRequest wanted {.verb = word(0)};
        if (words.size() == 2) {
            wanted.url = word(1);
        } else {
            wanted.group = word(1);
            wanted.resource = word(2);
            wanted.name = word(3);
        }
        const RoleFacts role = RoleFacts::read(yaml("{rules: [" + rule + "]}"));
        QCOMPARE(allows(role.rules.at(0), wanted), allowed);
    }

    void bindings_data()
    {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("scope"); // namespace of the binding, "" for the cluster
        QTest::addColumn<QString>("space"); // of the request
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* name, const char* subject, const char* scope,
                            const char* space, bool allowed) {
            QTest::newRow(name) << QString(subject) << QString(scope) << QString(space) << allowed;
        };
        row("its own name", kRobotSubject, "shop", "shop", true);
        row("another namespace", kRobotSubject, "shop", "data", false);
        row("the whole cluster", kRobotSubject, "", "data", true);
        row("all namespaces at once", kRobotSubject, "shop", "", false);
        row("an account of the binding's namespace", "{kind: ServiceAccount, name: robot}", "shop",
            "shop", true);
        row("that of another", "{kind: ServiceAccount, name: robot, namespace: data}", "shop",
            "shop", false);
        row("all accounts", "{kind: Group, name: 'system:serviceaccounts'}", "shop", "shop", true);
        row("all of its namespace", "{kind: Group, name: 'system:serviceaccounts:shop'}", "data",
            "data", true);
        row("all of another", "{kind: Group, name: 'system:serviceaccounts:data'}", "data", "data",
            false);
        row("everybody", "{kind: Group, name: 'system:authenticated'}", "shop", "shop", true);
        row("nobody known", "{kind: Group, name: 'system:unauthenticated'}", "shop", "shop", false);
        row("as a user", "{kind: User, name: 'system:serviceaccount:shop:robot'}", "shop", "shop",
            true);
        row("a user of that name", "{kind: User, name: robot}", "shop", "shop", false);
    }
    void bindings()
    {
        QFETCH(QString, subject);
        QFETCH(QString, scope);
        QFETCH(QString, space);
        QFETCH(bool, allowed);
        Rbac rbac;
        rbac.role("", "reader", "{rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]}");
        rbac.bind(qPrintable(scope), "b", "#reader", qPrintable(subject));
        const RbacDecision decision =
            rbac.index.decide(kRobot, {"get", "", "pods", space.toStdString(), "", ""});
        QCOMPARE(decision.allowed, allowed);
        QVERIFY(decision.isSure);
        if (allowed)
            QCOMPARE(decision.role.name, std::string("reader"));
    }

    void pathsNeedAClusterBinding()
    {
        const char* const rules = "{rules: [{verbs: [get], nonResourceURLs: [/metrics]}]}";
        for (const char* scope : {"", "shop"}) {
            Rbac rbac;
            rbac.role("", "metrics", rules).bind(scope, "b", "#metrics", kRobotSubject);
            QCOMPARE(rbac.index.decide(kRobot, {.verb = "get", .url = "/metrics"}).allowed,
                     *scope == 0);
        }
    }
    void aggregation()
    {
        Rbac rbac;
        rbac.role("", "sum",
                  "{aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: sum}}]}, rules: "
                  "[{verbs: [delete], apiGroups: [''], resources: [nodes]}]}",
                  {{"to", "sum"}})
            .role("", "pods", "{rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]}",
                  {{"to", "sum"}})
            .role("", "other", "{rules: [{verbs: [get], apiGroups: [''], resources: [secrets]}]}")
            .bind("", "b", "#sum", kRobotSubject);
        const auto may = [&](const char* verb, const char* resource) {
            return rbac.index.decide(kRobot, {verb, "", resource, "shop", "", ""}).allowed;
        };
        QVERIFY(may("get", "pods"));
        QVERIFY(!may("get", "secrets"));
        QVERIFY(!may("delete", "nodes")); // its own rules are replaced by the controller
    }
    void whatIsNotKnownIsSaid()
    {
        Rbac rbac;
        rbac.bind("shop", "b", "#view", kRobotSubject);
        const RbacDecision decision =
            rbac.index.decide(kRobot, {"get", "", "pods", "shop", "", ""});
        QVERIFY(!decision.allowed);
        QVERIFY(!decision.isSure);
        QVERIFY(!rbac.index.grantsOf(kRobot, "shop").front().isKnown);
    }
    void clusterAdminIsKnown()
    {
        Rbac rbac;
        rbac.bind("", "b", "#cluster-admin", kRobotSubject);
        QVERIFY(rbac.index.decide(kRobot, {"delete", "", "nodes", "", "", ""}).allowed);
        QVERIFY(rbac.index.decide(kRobot, {.verb = "get", .url = "/logs"}).allowed);
        QVERIFY(isAllPowerful(rbac.index.grantsOf(kRobot, "").front().rules));
    }
    void grantsTellThroughWhat()
    {
        Rbac rbac;
        rbac.role("shop", "own",
                  "{rules: [{verbs: [get, list], apiGroups: ['', apps], resources: "
                  "[pods]}]}")
            .bind("shop", "mine", "own", kRobotSubject)
            .bind("data", "theirs", "#x", "{kind: Group, name: 'system:serviceaccounts:shop'}");
        const auto grants = rbac.index.grantsOf(kRobot, "");
        QCOMPARE(grants.size(), std::size_t(2));
        QCOMPARE(grants[0].rules.at(0).text(), std::string("get, list pods, pods.apps"));
        QCOMPARE(grants[1].subject.text(), std::string("Group system:serviceaccounts:shop"));
        QCOMPARE(rbac.index.grantsOf(kRobot, "shop").size(), std::size_t(1));
        QCOMPARE(rbac.index.grantsIn("data").size(), std::size_t(1));
        QCOMPARE(rbac.index.subjects().size(), std::size_t(2));
    }
    void aRoleOfAnotherNamespaceIsAnother()
    {
        Rbac rbac;
        rbac.role("data", "own", "{rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]}")
            .bind("shop", "mine", "own", kRobotSubject);
        QVERIFY(!rbac.index.decide(kRobot, {"get", "", "pods", "shop", "", ""}).allowed);
    }
};

WW_TEST_CLASS(TestRbac)
#include "tst_rbac.moc"

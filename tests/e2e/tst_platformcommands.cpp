// SPDX-License-Identifier: GPL-3.0-or-later
// The platform's verbs on real folders, with and without a cluster: exit codes and outputs.
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

namespace {

const char* const kTenant = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: user-ann\n";
const char* const kSecret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: "
                            "user-ann\nstringData:\n  password: guest\n";

QByteArray all(const Finished& finished)
{
    return (finished.output + finished.errors).toUtf8();
}

QJsonObject jsonOf(const Finished& finished)
{
    return QJsonDocument::fromJson(finished.output.toUtf8()).object();
}

/// Without a cluster; the state folder is the workspace's own.
QStringList options(const Workspace& here, const QStringList& more)
{
    return more + QStringList {"--state", here.stateFolder(), "--config", here.path("none.yaml")};
}

} // namespace

class TestPlatformCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findingsForCi()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        here.write("app/b.yaml", kSecret);
        const Finished found = here.wavewright(options(here, {"findings", "--path", "app"}));
        QCOMPARE(found.exitCode, 1);
        QVERIFY2(found.output.contains("app/b.yaml:7: warning:"), all(found));
        QVERIFY(!found.output.contains("guest"));
        const Finished sarif =
            here.wavewright(options(here, {"findings", "--path", "app", "-o", "sarif"}));
        QCOMPARE(jsonOf(sarif)["version"].toString(), QString("2.1.0"));
        QVERIFY(!jsonOf(sarif)["runs"][0]["results"].toArray().isEmpty());
    }
    void levelsDecideTheExitCode()
    {
        Workspace here;
        here.write("app/b.yaml", kSecret);
        const QStringList verb {"findings", "--path", "app", "--tenant-pattern", "none"};
        QCOMPARE(here.wavewright(options(here, verb)).exitCode, 1);
        QCOMPARE(here.wavewright(options(here, verb + QStringList {"--level", "error"})).exitCode,
                 0);
        QCOMPARE(here.wavewright(options(here, verb + QStringList {"--level", "fatal"})).exitCode,
                 64);
    }
    void whatCannotBeReadIsNotSound()
    {
        Workspace here;
        here.write("app/a.yaml", "kind: [\n");
        const Finished found = here.wavewright(options(here, {"findings", "--path", "app"}));
        QCOMPARE(found.exitCode, 2);
        QVERIFY2(found.errors.contains("a.yaml"), all(found));
    }
    void namespacesAndTenants()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        const Finished spaces =
            here.wavewright(options(here, {"namespaces", "--path", "app", "-o", "json"}));
        QVERIFY2(spaces.isOk(), all(spaces));
        QCOMPARE(jsonOf(spaces)["namespaces"][0]["name"].toString(), QString("user-ann"));
        const Finished tenants = here.wavewright(options(here, {"tenants", "--path", "app"}));
        QVERIFY2(tenants.isOk() && tenants.output.contains("user-ann"), all(tenants));
        const Finished none =
            here.wavewright(options(here, {"tenants", "--path", "app", "nobody"}));
        QCOMPARE(none.exitCode, 1);
    }
    /// A server that is not there is said to be away; nothing is called missing for that.
    void aServerThatIsAway()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        QFile file(here.kubeconfig());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("apiVersion: v1\nkind: Config\ncurrent-context: away\ncontexts:\n"
                   "- {name: away, context: {cluster: away, user: away}}\nclusters:\n"
                   "- {name: away, cluster: {server: 'https://127.0.0.1:1'}}\nusers:\n"
                   "- {name: away, user: {token: none}}\n");
        file.close();
        for (const char* verb : {"namespaces", "tenants"}) {
            const Finished away = here.wavewright(
                options(here, {verb, "--path", "app", "--kubeconfig", here.kubeconfig()}));
            QCOMPARE(away.exitCode, 2);
            QVERIFY2(away.errors.contains("no connection to https://127.0.0.1:1"), all(away));
            QVERIFY2(!away.output.contains("Missing"), all(away));
        }
    }
    void kubeconfigThatIsExported()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        const QStringList verb = options(here, {"namespaces", "--path", "app"});
        const Finished alone =
            here.program(QStringLiteral(WAVEWRIGHT_PROGRAM), verb, {"KUBECONFIG=/nowhere/config"});
        QVERIFY2(alone.isOk(), all(alone));
        QVERIFY2(alone.errors.contains("$KUBECONFIG is not looked at here"), all(alone));
        const Finished silent =
            here.program(QStringLiteral(WAVEWRIGHT_PROGRAM), verb, {"KUBECONFIG="});
        QVERIFY2(silent.isOk() && silent.errors.isEmpty(), all(silent));
    }
    void aRevisionThatIsNotThere()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        here.commit("first");
        const Finished found = here.wavewright(options(
            here, {"environments", "--path", "app", "--repo", here.repository(), "HEAD", "nope"}));
        QCOMPARE(found.exitCode, 2);
        QVERIFY2(found.errors.contains("nope"), all(found));
        QVERIFY2(!found.output.contains("not there"), all(found));
    }
    void withACluster()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        here.write("app/b.yaml",
                   "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: "
                   "user-ann\n");
        here.commit("first");
        const QStringList cluster =
            here.practiceOptions() + QStringList {"--path", "app", "--timeout", "60s"};
        const Finished synced = here.wavewright(QStringList {"sync"} + cluster);
        QVERIFY2(synced.isOk(), all(synced));
        const Finished spaces = here.wavewright(QStringList {"namespaces", "-o", "json"} + cluster);
        QVERIFY2(spaces.isOk(), all(spaces));
        bool found = false;
        for (const QJsonValue& space : jsonOf(spaces)["namespaces"].toArray())
            if (space["name"].toString() == "user-ann") {
                found = true;
                QVERIFY(space["live"].toBool() && space["declared"].toBool());
                QVERIFY2(space["undeclared"].toArray().isEmpty(), all(spaces));
            }
        QVERIFY2(found, all(spaces));
    }
    void useOfPods()
    {
        Workspace here;
        here.write("app/a.yaml", kTenant);
        here.write("app/b.yaml",
                   "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: user-ann\n"
                   "spec:\n  containers:\n  - name: c\n    image: i:1\n    resources:\n"
                   "      requests: {cpu: 200m, memory: 64Mi}\n");
        here.commit("first");
        const QStringList cluster =
            here.practiceOptions() + QStringList {"--path", "app", "--timeout", "60s"};
        QVERIFY(here.wavewright(QStringList {"sync"} + cluster).isOk());
        const Finished spaces = here.wavewright(QStringList {"namespaces", "-o", "json"} + cluster);
        QCOMPARE(jsonOf(spaces).value("use")["state"].toString(), QString("known"));
        bool found = false;
        for (const QJsonValue& space : jsonOf(spaces)["namespaces"].toArray())
            if (space["name"].toString() == "user-ann") {
                found = true;
                QCOMPARE(space["use"]["pods"].toInt(), 1);
                QVERIFY2(space["use"]["simulated"].toBool(), all(spaces));
                QVERIFY2(space["use"]["cpu"].toString().endsWith('n'), all(spaces));
            }
        QVERIFY2(found, all(spaces));
        const Finished table = here.wavewright(QStringList {"namespaces"} + cluster);
        QVERIFY2(table.output.contains("(simulated)"), all(table));
    }
    void environments()
    {
        Workspace here;
        const QString map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: "
                            "shop\ndata:\n  a: %1\n";
        here.write("dev/c.yaml", map.arg("one"));
        here.write("prod/c.yaml", map.arg("two"));
        const Finished differ = here.wavewright(options(here, {"environments", "dev", "prod"}));
        QCOMPARE(differ.exitCode, 1);
        QVERIFY2(differ.output.contains("prod/c.yaml:7"), all(differ));
        QCOMPARE(here
                     .wavewright(options(
                         here, {"environments", "dev", "prod", "--intended", "ConfigMap/c:data.*"}))
                     .exitCode,
                 0);
        QCOMPARE(here.wavewright(options(here, {"environments", "dev", "dev"})).exitCode, 0);
        QCOMPARE(here.wavewright(options(here, {"environments", "dev"})).exitCode, 64);
    }
    void environmentsOfRevisions()
    {
        Workspace here;
        const QString map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: "
                            "shop\ndata:\n  a: %1\n";
        for (const char* value : {"one", "two"}) {
            here.write("app/c.yaml", map.arg(value));
            here.commit(value);
            here.git({"tag", QString("v-") + value});
        }
        const Finished differ =
            here.wavewright(options(here,
                                    {"environments", "v-one", "v-two", "--repo", here.repository(),
                                     "--path", "app", "-o", "json"}));
        QCOMPARE(differ.exitCode, 1);
        QCOMPARE(jsonOf(differ)["differences"][0]["field"].toString(), QString("data.a"));
    }
};

WW_TEST_CLASS(TestPlatformCommands)
#include "tst_platformcommands.moc"

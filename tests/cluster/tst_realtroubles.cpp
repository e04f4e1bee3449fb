// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to a real control plane: its programs are killed in the middle of a sync and of a
// watch, its history is compacted, certificates and tokens are changed.
#include "tests/cluster/realcluster.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QScopeGuard>

#include <csignal>
#include <cstdio>

using tests::Finished;
using tests::RealCluster;
using tests::RealWorkspace;
using tests::waitUntil;

namespace {

constexpr int kObjects = 60;

QString configMap(const QString& name, int wave, const QString& value = "a")
{
    return QString("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %1\n  annotations: "
                   "{argocd.argoproj.io/sync-wave: \"%2\"}\ndata: {key: %3}\n")
        .arg(name)
        .arg(wave)
        .arg(value);
}

/// A thousand small waits would be slow: many objects in a few waves.
void writeMany(RealWorkspace& here, const QString& value)
{
    for (int i = 0; i < kObjects; ++i)
        here.write(QString("many/%1.yaml").arg(i),
                   configMap(QString("map-%1").arg(i), i / 10, value));
    here.commit("Many: " + value);
}

int countOf(const RealWorkspace& here, const QString& value)
{
    return int(here.kubectl({"-n", here.space(), "get", "configmaps", "-o",
                             "jsonpath={.items[?(@.data.key==\"" + value + "\")].metadata.name}"})
                   .output.split(' ', Qt::SkipEmptyParts)
                   .size());
}

} // namespace

class TestRealTroubles : public QObject
{
    Q_OBJECT

    std::unique_ptr<RealCluster> m_cluster;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = RealCluster::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        if (!RealCluster::isOwn())
            QSKIP("programs are killed: only on a control plane of the test's own");
        m_cluster = std::make_unique<RealCluster>();
        QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void killedDuringASync_data();
    void killedDuringASync();
    void killedDuringAWatch_data();
    void killedDuringAWatch();
    void historyIsGone();
    void otherClientCertificate();
    void otherToken();
    void otherServingCertificate();
};

void TestRealTroubles::killedDuringASync_data()
{
    QTest::addColumn<QString>("part");
    QTest::newRow("API server") << "kube-apiserver";
    QTest::newRow("etcd") << "etcd";
}

void TestRealTroubles::killedDuringASync()
{
    QFETCH(QString, part);
    RealWorkspace here(*m_cluster);
    writeMany(here, "first");
    here.writeApplication("many");
    here.start(QStringList {"run"} + here.options("many"));
    QVERIFY(here.settles("many"));
    QCOMPARE(countOf(here, "first"), kObjects);
    writeMany(here, "second");
    QVERIFY(waitUntil([&] { return countOf(here, "second") > 0; }));
    QVERIFY(m_cluster->command("kill " + part));
    QTest::qWait(1500); // as long as a restart takes somebody
    QVERIFY(m_cluster->command("resume " + part, 120'000));
    QVERIFY2(waitUntil([&] { return countOf(here, "second") == kObjects; }, 90'000),
             qPrintable(here.outputSoFar().right(4000)));
    QVERIFY(here.settles("many"));
}

void TestRealTroubles::killedDuringAWatch_data()
{
    killedDuringASync_data();
}

void TestRealTroubles::killedDuringAWatch()
{
    QFETCH(QString, part);
    RealWorkspace here(*m_cluster);
    here.write("few/a.yaml", configMap("map", 0));
    here.commit("One");
    here.writeApplication("few");
    here.start(QStringList {"run"} + here.options("few"));
    QVERIFY(here.settles("few"));
    QVERIFY(m_cluster->command("kill " + part));
    // While nothing is known, nothing is told as known: not Synced for ever.
    QVERIFY(m_cluster->command("resume " + part, 120'000));
    QVERIFY(waitUntil([&] {
        return here
            .kubectl({"-n", here.space(), "patch", "configmap", "map", "-p",
                      "{\"data\":{\"key\":\"other\"}}"})
            .isOk();
    }));
    QVERIFY2(waitUntil(
                 [&] {
                     return here.field(here.space(), "configmap/map", "{.data.key}")
                         == QString("a");
                 },
                 60'000),
             qPrintable(here.outputSoFar().right(4000)));
    QVERIFY(here.settles("few"));
}

void TestRealTroubles::historyIsGone()
{
    RealWorkspace here(*m_cluster);
    here.write("few/a.yaml", configMap("map", 0));
    here.write("few/b.yaml", configMap("gone", 0));
    here.commit("Two");
    here.writeApplication("few");
    QProcess& wavewright = here.start(QStringList {"run"} + here.options("few"));
    QVERIFY(here.settles("few"));
    // Wavewright sleeps, as a laptop does, while much happens and the history of it is dropped.
    const auto pid = pid_t(wavewright.processId());
    QVERIFY(::kill(pid, SIGSTOP) == 0);
    QVERIFY(m_cluster->command("kill kube-apiserver"));
    QVERIFY(m_cluster->command("resume kube-apiserver", 120'000));
    QVERIFY(here.kubectl({"-n", here.space(), "delete", "configmap", "gone"}).isOk());
    for (int i = 0; i < 20; ++i)
        QVERIFY(here.kubectl({"-n", here.space(), "patch", "configmap", "map", "-p",
                              QString("{\"data\":{\"key\":\"n%1\"}}").arg(i)})
                    .isOk());
    QVERIFY(m_cluster->command("compact"));
    QVERIFY(m_cluster->command("kill kube-apiserver"));
    QVERIFY(m_cluster->command("resume kube-apiserver", 120'000));
    QVERIFY(::kill(pid, SIGCONT) == 0);
    QVERIFY2(waitUntil(
                 [&] {
                     return here.field(here.space(), "configmap/map", "{.data.key}") == QString("a")
                         && here.field(here.space(), "configmap/gone", "{.data.key}")
                         == QString("a");
                 },
                 120'000),
             qPrintable(here.outputSoFar().right(4000)));
    QVERIFY(here.settles("few"));
}

void TestRealTroubles::otherClientCertificate()
{
    RealWorkspace here(*m_cluster);
    const QString users = m_cluster->folder() + "/cluster/users/";
    QVERIFY(m_cluster->command("user first system:masters"));
    // The kubeconfig names files, as kubelets and cert-manager leave them.
    for (const char* end : {".crt", ".key"})
        QVERIFY(QFile::copy(users + "first" + end, here.path(QString("client") + end)));
    QVERIFY(here.kubectl({"config", "set-credentials", "filed", "--client-certificate",
                          here.path("client.crt"), "--client-key", here.path("client.key")})
                .isOk());
    QVERIFY(here.kubectl({"config", "set-context", "test", "--user", "filed"}).isOk());
    here.write("few/a.yaml", configMap("map", 0));
    here.commit("One");
    here.writeApplication("few");
    here.start(QStringList {"run"} + here.options("few"));
    QVERIFY(here.settles("few"));
    // Another person's certificate, who may not write: from now on its rights count.
    QVERIFY(m_cluster->command("user second viewers"));
    QVERIFY(here.kubectl({"create", "clusterrolebinding", here.space(), "--clusterrole", "view",
                          "--user", "second"})
                .isOk());
    const auto tidy = qScopeGuard([&] {
        here.kubectl({"--kubeconfig", m_cluster->kubeconfig(), "delete", "clusterrolebinding",
                      here.space()});
    });
    const auto use = [&](const QString& name) {
        for (const char* end : {".key", ".crt"}) {
            const QString to = here.path(QString("client") + end);
            QFile::remove(to + ".new");
            if (!QFile::copy(users + name + end, to + ".new"))
                return false;
            if (::rename(qPrintable(to + ".new"), qPrintable(to)) != 0)
                return false;
        }
        return true;
    };
    QVERIFY(use("second"));
    const auto admin = [&](const QStringList& arguments) {
        return here.kubectl(
            QStringList {"--kubeconfig", m_cluster->kubeconfig(), "-n", here.space()} + arguments);
    };
    QVERIFY2(waitUntil(
                 [&] {
                     admin({"patch", "configmap", "map", "-p", "{\"data\":{\"key\":\"other\"}}"});
                     return here.outputSoFar().contains("second");
                 },
                 60'000),
             qPrintable(here.outputSoFar().right(3000)));
    QVERIFY(m_cluster->command("user third system:masters"));
    QVERIFY(use("third"));
    QVERIFY2(waitUntil(
                 [&] {
                     return admin({"get", "configmap", "map", "-o", "jsonpath={.data.key}"}).output
                         == "a";
                 },
                 120'000),
             qPrintable(here.outputSoFar().right(3000)));
    QVERIFY(here.settles("few", 120'000));
}

void TestRealTroubles::otherToken()
{
    RealWorkspace here(*m_cluster);
    QVERIFY(here.kubectl({"-n", here.space(), "create", "serviceaccount", "worker"}).isOk());
    QVERIFY(here.kubectl({"create", "clusterrolebinding", here.space(), "--clusterrole",
                          "cluster-admin", "--serviceaccount", here.space() + ":worker"})
                .isOk());
    const auto tidy = qScopeGuard([&] {
        here.kubectl({"--kubeconfig", m_cluster->kubeconfig(), "delete", "clusterrolebinding",
                      here.space()});
    });
    const auto writeToken = [&] {
        const Finished token =
            here.kubectl({"--kubeconfig", m_cluster->kubeconfig(), "-n", here.space(), "create",
                          "token", "worker", "--duration", "10m"});
        QFile file(here.path("token.new"));
        return token.isOk() && file.open(QIODevice::WriteOnly)
            && file.write(token.output.trimmed().toUtf8()) > 0 && file.flush()
            && ::rename(qPrintable(here.path("token.new")), qPrintable(here.path("token"))) == 0;
    };
    QVERIFY(writeToken());
    QFile config(here.kubeconfig());
    QVERIFY(config.open(QIODevice::ReadOnly));
    QJsonObject whole = QJsonDocument::fromJson(config.readAll()).object();
    config.close();
    whole["users"] = QJsonArray {
        QJsonObject {{"name", "admin"}, {"user", QJsonObject {{"tokenFile", here.path("token")}}}}};
    QVERIFY(config.open(QIODevice::WriteOnly));
    config.write(QJsonDocument(whole).toJson());
    config.close();
    here.write("few/a.yaml", configMap("map", 0));
    here.commit("One");
    here.writeApplication("few");
    here.start(QStringList {"run"} + here.options("few"));
    QVERIFY(here.settles("few"));
    // The account is made anew: its old tokens are worth nothing, and answers are 401 from now on.
    const auto admin = [&](const QStringList& arguments) {
        return here.kubectl(
            QStringList {"--kubeconfig", m_cluster->kubeconfig(), "-n", here.space()} + arguments);
    };
    QVERIFY(admin({"delete", "serviceaccount", "worker"}).isOk());
    QVERIFY(admin({"create", "serviceaccount", "worker"}).isOk());
    QVERIFY(admin({"patch", "configmap", "map", "-p", "{\"data\":{\"key\":\"other\"}}"}).isOk());
    QVERIFY(writeToken());
    QVERIFY2(waitUntil(
                 [&] {
                     return admin({"get", "configmap", "map", "-o", "jsonpath={.data.key}"}).output
                         == "a";
                 },
                 120'000),
             qPrintable(here.outputSoFar().right(3000)));
    QVERIFY(here.settles("few", 120'000));
}

void TestRealTroubles::otherServingCertificate()
{
    RealWorkspace here(*m_cluster);
    here.write("few/a.yaml", configMap("map", 0));
    here.commit("One");
    here.writeApplication("few");
    here.start(QStringList {"run"} + here.options("few"));
    QVERIFY(here.settles("few"));
    QVERIFY(m_cluster->command("reissue"));
    QVERIFY(m_cluster->command("kill kube-apiserver"));
    QVERIFY(m_cluster->command("resume kube-apiserver", 120'000));
    QVERIFY(here.kubectl({"-n", here.space(), "patch", "configmap", "map", "-p",
                          "{\"data\":{\"key\":\"other\"}}"})
                .isOk());
    QVERIFY2(waitUntil(
                 [&] {
                     return here.field(here.space(), "configmap/map", "{.data.key}")
                         == QString("a");
                 },
                 60'000),
             qPrintable(here.outputSoFar().right(3000)));
}

WW_TEST_CLASS(TestRealTroubles)
#include "tst_realtroubles.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Who may write on a real API server: two Wavewrights, one beside Argo CD, one whose user may do
// little.
#include "tests/cluster/realcluster.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QJsonArray>
#include <QScopeGuard>

using tests::Finished;
using tests::RealCluster;
using tests::RealWorkspace;
using tests::waitUntil;

namespace {

const char* const kSettings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
                              "data: {colour: blue}\n";

QString conditions(const QJsonObject& state)
{
    QString text;
    for (const QJsonValue each : state["conditions"].toArray())
        text += each["type"].toString() + ": " + each["message"].toString() + "\n";
    return text;
}

} // namespace

class TestRealHolders : public QObject
{
    Q_OBJECT

    std::unique_ptr<RealCluster> m_cluster;

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = RealCluster::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        m_cluster = std::make_unique<RealCluster>();
        QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void twoAtOnce();
    void besideArgoCd();
    void mayListNothing();
};

void TestRealHolders::twoAtOnce()
{
    RealWorkspace first(*m_cluster);
    first.write("web/settings.yaml", kSettings);
    first.commit("Settings");
    first.writeApplication("web");
    first.start(QStringList {"run"} + first.options("web"));
    QVERIFY(first.settles("web"));
    // Another's: the same application, another state folder, other content in Git.
    RealWorkspace second(*m_cluster);
    second.write("web/settings.yaml", QString(kSettings).replace("blue", "red"));
    second.commit("Settings");
    QFile::remove(second.applicationFile("web"));
    QVERIFY(QFile::copy(first.applicationFile("web"), second.applicationFile("web")));
    second.start(QStringList {"run"} + second.options("web"));
    QVERIFY2(waitUntil([&] { return !second.status("web")["holder"].toString().isEmpty(); }),
             qPrintable(second.outputSoFar()));
    const auto colour = [&] {
        return first.field(first.space(), "configmap/settings", "{.data.colour}");
    };
    QCOMPARE(colour(), QString("blue"));
    // Drift is the first one's to heal.
    QVERIFY(first
                .kubectl({"-n", first.space(), "patch", "configmap", "settings", "-p",
                          "{\"data\":{\"colour\":\"green\"}}"})
                .isOk());
    QVERIFY(waitUntil([&] { return colour() == QString("blue"); }));
    QVERIFY(first.settles("web"));
    QVERIFY(second.outputSoFar().contains("reconciled"));
    // The first one dies; its Lease runs out, and the second takes over.
    first.kill();
    QVERIFY2(waitUntil([&] { return colour() == QString("red"); }, 120'000),
             qPrintable(second.outputSoFar().right(3000)));
}

void TestRealHolders::besideArgoCd()
{
    RealWorkspace here(*m_cluster);
    const QString tracked = QString(kSettings).replace(
        "{name: settings}",
        "{name: settings, annotations: {argocd.argoproj.io/tracking-id: \"guestbook:/ConfigMap:"
            + here.space() + "/settings\"}}");
    QVERIFY(here.kubectlApply(QString(tracked).replace("blue", "red"),
                              {"--server-side", "--field-manager=argocd-controller"})
                .isOk());
    here.write("web/settings.yaml", kSettings);
    here.commit("Settings");
    here.writeApplication("web");
    here.start(QStringList {"run"} + here.options("web"));
    QVERIFY2(
        waitUntil([&] { return here.status("web")["holder"].toString().contains("guestbook"); }),
        qPrintable(here.outputSoFar()));
    const auto colour = [&] {
        return here.field(here.space(), "configmap/settings", "{.data.colour}");
    };
    QCOMPARE(colour(), QString("red"));
    QVERIFY(conditions(here.status("web")).contains("Argo CD (application \"guestbook\")"));
    const Finished adopted = here.wavewright({"adopt", "web", "--state", here.stateFolder()});
    QVERIFY2(adopted.isOk(), qPrintable(adopted.output + adopted.errors));
    QVERIFY2(waitUntil([&] { return colour() == QString("blue"); }),
             qPrintable(here.outputSoFar()));
    QVERIFY(here.settles("web"));
}

void TestRealHolders::mayListNothing()
{
    if (!RealCluster::isOwn())
        QSKIP("users are made: only on a control plane of the test's own");
    RealWorkspace here(*m_cluster);
    QVERIFY(m_cluster->command("user narrow"));
    for (const QString& space : {here.space(), QString("default")}) {
        QVERIFY(here.kubectl({"-n", space, "create", "rolebinding", here.space(), "--clusterrole",
                              "admin", "--user", "narrow"})
                    .isOk());
    }
    here.write("web/settings.yaml", kSettings);
    here.commit("Settings");
    here.writeApplication("web");
    QStringList options = here.options("web");
    options[options.indexOf("--kubeconfig") + 1] =
        m_cluster->folder() + "/cluster/users/narrow.kubeconfig";
    here.start(QStringList {"run"} + options);
    // What is missing is named, and nothing is told as known.
    QVERIFY2(waitUntil([&] { return conditions(here.status("web")).contains("ConfigMap"); }),
             qPrintable(here.outputSoFar() + conditions(here.status("web"))));
    QVERIFY(here.status("web")["sync"] != "Synced");
    QVERIFY(here.isRunning());
}

WW_TEST_CLASS(TestRealHolders)
#include "tst_realholders.moc"

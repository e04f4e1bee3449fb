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
    void mayListTwoNamespaces();
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

void TestRealHolders::mayListTwoNamespaces()
{
    if (!RealCluster::isOwn())
        QSKIP("users are made: only on a control plane of the test's own");
    RealWorkspace here(*m_cluster);
    const QString second = here.space() + "-two";
    QVERIFY(here.kubectl({"create", "namespace", second}).isOk());
    const auto gone =
        qScopeGuard([&] { here.kubectl({"delete", "namespace", second, "--wait=false"}); });
    QVERIFY(m_cluster->command("user narrow"));
    for (const QString& space : {here.space(), second})
        QVERIFY(here.kubectl({"-n", space, "create", "rolebinding", "narrow", "--clusterrole",
                              "admin", "--user", "narrow"})
                    .isOk());
    const auto settingsIn = [](const QString& space, const QString& name) {
        return QString(kSettings).replace("{name: settings}",
                                          "{name: " + name + ", namespace: " + space + "}");
    };
    here.write("web/settings.yaml", kSettings);
    here.write("web/second.yaml", settingsIn(second, "settings"));
    here.write("web/old.yaml", settingsIn(second, "old"));
    here.commit("Settings");
    here.writeApplication("web");
    QStringList options = here.options("web");
    options[options.indexOf("--kubeconfig") + 1] =
        m_cluster->folder() + "/cluster/users/narrow.kubeconfig";
    options += {"--control-namespace", here.space()};
    here.start(QStringList {"run"} + options);
    // Both are reconciled, and what is not seen is named.
    QVERIFY(here.settles("web"));
    const auto colour = [&](const QString& space) {
        return here.field(space, "configmap/settings", "{.data.colour}");
    };
    QCOMPARE(colour(here.space()) + colour(second), QString("blueblue"));
    QVERIFY2(waitUntil([&] { return here.outputSoFar().contains("Not everything may be listed"); }),
             qPrintable(here.outputSoFar()));
    QVERIFY2(!conditions(here.status("web")).contains("Error"),
             qPrintable(conditions(here.status("web"))));
    // Drift is healed in both.
    for (const QString& space : {here.space(), second}) {
        QVERIFY(here.kubectl({"-n", space, "patch", "configmap", "settings", "-p",
                              "{\"data\":{\"colour\":\"green\"}}"})
                    .isOk());
        QVERIFY2(waitUntil([&] { return colour(space) == "blue"; }),
                 qPrintable(here.outputSoFar()));
    }
    // What Git gives up goes.
    QVERIFY(!here.field(second, "configmap/old", "{.metadata.name}").isEmpty());
    here.remove("web/old.yaml");
    here.commit("Give old up");
    QVERIFY2(waitUntil(
                 [&] { return here.field(second, "configmap/old", "{.metadata.name}").isEmpty(); }),
             qPrintable(here.outputSoFar()));
    QVERIFY(here.settles("web"));
    // Elsewhere nothing is known, and nothing is done.
    here.write("web/elsewhere.yaml", settingsIn("default", here.space()));
    here.commit("Elsewhere");
    QVERIFY2(waitUntil([&] {
                 return conditions(here.status("web")).contains("in the namespace default");
             }),
             qPrintable(here.outputSoFar() + conditions(here.status("web"))));
    QVERIFY(here.status("web")["sync"] != "Synced");
    QVERIFY(here.field("default", "configmap/" + here.space(), "{.metadata.name}").isEmpty());
    QVERIFY(here.isRunning());
}

WW_TEST_CLASS(TestRealHolders)
#include "tst_realholders.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Every platform of manifests/ whole, on a control plane of its own: in waves to Synced and
// Healthy, and nothing to do afterwards. The practice cluster's behaviours stand in for the
// operators.
#include "tests/cluster/realcluster.h"
#include "tests/support/testregistry.h"

using tests::Finished;
using tests::RealCluster;
using tests::RealWorkspace;

class TestRealPlatforms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString reason = RealCluster::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        if (!RealCluster::isOwn())
            QSKIP("a platform writes to namespaces of its own choice: only on a control plane of "
                  "the test's own");
    }
    void reconciledWhole_data()
    {
        QTest::addColumn<QString>("platform");
        for (const char* name :
             {"lambda-education", "event-driven", "greenfield", "lakehouse", "ml-two-layer"})
            QTest::newRow(name) << QString(name);
    }
    void reconciledWhole();
};

void TestRealPlatforms::reconciledWhole()
{
    QFETCH(QString, platform);
    if (platform == "greenfield")
        QSKIP("Istio's webhook refuses every pod while no istiod runs behind it");
    RealCluster cluster;
    QVERIFY2(cluster.problem().isEmpty(), qPrintable(cluster.problem()));
    cluster.behave();
    RealWorkspace here(cluster);
    here.copyTree("manifests/" + platform, "manifests/" + platform);
    here.commit("The platform");
    const QStringList options {
        "--state",      here.stateFolder(),
        "--config",     here.path("config.yaml"),
        "--kubeconfig", here.kubeconfig(),
        "-f",           here.repository() + "/manifests/" + platform + "/application.yaml"};
    const Finished run = here.wavewright(
        QStringList {"run", "--until-healthy", "--timeout", "240s"} + options, 300'000);
    const auto said = [&](const Finished& finished) {
        return QString("%1\n%2\nbehaviours: %3\n%4")
            .arg(finished.output.right(6000), finished.errors, cluster.behaviourOutput(),
                 here.kubectl({"get", "pods,pvc", "-A"}).output.right(4000));
    };
    QVERIFY2(run.isOk(), qPrintable(said(run)));
    const auto generations = [&] {
        return here
            .kubectl({"get", "deployments,statefulsets,services,configmaps,networkpolicies", "-A",
                      "-o",
                      "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} "
                      "{.metadata.uid} {.metadata.generation} "
                      "{.metadata.managedFields[?(@.manager==\"wavewright\")].time}{\"\\n\"}{end}"})
            .output;
    };
    const QString before = generations();
    QVERIFY(before.count('\n') > 5);
    // Once more from nothing but the cluster and Git: all is as it should be, and nothing is
    // written.
    const Finished again = here.wavewright(
        QStringList {"run", "--until-healthy", "--timeout", "60s"} + options, 90'000);
    QVERIFY2(again.isOk(), qPrintable(said(again)));
    QCOMPARE(generations(), before);
}

WW_TEST_CLASS(TestRealPlatforms)
#include "tst_realplatforms.moc"

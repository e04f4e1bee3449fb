// SPDX-License-Identifier: GPL-3.0-or-later
// Every platform, whole, on a practice cluster: one sync brings it to Synced and Healthy, and an
// emptied cluster is restored by the next one.
#include "tests/e2e/workspace.h"
#include "tests/manifests/platformmanifests.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <memory>

class TestPracticeSync : public QObject
{
    Q_OBJECT
    static void addPlatforms()
    {
        QTest::addColumn<QString>("platform");
        for (const QString& platform : tests::platformNames())
            QTest::newRow(qPrintable(platform)) << platform;
    }
private Q_SLOTS:
    void anEmptyClusterBecomesThePlatform_data() { addPlatforms(); }
    void anEmptyClusterBecomesThePlatform()
    {
        QFETCH(QString, platform);
        tests::Workspace workspace;
        workspace.copyTree("manifests/" + platform, "manifests/" + platform);
        workspace.commit("The platform");
        const QStringList options = QStringList {"run",
                                                 "--until-healthy",
                                                 "--timeout",
                                                 "100s",
                                                 "--fresh",
                                                 "-f",
                                                 "manifests/" + platform + "/application.yaml"}
            + workspace.practiceOptions();
        for (const char* round : {"first sync", "an emptied cluster"}) {
            const tests::Finished run = workspace.wavewright(options, 130'000);
            QVERIFY2(run.isOk(),
                     qPrintable(QString(round) + "\n" + run.output.right(4000) + run.errors));
        }
    }
};

WW_TEST_CLASS(TestPracticeSync)
#include "tst_practicesync.moc"

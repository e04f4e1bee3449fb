// SPDX-License-Identifier: GPL-3.0-or-later
// The command line on real input: a Git repository made here, the practice cluster, exit codes and
// outputs.
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

namespace {

const char* const kConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: colours\n  "
                               "namespace: default\ndata:\n  a: red\n";

QByteArray all(const Finished& finished)
{
    return (finished.output + finished.errors).toUtf8();
}

} // namespace

class TestCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void renderPrintsAFolder()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        const Finished rendered = here.wavewright({"render", "app"});
        QVERIFY2(rendered.isOk(), all(rendered));
        QCOMPARE(rendered.output,
                 QString("apiVersion: v1\ndata:\n  a: red\nkind: ConfigMap\nmetadata:\n  name: "
                         "colours\n  namespace: default\n"));
    }
    void renderOfARevision()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        here.git({"tag", "v1.0.0"});
        here.write("app/a.yaml", QString(kConfigMap).replace("red", "blue"));
        here.commit("second");
        const QStringList options {"render", "--repo", here.repository(),
                                   "--path", "app",    "--revision"};
        QVERIFY(here.wavewright(options + QStringList {"v1.0.0"}).output.contains("a: red"));
        QVERIFY(here.wavewright(options + QStringList {">=1.0 <2"}).output.contains("a: red"));
        QVERIFY(here.wavewright(options + QStringList {"main"}).output.contains("a: blue"));
        const Finished missing = here.wavewright(options + QStringList {"v9"});
        QCOMPARE(missing.exitCode, 2);
        QVERIFY2(missing.errors.contains("v9"), all(missing));
    }
    void aManifestThatDoesNotParseIsNamedWithItsPlace()
    {
        Workspace here;
        here.write("app/bad.yaml",
                   "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n   name: b\n");
        const Finished rendered = here.wavewright({"render", "app"});
        QCOMPARE(rendered.exitCode, 1);
        QVERIFY2(rendered.errors.contains("app/bad.yaml:5"), all(rendered));
        QVERIFY(rendered.output.isEmpty());
    }
    void syncThenDiffThenStatus()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        const QStringList options =
            here.practiceOptions() + QStringList {"--path", "app", "--name", "colours"};
        const Finished before = here.wavewright(QStringList {"diff"} + options);
        QVERIFY2(before.exitCode == 1, all(before));
        const Finished synced = here.wavewright(QStringList {"sync", "--timeout", "60s"} + options);
        QVERIFY2(synced.isOk(), all(synced));
        const Finished after = here.wavewright(QStringList {"diff"} + options);
        QVERIFY2(after.isOk(), all(after));
    }
    void syncAsJson()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        const Finished synced =
            here.wavewright(QStringList {"sync", "-o", "json", "--timeout", "60s", "--path", "app"}
                            + here.practiceOptions());
        QVERIFY2(synced.isOk(), all(synced));
        bool finished = false;
        for (const QString& line : synced.output.split('\n', Qt::SkipEmptyParts)) {
            QJsonParseError error;
            const QJsonObject event = QJsonDocument::fromJson(line.toUtf8(), &error).object();
            QVERIFY2(error.error == QJsonParseError::NoError, line.toUtf8());
            finished = finished || event["type"] == "OperationFinished";
        }
        QVERIFY(finished);
    }
    void dryRunChangesNothing()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        const QStringList options = here.practiceOptions() + QStringList {"--path", "app"};
        const Finished dry =
            here.wavewright(QStringList {"sync", "--dry-run", "--timeout", "60s"} + options);
        QVERIFY2(dry.isOk(), all(dry));
        QCOMPARE(here.wavewright(QStringList {"diff"} + options).exitCode, 1);
    }
    void unreachableAndMissingThingsAreNamed()
    {
        Workspace here;
        const Finished noApplication =
            here.wavewright(QStringList {"sync"} + here.practiceOptions());
        QCOMPARE(noApplication.exitCode, 2);
        QVERIFY(noApplication.errors.contains("-f FILE"));
        const Finished noFile =
            here.wavewright(QStringList {"sync", "-f", "none.yaml"} + here.practiceOptions());
        QCOMPARE(noFile.exitCode, 2);
        QVERIFY(noFile.errors.contains("none.yaml"));
        const Finished nobody = here.wavewright({"status", "--state", here.stateFolder()});
        QCOMPARE(nobody.exitCode, 2);
        QVERIFY(nobody.errors.contains("no Wavewright runs"));
    }
    void healthOfAFile()
    {
        Workspace here;
        here.write("o.yaml",
                   "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\nstatus:\n  "
                   "phase: Bound\n---\n"
                   "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: b\nstatus:\n  "
                   "phase: Lost\n");
        const Finished judged = here.wavewright({"health", "o.yaml", "-o", "json"});
        QCOMPARE(judged.exitCode, 1);
        const QJsonArray list = QJsonDocument::fromJson(judged.output.toUtf8()).array();
        QCOMPARE(list.at(0)["health"].toString(), QString("Healthy"));
        QCOMPARE(list.at(1)["health"].toString(), QString("Degraded"));
    }
    void noGuiLibraryIsLinked()
    {
        QProcess ldd;
        ldd.start("ldd", {QStringLiteral(WAVEWRIGHT_PROGRAM)});
        QVERIFY(ldd.waitForFinished());
        const QString libraries = QString::fromUtf8(ldd.readAllStandardOutput());
        QVERIFY(libraries.contains("libc.so"));
        for (const char* gui : {"libQt6", "libX11", "libxcb", "libGL", "libwayland"})
            QVERIFY2(!libraries.contains(gui), gui);
    }
};

WW_TEST_CLASS(TestCommands)
#include "tst_commands.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The command line on real input: a Git repository made here, the practice cluster, exit codes and
// outputs.
#include "tests/e2e/applicationstatus.h"
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

namespace {

const char* const kConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: colours\n  "
                               "namespace: default\ndata:\n  a: red\n";

/// Two of them declare the same object: the first takes it, the second leaves it alone.
const char* const kApplication =
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: NAME\nspec:\n"
    "  project: default\n  source: {repoURL: \"https://github.com/wavewright/wavewright.git\", "
    "path: "
    "app, targetRevision: HEAD}\n  destination: {server: \"https://kubernetes.default.svc\"}\n";

QJsonValue firstResource(const Finished& finished)
{
    const QJsonObject all = QJsonDocument::fromJson(finished.output.toUtf8()).object();
    return all["applications"][0]["resources"][0];
}

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
    /// The small program hands over to the one that can fetch.
    void renderFetchesRemoteBases()
    {
        Workspace here;
        here.write("base/kustomization.yaml", "resources: [a.yaml]\n");
        here.write("base/a.yaml",
                   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n");
        here.commit("Base");
        const QString entry = QString(Workspace::kUrl).section('.', 0, -2) + "//base?ref=main";
        here.write("app/kustomization.yaml", "resources: ['" + entry + "']\nnamePrefix: my-\n");
        const Finished rendered =
            here.wavewright({"render", "app", "--config", here.path("config.yaml")});
        QVERIFY2(rendered.isOk(), all(rendered));
        QVERIFY2(rendered.output.contains("  name: my-a\n"), all(rendered));
        here.write("app/kustomization.yaml", "resources: ['" + entry + "x']\n");
        const Finished missing =
            here.wavewright({"render", "app", "--config", here.path("config.yaml")});
        QCOMPARE(missing.exitCode, 1);
        QVERIFY2(missing.errors.contains("app/kustomization.yaml:1:13: "), all(missing));
        QVERIFY(missing.output.isEmpty());
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
    /// Outside of any repository a file is named from the file system's root.
    void aPlaceOutsideOfARepository()
    {
        const Workspace here;
        QVERIFY(QDir().mkpath(here.path("plain")));
        QFile bad(here.path("plain/bad.yaml"));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("kind: [\n");
        bad.close();
        const Finished rendered = here.wavewright({"render", here.path("plain")});
        QCOMPARE(rendered.exitCode, 1);
        const QString place = QFileInfo(bad).canonicalFilePath() + ":";
        QVERIFY2(rendered.errors.contains(" " + place), all(rendered));
    }
    void aNameThatYamlTakesForABoolean()
    {
        Workspace here;
        here.write("app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: n\n");
        here.commit("first");
        const Finished found =
            here.wavewright(QStringList {"diff", "--path", "app"} + here.practiceOptions());
        QCOMPARE(found.exitCode, 2);
        QVERIFY2(found.errors.contains("boolean") && found.errors.contains("quotes"), all(found));
    }
    /// Without colours the display is the same, drawn anew in its place.
    void progressWithoutColours()
    {
        if (QStandardPaths::findExecutable("script").isEmpty())
            QSKIP("script is not installed: there is no terminal to draw on");
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        const QString command = QStringLiteral(WAVEWRIGHT_PROGRAM) + " sync --path app "
            + here.practiceOptions().join(' ');
        for (const char* colours : {"NO_COLOR=1", "NO_COLOR="}) {
            const Finished drawn =
                here.program("script", {"-qec", command, "/dev/null"}, {colours, "TERM=xterm"});
            QVERIFY2(drawn.isOk(), all(drawn));
            QVERIFY2(drawn.output.contains("\x1b[J"), all(drawn));
            QCOMPARE(drawn.output.contains("\x1b[32m"), colours == QByteArray("NO_COLOR="));
        }
    }
    /// What Git has now is not known: that is no success.
    void waitOnABranchThatIsGone()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.write("application.yaml",
                   "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: "
                   "shop\nspec:\n  project: default\n  source: {repoURL: \""
                       + QString(Workspace::kUrl)
                       + "\", path: app, targetRevision: side}\n  destination: {server: "
                         "\"https://kubernetes.default.svc\", namespace: default}\n"
                         "  syncPolicy: {automated: {selfHeal: true}}\n");
        here.commit("first");
        here.git({"branch", "side"});
        here.start(QStringList {"run", "-f", here.repository() + "/application.yaml"}
                   + here.practiceOptions());
        const QStringList wait {"wait", "--state", here.stateFolder(), "--timeout", "30s"};
        QVERIFY2(tests::waitFor([&] { return here.wavewright(wait).isOk(); }, 60'000),
                 here.outputSoFar().toUtf8());
        here.git({"branch", "-D", "side"});
        Finished last;
        const auto isTold = [&] {
            last = here.wavewright(wait);
            return last.exitCode == 2;
        };
        QVERIFY2(tests::waitFor(isTold, 60'000), all(last));
        QVERIFY2(last.output.contains("SourceError"), all(last));
        QCOMPARE(here.wavewright({"status", "--state", here.stateFolder()}).exitCode, 1);
        const Finished names =
            here.wavewright({"status", "-o", "name", "--state", here.stateFolder()});
        QCOMPARE(names.output.trimmed(), QString("shop"));
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
    /// What -o json and -o yaml say is what --help describes, and the exit codes are its own.
    void diffForPrograms()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        const QStringList options =
            here.practiceOptions() + QStringList {"--path", "app", "--name", "colours"};
        const auto diff = [&](const QStringList& more) {
            return here.wavewright(QStringList {"diff"} + options + more);
        };
        const Finished missing = diff({"-o", "json"});
        QCOMPARE(missing.exitCode, 1);
        QCOMPARE(firstResource(missing)["diff"]["verdict"].toString(), QString("MissingLive"));
        QVERIFY(here.wavewright(QStringList {"sync", "--timeout", "60s"} + options).isOk());
        const Finished same = diff({"-o", "json"});
        QVERIFY2(same.isOk(), all(same));
        QVERIFY(firstResource(same)["diff"]["changes"].toArray().isEmpty());

        here.write("app/a.yaml", QString(kConfigMap).replace("red", "blue"));
        const Finished changed = diff({"-o", "json"});
        QCOMPARE(changed.exitCode, 1);
        const QJsonValue change = firstResource(changed)["diff"]["changes"][0];
        QCOMPARE(change["type"].toString(), QString("Different"));
        QCOMPARE(change["path"].toString(), QString("/data/a"));
        QCOMPARE(change["field"].toString(), QString("data.a"));
        QCOMPARE(change["desired"].toString(), QString("\"blue\""));
        QCOMPARE(change["live"].toString(), QString("\"red\""));
        QCOMPARE(change["author"]["manager"].toString(), QString("wavewright"));
        QVERIFY(!change["author"]["time"].toString().isEmpty());
        QCOMPARE(change["origin"]["file"].toString(), QString("app/a.yaml"));
        const Finished yaml = diff({"-o", "yaml"});
        QCOMPARE(yaml.exitCode, 1);
        for (const char* line :
             {"applications:\n- ", "\n  name: colours\n", "desired: '\"blue\"'\n",
              "verdict: Different\n", "path: /data/a\n"})
            QVERIFY2(yaml.output.contains(line), all(yaml));

        here.write("app/a.yaml", "kind: ConfigMap\n");
        const Finished unclear = diff({"-o", "json"});
        QCOMPARE(unclear.exitCode, 2);
        QVERIFY2(unclear.errors.contains("app/a.yaml:1"), all(unclear));
        QCOMPARE(diff({"-o", "xml"}).exitCode, 64);
        here.write("silent",
                   "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts:\n"
                   "- {name: a, context: {cluster: a, user: a}}\nclusters:\n"
                   "- {name: a, cluster: {server: \"http://127.0.0.1:1\"}}\nusers:\n"
                   "- {name: a, user: {}}\n");
        const Finished late =
            here.wavewright({"diff", "--path", "app", "--kubeconfig", "silent", "--timeout", "1s",
                             "--state", here.path("other"), "--config", here.path("config.yaml")});
        QCOMPARE(late.exitCode, 3);
        QVERIFY2(late.errors.contains("127.0.0.1"), all(late));
    }
    void statusForPrograms()
    {
        Workspace here;
        here.write("app/a.yaml", kConfigMap);
        here.commit("first");
        here.write("manual.yaml", QString(kApplication).replace("NAME", "manual"));
        here.write("automated.yaml",
                   QString(kApplication).replace("NAME", "automated")
                       + "  syncPolicy: {automated: {}}\n");
        here.start(QStringList {"run", "-f", "automated.yaml", "-f", "manual.yaml"}
                   + here.practiceOptions());
        const auto status = [&](const QStringList& more) {
            return here.wavewright(QStringList {"status", "--state", here.stateFolder()} + more);
        };
        QTRY_VERIFY2_WITH_TIMEOUT(status({"automated"}).isOk(), all(status({})), 30'000);
        const Finished json = status({"automated", "-o", "json"});
        QVERIFY2(json.isOk(), all(json));
        const QJsonValue state =
            QJsonDocument::fromJson(json.output.toUtf8()).object()["applications"][0];
        QCOMPARE(state["name"].toString(), QString("automated"));
        QCOMPARE(state["sync"].toString(), QString("Synced"));
        QCOMPARE(state["health"].toString(), QString("Healthy"));
        QCOMPARE(state["revision"]["subject"].toString(), QString("first"));
        QCOMPARE(state["source"]["path"].toString(), QString("app"));
        QCOMPARE(state["operation"]["phase"].toString(), QString("Succeeded"));
        QCOMPARE(state["resources"][0]["kind"].toString(), QString("ConfigMap"));
        QCOMPARE(state["resources"][0]["origin"]["file"].toString(), QString("app/a.yaml"));
        const Finished yaml = status({"automated", "-o", "yaml"});
        QVERIFY2(yaml.isOk() && yaml.output.startsWith("applications:\n- "), all(yaml));
        QVERIFY2(yaml.output.contains("\n  sync: Synced\n"), all(yaml));
        QCOMPARE(status({"nobody"}).exitCode, 2);
        QVERIFY(status({"nobody"}).errors.contains("\"nobody\""));
        QCOMPARE(status({"-o", "xml"}).exitCode, 64);
        for (const char* verb : {"status", "diff"})
            QVERIFY(here.wavewright({verb, "--help"}).output.contains("-o json and -o yaml print"));
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
    /// The user's own script, in its child; one that never ends is stopped and named.
    void healthByTheUsersScript()
    {
        Workspace here;
        here.write("o.yaml",
                   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n"
                   "  resource.customizations.health.example.com_Gadget: |\n"
                   "    return {status = obj.status.phase, message = 'as it says'}\n"
                   "  resource.customizations.health.example.com_Endless: |\n"
                   "    while true do end\n---\n"
                   "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\n"
                   "status: {phase: Suspended}\n---\n"
                   "apiVersion: example.com/v1\nkind: Endless\nmetadata: {name: b}\n");
        const Finished judged = here.wavewright({"health", "o.yaml", "-o", "json"});
        const QJsonArray list = QJsonDocument::fromJson(judged.output.toUtf8()).array();
        QCOMPARE(list.at(1)["health"].toString(), QString("Suspended"));
        QCOMPARE(list.at(1)["message"].toString(), QString("as it says"));
        QCOMPARE(list.at(2)["health"].toString(), QString("Unknown"));
        QVERIFY2(list.at(2)["message"].toString().contains("longer than 1 s"),
                 qPrintable(judged.output));
    }
    void noGuiLibraryIsLinked()
    {
        const QString front = QStringLiteral(WAVEWRIGHT_PROGRAM);
        for (const QString& program : {front, front + "-engine"}) {
            QProcess ldd;
            ldd.setProcessChannelMode(QProcess::MergedChannels);
            ldd.start("ldd", {program});
            QVERIFY(ldd.waitForFinished());
            const QString libraries = QString::fromUtf8(ldd.readAll());
            QVERIFY2(libraries.contains("libc.so")
                         || libraries.contains("not a dynamic executable"),
                     qPrintable(libraries));
            for (const char* gui : {"libQt6", "libX11", "libxcb", "libGL", "libwayland"})
                QVERIFY2(!libraries.contains(gui), gui);
        }
    }

    void saysWhenTheEngineIsMissing()
    {
        Workspace here;
        QVERIFY(QFile::copy(QStringLiteral(WAVEWRIGHT_PROGRAM), here.path("wavewright")));
        QProcess alone;
        alone.start(here.path("wavewright"), {"status"});
        QVERIFY(alone.waitForFinished());
        QCOMPARE(alone.exitCode(), 2);
        QVERIFY(alone.readAllStandardError().contains("wavewright-engine, which does this"));
        alone.start(here.path("wavewright"), {"version"}); // needs nothing beside it
        QVERIFY(alone.waitForFinished());
        QCOMPARE(alone.exitCode(), 0);
    }
};

WW_TEST_CLASS(TestCommands)
#include "tst_commands.moc"

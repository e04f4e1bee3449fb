// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line says when something cannot be done: a sync that will never succeed ends
// with its reason, output that cannot be written is an error, and what was asked in vain is named.
#include "gitops/practice/practicecluster.h"
#include "tests/e2e/applicationstatus.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QtTest/QTest>

#include <memory>

using gitops::practice::PracticeCluster;
using tests::Finished;
using tests::Workspace;

namespace {

QByteArray all(const Finished& finished)
{
    return (QString("exit code %1\n").arg(finished.exitCode) + finished.output + finished.errors)
        .toUtf8();
}

QStringList examplesIn(const QString& help)
{
    QStringList out;
    for (const QString& line : help.split('\n'))
        if (line.startsWith("  wavewright "))
            out << line.trimmed();
    return out;
}

QString object(const QString& kind, const QString& name)
{
    return "apiVersion: v1\nkind: " + kind + "\nmetadata:\n  name: " + name
        + (kind == "Namespace" ? "" : "\n  namespace: default") + "\n";
}

QString application(const QString& name)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\nspec:\n  project: default\n  source: {repoURL: \"" + Workspace::kUrl
        + "\", path: app, targetRevision: HEAD}\n  destination: {server: "
          "\"https://kubernetes.default.svc\", namespace: default}\n"
          "  syncPolicy: {automated: {selfHeal: true}}\n";
}

} // namespace

class TestCommandTrouble : public QObject
{
    Q_OBJECT

private:
    /// A sync that should end by itself, long before it is killed.
    Finished sync(const QStringList& more, const QString& state = "state")
    {
        return m_here->wavewright(QStringList {"sync", "--path", "app", "--name", "shop",
                                               "--kubeconfig", m_here->kubeconfig(), "--state",
                                               m_here->path(state), "--config",
                                               m_here->path("config.yaml")}
                                      + more,
                                  60'000);
    }
    Finished ask(const QStringList& words)
    {
        return m_here->wavewright(words + QStringList {"--state", m_here->stateFolder()});
    }
    void runShop()
    {
        m_here->write("shop.yaml", application("shop"));
        m_here->start({"run", "-f", m_here->repository() + "/shop.yaml", "--kubeconfig",
                       m_here->kubeconfig(), "--state", m_here->stateFolder(), "--config",
                       m_here->path("config.yaml")});
        QVERIFY2(tests::waitFor(
                     [this] { return tests::isSettled(tests::statusOf(*m_here, "shop")); }, 60'000),
                 m_here->outputSoFar().toUtf8());
    }

private Q_SLOTS:
    void init()
    {
        m_here = std::make_unique<Workspace>();
        auto started = PracticeCluster::start(
            {.delayFactor = 0, .kubeconfig = m_here->kubeconfig().toStdString()});
        QVERIFY(started);
        m_cluster = std::move(*started);
        m_here->write("app/a.yaml", object("ConfigMap", "df1"));
        m_here->write("app/b.yaml", object("ConfigMap", "df3"));
        m_here->commit("first");
    }
    void cleanup()
    {
        m_here.reset();
        m_cluster.reset();
    }

    void aSyncWithoutPruneNamesWhatIsLeft()
    {
        QVERIFY2(sync({}).isOk(), "the first sync");
        m_here->remove("app/b.yaml");
        m_here->commit("df3 goes");
        const Finished left = sync({});
        QVERIFY2(left.exitCode == 1, all(left));
        QVERIFY2(
            left.errors.contains("ConfigMap default/df3 is no longer in Git; --prune removes it"),
            all(left));
        const Finished tried = sync({"--dry-run"});
        QVERIFY2(tried.isOk(), all(tried));
        const Finished pruned = sync({"--prune"});
        QVERIFY2(pruned.isOk(), all(pruned));
    }
    void aSyncWhosePruneWaitsSaysForWhom()
    {
        m_here->write("app/c.yaml", object("Namespace", "carol"));
        m_here->commit("carol comes");
        QVERIFY2(sync({}).isOk(), "the first sync");
        m_here->remove("app/c.yaml");
        m_here->commit("carol goes");
        const Finished asked = sync({"--prune"});
        QVERIFY2(asked.exitCode == 1, all(asked));
        QVERIFY2(asked.errors.contains("Namespace carol"), all(asked));
        QVERIFY2(asked.errors.contains("wavewright confirm shop"), all(asked));
    }
    void aWrongTokenEndsTheSync()
    {
        QFile file(m_here->kubeconfig());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QString text = QString::fromUtf8(file.readAll());
        file.close();
        const qsizetype token = text.indexOf("token: ") + 7;
        text.replace(token, text.indexOf('\n', token) - token, "wrong");
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text.toUtf8());
        file.close();
        const Finished refused = sync({});
        QVERIFY2(refused.exitCode == 2, all(refused));
        QVERIFY2(refused.errors.contains("refuses the credentials"), all(refused));
    }
    void theHolderEndsTheSync()
    {
        runShop();
        const Finished held = sync({}, "another");
        QVERIFY2(held.exitCode == 1, all(held));
        QVERIFY2(held.errors.contains("is reconciled by wavewright@"), all(held));
    }
    void aTimeOutSaysWhatWasWaitedFor()
    {
        m_here->write("app/d.yaml",
                      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: "
                      "default\n  annotations: {argocd.argoproj.io/sync-wave: \"1\"}\nspec:\n  "
                      "containers: [{name: web, image: web}]\n");
        m_here->commit("a pod");
        m_cluster.reset();
        auto still = PracticeCluster::start(
            {.delayFactor = 1000, .kubeconfig = m_here->kubeconfig().toStdString()});
        QVERIFY(still);
        m_cluster = std::move(*still);
        const Finished late = sync({"--timeout", "4s"});
        QVERIFY2(late.exitCode == 3, all(late));
        QVERIFY2(late.errors.contains("shop is ") && late.errors.contains("Pod default/web"),
                 all(late));
    }

    void aFullDiskIsSaid_data()
    {
        QTest::addColumn<QString>("words");
        QTest::newRow("render") << "render app";
        QTest::newRow("render as JSON") << "render app -o json";
        QTest::newRow("status") << "status --state " + QString("STATE");
        QTest::newRow("version") << "version";
        QTest::newRow("help") << "--help";
        QTest::newRow("health") << "health app/a.yaml";
        QTest::newRow("completion") << "completion bash";
    }
    void aFullDiskIsSaid()
    {
        QFETCH(QString, words);
        if (words.startsWith("status"))
            runShop();
        words.replace("STATE", m_here->stateFolder());
        const QString program = QStringLiteral(WAVEWRIGHT_PROGRAM);
        const Finished full =
            m_here->program("sh", {"-c", program + " " + words + " > /dev/full"}, {});
        QVERIFY2(full.exitCode == 2, all(full));
        QCOMPARE(full.errors.count("could not be written"), 1);
        const Finished gone = m_here->program(
            "bash", {"-c", "set +o pipefail; " + program + " " + words + " | true"}, {});
        QVERIFY2(!gone.errors.contains("could not be written"), all(gone));
    }

    void statusTellsWhatIsWrong()
    {
        runShop();
        QVERIFY2(ask({"pause", "shop", "--object", "ConfigMap default/df1", "--reason", "a look"})
                     .output.contains("ConfigMap default/df1 of shop is paused"),
                 "what was done");
        m_here->write("app/b.yaml", object("ConfigMap", "df3") + "  broken: [\n");
        m_here->commit("Broken");
        QVERIFY2(tests::waitFor([this] { return ask({"status"}).output.contains("app/b.yaml:"); },
                                30'000),
                 all(ask({"status"})));
        QVERIFY2(ask({"status"}).output.contains("ConfigMap default/df1 is paused: a look"),
                 all(ask({"status"})));
        QVERIFY(ask({"resume", "shop", "--object", "ConfigMap default/df1"})
                    .output.contains("goes on"));
    }
    void inVain_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
        QTest::newRow("confirm") << QStringList {"confirm", "shop"} << 1
                                 << "no prune of shop waits for a confirmation";
        QTest::newRow("pause") << QStringList {"pause",    "shop",
                                               "--object", "Service default/web",
                                               "--reason", "x"}
                               << 1 << "shop has no Service default/web";
        QTest::newRow("nobody") << QStringList {"adopt", "nobody"} << 2 << "\"nobody\"";
    }
    void inVain()
    {
        QFETCH(QStringList, words);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        runShop();
        const Finished asked = ask(words);
        QVERIFY2(asked.exitCode == exitCode && asked.errors.contains(says), all(asked));
    }
    /// A second process with the same state folder asks the first.
    void aSyncBesideARunIsDoneByIt()
    {
        runShop();
        m_here->write("app/c.yaml", object("ConfigMap", "df4"));
        m_here->commit("one more");
        const Finished synced = ask({"sync", "shop", "--timeout", "60s"});
        QVERIFY2(synced.isOk(), all(synced));
        QVERIFY2(synced.output.contains("shop: sync Succeeded"), all(synced));
        m_here->remove("app/c.yaml");
        m_here->commit("one less");
        QVERIFY(tests::waitFor(
            [this] { return tests::statusOf(*m_here, "shop")["sync"] == "OutOfSync"; }, 30'000));
        const Finished left = ask({"sync", "shop", "--timeout", "60s"});
        QVERIFY2(left.exitCode == 1 && left.errors.contains("--prune removes it"), all(left));
        QVERIFY2(ask({"sync", "shop", "--prune", "--timeout", "60s"}).isOk(), "pruned");
        QVERIFY(ask({"refresh", "shop"}).output.contains("compared anew"));
        const Finished nothing = ask({"terminate", "shop"});
        QVERIFY2(nothing.exitCode == 2 && nothing.errors.contains("No operation of"), all(nothing));
        const Finished nobody = ask({"sync", "nobody"});
        QVERIFY2(nobody.exitCode == 2 && nobody.errors.contains("\"nobody\""), all(nobody));
        const Finished platform = ask({"topics"});
        QVERIFY2(platform.exitCode == 2
                     && platform.errors.contains("a Wavewright runs with this state folder"),
                 all(platform));
    }
    void unknownWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("bogus") << QStringList {"bogus"} << "there is no verb \"bogus\";";
        QTest::newRow("nearly") << QStringList {"statsu"} << "did you mean \"status\"?";
        QTest::newRow("help of none") << QStringList {"dance", "--help"} << "no verb \"dance\"";
        QTest::newRow("none") << QStringList {} << "a verb is missing";
        QTest::newRow("port") << QStringList {"practice", "--port", "abc"}
                              << "--port: \"abc\" is no whole number from 0 to 65535;";
        QTest::newRow("tail") << QStringList {"logs", "web", "--tail", "-5"}
                              << "--tail: \"-5\" is no whole number of 0 or more;";
        QTest::newRow("timeout") << QStringList {"run", "--timeout", "5s"}
                                 << "--timeout requires --until-healthy;";
        QTest::newRow("revision") << QStringList {"render", "app", "--revision", "v1"}
                                  << "--revision requires --repo;";
        QTest::newRow("reason") << QStringList {"pause", "shop", "--reason", ""}
                                << "--reason: it is empty;";
    }
    void unknownWords()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        const Finished said = m_here->wavewright(words);
        QVERIFY2(said.exitCode == 64 && said.errors.contains(says), all(said));
        QCOMPARE(said.errors.count('\n'), 1);
    }
    /// The first steps, as the help says them, in a clone.
    void theFirstExamplesWork()
    {
        m_here->copyTree("manifests/event-driven", "manifests/event-driven");
        m_here->commit("a clone");
        const QStringList examples = examplesIn(m_here->wavewright({"--help"}).output);
        QVERIFY(!examples.isEmpty());
        for (QString example : examples) {
            example.replace(0, 10, QStringLiteral(WAVEWRIGHT_PROGRAM));
            const Finished done = m_here->program("sh", {"-c", example + " --timeout 50s"},
                                                  {"XDG_STATE_HOME=" + m_here->path("home"),
                                                   "XDG_CACHE_HOME=" + m_here->path("home"),
                                                   "XDG_CONFIG_HOME=" + m_here->path("home")});
            QVERIFY2(done.isOk(), example.toUtf8() + "\n" + all(done));
        }
    }
    /// No example names a folder of this repository that is not there.
    void examplesNameWhatExists()
    {
        int named = 0;
        for (const char* verb : {"render", "diff", "sync", "run", "lineage", "topics", "namespaces",
                                 "tenants", "findings", "environments"})
            for (const QString& example : examplesIn(m_here->wavewright({verb, "--help"}).output))
                for (const QString& word : example.split(' '))
                    if (word.startsWith("manifests/") || word.startsWith("overlays")) {
                        QString path = word;
                        path.remove("/*");
                        QVERIFY2(QFile::exists(QStringLiteral(PROJECT_ROOT_DIR "/") + path),
                                 example.toUtf8());
                        ++named;
                    }
        QVERIFY(named > 10);
    }
    void anApplicationSetIsNamed()
    {
        m_here->write("applications/set.yaml",
                      "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: "
                      "all}\nspec: {}\n");
        const Finished said = m_here->wavewright({"findings", "-f", "applications"});
        QVERIFY2(said.exitCode == 2, all(said));
        QVERIFY2(
            said.errors.contains("applications/set.yaml: the ApplicationSet \"all\" is left out"),
            all(said));
    }
    void noHistory()
    {
        const Finished said =
            m_here->wavewright({"history", "--state", m_here->path("nonexistent")});
        QVERIFY2(said.exitCode == 2 && said.errors.contains("has no history"), all(said));
    }

private:
    std::unique_ptr<Workspace> m_here;
    std::unique_ptr<PracticeCluster> m_cluster;
};

WW_TEST_CLASS(TestCommandTrouble)
#include "tst_commandtrouble.moc"

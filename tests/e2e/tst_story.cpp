// SPDX-License-Identifier: GPL-3.0-or-later
// The story of the README with the real programs: the platform arrives, is disturbed with kubectl,
// follows commits, asks before a namespace goes, and survives kill -9.
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QThread>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

class TestStory : public QObject
{
    Q_OBJECT
private:
    static void givePlatform(Workspace& here)
    {
        here.copyTree("manifests/event-driven", "manifests/event-driven");
        here.commit("The platform");
    }
    static QStringList options(const Workspace& here)
    {
        return here.practiceOptions()
            + QStringList {"-f", here.repository() + "/manifests/event-driven/application.yaml"};
    }
    /// Until the condition holds, by the clock: programs in the background answer in their own
    /// time.
    template<class Condition>
    static bool waitFor(Condition condition, int timeoutMs)
    {
        QElapsedTimer timer;
        timer.start();
        while (!condition()) {
            if (timer.elapsed() > timeoutMs)
                return false;
            QTest::qWait(100);
            QThread::msleep(100);
        }
        return true;
    }
    /// False, with all that both programs said, when it takes too long or the program is gone.
    static bool settles(Workspace& here)
    {
        Finished status;
        const bool settled = waitFor(
            [&] {
                status = here.wavewright({"status", "--state", here.stateFolder()});
                return status.isOk() || !here.isRunning();
            },
            120'000);
        if (settled && status.isOk())
            return true;
        std::fprintf(stderr, "%s\n%s%s%s\n", qPrintable(here.outputSoFar().right(20'000)),
                     qPrintable(status.output), qPrintable(status.errors),
                     here.isRunning() ? "" : "wavewright has ended");
        return false;
    }

private Q_SLOTS:
    void thePlatformArrives()
    {
        Workspace here;
        givePlatform(here);
        const Finished run = here.wavewright(
            QStringList {"run", "--until-healthy", "--timeout", "120s"} + options(here), 150'000);
        QVERIFY2(run.isOk(), (run.output.right(6000) + run.errors).toUtf8());
        // Wave by wave: what stands in a later one begins after what stands in an earlier one was
        // ready.
        const auto at = [&](const char* text) { return run.output.indexOf(text); };
        QVERIFY(at("operators: sync of") >= 0);
        QVERIFY(at("operators: sync of") < at("kafka: sync of"));
        QVERIFY(at("kafka: sync of") < at("backstage: sync of"));
        QVERIFY(at("backstage: sync of") < at("user-alice: sync of"));
        // Once more: everything is as it should be, and stays so.
        const Finished again = here.wavewright(
            QStringList {"run", "--until-healthy", "--timeout", "60s"} + options(here), 90'000);
        QVERIFY2(again.isOk(), (again.output.right(6000) + again.errors).toUtf8());
    }

    void disturbedThenChanged()
    {
        if (!Workspace::hasKubectl())
            QSKIP("kubectl is not installed: drift made with it is not tested");
        Workspace here;
        givePlatform(here);
        here.start(QStringList {"run"} + options(here));
        QVERIFY(settles(here));

        // Healed, and named with field, manager and subresource.
        QVERIFY(
            here.kubectl({"-n", "backstage", "scale", "deployment", "backstage", "--replicas", "5"})
                .isOk());
        QVERIFY(waitFor(
            [&] {
                return here.field("backstage", "deployment/backstage", "{.spec.replicas}")
                    == QString("1");
            },
            20'000));
        QVERIFY2(waitFor(
                     [&] {
                         return here.outputSoFar().contains(
                             "spec.replicas is 5, Git says 1 (kubectl");
                     },
                     20'000),
                 here.outputSoFar().right(4000).toUtf8());
        // kubectl edit, with sed for a person.
        const Finished edited =
            here.kubectl({"-n", "kafka", "edit", "kafkatopic", "events"}, 30'000,
                         {"KUBE_EDITOR=sed -i 's/partitions: 6/partitions: 9/'"});
        QVERIFY2(edited.isOk() && edited.output.contains("edited"), edited.errors.toUtf8());
        QVERIFY2(waitFor(
                     [&] {
                         return here.outputSoFar().contains(
                             "spec.partitions is 9, Git says 6 (kubectl-edit at ");
                     },
                     20'000),
                 here.outputSoFar().right(4000).toUtf8());
        QVERIFY(waitFor(
            [&] {
                return here.field("kafka", "kafkatopic/events", "{.spec.partitions}")
                    == QString("6");
            },
            20'000));
        QVERIFY(here.kubectl({"-n", "backstage", "delete", "service", "postgres", "--wait=false"})
                    .isOk());
        QVERIFY(waitFor(
            [&] {
                return here.field("backstage", "service/postgres", "{.spec.ports[0].port}")
                    == QString("5432");
            },
            20'000));
        QVERIFY(here.kubectl({"-n", "kafka", "patch", "kafkatopic", "events", "--type", "merge",
                              "-p", "{\"spec\":{\"partitions\":1}}"})
                    .isOk());
        QVERIFY(waitFor(
            [&] {
                return here.field("kafka", "kafkatopic/events", "{.spec.partitions}")
                    == QString("6");
            },
            20'000));

        // A commit is followed.
        const QString topics = "manifests/event-driven/kafka/base/topics.yaml";
        here.write(topics, here.read(topics).replace("partitions: 3", "partitions: 4"));
        here.commit("More partitions");
        QVERIFY(waitFor(
            [&] {
                return here.field("kafka", "kafkatopic/commands", "{.spec.partitions}")
                    == QString("4");
            },
            30'000));

        // A small object goes; a namespace waits for a yes.
        const QString users = "manifests/event-driven/users/base/kustomization.yaml";
        QVERIFY(!here.field("user-alice", "serviceaccount/user-sa", "{.metadata.uid}").isEmpty());
        const QString policies = "manifests/event-driven/users/base/networkpolicies.yaml";
        const QString text = here.read(policies);
        here.write(policies, text.left(text.indexOf("---\n# Not in the document")));
        here.commit("No webhooks");
        QVERIFY(waitFor(
            [&] {
                return here.field("user-alice", "networkpolicy/ingress-webhooks", "{.metadata.uid}")
                    .isEmpty();
            },
            30'000));
        QVERIFY(!here.field("user-alice", "networkpolicy/egress-to-platform", "{.metadata.uid}")
                     .isEmpty());

        const QString apps = "manifests/event-driven/apps/base/kustomization.yaml";
        here.write(apps, here.read(apps).replace("  - user-carol.yaml\n", ""));
        here.remove("manifests/event-driven/apps/base/user-carol.yaml");
        here.commit("Carol leaves");
        QVERIFY2(
            waitFor([&] { return here.outputSoFar().contains("waits for confirmation"); }, 30'000),
            here.outputSoFar().right(4000).toUtf8());
        QVERIFY(!here.field("", "namespace/user-carol", "{.metadata.uid}").isEmpty());
        const Finished confirmed =
            here.wavewright({"confirm", "user-carol", "--state", here.stateFolder()});
        QVERIFY2(confirmed.isOk(), confirmed.errors.toUtf8());
        QVERIFY(waitFor(
            [&] { return here.field("", "namespace/user-carol", "{.metadata.uid}").isEmpty(); },
            30'000));
        QVERIFY(!here.field("", "namespace/user-alice", "{.metadata.uid}").isEmpty());
        QVERIFY(here.read(users).contains("networkpolicies.yaml"));
    }

    void killedAndStartedAgain()
    {
        Workspace here;
        givePlatform(here);
        const int rounds = qEnvironmentVariableIntValue("WAVEWRIGHT_KILLS") > 0
            ? qEnvironmentVariableIntValue("WAVEWRIGHT_KILLS")
            : 12;
        QRandomGenerator random(quint32(qEnvironmentVariableIntValue("SEED")));
        for (int round = 0; round < rounds; ++round) {
            QProcess& process = here.start(QStringList {"run"} + options(here));
            process.waitForFinished(random.bounded(30, 1500));
            QVERIFY2(process.state() == QProcess::Running, here.outputSoFar().toUtf8());
            here.kill();
        }
        const Finished run = here.wavewright(
            QStringList {"run", "--until-healthy", "--timeout", "120s"} + options(here), 150'000);
        QVERIFY2(run.isOk(), (run.output.right(6000) + run.errors).toUtf8());
    }
};

WW_TEST_CLASS(TestStory)
#include "tst_story.moc"

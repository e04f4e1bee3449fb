// SPDX-License-Identifier: GPL-3.0-or-later
// Applications that cannot work, side by side with one that can: each says what is wrong and where,
// none stops another, and nothing of theirs reaches the cluster. And a state folder on a full disk.
#include "tests/e2e/applicationstatus.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QProcess>
#include <QScopeGuard>
#include <QtTest/QTest>

#include <memory>
#include <sys/mount.h>

using tests::complaints;
using tests::Finished;
using tests::isSettled;
using tests::statusOf;
using tests::waitFor;
using tests::Workspace;

namespace {

QString configMap(const QString& name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name
        + "\n  namespace: default\ndata:\n  a: b\n";
}

QString application(const QString& name, const QString& repository, const QString& revision)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\nspec:\n  project: default\n  source: {repoURL: \"" + repository + "\", path: " + name
        + ", targetRevision: \"" + revision
        + "\"}\n  destination: {server: \"https://kubernetes.default.svc\", namespace: default}\n"
          "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
}

/// Ten lines, each of which is ten times the one before.
QString billionLaughs()
{
    QString text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: laughs}\na: &a [lol]\n";
    for (char c = 'b'; c <= 'j'; ++c) {
        const QString before = QString("*%1").arg(QChar(c - 1));
        text += QString("%1: &%1 [%2]\n").arg(QChar(c)).arg(QStringList(10, before).join(", "));
    }
    return text;
}

struct Broken
{
    const char* name;
    const char* says; ///< what a condition of it must name
};

constexpr Broken kBroken[] = {
    {"unparsable", "unparsable/a.yaml:5:8"},
    {"kindless", "kindless/a.yaml:1:1"},
    {"unserved", "Gadget"},
    {"twice", "twice/b.yaml"},
    {"laughs", "laughs/a.yaml"},
    {"huge", "huge/a.yaml"},
    {"link", "link/a.yaml"},
    {"cycle", "cycle"},
    {"unreachable", "127.0.0.1 port 1"},
    {"vanished", "0123456789012345678901234567890123456789"},
};

void writeFiles(const Workspace& here, const auto& write)
{
    write("unparsable/a.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n   name: b\n");
    write("kindless/a.yaml", "apiVersion: v1\nmetadata:\n  name: kindless\n");
    write("unserved/a.yaml", "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a}\n");
    write("twice/a.yaml", configMap("twice"));
    write("twice/b.yaml", configMap("twice"));
    write("laughs/a.yaml", billionLaughs());
    write("cycle/kustomization.yaml", "resources: [more]\n");
    write("cycle/more/kustomization.yaml", "resources: [..]\n");
    write("good/a.yaml", configMap("good"));
    const QString repository = here.repository();
    QDir().mkpath(repository + "/huge");
    QFile huge(repository + "/huge/a.yaml");
    if (huge.open(QIODevice::WriteOnly)) {
        huge.write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: huge}\ndata:\n  a: |\n");
        const QByteArray line = "    " + QByteArray(1020, 'x') + "\n";
        for (int i = 0; i < 100 * 1024; ++i)
            huge.write(line);
    }
    QDir().mkpath(repository + "/link");
    QFile::link("/etc/hostname", repository + "/link/a.yaml");
}

} // namespace

class TestFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_here = std::make_unique<Workspace>();
        writeFiles(*m_here,
                   [this](const QString& file, const QString& text) { m_here->write(file, text); });
        m_here->commit("Good and bad");
        const auto add = [&](const QString& name, const QString& repository,
                             const QString& revision) {
            m_here->write("applications/" + name + ".yaml",
                          application(name, repository, revision));
        };
        for (const Broken& broken : kBroken) {
            const QString name = broken.name;
            add(name, name == "unreachable" ? "https://127.0.0.1:1/x.git" : Workspace::kUrl,
                name == "vanished" ? broken.says : "HEAD");
        }
        add("good", Workspace::kUrl, "HEAD");
        m_here->start(QStringList {"run", "-f", m_here->repository() + "/applications"}
                      + m_here->practiceOptions());
    }
    void cleanupTestCase() { m_here.reset(); }

    void theGoodOneGoesOn()
    {
        QVERIFY2(waitFor([this] { return isSettled(statusOf(*m_here, "good")); }, 60'000),
                 complaints(statusOf(*m_here, "good")).toUtf8()
                     + m_here->outputSoFar().right(3000).toUtf8());
    }
    void namesItsFault_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("says");
        for (const Broken& broken : kBroken)
            QTest::newRow(broken.name) << QString(broken.name) << QString(broken.says);
    }
    void namesItsFault()
    {
        QFETCH(QString, name);
        QFETCH(QString, says);
        QVERIFY2(
            waitFor([&] { return complaints(statusOf(*m_here, name)).contains(says); }, 60'000),
            complaints(statusOf(*m_here, name)).toUtf8());
        const QJsonObject state = statusOf(*m_here, name);
        QVERIFY2(name == "twice" || !isSettled(state), complaints(state).toUtf8());
        QVERIFY2(!complaints(state).contains("root:"), "the link was followed");
    }
    /// A commit that drops everything, by mistake or by a bad merge, prunes nothing; the next good
    /// one goes on.
    void aBrokenCommitPrunesNothing()
    {
        if (!Workspace::hasKubectl())
            QSKIP("kubectl is not installed: what is in the cluster is not looked at");
        QVERIFY(waitFor([this] { return isSettled(statusOf(*m_here, "good")); }, 60'000));
        const QString uid = m_here->field("default", "configmap/good", "{.metadata.uid}");
        QVERIFY(!uid.isEmpty());
        m_here->write("good/a.yaml", configMap("good") + " broken: [\n");
        m_here->commit("Broken");
        QVERIFY(
            waitFor([&] { return complaints(statusOf(*m_here, "good")).contains("good/a.yaml:"); },
                    30'000));
        m_here->remove("good/a.yaml");
        m_here->write("good/README.md", "nothing\n");
        m_here->commit("Empty");
        QVERIFY2(
            waitFor([&] { return complaints(statusOf(*m_here, "good")).contains("allowEmpty"); },
                    30'000),
            complaints(statusOf(*m_here, "good")).toUtf8());
        QCOMPARE(m_here->field("default", "configmap/good", "{.metadata.uid}"), uid);
        m_here->write("good/a.yaml", configMap("good").replace("a: b", "a: c"));
        m_here->commit("Good again");
        QVERIFY(
            waitFor([&] { return m_here->field("default", "configmap/good", "{.data.a}") == "c"; },
                    30'000));
        QCOMPARE(m_here->field("default", "configmap/good", "{.metadata.uid}"), uid);
    }

    /// A state folder without room: said in a sentence, nothing is written to the cluster that
    /// could not be kept, and it goes on when there is room again.
    void fullDisk()
    {
        Workspace here;
        if (mount("tmpfs", here.stateFolder().toUtf8().constData(), "tmpfs", 0, "size=256k") != 0)
            QSKIP("a small file system cannot be mounted here: a full disk is not tried");
        const auto unmount =
            qScopeGuard([&] { umount2(here.stateFolder().toUtf8().constData(), MNT_DETACH); });
        here.write("app/a.yaml", configMap("full"));
        here.commit("first");
        // The cluster keeps its objects elsewhere.
        QProcess& cluster = here.start({"practice", "--kubeconfig", here.kubeconfig(), "--state",
                                        here.path("practice"), "--delay", "0"});
        QVERIFY(waitFor([&] { return QFile::exists(here.kubeconfig()); }, 20'000));
        QVERIFY(cluster.state() == QProcess::Running);
        QFile filler(here.stateFolder() + "/filler");
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        const QByteArray block(4096, 'x');
        while (filler.write(block) == block.size()) { }
        const QStringList options {
            "--kubeconfig", here.kubeconfig(),  "--path",   "app",
            "--state",      here.stateFolder(), "--config", here.path("config.yaml")};
        const Finished full =
            here.wavewright(QStringList {"sync", "--timeout", "10s"} + options, 60'000);
        QVERIFY2(full.exitCode == 1 || full.exitCode == 2 || full.exitCode == 3,
                 (full.output + full.errors).toUtf8());
        QVERIFY2((full.output + full.errors).contains("No space left")
                     || (full.output + full.errors).contains("no space left"),
                 (full.output + full.errors).toUtf8());
        if (Workspace::hasKubectl())
            QVERIFY(here.field("default", "configmap/full", "{.metadata.uid}").isEmpty());
        filler.close();
        filler.remove();
        const Finished room =
            here.wavewright(QStringList {"sync", "--timeout", "60s"} + options, 90'000);
        QVERIFY2(room.isOk(), (room.output + room.errors).toUtf8());
    }

private:
    std::unique_ptr<Workspace> m_here;
};

WW_TEST_CLASS(TestFaults)
#include "tst_faults.moc"

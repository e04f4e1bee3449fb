// SPDX-License-Identifier: GPL-3.0-or-later
// Wavewright's own manifests: the program understands the arguments that they give it, and each
// feature's rights are its own.
#include "tests/e2e/workspace.h"
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QTest>

#include <set>

class TestWavewright : public QObject
{
    Q_OBJECT
    tests::PlatformManifests m_manifests {"wavewright"};

    static constexpr const char* kContainer = "/spec/template/spec/containers/0";
    std::set<std::string> verbsEverywhere(const QString& overlay) const
    {
        std::set<std::string> verbs;
        for (const core::ManifestPtr& each : m_manifests.render(overlay)->manifests) {
            if (each->key().kind != "ClusterRole")
                continue;
            const core::Json role = each->value();
            for (const core::Json& rule : role.at("rules").as_array())
                for (const core::Json& verb : rule.at("verbs").as_array())
                    verbs.emplace(verb.as_string());
        }
        return verbs;
    }

private Q_SLOTS:
    void rendersAsKubectlRendersIt_data()
    {
        QTest::addColumn<QString>("overlay");
        for (const QString& overlay : m_manifests.overlays())
            QTest::newRow(qPrintable(overlay)) << overlay;
    }
    void rendersAsKubectlRendersIt()
    {
        QFETCH(QString, overlay);
        const auto rendered = m_manifests.render(overlay);
        QVERIFY(rendered);
        if (QStandardPaths::findExecutable("kubectl").isEmpty())
            QSKIP("kubectl is not installed: its output is not compared");
        QProcess kubectl;
        kubectl.start("kubectl", {"kustomize", m_manifests.folder() + "/" + overlay});
        QVERIFY(kubectl.waitForFinished(60'000));
        QCOMPARE(QString::fromStdString(rendered->yaml),
                 QString::fromUtf8(kubectl.readAllStandardOutput()));
    }
    void facts_data()
    {
        tests::addFactColumns();
        const auto deployment = [](const char* pointer, const char* value) {
            tests::addFact("overlays/production", "Deployment", "wavewright", pointer, value);
        };
        deployment("/metadata/namespace", "wavewright");
        deployment("/spec/replicas", "1");
        deployment("/spec/strategy/type", "Recreate");
        deployment("/spec/template/spec/containers/0/readinessProbe/httpGet/path", "/healthz");
        deployment("/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem",
                   "true");
        deployment("/spec/template/spec/securityContext/runAsNonRoot", "true");
        tests::addFact("overlays/production", "ServiceMonitor", "wavewright",
                       "/spec/endpoints/0/path", "/metrics");
        tests::addFact("overlays/production", "Role", "wavewright-control", "/rules/0/resources/0",
                       "leases");
        tests::addFact("overlays/production", "Role", "wavewright-control", "/rules/0/verbs",
                       "[\"get\",\"create\",\"update\"]");
        tests::addFact("overlays/production", "Role", "wavewright-control", "/rules/1/verbs",
                       "[\"get\",\"create\",\"patch\",\"delete\"]");
        tests::addFact("overlays/production", "PersistentVolumeClaim", "wavewright-state",
                       "/spec/accessModes/0", "ReadWriteOnce");
    }
    void facts()
    {
        const QString wrong = tests::checkFact(m_manifests);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    void eachFeatureHasItsOwnRights()
    {
        const std::set<std::string> reading {"get", "list", "watch"};
        QCOMPARE(verbsEverywhere("overlays/read-only"), reading);
        std::set<std::string> all = reading;
        all.insert({"create", "update", "patch", "escalate", "bind", "delete"});
        QCOMPARE(verbsEverywhere("overlays/production"), all);
    }
    /// The program itself starts with the container's arguments, its folders put elsewhere.
    void theProgramTakesItsArguments()
    {
        tests::Workspace here;
        QStringList arguments;
        const core::Json deployment =
            m_manifests.object("overlays/production", "Deployment", "wavewright");
        for (int i = 0;; ++i) {
            const std::string argument =
                tests::textAt(deployment, std::string(kContainer) + "/args/" + std::to_string(i));
            if (argument == "<absent>")
                break;
            arguments << QString::fromStdString(argument)
                             .replace("/var/lib/wavewright", here.path("var"))
                             .replace("/etc/wavewright", here.path("etc"))
                             .replace("0.0.0.0:8080", "127.0.0.1:0");
        }
        here.copyTree("manifests/wavewright/base", "base");
        QVERIFY(QDir().mkpath(here.path("etc-applications")));
        QVERIFY(QDir().mkpath(here.path("etc")));
        QVERIFY(QFile::copy(here.repository() + "/base/config.yaml", here.path("etc/config.yaml")));
        QVERIFY(QFile::copy(here.repository() + "/base/platform.yaml",
                            here.path("etc-applications/platform.yaml")));
        // Nobody answers for the repository here: what counts is that it gets so far.
        const tests::Finished run =
            here.wavewright(arguments
                                + QStringList {"--practice", "--practice-delay", "0",
                                               "--until-healthy", "--timeout", "3s"},
                            60'000);
        QVERIFY2(run.exitCode != 64, (run.output + run.errors).toUtf8());
        QVERIFY2(run.output.contains("connected to practice"), (run.output + run.errors).toUtf8());
    }
};

WW_TEST_CLASS(TestWavewright)
#include "tst_wavewright.moc"

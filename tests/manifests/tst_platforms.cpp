// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every platform of manifests/: it renders as kubectl renders it, and nothing in it
// gets in its own way.
#include "tests/manifests/platformmanifests.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QTest>

#include <set>

using tests::PlatformManifests;

namespace {

/// Every object of an environment, with the Application that brings it.
struct Brought
{
    std::string application;
    core::ManifestPtr manifest;
};

std::vector<Brought> allOf(const PlatformManifests& platform, const QString& environment)
{
    std::vector<Brought> all;
    for (const auto& child : platform.children(environment))
        if (const auto rendered = platform.render(child.path))
            for (const core::ManifestPtr& manifest : rendered->manifests)
                all.push_back({child.name, manifest});
    return all;
}

/// Every text under a key, at any depth.
void collect(const core::Json& value, const std::string& key, std::vector<core::Json>& found)
{
    if (value.is_object())
        for (const auto& [name, member] : value.get_object()) {
            if (name == key)
                found.push_back(member);
            collect(member, key, found);
        }
    if (value.is_array())
        for (const core::Json& member : value.get_array())
            collect(member, key, found);
}

void eachEnvironment()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("environment");
    for (const QString& name : tests::platformNames())
        for (const QString& environment : PlatformManifests(name).environments())
            QTest::newRow(qPrintable(name + ", " + environment)) << name << environment;
}

} // namespace

class TestPlatforms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rendersAsKubectlRendersIt_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("folder");
        for (const QString& name : tests::platformNames())
            for (const QString& folder : PlatformManifests(name).overlays())
                QTest::newRow(qPrintable(name + "/" + folder)) << name << folder;
    }
    void rendersAsKubectlRendersIt()
    {
        QFETCH(QString, name);
        QFETCH(QString, folder);
        const PlatformManifests platform(name);
        const auto rendered = platform.render(folder);
        QVERIFY(rendered);
        QVERIFY(!rendered->manifests.empty());
        if (QStandardPaths::findExecutable("kubectl").isEmpty())
            QSKIP("kubectl is not installed: its output is not compared");
        QProcess kubectl;
        kubectl.start("kubectl", {"kustomize", platform.folder() + "/" + folder});
        QVERIFY(kubectl.waitForFinished(60'000));
        QCOMPARE(QString::fromStdString(rendered->yaml),
                 QString::fromUtf8(kubectl.readAllStandardOutput()));
    }

    void eachApplicationLeadsToItsManifests_data() { eachEnvironment(); }
    void eachApplicationLeadsToItsManifests()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        const PlatformManifests platform(name);
        const auto children = platform.children(environment);
        QVERIFY(!children.empty());
        for (const auto& child : children) {
            const auto rendered = platform.render(child.path);
            QVERIFY2(rendered && !rendered->manifests.empty(), qPrintable(child.path));
            QVERIFY2(QString::fromStdString(child.wave).toInt() >= 0 && child.wave != "<absent>",
                     child.name.c_str());
        }
    }

    void nothingIsClaimedTwice_data() { eachEnvironment(); }
    void nothingIsClaimedTwice()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        std::map<std::string, std::string> claims; // object or node port -> Application
        for (const auto& [application, manifest] : allOf(PlatformManifests(name), environment)) {
            std::vector<core::Json> ports;
            collect(manifest->value(), "nodePort", ports);
            std::vector<std::string> claimed {manifest->key().text()};
            for (const core::Json& port : ports)
                if (port.is_int64())
                    claimed.push_back("node port " + core::toText(port));
            for (const std::string& each : claimed) {
                const auto [there, isNew] = claims.emplace(each, application);
                QVERIFY2(isNew, (each + " of " + application + " and of " + there->second).c_str());
            }
        }
    }

    void imagesArePinned_data() { eachEnvironment(); }
    void imagesArePinned()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        for (const auto& [application, manifest] : allOf(PlatformManifests(name), environment)) {
            if (manifest->key().kind == "CustomResourceDefinition")
                continue;
            std::vector<core::Json> images;
            collect(manifest->value(), "image", images);
            for (const core::Json& image : images) {
                if (!image.is_string())
                    continue;
                const std::string text(image.get_string());
                const std::string tail = text.substr(text.rfind('/') + 1);
                QVERIFY2(tail.find(':') != std::string::npos && !tail.ends_with(":latest"),
                         (text + " of " + manifest->key().text()).c_str());
            }
        }
    }

    void crdsStandInThePracticeOverlaysOnly_data() { eachEnvironment(); }
    void crdsStandInThePracticeOverlaysOnly()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        const bool isPractice = environment == "practice";
        bool any = false;
        for (const auto& [application, manifest] : allOf(PlatformManifests(name), environment))
            any = any || manifest->key().kind == "CustomResourceDefinition";
        QVERIFY(!any || isPractice);
    }

    /// What a pod mounts or reads is brought by the same platform, or made by an operator of it.
    void configurationIsThere_data() { eachEnvironment(); }
    void configurationIsThere()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        std::set<std::string> there;
        const std::set<std::string> madeByControllers {"istio-ca-root-cert"};
        const auto all = allOf(PlatformManifests(name), environment);
        for (const auto& [application, manifest] : all)
            if (manifest->key().kind == "ConfigMap")
                there.insert(manifest->key().namespaceName + "/" + manifest->key().name);
        for (const auto& [application, manifest] : all) {
            if (manifest->key().kind != "Deployment" && manifest->key().kind != "StatefulSet"
                && manifest->key().kind != "Job" && manifest->key().kind != "CronJob")
                continue;
            for (const char* key : {"configMap", "configMapRef"}) {
                std::vector<core::Json> references;
                collect(manifest->value(), key, references);
                for (const core::Json& each : references) {
                    const std::string source = tests::textAt(each, "/name");
                    const std::string wanted = manifest->key().namespaceName + "/" + source;
                    QVERIFY2(there.contains(wanted) || madeByControllers.contains(source),
                             (wanted + " of " + manifest->key().text()).c_str());
                }
            }
        }
    }
};

WW_TEST_CLASS(TestPlatforms)
#include "tst_platforms.moc"

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

/// "namespace/name" of every Secret that Git brings, sealed or plain, with its keys; and of those
/// that RabbitMQ's operator makes of a cluster in Git.
std::map<std::string, std::set<std::string>> secretsOf(const std::vector<Brought>& all)
{
    std::map<std::string, std::set<std::string>> there;
    for (const auto& [application, manifest] : all) {
        const std::string& kind = manifest->key().kind;
        const std::string path = manifest->key().namespaceName + "/" + manifest->key().name;
        if (kind == "RabbitmqCluster")
            there[path + "-default-user"] = {"username", "password"};
        if (kind != "Secret" && kind != "SealedSecret")
            continue;
        const core::Json value = manifest->value();
        std::set<std::string> keys;
        for (const auto place : {std::initializer_list<std::string_view> {"data"},
                                 std::initializer_list<std::string_view> {"stringData"},
                                 std::initializer_list<std::string_view> {"spec", "encryptedData"}})
            if (const core::Json* data = core::findPath(value, place); data && data->is_object())
                for (const auto& member : data->get_object())
                    keys.emplace(member.key());
        const std::string annotations =
            kind == "Secret" ? "/metadata/annotations/" : "/spec/template/metadata/annotations/";
        const QString copies = QString::fromStdString(tests::textAt(
            value, annotations + "reflector.v1.k8s.emberstack.com~1reflection-auto-namespaces"));
        there[path] = keys;
        for (const QString& where : copies.split(',', Qt::SkipEmptyParts))
            there[where.toStdString() + "/" + manifest->key().name] = keys;
    }
    return there;
}

/// "namespace/name" of the Secrets that operators make for custom resources in Git.
std::set<std::string> madeByOperators(const std::vector<Brought>& all)
{
    const std::map<std::string, std::vector<const char*>> endings {
        {"RabbitmqCluster", {"-default-user", "-erlang-cookie"}},
        {"Kafka", {"-cluster-ca-cert", "-clients-ca-cert"}},
        {"KafkaUser", {""}}};
    std::set<std::string> made;
    for (const auto& [application, manifest] : all)
        if (const auto found = endings.find(manifest->key().kind); found != endings.end())
            for (const char* ending : found->second)
                made.insert(manifest->key().namespaceName + "/" + manifest->key().name + ending);
    return made;
}

/// Names and keys ("" for the whole) that a workload cannot do without.
std::vector<std::pair<std::string, std::string>> secretsRead(const core::Json& workload)
{
    std::vector<std::pair<std::string, std::string>> read;
    const std::vector<std::pair<const char*, const char*>> places {
        {"secretKeyRef", "/name"}, {"secretRef", "/name"}, {"secret", "/secretName"}};
    for (const auto& [member, nameAt] : places) {
        std::vector<core::Json> found;
        collect(workload, member, found);
        for (const core::Json& each : found) {
            if (!each.is_object() || core::boolAt(each, {"optional"}))
                continue;
            const std::string key = tests::textAt(each, "/key");
            read.emplace_back(tests::textAt(each, nameAt), key == "<absent>" ? "" : key);
        }
    }
    return read;
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
                    const std::string wanted =
                        manifest->key().namespaceName + "/" + tests::textAt(each, "/name");
                    QVERIFY2(there.contains(wanted),
                             (wanted + " of " + manifest->key().text()).c_str());
                }
            }
        }
    }

    /// A Secret that a pod reads, with its key: in the same namespace by Git, sealed or not, or a
    /// copy of Reflector's.
    void secretsAreThere_data() { eachEnvironment(); }
    void secretsAreThere()
    {
        QFETCH(QString, name);
        QFETCH(QString, environment);
        const auto all = allOf(PlatformManifests(name), environment);
        const auto there = secretsOf(all);
        const auto made = madeByOperators(all);
        const std::set<std::string> kinds {"Deployment", "StatefulSet",      "Job",
                                           "CronJob",    "SparkApplication", "DaemonSet"};
        for (const auto& [application, manifest] : all) {
            if (!kinds.contains(manifest->key().kind))
                continue;
            for (const auto& [secret, key] : secretsRead(manifest->value())) {
                const std::string wanted = manifest->key().namespaceName + "/" + secret;
                if (made.contains(wanted))
                    continue;
                const auto found = there.find(wanted);
                const std::string what = secret + " (" + key + ") of " + manifest->key().text();
                QVERIFY2(found != there.end(), what.c_str());
                QVERIFY2(key.empty() || found->second.contains(key), what.c_str());
            }
        }
    }
};

WW_TEST_CLASS(TestPlatforms)
#include "tst_platforms.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/customizations.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::Customizations;

class TestCustomizations : public QObject
{
    Q_OBJECT

private:
    static Customizations read(std::initializer_list<std::pair<std::string, std::string>> data)
    {
        core::JsonObject entries;
        for (const auto& [key, text] : data)
            entries[key] = text;
        return gitops::readCustomizations(core::JsonObject {
            {"apiVersion", "v1"},
            {"kind", "ConfigMap"},
            {"metadata", core::JsonObject {{"name", "argocd-cm"}, {"namespace", "argocd"}}},
            {"data", std::move(entries)}});
    }
    static std::string scriptOf(const Customizations& all, const std::string& group,
                                const std::string& kind)
    {
        const gitops::HealthScript* script = all.healthOf({group, kind});
        return script ? script->text : "none";
    }

private Q_SLOTS:
    void splitKeys()
    {
        const Customizations all = read({
            {"resource.customizations.health.cert-manager.io_Certificate", "return nil"},
            {"resource.customizations.useOpenLibs.cert-manager.io_Certificate", "true"},
            {"resource.customizations.health.Pod", "core"},
            {"resource.customizations.ignoreDifferences.apps_Deployment",
             "jsonPointers: [/spec/replicas]\njqPathExpressions:\n- .spec.a[] | select(.b)\n"
             "managedFieldsManagers: [hpa]\n"},
            {"resource.customizations.ignoreDifferences.all", "jsonPointers: [/metadata/x]\n"},
            {"resource.customizations.actions.apps_Deployment", "not ours"},
            {"resource.compareoptions", "not ours"},
            {"resource.customizationsish", "not ours"},
            {"url", "https://example.com"},
        });
        QCOMPARE(all.problems, std::vector<std::string>());
        QCOMPARE(all.health.size(), std::size_t(2));
        QCOMPARE(scriptOf(all, "cert-manager.io", "Certificate"), std::string("return nil"));
        QVERIFY(all.healthOf({"cert-manager.io", "Certificate"})->openLibraries);
        QCOMPARE(scriptOf(all, "", "Pod"), std::string("core"));
        QVERIFY(!all.healthOf({"", "Pod"})->openLibraries);
        QCOMPARE(scriptOf(all, "apps", "Pod"), std::string("none"));
        QCOMPARE(all.ignoreDifferences.size(), std::size_t(2));
        for (const core::IgnoreDifference& rule : all.ignoreDifferences) {
            const bool isForAll = rule.kind == "*";
            QCOMPARE(rule.group, std::string(isForAll ? "*" : "apps"));
            QCOMPARE(rule.jsonPointers,
                     std::vector<std::string> {isForAll ? "/metadata/x" : "/spec/replicas"});
            QCOMPARE(rule.jqPathExpressions.size(), std::size_t(isForAll ? 0 : 1));
            QCOMPARE(rule.managedFieldsManagers.size(), std::size_t(isForAll ? 0 : 1));
        }
    }
    void oneKey()
    {
        const Customizations all =
            read({{"resource.customizations",
                   "\"*.crossplane.io/*\":\n  health.lua: |\n    glob\n"
                   "s3.crossplane.io/Bucket:\n  health.lua: exact\n"
                   "  health.lua.useOpenLibs: true\n"
                   "admissionregistration.k8s.io/MutatingWebhookConfiguration:\n"
                   "  ignoreDifferences: |\n    jsonPointers:\n    - /webhooks/0/clientConfig\n"
                   "ConfigMap:\n  ignoreDifferences: {jsonPointers: [/data/a]}\n"}});
        QCOMPARE(all.problems, std::vector<std::string>());
        QCOMPARE(scriptOf(all, "s3.crossplane.io", "Bucket"), std::string("exact"));
        QVERIFY(all.healthOf({"s3.crossplane.io", "Bucket"})->openLibraries);
        QCOMPARE(scriptOf(all, "rds.crossplane.io", "Instance"), std::string("glob\n"));
        QCOMPARE(scriptOf(all, "example.com", "Instance"), std::string("none"));
        QCOMPARE(all.ignoreDifferences.size(), std::size_t(2));
    }
    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const QString ignore = "resource.customizations.ignoreDifferences.apps_Deployment";
        QTest::newRow("no YAML") << ignore << "a: [" << "argocd-cm, " + ignore;
        QTest::newRow("no map") << ignore << "- a" << "is not one map";
        QTest::newRow("no list") << ignore << "jsonPointers: {a: b}" << "jsonPointers";
        QTest::newRow("no kind") << "resource.customizations.health." << "x" << "names no kind";
        QTest::newRow("one key, no map") << "resource.customizations" << "text" << "is not one map";
        QTest::newRow("an entry of it") << "resource.customizations" << "a/B: text" << "\"a/B\"";
    }
    void whatIsWrongIsNamed()
    {
        QFETCH(QString, key);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const Customizations all = read({{key.toStdString(), text.toStdString()},
                                         {"resource.customizations.health.Pod", "good"}});
        QCOMPARE(all.problems.size(), std::size_t(1));
        QVERIFY2(all.problems[0].find(says.toStdString()) != std::string::npos,
                 all.problems[0].c_str());
        QCOMPARE(scriptOf(all, "", "Pod"), std::string("good")); // the rest is read
    }
    void strangeMaps()
    {
        QVERIFY(gitops::readCustomizations({}) == Customizations());
        QVERIFY(gitops::readCustomizations(core::JsonObject {{"data", 1}}) == Customizations());
        QVERIFY(gitops::readCustomizations(core::JsonObject {
                    {"data", core::JsonObject {{"resource.customizations.health.Pod", 1}}}})
                == Customizations());
    }
};

WW_TEST_CLASS(TestCustomizations)
#include "tst_customizations.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"
#include "gitops/engine/desiredstate.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestDesiredState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namespaces_data();
    void namespaces();
    void scopeOfItsOwnDefinitions();
    void scopeOfTheServer();
    void lastOfDuplicatesStands();
    void hooksAndWaves();
    void refusesWhatItCannotRead_data();
    void refusesWhatItCannotRead();
};

namespace {

gitops::RenderedPtr rendered(const std::vector<std::string>& objects)
{
    auto result = std::make_shared<gitops::Rendered>();
    for (const std::string& text : objects)
        result->manifests.push_back(*core::Manifest::make(*core::parseJson(text)));
    return result;
}

core::Result<gitops::DesiredStatePtr> prepare(const std::vector<std::string>& objects,
                                              const gitops::Discovery* discovery = nullptr)
{
    core::Application application;
    application.name = "app";
    application.destinationNamespace = "shop";
    return gitops::prepareDesired(application, {.id = "c1"}, rendered(objects), discovery);
}

} // namespace

void TestDesiredState::namespaces_data()
{
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("space");
    QTest::newRow("from the destination")
        << R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}})" << "shop";
    QTest::newRow("its own")
        << R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"b"}})"
        << "b";
    QTest::newRow("none for the cluster's scope")
        << R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","namespace":"b"}})"
        << "";
}

void TestDesiredState::namespaces()
{
    QFETCH(QString, object);
    QFETCH(QString, space);
    const auto state = prepare({object.toStdString()});
    QVERIFY(state.has_value());
    const core::ObjectKey key = (*state)->manifests.front()->key();
    QCOMPARE(key.namespaceName, space.toStdString());
    QVERIFY((*state)->objects.contains(key));
    QCOMPARE((*state)->namespaces.contains("shop"), space == "shop");
}

void TestDesiredState::scopeOfItsOwnDefinitions()
{
    const auto state =
        prepare({R"({"apiVersion":"example.com/v1","kind":"Planet","metadata":{"name":"mars"}})",
                 R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
                 R"("metadata":{"name":"planets.example.com"},"spec":{"group":"example.com",)"
                 R"("scope":"Cluster","names":{"kind":"Planet"}}})"});
    QVERIFY(state.has_value());
    QVERIFY((*state)->objects.contains({"example.com", "Planet", "", "mars"}));
}

void TestDesiredState::scopeOfTheServer()
{
    gitops::Discovery discovery;
    gitops::ApiResource resource;
    resource.kind = {"example.com", "v1", "Planet"};
    resource.namespaced = false;
    discovery.add(resource, true);
    const std::string planet =
        R"({"apiVersion":"example.com/v1","kind":"Planet","metadata":{"name":"mars"}})";
    QVERIFY(
        (*prepare({planet}, &discovery))->objects.contains({"example.com", "Planet", "", "mars"}));
    QVERIFY((*prepare({planet}))->objects.contains({"example.com", "Planet", "shop", "mars"}));
}

void TestDesiredState::lastOfDuplicatesStands()
{
    const auto state = prepare(
        {R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"v":"1"}})",
         R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}})",
         R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"v":"2"}})"});
    QVERIFY(state.has_value());
    QCOMPARE((*state)->objects.size(), std::size_t(2));
    QCOMPARE((*state)->manifests.size(), std::size_t(2));
    const auto& object = (*state)->objects.at({"", "ConfigMap", "shop", "a"});
    QVERIFY(object.manifest->text().find("\"2\"") != std::string::npos);
    QCOMPARE((*state)->warnings.size(), std::size_t(1));
    QCOMPARE((*state)->warnings.front().type, std::string("RepeatedResourceWarning"));
}

void TestDesiredState::hooksAndWaves()
{
    const auto state =
        prepare({R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a","annotations":)"
                 R"({"argocd.argoproj.io/hook":"PreSync","argocd.argoproj.io/sync-wave":"-2"}}})",
                 R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}})"});
    const auto& job = (*state)->objects.at({"batch", "Job", "shop", "a"});
    QCOMPARE(job.hook, std::string("PreSync"));
    QCOMPARE(job.wave, -2);
    QVERIFY(!job.isCompared());
    QVERIFY((*state)->objects.at({"", "ConfigMap", "shop", "b"}).isCompared());
}

void TestDesiredState::refusesWhatItCannotRead_data()
{
    QTest::addColumn<QString>("value");
    QTest::newRow("SOPS") << "ENC[AES256_GCM,data:abc,type:str]";
    QTest::newRow("vault plugin") << "<path:secret/data/db#password>";
}

void TestDesiredState::refusesWhatItCannotRead()
{
    QFETCH(QString, value);
    const auto state = prepare(
        {R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fine"}})",
         R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"db"},"stringData":{"p":")"
             + value.toStdString() + "\"}}"});
    QVERIFY(!state.has_value());
    QVERIFY(state.error().text().find("Secret") != std::string::npos);
    QVERIFY(state.error().text().find(value.toStdString()) == std::string::npos);
}

WW_TEST_CLASS(TestDesiredState)
#include "tst_desiredstate.moc"

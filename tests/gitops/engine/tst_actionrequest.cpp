// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"
#include "gitops/engine/actionrequest.h"
#include "tests/gitops/engine/fakeoperationhost.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using Type = gitops::SyncAction::Type;
using Write = gitops::WriteRequest::Type;

class TestActionRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void types_data();
    void types();
    void deleteKeepsItsPrecondition();
    void namespaceAsTheApplicationAsks();
    void refusesWhatCannotBeDecorated();
};

void TestActionRequest::types_data()
{
    QTest::addColumn<int>("action");
    QTest::addColumn<int>("write");
    QTest::addColumn<bool>("hasManifest");
    const auto row = [](const char* name, Type action, Write write, bool hasManifest) {
        QTest::newRow(name) << int(action) << int(write) << hasManifest;
    };
    row("apply", Type::Apply, Write::Apply, true);
    row("replace", Type::Replace, Write::Replace, true);
    row("namespace", Type::CreateNamespace, Write::Apply, true);
    row("delete", Type::Delete, Write::Delete, false);
    row("release", Type::ReleaseHook, Write::Release, false);
}

void TestActionRequest::types()
{
    QFETCH(int, action);
    tests::FakeOperationHost host;
    host.declare("a");
    gitops::SyncAction asked;
    asked.type = Type(action);
    asked.key = tests::FakeOperationHost::configMap("a");
    asked.manifest = host.state->manifests.front();
    asked.dryRun = true;
    const auto request = gitops::writeRequestOf(asked, nullptr, host);
    QVERIFY(request);
    QTEST(int(request->type), "write");
    QTEST(request->manifest != nullptr, "hasManifest");
    QVERIFY(request->dryRun);
    QVERIFY(request->key == asked.key);
}

void TestActionRequest::deleteKeepsItsPrecondition()
{
    tests::FakeOperationHost host;
    gitops::SyncAction asked;
    asked.type = Type::Delete;
    asked.key = tests::FakeOperationHost::configMap("a");
    asked.uid = "uid-a";
    asked.propagationPolicy = "orphan";
    const gitops::LiveView live = host.live(asked.key).view;
    const auto request = gitops::writeRequestOf(asked, &live, host);
    QVERIFY(request);
    QCOMPARE(request->uid, std::string("uid-a"));
    QCOMPARE(request->propagationPolicy, std::string("Orphan"));
    QCOMPARE(request->kind.kind, std::string("ConfigMap"));
}

void TestActionRequest::namespaceAsTheApplicationAsks()
{
    tests::FakeOperationHost host;
    host.application.managedNamespaceLabels = {{"team", "shop"}};
    gitops::SyncAction asked;
    asked.type = Type::CreateNamespace;
    asked.key = {"", "Namespace", "", "shop"};
    const auto request = gitops::writeRequestOf(asked, nullptr, host);
    QVERIFY(request && request->manifest);
    QCOMPARE(core::stringAt(request->manifest->value(), {"metadata", "labels", "team"}), "shop");
    QCOMPARE(request->manifest->key().name, std::string("shop"));
    QVERIFY(
        core::annotationsOf(request->manifest->value()).empty()); // no tracking: nobody prunes it
}

void TestActionRequest::refusesWhatCannotBeDecorated()
{
    tests::FakeOperationHost host;
    host.declare("bad");
    gitops::SyncAction asked;
    asked.key = tests::FakeOperationHost::configMap("bad");
    asked.manifest = host.state->manifests.front();
    const auto request = gitops::writeRequestOf(asked, nullptr, host);
    QVERIFY(!request);
    QCOMPARE(request.error().message, std::string("It has no metadata."));
}

WW_TEST_CLASS(TestActionRequest)
#include "tst_actionrequest.moc"

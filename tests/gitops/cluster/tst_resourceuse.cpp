// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/portforward.h"
#include "gitops/cluster/resourceuse.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/testregistry.h"

using namespace gitops;

class TestResourceUse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sumsPods();
    void readsNodes();
    void saysThatItIsNotServed();
};

void TestResourceUse::sumsPods()
{
    const auto use = podUse(*core::parseJson(R"({"items":[
        {"metadata":{"namespace":"a","name":"p"},"containers":[
            {"usage":{"cpu":"250m","memory":"1Mi"}},{"usage":{"cpu":"1","memory":"1Ki"}}]},
        {"metadata":{"namespace":"a","name":"q"},"containers":[{"usage":{"cpu":"odd"}},{}]},
        {"metadata":{"namespace":"b","name":"r"}},
        {"metadata":{}},
        7]})"));
    QCOMPARE(use.size(), 2u);
    QCOMPARE(use.at("a").cpu.canonical(), "1250m");
    QCOMPARE(use.at("a").memory.canonical(), "1025Ki");
    QCOMPARE(use.at("a").pods, 2);
    QCOMPARE(use.at("b").pods, 1);
    QVERIFY(podUse(core::Json()).empty());
}

void TestResourceUse::readsNodes()
{
    const auto use = nodeUse(*core::parseJson(
        R"({"items":[{"metadata":{"name":"n"},"usage":{"cpu":"2","memory":"1Gi"}},{}]})"));
    QCOMPARE(use.size(), 1u);
    QCOMPARE(use.at("n").memory.canonical(), "1Gi");
}

void TestResourceUse::saysThatItIsNotServed()
{
    tests::PracticePod practice;
    const auto use = readPodUse(practice.access());
    QVERIFY(!use);
    QCOMPARE(use.error().code, core::ErrorCode::Unsupported);
}

WW_TEST_CLASS(TestResourceUse)
#include "tst_resourceuse.moc"

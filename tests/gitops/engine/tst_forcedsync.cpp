// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to an object whose change the server refuses because a field is immutable.
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;

namespace {

constexpr const char* kMap = "/api/v1/namespaces/shop/configmaps/a";
const std::string kForce = "annotations: {argocd.argoproj.io/sync-options: \"Force=true\"}";

std::string map(const std::string& value, const std::string& metadata = {})
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n"
        + (metadata.empty() ? metadata : "  " + metadata + "\n")
        + "immutable: true\ndata: {value: \"" + value + "\"}\n";
}

std::string claim(const std::string& mode)
{
    return "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\n  namespace: shop\n "
           " "
        + kForce + "\nspec:\n  resources: {requests: {storage: 1Gi}}\n  accessModes: [" + mode
        + "]\n";
}

struct Fixture : tests::EngineFixture
{
    explicit Fixture(const std::string& first)
    {
        createNamespace("shop");
        commit({{"app/a.yaml", first}});
        add(application());
        runUntil([&] { return isSynced(); });
    }
    QString uid(const char* target = kMap)
    {
        return QString::fromStdString(
            std::string(core::stringAt(get(target), {"metadata", "uid"})));
    }
    QString value()
    {
        return QString::fromStdString(std::string(core::stringAt(get(kMap), {"data", "value"})));
    }
    QString complaint()
    {
        QString text;
        for (const core::ResourceResult& result : state()->operation->results)
            text += QString::fromStdString(result.message);
        return text;
    }
};

} // namespace

class TestForcedSync : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysTheWayOut()
    {
        Fixture f(map("1"));
        const QString before = f.uid();
        f.commit({{"app/a.yaml", map("2")}});
        QVERIFY(f.runUntil([&] { return f.complaint().contains("Force=true"); }));
        f.run(1min);
        QCOMPARE(f.uid(), before);
        QCOMPARE(f.value(), "1");
    }
    void isMadeAgain()
    {
        Fixture f(map("1", kForce));
        const QString before = f.uid();
        f.takeWrites();
        f.commit({{"app/a.yaml", map("2", kForce)}});
        QVERIFY(f.runUntil([&] { return f.value() == "2" && f.isSynced(); }));
        QVERIFY(f.uid() != before);
        int deletes = 0;
        for (const std::string& write : f.takeWrites())
            deletes += write.starts_with("DELETE") ? 1 : 0;
        QCOMPARE(deletes, 1);
    }
    /// Nor does the look before the first write of several waves refuse what Force=true remedies.
    void isMadeAgainAmongWaves()
    {
        Fixture f(map("1", kForce));
        const QString before = f.uid();
        const std::string late = tests::EngineFixture::configMap(
            "late", "1", "  annotations: {argocd.argoproj.io/sync-wave: '1'}\n");
        f.commit({{"app/a.yaml", map("2", kForce)}, {"app/late.yaml", late}});
        QVERIFY(f.runUntil([&] { return f.value() == "2" && f.isSynced(); }));
        QVERIFY(f.uid() != before);
    }
    /// Both options, as Argo CD's users write them on a Job: made again with each sync that has a
    /// change, and provably ours all the while.
    void replacedByForce()
    {
        const std::string both =
            "annotations: {argocd.argoproj.io/sync-options: 'Force=true,Replace=true'}";
        Fixture f(map("1", both));
        const QString before = f.uid();
        f.commit({{"app/a.yaml", map("2", both)}});
        QVERIFY(f.runUntil([&] { return f.value() == "2" && f.isSynced(); }));
        QVERIFY(f.uid() != before);
        f.commit({{"app/other.yaml", tests::EngineFixture::configMap("other")}});
        QVERIFY(f.runUntil([&] { return f.isSynced() && !f.exists(kMap); }));
    }
    /// Deleted is not gone: what is made again is a new object, not the one that is going.
    void waitsUntilItIsGone()
    {
        Fixture f(map("1", kForce));
        const QString before = f.uid();
        f.request("PATCH", kMap, R"({"metadata":{"finalizers":["example.org/slow"]}})",
                  "application/merge-patch+json");
        f.commit({{"app/a.yaml", map("2", kForce)}});
        QVERIFY(f.runUntil([&] {
            return !core::stringAt(f.get(kMap), {"metadata", "deletionTimestamp"}).empty();
        }));
        f.run(1min);
        QCOMPARE(f.uid(), before);
        f.request("PATCH", kMap, R"({"metadata":{"finalizers":null}})",
                  "application/merge-patch+json");
        QVERIFY(f.runUntil([&] { return f.value() == "2" && f.isSynced(); }));
        QVERIFY(f.uid() != before);
    }
    /// A new object would be refused as well, and the old one would be lost.
    void notForAnyOtherRefusal()
    {
        Fixture f(map("1", kForce));
        const QString before = f.uid();
        f.commit({{"app/a.yaml", map("1", "labels: {\"not a label!\": x}\n  " + kForce)}});
        QVERIFY(f.runUntil([&] { return !f.complaint().isEmpty() && !f.isSynced(); }));
        f.run(1min);
        QCOMPARE(f.uid(), before);
        f.commit({{"app/a.yaml", map("2", "labels: {\"not a label!\": x}\n  " + kForce)}});
        f.run(1min);
        QCOMPARE(f.uid(), before); // both reasons at once
        QCOMPARE(f.value(), "1");
    }
    void notWhatHoldsData()
    {
        constexpr const char* kClaim = "/api/v1/namespaces/shop/persistentvolumeclaims/a";
        Fixture f(claim("ReadWriteOnce"));
        f.request("PATCH", std::string(kClaim) + "/status", R"({"status":{"phase":"Bound"}})",
                  "application/merge-patch+json");
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        const QString before = f.uid(kClaim);
        f.commit({{"app/a.yaml", claim("ReadWriteMany")}});
        QVERIFY(f.runUntil([&] { return f.complaint().contains("by hand"); }));
        f.run(1min);
        QCOMPARE(f.uid(kClaim), before);
    }
    void notWhatWasThereBefore()
    {
        tests::EngineFixture f;
        f.createNamespace("shop");
        f.request("POST", "/api/v1/namespaces/shop/configmaps",
                  R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},)"
                  R"("immutable":true,"data":{"value":"theirs"}})");
        f.commit({{"app/a.yaml", map("2", kForce)}});
        f.add(f.application());
        f.run(2min);
        QCOMPARE(core::stringAt(f.get(kMap), {"data", "value"}), "theirs");
    }
};

WW_TEST_CLASS(TestForcedSync)
#include "tst_forcedsync.moc"

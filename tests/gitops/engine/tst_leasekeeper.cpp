// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::EngineFixture;

/// Who reconciles an application: one Wavewright at a time.
class TestLeaseKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anothersLeaseMakesReadOnly();
    void expiredLeaseIsTakenOver();
    void aClockThatIsBehindIsNoExpiry();
    void aLaptopThatSleptWritesNothing();
    void oursAfterARestart();
    void givenBackAtTheEnd();
    void withoutTheRightToLeases();
};

namespace {

constexpr const char* kLease =
    "/apis/coordination.k8s.io/v1/namespaces/wavewright/leases/wavewright-app";
constexpr const char* kMap = "/api/v1/namespaces/shop/configmaps/a";

struct Fixture : EngineFixture
{
    Fixture()
    {
        createNamespace("shop");
        createNamespace("wavewright");
        commit({{"app/a.yaml", configMap("a")}});
        gitops::EngineOptions next = options;
        next.leases = true;
        restart(next);
    }
    void lease(const std::string& holder, std::chrono::seconds ago)
    {
        const std::string renewed = core::formatRfc3339(executor.clock().wallNow() - ago, true);
        request("DELETE", kLease);
        request("POST", "/apis/coordination.k8s.io/v1/namespaces/wavewright/leases",
                R"({"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":)"
                R"("wavewright-app"},"spec":{"holderIdentity":")"
                    + holder + R"(","leaseDurationSeconds":60,"renewTime":")" + renewed + "\"}}");
    }
    void renewAs(const std::string& holder, std::chrono::seconds ago)
    {
        const std::string renewed = core::formatRfc3339(executor.clock().wallNow() - ago, true);
        request("PATCH", kLease,
                R"({"spec":{"holderIdentity":")" + holder + R"(","renewTime":")" + renewed + "\"}}",
                "application/merge-patch+json");
    }
    std::string holder()
    {
        return std::string(core::stringAt(get(kLease), {"spec", "holderIdentity"}));
    }
};

} // namespace

void TestLeaseKeeper::anothersLeaseMakesReadOnly()
{
    Fixture f;
    f.lease("colleague", 0s);
    f.add(f.application());
    for (int i = 0; i < 20; ++i) { // the colleague renews it
        f.run(20s);
        f.renewAs("colleague", 0s);
    }
    QVERIFY(!f.exists(kMap));
    QCOMPARE(f.state()->holder, std::string("colleague"));
    QVERIFY(f.condition("ReadOnly"));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(f.state()->sync, core::SyncState::OutOfSync); // it still compares
}

void TestLeaseKeeper::expiredLeaseIsTakenOver()
{
    Fixture f;
    f.lease("colleague", 0s);
    f.add(f.application());
    f.run(50s);
    QVERIFY(!f.exists(kMap));
    QVERIFY(f.runUntil([&] { return f.exists(kMap); }, 60s));
    QCOMPARE(f.holder(), std::string("first"));
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QVERIFY(f.state()->holder.empty());
}

/// The colleague renews in time, by a clock that is ten minutes behind ours.
void TestLeaseKeeper::aClockThatIsBehindIsNoExpiry()
{
    Fixture f;
    f.lease("colleague", 10min);
    f.add(f.application());
    for (int i = 0; i < 20; ++i) {
        f.run(20s);
        f.renewAs("colleague", 10min);
    }
    QVERIFY(!f.exists(kMap));
    QCOMPARE(f.holder(), std::string("colleague"));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
}

/// The steady clock stands still while a laptop sleeps; somebody else took over meanwhile.
void TestLeaseKeeper::aLaptopThatSleptWritesNothing()
{
    Fixture f;
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.takeWrites();
    f.executor.manualClock().stepWall(1h);
    f.renewAs("colleague", 0s);
    f.request("DELETE", kMap);
    for (int i = 0; i < 5; ++i) {
        f.run(20s);
        f.renewAs("colleague", 0s);
    }
    QVERIFY(!f.exists(kMap));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(f.state()->holder, std::string("colleague"));
    QVERIFY(f.runUntil([&] { return f.exists(kMap); }, 2min)); // it is not renewed any more
}

void TestLeaseKeeper::oursAfterARestart()
{
    Fixture f;
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.request("DELETE", kMap);
    f.restart(f.options);
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.exists(kMap); }, 5s));
}

void TestLeaseKeeper::givenBackAtTheEnd()
{
    Fixture f;
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QCOMPARE(f.holder(), std::string("first"));
    bool done = false;
    f.engine().release([&] { done = true; });
    QVERIFY(f.runUntil([&] { return done; }));
    QCOMPARE(f.holder(), std::string());
    f.request("DELETE", kMap);
    f.run(1min);
    QVERIFY(!f.exists(kMap)); // nothing is written after that
    gitops::EngineOptions next = f.options;
    next.identity = "second";
    f.restart(next);
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.exists(kMap); }, 5s));
    QCOMPARE(f.holder(), std::string("second"));
}

void TestLeaseKeeper::withoutTheRightToLeases()
{
    Fixture f;
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.target.find("/leases") != std::string::npos)
            return gitops::practice::Fault {
                .answer = {
                    .status = 403,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = R"({"kind":"Status","reason":"Forbidden","message":"no","code":403})"}};
        return std::nullopt;
    };
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QVERIFY(f.condition("LeaseWarning"));
}

WW_TEST_CLASS(TestLeaseKeeper)
#include "tst_leasekeeper.moc"

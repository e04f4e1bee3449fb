// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestate.h"
#include "tests/gitops/cluster/livefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <malloc.h>

using namespace gitops;
using namespace std::chrono_literals;
using Fixture = tests::LiveFixture;
using Heard = tests::Heard;
using tests::answer;
using tests::bookmark;
using tests::configMaps;
using tests::errorEvent;
using tests::frame;
using tests::Item;
using tests::kConfigMap;
using tests::keyOf;
using tests::listBody;
using tests::tracking;

class TestLiveState : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listsThenWatches();
    void readsFields();
    void manifestOnlyWhereManaged();
    void keepFetchesTheManifest();
    void keepDuringListing();
    void digestIgnoresStatusAndBookkeeping();
    void indexes();
    void observedWriteIsAheadOfItsEvent();
    void olderNewsIsDropped();
    void lateAnswerDoesNotRaiseTheDead();
    void listKeepsNewerWrites();
    void recreatedObject();
    void unwatchForgets();
    void otherVersionIsWatchedAnew();
    void destroyedWhileWorking();
    void memoryOfUnmanagedObjects();
};

void TestLiveState::listsThenWatches()
{
    Fixture f;
    f.listing = listBody(10, {{"a"}, {"b", 2}});
    f.live.watch(configMaps());
    QCOMPARE(f.knowledge(), std::string("Listing"));
    QVERIFY(!f.live.find(keyOf("a")));
    f.run();
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QCOMPARE(f.live.size(), std::size_t(2));
    QVERIFY(f.live.find(keyOf("a")));
    // Objects are told before the kind is called complete.
    Heard heard = f.take();
    QCOMPARE(heard.size(), std::size_t(4));
    std::sort(heard.begin() + 1, heard.begin() + 3);
    QCOMPARE(heard, (Heard {"=Listing", "+a", "+b", "=Complete"}));
    QVERIFY(f.transport.requests[0].target.starts_with("/api/v1/configmaps?limit=500"));
    QCOMPARE(core::header(f.transport.requests[0].headers, "Accept-Encoding"),
             std::string_view("gzip"));
    QVERIFY(f.watchTarget().find("watch=1") != std::string::npos);
    QVERIFY(f.watchTarget().find("resourceVersion=10") != std::string::npos);
    QVERIFY(f.watchTarget().find("allowWatchBookmarks=true") != std::string::npos);
    f.transport.head(200);
    f.feed(frame("ADDED", {"c", 11}) + frame("MODIFIED", {"a", 12}) + frame("DELETED", {"b", 13}));
    QCOMPARE(f.take(), (Heard {"+c", "~a", "-b"}));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("12"));
    QVERIFY(!f.live.find(keyOf("b")));
    f.live.watch(configMaps()); // once is enough
    f.run();
    QCOMPARE(f.lists, 1);
}

void TestLiveState::readsFields()
{
    Fixture f;
    const std::string extra = R"(,"generation":7,"deletionTimestamp":"2026-01-02T00:00:00Z",
        "finalizers":["a/b","c"],
        "annotations":{"wavewright.dev/tracking-id":"app:/ConfigMap:shop/a",
                       "argocd.argoproj.io/tracking-id":"old:/ConfigMap:shop/a",
                       "wavewright.dev/preexisting":"true"},
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"u1",
                            "controller":true},{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u2"}])";
    f.begin(5, {{"a", 3, "u", extra}});
    const LiveObjectPtr a = f.live.find(keyOf("a"));
    QVERIFY(a);
    QVERIFY(a->kind == (core::GroupVersionKind {"", "v1", "ConfigMap"}));
    QCOMPARE(a->uid, std::string("u"));
    QCOMPARE(a->generation, std::int64_t(7));
    QVERIFY(a->deleting && a->preexisting);
    QCOMPARE(a->finalizers, (std::vector<std::string> {"a/b", "c"}));
    QCOMPARE(a->tracking, std::string("app:/ConfigMap:shop/a"));
    QCOMPARE(a->argoTracking, std::string("old:/ConfigMap:shop/a"));
    QCOMPARE(a->owners.size(), std::size_t(2));
    QVERIFY(a->owners[0].kind == (core::GroupKind {"apps", "Deployment"}));
    QVERIFY(a->owners[0].controller && !a->owners[1].controller);
    QVERIFY(a->createdAt
            == core::WallTime(std::chrono::seconds(1'767'225'600))); // 2026-01-01T00:00:00Z
    QVERIFY(a->health.status == core::Health::Progressing); // being deleted
}

void TestLiveState::manifestOnlyWhereManaged()
{
    Fixture f;
    f.live.keep(keyOf("kept"), true);
    f.begin(5, {{"plain"}, {"kept"}, {"a", 1, {}, tracking("app")}});
    QVERIFY(!f.live.find(keyOf("plain"))->manifest);
    QVERIFY(f.live.find(keyOf("kept"))->manifest);
    const auto manifest = f.live.find(keyOf("a"))->manifest;
    QVERIFY(manifest);
    const auto value = core::parseJson(*manifest);
    QVERIFY(value);
    QCOMPARE(core::stringAt(*value, {"kind"}), std::string_view("ConfigMap"));
    QCOMPARE(core::stringAt(*value, {"apiVersion"}), std::string_view("v1"));
    QCOMPARE(core::stringAt(*value, {"metadata", "resourceVersion"}), std::string_view("1"));
}

void TestLiveState::keepFetchesTheManifest()
{
    Fixture f;
    f.begin(5, {{"a"}});
    QVERIFY(!f.live.find(keyOf("a"))->manifest);
    f.live.keep(keyOf("a"), true);
    f.run();
    QCOMPARE(f.transport.requests.back().target,
             std::string("/api/v1/namespaces/shop/configmaps/a"));
    f.transport.answerNext(answer(200, Item {"a"}.text()));
    f.run();
    QVERIFY(f.live.find(keyOf("a"))->manifest);
    QCOMPARE(f.take(), (Heard {"~a"}));
}

void TestLiveState::keepDuringListing()
{
    Fixture f({.pageSize = 1});
    f.transport.script = {};
    f.live.watch(configMaps());
    f.run();
    f.transport.answerNext(answer(200, listBody(5, {{"a"}}, "next")));
    f.run();
    f.live.keep(keyOf("a"), true); // read already, without its manifest
    f.transport.answerNext(answer(200, listBody(5, {{"b"}})));
    f.run();
    QCOMPARE(f.transport.requests.back().target,
             std::string("/api/v1/namespaces/shop/configmaps/a"));
    f.transport.answerNext(answer(200, Item {"a"}.text()));
    f.run();
    QVERIFY(f.live.find(keyOf("a"))->manifest);
}

void TestLiveState::digestIgnoresStatusAndBookkeeping()
{
    Fixture f;
    f.begin(5, {{"a", 1, "u", R"(,"generation":1,"managedFields":[{"manager":"x"}])"}});
    const core::Digest first = f.live.find(keyOf("a"))->digest;
    f.feed(frame("MODIFIED", {"a", 6, "u", R"(,"managedFields":[],"generation":2)"}));
    QVERIFY(f.live.find(keyOf("a"))->digest == first);
    f.feed(frame("MODIFIED", {"a", 7, "u", R"(,"labels":{"b":"c"})"}));
    QVERIFY(f.live.find(keyOf("a"))->digest != first);
    f.feed(frame("MODIFIED", {"a", 8, "u", "", "y"}));
    QVERIFY(f.live.find(keyOf("a"))->digest != first);
}

void TestLiveState::indexes()
{
    Fixture f;
    const std::string owned = R"(,"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap",)"
                              R"("name":"a","uid":"uid-a"}])";
    f.begin(5, {{"a", 1, {}, tracking("app")}, {"b", 1, {}, owned}, {"c", 1, {}, owned}});
    QCOMPARE(f.live.trackedTo("app").size(), std::size_t(1));
    QVERIFY(f.live.trackedTo("other").empty());
    QCOMPARE(f.live.children("uid-a").size(), std::size_t(2));
    QCOMPARE(f.live.children("uid-a")[0]->key.name, std::string("b"));
    QVERIFY(f.live.findByUid("uid-c") == f.live.find(keyOf("c")));
    QVERIFY(!f.live.findByUid("nothing"));
    f.feed(frame("MODIFIED", {"b", 6}) + frame("DELETED", {"c", 7, {}, owned})
           + frame("MODIFIED", {"a", 8, {}, tracking("second")}));
    QVERIFY(f.live.children("uid-a").empty());
    QVERIFY(f.live.trackedTo("app").empty());
    QCOMPARE(f.live.trackedTo("second").size(), std::size_t(1));
    QVERIFY(!f.live.findByUid("uid-c"));
    QCOMPARE(f.live.size(), std::size_t(2));
}

void TestLiveState::observedWriteIsAheadOfItsEvent()
{
    Fixture f;
    f.begin(5, {{"a"}});
    const auto written = core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",)"
                                         + Item {"a", 9, {}, {}, "new"}.text().substr(1));
    QVERIFY(written);
    f.live.observeWrite(*written);
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("9"));
    f.run();
    QCOMPARE(f.take(), (Heard {"~a"}));
    f.feed(frame("MODIFIED", {"a", 9, {}, {}, "new"}));
    QVERIFY(f.take().empty()); // known
    f.live.observeWrite(*written);
    f.run();
    QVERIFY(f.take().empty());
    // Kinds that nobody watches, and other versions, are left alone.
    f.live.observeWrite(*core::parseJson(
        R"({"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"z","resourceVersion":"99"}})"));
    f.live.observeWrite(*core::parseJson(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"z","resourceVersion":"99"}})"));
    f.run();
    QCOMPARE(f.live.size(), std::size_t(1));
}

void TestLiveState::olderNewsIsDropped()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.live.observeWrite(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",)"
                                         + Item {"a", 20}.text().substr(1)));
    f.run();
    f.take();
    // Events between the list and the write arrive late.
    f.feed(frame("MODIFIED", {"a", 10, {}, {}, "old"}) + frame("DELETED", {"a", 11})
           + frame("ADDED", {"a", 12}));
    QVERIFY(f.take().empty());
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("20"));
    f.feed(frame("MODIFIED", {"a", 100}));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("100"));
}

void TestLiveState::lateAnswerDoesNotRaiseTheDead()
{
    Fixture f;
    f.begin(5, {});
    f.feed(frame("ADDED", {"a", 6}) + frame("DELETED", {"a", 7}));
    f.take();
    f.live.observeWrite(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",)"
                                         + Item {"a", 6}.text().substr(1)));
    f.run();
    QVERIFY(!f.live.find(keyOf("a")));
    QVERIFY(f.take().empty());
}

void TestLiveState::listKeepsNewerWrites()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.transport.script = {};
    f.feed(errorEvent(410, "Gone"));
    f.live.observeWrite(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",)"
                                         + Item {"fresh", 30}.text().substr(1)));
    f.live.observeWrite(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",)"
                                         + Item {"a", 31}.text().substr(1)));
    f.transport.answerNext(answer(200, listBody(20, {{"a", 10}})));
    f.run();
    QVERIFY(f.live.find(keyOf("fresh")));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("31"));
}

void TestLiveState::recreatedObject()
{
    Fixture f;
    f.begin(5, {{"a", 1, "first"}});
    f.feed(frame("DELETED", {"a", 6, "first"}) + frame("ADDED", {"a", 7, "second"}));
    QCOMPARE(f.live.find(keyOf("a"))->uid, std::string("second"));
    QVERIFY(!f.live.findByUid("first"));
    QVERIFY(f.live.findByUid("second"));
}

void TestLiveState::unwatchForgets()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.live.unwatch(kConfigMap);
    f.run();
    QCOMPARE(f.knowledge(), std::string("Unwatched"));
    QCOMPARE(f.live.size(), std::size_t(0));
    QVERIFY(f.live.watchedKinds().empty());
    QCOMPARE(f.take(), (Heard {"=Unwatched"}));
    QCOMPARE(f.transport.openStreams(), std::size_t(0));
    f.live.watch(configMaps());
    f.run();
    QVERIFY(f.live.find(keyOf("a")));
}

void TestLiveState::otherVersionIsWatchedAnew()
{
    Fixture f;
    f.begin(5, {{"a"}});
    ApiResource next = configMaps();
    next.kind.version = "v2";
    f.live.watch(next);
    QVERIFY(f.live.find(keyOf("a"))); // no gap
    f.run();
    QCOMPARE(f.live.find(keyOf("a"))->kind->version, std::string("v2"));
    QVERIFY(f.watchTarget().starts_with("/api/v2/"));
}

void TestLiveState::destroyedWhileWorking()
{
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport(executor);
    {
        ApiClient client(transport, executor);
        {
            LiveState live(client, executor, &assessHealth);
            live.watch(configMaps());
            executor.runUntilIdle();
        }
        transport.answerNext(answer(200, listBody(5, {{"a"}})));
        executor.runUntilIdle();
    }
    executor.advance(1h);
    QCOMPARE(transport.openStreams(), std::size_t(0));
}

void TestLiveState::memoryOfUnmanagedObjects()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("the sanitizer has an allocator of its own");
#endif
    Fixture f;
    f.live.setObserver({});
    const std::size_t before = mallinfo2().uordblks;
    std::vector<Item> items;
    const std::string extra = R"(,"labels":{"app.kubernetes.io/name":"web-frontend"},)"
                              R"("ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet",)"
                              R"("name":"web-frontend-6d4cf56db6","uid":)"
                              R"("3f1c1d3e-2f5b-4a57-9d39-0b0e5d6c7a88","controller":true}])";
    for (int i = 0; i < 10'000; ++i)
        items.push_back({"web-frontend-6d4cf56db6-" + std::to_string(i), i + 1,
                         "8c2b5d1e-0000-4000-8000-" + std::to_string(100'000'000'000 + i), extra,
                         std::string(2000, 'x')});
    f.listing = listBody(20'000, items);
    items = {};
    f.live.watch(configMaps());
    f.run();
    f.listing.clear();
    f.listing.shrink_to_fit();
    f.transport.requests.clear();
    const std::size_t after = mallinfo2().uordblks;
    QCOMPARE(f.live.size(), std::size_t(10'000));
    QVERIFY(after > before);
    qInfo("%zu bytes an object", (after - before) / 10'000);
    QVERIFY(after - before < 30'000'000);
}

WW_TEST_CLASS(TestLiveState)
#include "tst_livestate.moc"

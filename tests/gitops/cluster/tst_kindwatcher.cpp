// SPDX-License-Identifier: GPL-3.0-or-later
// One kind's LIST and WATCH under faults, through the live state that owns it.
#include "gitops/cluster/kindwatcher.h"
#include "tests/gitops/cluster/livefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;
using Fixture = tests::LiveFixture;
using Heard = tests::Heard;
using tests::answer;
using tests::bookmark;
using tests::configMaps;
using tests::errorEvent;
using tests::frame;
using tests::initialEnd;
using tests::Item;
using tests::kConfigMap;
using tests::keyOf;
using tests::listBody;
using tests::statusBody;

class TestKindWatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void listsInPages();
    void expiredContinueStartsAgain();
    void watchEventsInAnyCut();
    void resumesFromBookmark();
    void cleanEndResumesWithoutDoubt();
    void brokenWatchIsStaleUntilResumed();
    void brokenWatchOfARestoredServer();
    void goneMidStreamRelistsInOneStep();
    void goneAtOnceBacksOff();
    void eventOfThePastRelists();
    void unreadableEventRelists();
    void serverRestoredFromBackup();
    void laggingListIsAskedAgain();
    void forbiddenKind();
    void anotherErrorIsTold();
    void failedListIsUnknownNotEmpty();
    void truncatedListIsUnknown();
    void duplicateEvents();
    void silentWatchEnds();
    void relistsOnceInAWhile();
    void streamsTheList();
    void streamFallsBackToAList_data();
    void streamFallsBackToAList();
    void refusalCountsForAllKinds();
    void streamedListReplacesWhatWasThere();
};

void TestKindWatcher::listsInPages()
{
    Fixture f({.pageSize = 2});
    f.transport.script = {};
    f.live.watch(configMaps());
    f.run();
    f.transport.answerNext(answer(200, listBody(5, {{"a"}, {"b"}}, "to ken")));
    f.run();
    QVERIFY(!f.live.find(keyOf("a"))); // never half a list
    QCOMPARE(f.knowledge(), std::string("Listing"));
    QCOMPARE(f.transport.requests.back().target,
             std::string("/api/v1/configmaps?limit=2&continue=to%20ken"));
    f.transport.answerNext(answer(200, listBody(5, {{"c"}})));
    f.run();
    QCOMPARE(f.live.size(), std::size_t(3));
    QCOMPARE(f.knowledge(), std::string("Complete"));
}

void TestKindWatcher::expiredContinueStartsAgain()
{
    Fixture f({.pageSize = 1});
    f.transport.script = {};
    f.live.watch(configMaps());
    f.run();
    f.transport.answerNext(answer(200, listBody(5, {{"a"}}, "t")));
    f.run();
    f.transport.answerNext(answer(410, statusBody(410, "Expired", "continue too old")));
    f.run();
    QCOMPARE(f.transport.requests.back().target, std::string("/api/v1/configmaps?limit=1"));
    f.transport.answerNext(answer(200, listBody(9, {{"b"}})));
    f.run();
    QCOMPARE(f.live.size(), std::size_t(1));
    QVERIFY(f.live.find(keyOf("b")));
}

void TestKindWatcher::watchEventsInAnyCut()
{
    Fixture f;
    f.begin(5, {});
    const std::string bytes = frame("ADDED", {"a", 6}) + "\n\r\n" + frame("ADDED", {"b", 7})
        + bookmark(9) + frame("MODIFIED", {"a", 10, {}, {}, "ü\\u0000\\n"});
    for (const char c : bytes)
        f.feed(std::string(1, c));
    QCOMPARE(f.take(), (Heard {"+a", "+b", "~a"}));
    QCOMPARE(f.knowledge(), std::string("Complete"));
}

void TestKindWatcher::resumesFromBookmark()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.feed(bookmark(90));
    f.executor.advance(50s);
    f.transport.endLast();
    f.run();
    QVERIFY(f.watchTarget().find("resourceVersion=90") != std::string::npos);
    QCOMPARE(f.lists, 1);
}

void TestKindWatcher::cleanEndResumesWithoutDoubt()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.executor.advance(10s);
    f.transport.endLast();
    f.run();
    QCOMPARE(f.transport.streamRequests.size(), std::size_t(2));
    QVERIFY(f.take().empty()); // Complete all along
    // A server that closes at once is not asked in a loop.
    for (int i = 0; i < 5; ++i) {
        f.transport.endLast();
        f.run();
        QCOMPARE(f.transport.openStreams(), std::size_t(0));
        QVERIFY(f.executor.runNextTimer());
        f.executor.advance(30s);
        QCOMPARE(f.transport.openStreams(), std::size_t(1));
    }
}

void TestKindWatcher::brokenWatchIsStaleUntilResumed()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.feed(bookmark(8));
    f.transport.endLast(core::Error {core::ErrorCode::Network, "reset", {}, {}, {}});
    f.run();
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.error(kConfigMap)->code == core::ErrorCode::Network);
    QVERIFY(f.live.find(keyOf("a"))); // old objects stay
    f.listing = listBody(9, {{"a"}}); // the server has gone on
    f.executor.advance(1s);
    QVERIFY(f.watchTarget().find("resourceVersion=8") != std::string::npos);
    QCOMPARE(f.knowledge(), std::string("Stale")); // asked, not answered
    f.transport.head(200);
    f.executor.advance(1500ms);
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(!f.live.error(kConfigMap));
    QCOMPARE(f.take(), (Heard {"=Stale", "=Complete"}));
    QCOMPARE(f.lists, 2); // the second only asked how far the server is
}

/// A server that came back from a backup would take a version of its future, and be silent.
void TestKindWatcher::brokenWatchOfARestoredServer()
{
    Fixture f;
    f.begin(1000, {{"a", 900}, {"new", 950}});
    f.listing = listBody(500, {{"a", 300, {}, {}, "restored"}});
    f.transport.endLast(core::Error {core::ErrorCode::Network, "reset", {}, {}, {}});
    f.run();
    QCOMPARE(f.knowledge(), std::string("Stale"));
    f.executor.advance(10s);
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("300"));
    QVERIFY(!f.live.find(keyOf("new")));
    QVERIFY(f.watchTarget().find("resourceVersion=500") != std::string::npos);
}

void TestKindWatcher::goneMidStreamRelistsInOneStep()
{
    Fixture f;
    f.begin(5, {{"a"}, {"b"}, {"c"}});
    f.listing = listBody(50, {{"a"}, {"b", 40}, {"d", 30}});
    bool sawEmpty = false;
    f.live.setObserver([&](const std::vector<LiveChange>& changes) {
        sawEmpty = sawEmpty || !f.live.find(keyOf("a"));
        for (const LiveChange& change : changes)
            f.heard.push_back((!change.before      ? "+"
                                   : !change.after ? "-"
                                                   : "~")
                              + (change.after ? change.after : change.before)->key.name);
    });
    const LiveObjectPtr before = f.live.find(keyOf("a"));
    f.feed(errorEvent(410, "Expired"));
    QVERIFY(!sawEmpty);
    QCOMPARE(f.lists, 2);
    Heard heard = f.take();
    std::sort(heard.begin(), heard.end());
    QCOMPARE(heard, (Heard {"+d", "-c", "=Complete", "=Stale", "~b"}));
    QVERIFY(f.live.find(keyOf("a")) == before); // the same, unchanged
    QVERIFY(f.watchTarget().find("resourceVersion=50") != std::string::npos);
}

void TestKindWatcher::goneAtOnceBacksOff()
{
    Fixture f;
    f.begin(5, {{"a"}});
    for (int i = 0; i < 6; ++i) {
        f.transport.endLast(); // whatever is open
        f.run();
        f.executor.advance(40s);
        QVERIFY(f.transport.openStreams() == 1);
        const int lists = f.lists;
        f.transport.head(410);
        f.transport.data(statusBody(410, "Expired", "too old"));
        f.transport.endLast();
        f.run();
        QVERIFY2(f.lists <= lists + 1, "lists in a loop");
    }
    // Between two lists time passes: the server is not hammered.
    const int lists = f.lists;
    for (int i = 0; i < 20 && f.transport.openStreams(); ++i) {
        f.transport.head(410);
        f.transport.endLast();
        f.run();
    }
    QVERIFY(f.lists <= lists + 1);
    QVERIFY(f.live.find(keyOf("a")));
}

void TestKindWatcher::eventOfThePastRelists()
{
    Fixture f;
    f.begin(50, {{"a", 40}});
    f.listing = listBody(60, {{"a", 40}});
    f.feed(frame("MODIFIED", {"a", 30, {}, {}, "old"}));
    QCOMPARE(f.lists, 2);
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("40"));
    QCOMPARE(f.knowledge(), std::string("Complete"));
}

void TestKindWatcher::unreadableEventRelists()
{
    const char* const events[] = {"{no json}\n", "[]\n", "{\"type\":\"ADDED\"}\n",
                                  "{\"type\":\"NEW\",\"object\":{}}\n",
                                  "{\"type\":\"ADDED\",\"object\":{\"metadata\":{}}}\n"};
    for (const char* const bytes : events) {
        Fixture f;
        f.begin(5, {{"a"}});
        f.listing = listBody(9, {{"b"}});
        f.feed(bytes);
        f.executor.advance(2s);
        QVERIFY2(f.lists == 2, bytes);
        QVERIFY(f.live.find(keyOf("b")) && !f.live.find(keyOf("a")));
    }
}

void TestKindWatcher::serverRestoredFromBackup()
{
    Fixture f;
    f.begin(1000, {{"a", 900}, {"new", 950}});
    f.listing = listBody(500, {{"a", 300, {}, {}, "restored"}});
    f.feed(errorEvent(410, "Gone"));
    QCOMPARE(f.knowledge(), std::string("Stale")); // asked once more first
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("900"));
    f.executor.advance(2s);
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("300"));
    QVERIFY(!f.live.find(keyOf("new")));
    QVERIFY(f.watchTarget().find("resourceVersion=500") != std::string::npos);
}

void TestKindWatcher::laggingListIsAskedAgain()
{
    Fixture f;
    f.begin(1000, {{"a", 900}, {"new", 950}});
    f.listing = listBody(800, {{"a", 700}});
    f.feed(errorEvent(410, "Gone"));
    f.listing = listBody(1100, {{"a", 900}, {"new", 950}});
    f.executor.advance(2s);
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("900"));
    QVERIFY(f.live.find(keyOf("new")));
    QCOMPARE(f.knowledge(), std::string("Complete"));
    for (const std::string& word : f.take())
        QVERIFY(word.starts_with('='));
}

void TestKindWatcher::forbiddenKind()
{
    Fixture f;
    f.transport.script = [](const core::HttpRequest&) {
        return answer(403, statusBody(403, "Forbidden", "configmaps is forbidden"));
    };
    f.live.watch(configMaps());
    f.run();
    QCOMPARE(f.knowledge(), std::string("Forbidden"));
    QVERIFY(f.live.error(kConfigMap)->code == core::ErrorCode::Forbidden);
    f.transport.script = [](const core::HttpRequest&) { return answer(200, listBody(5, {{"a"}})); };
    f.executor.advance(31s); // rights may come
    QCOMPARE(f.knowledge(), std::string("Complete"));
}

void TestKindWatcher::anotherErrorIsTold()
{
    Fixture f;
    int status = 500;
    f.transport.script = [&status](const core::HttpRequest&) {
        return answer(status, statusBody(status, "InternalError", "something went wrong"));
    };
    std::vector<core::ErrorCode> told;
    f.live.setKnowledgeObserver([&](const core::GroupKind& kind, KindKnowledge) {
        if (const auto error = f.live.error(kind))
            told.push_back(error->code);
    });
    f.live.watch(configMaps());
    f.executor.advance(20s);
    QVERIFY(!told.empty());
    QVERIFY(told.back() != core::ErrorCode::Unauthorized);
    const std::size_t once = told.size();
    f.executor.advance(60s);
    QCOMPARE(told.size(), once); // the same, again and again, is no news
    status = 401; // the kind is as unknown as before, and for another reason
    f.executor.advance(60s);
    QVERIFY(told.back() == core::ErrorCode::Unauthorized);
}

void TestKindWatcher::failedListIsUnknownNotEmpty()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.transport.script = [](const core::HttpRequest&) {
        return tests::failureAnswer(core::ErrorCode::Network);
    };
    f.feed(errorEvent(410, "Gone"));
    f.executor.advance(60s);
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.find(keyOf("a")));
    // From the start the same is Failed.
    Fixture g;
    g.transport.script = [](const core::HttpRequest&) { return answer(500, "oops"); };
    g.live.watch(configMaps());
    g.executor.advance(60s);
    QCOMPARE(g.knowledge(), std::string("Failed"));
    QVERIFY(g.live.error(kConfigMap)->code == core::ErrorCode::Unavailable);
}

void TestKindWatcher::truncatedListIsUnknown()
{
    const std::string good = listBody(9, {{"a"}});
    const std::string bodies[] = {"",
                                  "null",
                                  "[]",
                                  good.substr(0, good.size() - 2),
                                  R"({"metadata":{"resourceVersion":"9"}})",
                                  R"({"metadata":{},"items":[]})",
                                  R"({"metadata":{"resourceVersion":"9"},"items":[{}]})",
                                  R"({"metadata":{"resourceVersion":"9"},"items":[1]})",
                                  R"({"metadata":{"resourceVersion":"9"},"items":{}})"};
    for (const std::string& body : bodies) {
        Fixture f;
        f.begin(5, {{"a"}});
        f.listing = body;
        f.feed(errorEvent(410, "Gone"));
        f.executor.advance(5s);
        QVERIFY2(f.knowledge() == "Stale", body.c_str());
        QVERIFY(f.live.find(keyOf("a")));
    }
}

void TestKindWatcher::duplicateEvents()
{
    Fixture f;
    f.begin(5, {});
    const std::string added = frame("ADDED", {"a", 6});
    const std::string deleted = frame("DELETED", {"a", 7});
    f.feed(added + added);
    f.feed(deleted + deleted);
    QCOMPARE(f.take(), (Heard {"+a", "-a"}));
    QCOMPARE(f.lists, 1);
}

void TestKindWatcher::silentWatchEnds()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.feed(bookmark(6));
    f.executor.advance(89s);
    QCOMPARE(f.transport.streamRequests.size(), std::size_t(1));
    f.listing = listBody(7, {{"a"}}); // asked how far the server is
    f.executor.advance(3s);
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.error(kConfigMap)->code == core::ErrorCode::Timeout);
    QCOMPARE(f.transport.openStreams(), std::size_t(1));
    QVERIFY(f.transport.streamRequests.size() >= 2);
}

void TestKindWatcher::relistsOnceInAWhile()
{
    Fixture f({.relistInterval = 1h});
    f.begin(5, {{"a"}});
    f.listing = listBody(20, {{"b"}}); // events went astray
    for (int minutes = 0; minutes < 61; ++minutes) {
        f.executor.advance(1min);
        if (f.transport.openStreams() && f.lists == 1)
            f.feed(bookmark(6 + minutes / 10));
    }
    QVERIFY(f.lists >= 2);
    QVERIFY(f.live.find(keyOf("b")) && !f.live.find(keyOf("a")));
}

void TestKindWatcher::streamsTheList()
{
    Fixture f({.streamsLists = true});
    f.live.watch(configMaps());
    f.run();
    QVERIFY(f.watchTarget().find("sendInitialEvents=true&resourceVersionMatch=NotOlderThan")
            != std::string::npos);
    QVERIFY(f.watchTarget().find("allowWatchBookmarks=true") != std::string::npos);
    QVERIFY(f.watchTarget().find("resourceVersion=") == std::string::npos);
    f.transport.head(200);
    f.feed(frame("ADDED", {"a", 3}) + frame("ADDED", {"b", 9}));
    f.executor.advance(20s); // a good watch, but nothing is known yet
    QCOMPARE(f.take(), (Heard {"=Listing"}));
    QVERIFY(!f.live.find(keyOf("a")));
    f.feed(frame("ADDED", {"c", 1}) + initialEnd(20) + frame("MODIFIED", {"a", 21})
           + frame("DELETED", {"b", 22}));
    Heard heard = f.take();
    QCOMPARE(heard.back(), std::string("=Complete"));
    QCOMPARE(f.live.size(), std::size_t(2));
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("21"));
    f.feed(frame("ADDED", {"d", 23})); // the same watch goes on
    QCOMPARE(f.take(), (Heard {"+d"}));
    QCOMPARE(f.transport.streamRequests.size(), std::size_t(1));
    f.executor.advance(60s);
    f.transport.endLast();
    f.run();
    QVERIFY(f.watchTarget().find("&resourceVersion=23") != std::string::npos);
    QVERIFY(f.watchTarget().find("sendInitialEvents") == std::string::npos);
    QCOMPARE(f.lists, 0);
}

void TestKindWatcher::streamFallsBackToAList_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("bytes"); ///< then the end, unless empty
    QTest::addColumn<int>("seconds"); ///< that pass then
    const auto row = [](const char* name, int status, const std::string& bytes, int seconds = 0) {
        QTest::newRow(name) << status << QByteArray::fromStdString(bytes) << seconds;
    };
    row("422", 422, statusBody(422, "Invalid", "sendInitialEvents is forbidden"));
    row("400", 400, statusBody(400, "BadRequest", "unknown"));
    row("403", 403, statusBody(403, "Forbidden", "may not watch"));
    row("429", 429, statusBody(429, "TooManyRequests", "later"));
    row("old etcd", 200, errorEvent(500, "InternalError"));
    row("ended at once", 200, " ");
    row("ended half-way", 200, frame("ADDED", {"x"}));
    row("unreadable", 200, "{no json}\n");
    row("without a name", 200, "{\"type\":\"ADDED\",\"object\":{}}\n");
    row("a bookmark that says nothing", 200, frame("ADDED", {"x"}) + bookmark(7));
    row("an end without a version", 200,
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"annotations\":"
        "{\"k8s.io/initial-events-end\":\"true\"}}}}\n");
    row("a change before the end", 200, frame("MODIFIED", {"x"}));
    row("nothing", 200, "", 31);
    row("no answer", 0, "", 31);
}

void TestKindWatcher::streamFallsBackToAList()
{
    QFETCH(int, status);
    QFETCH(QByteArray, bytes);
    QFETCH(int, seconds);
    Fixture f({.streamsLists = true});
    f.listing = listBody(5, {{"a"}});
    f.live.watch(configMaps());
    f.run();
    if (status)
        f.transport.head(status);
    if (!bytes.isEmpty()) {
        f.feed(bytes.toStdString());
        if (f.lists == 0)
            f.transport.endLast();
    }
    f.executor.advance(std::chrono::seconds(seconds));
    f.run();
    QCOMPARE(f.lists, 1);
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(f.live.find(keyOf("a")) && !f.live.find(keyOf("x")));
    QCOMPARE(f.live.size(), std::size_t(1));
    QVERIFY(f.watchTarget().find("&resourceVersion=5") != std::string::npos);
    QCOMPARE(f.transport.openStreams(), std::size_t(1));
}

void TestKindWatcher::refusalCountsForAllKinds()
{
    Fixture f({.streamsLists = true});
    f.listing = listBody(5, {{"a"}});
    f.live.watch(configMaps());
    f.run();
    f.transport.head(422);
    f.transport.endLast();
    f.run();
    const std::size_t streams = f.transport.streamRequests.size();
    ApiResource pods = configMaps();
    pods.kind.kind = "Pod";
    pods.plural = "pods";
    f.live.watch(pods);
    f.run();
    QCOMPARE(f.transport.streamRequests.size(), streams); // listed at once
    QVERIFY(f.transport.requests.back().target.starts_with("/api/v1/pods?limit="));
}

void TestKindWatcher::streamedListReplacesWhatWasThere()
{
    Fixture f({.streamsLists = true});
    f.live.watch(configMaps());
    f.run();
    f.transport.head(200);
    f.feed(frame("ADDED", {"a", 3}) + frame("ADDED", {"b", 4}) + initialEnd(20));
    const LiveObjectPtr before = f.live.find(keyOf("a"));
    f.take();
    f.feed(errorEvent(410, "Gone"));
    QCOMPARE(f.knowledge(), std::string("Stale"));
    f.transport.head(200);
    f.feed(frame("ADDED", {"a", 3}));
    QVERIFY(f.live.find(keyOf("b"))); // until all is told
    f.feed(frame("ADDED", {"c", 30}) + initialEnd(40));
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(f.live.find(keyOf("a")) == before && !f.live.find(keyOf("b")));
    // A server whose time went back is asked once more before it is believed.
    f.executor.advance(5s);
    f.feed(bookmark(50));
    f.feed(errorEvent(410, "Gone"));
    f.transport.head(200);
    f.feed(frame("ADDED", {"old", 2}) + initialEnd(10));
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.find(keyOf("c")) && !f.live.find(keyOf("old")));
    f.executor.advance(2s);
    f.transport.head(200);
    f.feed(frame("ADDED", {"old", 2}) + initialEnd(10));
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(f.live.find(keyOf("old")) && !f.live.find(keyOf("c")));
    QCOMPARE(f.lists, 0);
}

WW_TEST_CLASS(TestKindWatcher)
#include "tst_kindwatcher.moc"

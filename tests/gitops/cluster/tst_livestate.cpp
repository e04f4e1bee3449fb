// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestate.h"
#include "gitops/health/health.h"
#include "tests/gitops/cluster/scriptedtransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <malloc.h>

using namespace gitops;
using namespace std::chrono_literals;
using tests::answer;
using tests::statusBody;

namespace {

const core::GroupKind kConfigMap {"", "ConfigMap"};

ApiResource configMaps()
{
    ApiResource out;
    out.kind = {"", "v1", "ConfigMap"};
    out.plural = "configmaps";
    out.verbs = {"get", "list", "watch"};
    return out;
}

core::ObjectKey keyOf(const std::string& name)
{
    return {"", "ConfigMap", "shop", name};
}

struct Item
{
    std::string name;
    int version = 1;
    std::string uid = {};
    std::string extra = {}; ///< more members of metadata, with a comma before
    std::string value = "x";
    std::string text() const
    {
        return R"({"metadata":{"name":")" + name + R"(","namespace":"shop","uid":")"
            + (uid.empty() ? "uid-" + name : uid) + R"(","resourceVersion":")"
            + std::to_string(version) + R"(","creationTimestamp":"2026-01-01T00:00:00Z")" + extra
            + R"(},"data":{"a":")" + value + R"("}})";
    }
};

std::string listBody(int version, const std::vector<Item>& items, const std::string& token = {})
{
    std::string out = R"({"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":")"
        + std::to_string(version) + R"(","continue":")" + token + R"("},"items":[)";
    for (const Item& item : items)
        out += (out.back() == '[' ? "" : ",") + item.text();
    return out + "]}";
}

std::string frame(const std::string& type, const Item& item)
{
    return R"({"type":")" + type + R"(","object":)" + item.text() + "}\n";
}

std::string bookmark(int version)
{
    return R"({"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":")"
        + std::to_string(version) + "\"}}}\n";
}

std::string errorEvent(int code, const std::string& reason)
{
    return R"({"type":"ERROR","object":)" + statusBody(code, reason, "too old resource version")
        + "}\n";
}

std::string tracking(const std::string& application)
{
    return R"(,"annotations":{"wavewright.dev/tracking-id":")" + application
        + R"(:/ConfigMap:shop/a"})";
}

/// A live state over a script, and what its observers heard.
struct Fixture
{
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport {executor};
    ApiClient client {transport, executor};
    LiveState live;
    std::vector<std::string> heard; ///< "+a", "-a", "~a", "=Complete"
    std::string listing; ///< body for the next lists
    int lists = 0;

    explicit Fixture(LiveState::Options options = {})
        : live(client, executor, &assessHealth, options)
    {
        transport.script = [this](const core::HttpRequest& request)
            -> std::optional<tests::ScriptedTransport::Answer> {
            if (request.target.find("/configmaps?limit=") != std::string::npos) {
                ++lists;
                return answer(200, listing);
            }
            return std::nullopt;
        };
        live.setObserver([this](const std::vector<LiveChange>& changes) {
            for (const LiveChange& change : changes)
                heard.push_back((!change.before      ? "+"
                                     : !change.after ? "-"
                                                     : "~")
                                + (change.after ? change.after : change.before)->key.name);
        });
        live.setKnowledgeObserver([this](const core::GroupKind&, KindKnowledge knowledge) {
            heard.push_back("=" + name(knowledge));
        });
    }
    static std::string name(KindKnowledge knowledge)
    {
        switch (knowledge) {
        case KindKnowledge::Unwatched:
            return "Unwatched";
        case KindKnowledge::Listing:
            return "Listing";
        case KindKnowledge::Complete:
            return "Complete";
        case KindKnowledge::Stale:
            return "Stale";
        case KindKnowledge::Forbidden:
            return "Forbidden";
        case KindKnowledge::Failed:
            return "Failed";
        }
        return {};
    }
    std::string knowledge() const { return name(live.knowledge(kConfigMap)); }
    void run() { executor.runUntilIdle(10'000); }
    /// Listed and watching.
    void begin(int version, const std::vector<Item>& items)
    {
        listing = listBody(version, items);
        live.watch(configMaps());
        run();
        transport.head(200);
        run();
        heard.clear();
    }
    void feed(const std::string& bytes)
    {
        transport.data(bytes);
        run();
    }
    std::vector<std::string> take() { return std::exchange(heard, {}); }
    std::string watchTarget() const { return transport.streamRequests.back().target; }
};

using Heard = std::vector<std::string>;

} // namespace

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
    void listsInPages();
    void expiredContinueStartsAgain();
    void watchEventsInAnyCut();
    void resumesFromBookmark();
    void cleanEndResumesWithoutDoubt();
    void brokenWatchIsStaleUntilResumed();
    void goneMidStreamRelistsInOneStep();
    void goneAtOnceBacksOff();
    void eventOfThePastRelists();
    void unreadableEventRelists();
    void serverRestoredFromBackup();
    void laggingListIsAskedAgain();
    void forbiddenKind();
    void failedListIsUnknownNotEmpty();
    void truncatedListIsUnknown();
    void observedWriteIsAheadOfItsEvent();
    void olderNewsIsDropped();
    void lateAnswerDoesNotRaiseTheDead();
    void listKeepsNewerWrites();
    void recreatedObject();
    void duplicateEvents();
    void silentWatchEnds();
    void relistsOnceInAWhile();
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

void TestLiveState::listsInPages()
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

void TestLiveState::expiredContinueStartsAgain()
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

void TestLiveState::watchEventsInAnyCut()
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

void TestLiveState::resumesFromBookmark()
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

void TestLiveState::cleanEndResumesWithoutDoubt()
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

void TestLiveState::brokenWatchIsStaleUntilResumed()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.feed(bookmark(8));
    f.transport.endLast(core::Error {core::ErrorCode::Network, "reset", {}, {}, {}});
    f.run();
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.error(kConfigMap)->code == core::ErrorCode::Network);
    QVERIFY(f.live.find(keyOf("a"))); // old objects stay
    f.executor.advance(1s);
    QVERIFY(f.watchTarget().find("resourceVersion=8") != std::string::npos);
    QCOMPARE(f.knowledge(), std::string("Stale")); // asked, not answered
    f.transport.head(200);
    f.executor.advance(1500ms);
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(!f.live.error(kConfigMap));
    QCOMPARE(f.take(), (Heard {"=Stale", "=Complete"}));
    QCOMPARE(f.lists, 1);
}

void TestLiveState::goneMidStreamRelistsInOneStep()
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

void TestLiveState::goneAtOnceBacksOff()
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

void TestLiveState::eventOfThePastRelists()
{
    Fixture f;
    f.begin(50, {{"a", 40}});
    f.listing = listBody(60, {{"a", 40}});
    f.feed(frame("MODIFIED", {"a", 30, {}, {}, "old"}));
    QCOMPARE(f.lists, 2);
    QCOMPARE(f.live.find(keyOf("a"))->resourceVersion, std::string("40"));
    QCOMPARE(f.knowledge(), std::string("Complete"));
}

void TestLiveState::unreadableEventRelists()
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

void TestLiveState::serverRestoredFromBackup()
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

void TestLiveState::laggingListIsAskedAgain()
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

void TestLiveState::forbiddenKind()
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

void TestLiveState::failedListIsUnknownNotEmpty()
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

void TestLiveState::truncatedListIsUnknown()
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

void TestLiveState::duplicateEvents()
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

void TestLiveState::silentWatchEnds()
{
    Fixture f;
    f.begin(5, {{"a"}});
    f.feed(bookmark(6));
    f.executor.advance(99s);
    QCOMPARE(f.transport.streamRequests.size(), std::size_t(1));
    f.executor.advance(3s);
    QCOMPARE(f.knowledge(), std::string("Stale"));
    QVERIFY(f.live.error(kConfigMap)->code == core::ErrorCode::Timeout);
    QCOMPARE(f.transport.openStreams(), std::size_t(1));
    QVERIFY(f.transport.streamRequests.size() >= 2);
}

void TestLiveState::relistsOnceInAWhile()
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
    QCOMPARE(f.live.find(keyOf("a"))->kind.version, std::string("v2"));
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

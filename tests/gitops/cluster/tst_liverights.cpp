// SPDX-License-Identifier: GPL-3.0-or-later
// A live state whose user may not list everything.
#include "gitops/cluster/livestate.h"
#include "tests/gitops/cluster/livefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <map>
#include <set>

using namespace gitops;
using namespace std::chrono_literals;
using Fixture = tests::LiveFixture;
using Heard = tests::Heard;
using tests::answer;
using tests::configMaps;
using tests::frame;
using tests::Item;
using tests::kConfigMap;
using tests::listBody;

namespace {

/// A server that lets ConfigMaps be listed in some namespaces ("": the whole cluster), and a later
/// moment of it.
struct RightsFixture : Fixture
{
    std::map<std::string, std::vector<Item>> may; ///< what a list there brings
    int version = 10;
    int asked = 0; ///< for the whole cluster
    explicit RightsFixture(std::set<std::string> namespaces)
    {
        transport.script = [this](const core::HttpRequest& request) {
            const bool isWhole = request.target.starts_with("/api/v1/configmaps?");
            asked += isWhole;
            const std::size_t from = std::string("/api/v1/namespaces/").size();
            const std::string place =
                isWhole ? "" : request.target.substr(from, request.target.find('/', from) - from);
            const auto found = may.find(place);
            return found == may.end()
                ? answer(403, tests::statusBody(403, "Forbidden", "not in <" + place + ">"))
                : answer(200, listBody(version, found->second));
        };
        live.wantNamespaces(kConfigMap, std::move(namespaces));
    }
    std::string in(const std::string& place) const
    {
        return name(live.knowledge(kConfigMap, place));
    }
    bool has(const std::string& object, const std::string& place = "shop") const
    {
        return live.find({"", "ConfigMap", place, object}) != nullptr;
    }
    void acceptWatch()
    {
        transport.head(200);
        executor.advance(2s);
    }
};

const Item kInShop {.name = "a"};
const Item kInDev {.name = "b", .space = "dev"};

} // namespace

class TestLiveRights : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namespacesStandIn();
    void namespacesThatAreWantedChange();
    void rightsComeAndGo();
    void aRefusalIsDoubted();
    void mayListButNotWatch();
    void nothingIsTakenWhereWeMayNotLook();
};

void TestLiveRights::namespacesStandIn()
{
    RightsFixture f({"shop", "dev"});
    f.may = {{"shop", {kInShop}}};
    f.live.watch(configMaps());
    f.run();
    QCOMPARE(f.knowledge(), std::string("Forbidden"));
    QCOMPARE(f.in("shop"), std::string("Complete"));
    QCOMPARE(f.in("dev"), std::string("Forbidden"));
    QCOMPARE(f.in("elsewhere"), std::string("Forbidden")); // never asked for
    QCOMPARE(f.live.error(kConfigMap, "dev")->message, std::string("not in <dev>"));
    QVERIFY(!f.live.error(kConfigMap, "shop"));
    QCOMPARE(f.live.standIns(kConfigMap), (std::set<std::string> {"shop", "dev"}));
    QVERIFY(f.has("a"));
    QVERIFY(f.watchTarget().starts_with("/api/v1/namespaces/shop/configmaps?watch=1"));
    f.transport.head(200);
    f.feed(frame("ADDED", {"c", 11}));
    QVERIFY(f.has("c"));
    // A right that comes: of one namespace, which leaves the others alone.
    f.may["dev"] = {kInDev};
    f.executor.advance(31s);
    QCOMPARE(f.in("dev"), std::string("Complete"));
    QVERIFY(f.has("b", "dev") && f.has("c"));
    // The whole cluster is asked about less often than the rest.
    const int before = f.asked;
    f.executor.advance(3min);
    QVERIFY(f.asked <= before + 1);
}

void TestLiveRights::namespacesThatAreWantedChange()
{
    RightsFixture f({"shop"});
    f.may = {{"shop", {kInShop}}, {"dev", {kInDev}}};
    f.live.watch(configMaps());
    f.run();
    QVERIFY(!f.has("b", "dev"));
    f.live.wantNamespaces(kConfigMap, {"shop", "dev"});
    QCOMPARE(f.in("dev"), std::string("Listing"));
    f.run();
    QVERIFY(f.has("b", "dev"));
    const std::size_t before = f.transport.openStreams();
    f.take();
    f.live.wantNamespaces(kConfigMap, {"dev"});
    f.run();
    QVERIFY(!f.has("a")); // unknown, and told as that: not as gone
    QCOMPARE(f.take(), (Heard {"=Forbidden"}));
    QCOMPARE(f.in("shop"), std::string("Forbidden"));
    QCOMPARE(f.transport.openStreams(), before - 1);
}

void TestLiveRights::rightsComeAndGo()
{
    RightsFixture f({"shop"});
    f.may = {{"", {kInShop, kInDev}}, {"shop", {kInShop}}};
    f.live.watch(configMaps());
    f.run();
    f.acceptWatch();
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QCOMPARE(f.in("anywhere"), std::string("Complete"));
    QVERIFY(f.live.standIns(kConfigMap).empty());
    f.take();
    // The cluster-wide right goes; a watch that ends meets that.
    f.may.erase("");
    f.transport.endLast(core::Error {core::ErrorCode::Forbidden, "no more", {}, {}, {}});
    f.run();
    QCOMPARE(f.knowledge(), std::string("Stale"));
    f.executor.advance(20s);
    QCOMPARE(f.knowledge(), std::string("Forbidden"));
    QCOMPARE(f.in("shop"), std::string("Complete"));
    QVERIFY(f.has("a"));
    QVERIFY(!f.has("b", "dev"));
    for (const std::string& word : f.take())
        QVERIFY2(word.starts_with('='), word.c_str()); // nothing was told as gone
    // It comes back, and takes over.
    f.may[""] = {kInShop, kInDev};
    f.version = 20;
    f.executor.advance(31s);
    f.acceptWatch();
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QVERIFY(f.has("b", "dev"));
    QVERIFY(f.live.standIns(kConfigMap).empty());
    QCOMPARE(f.transport.openStreams(), std::size_t(1));
}

void TestLiveRights::aRefusalIsDoubted()
{
    RightsFixture f({});
    f.may = {{"", {kInShop}}};
    f.live.watch(configMaps());
    f.run();
    f.acceptWatch();
    f.take();
    f.transport.endLast(core::Error {core::ErrorCode::Forbidden, "starting", {}, {}, {}});
    f.executor.advance(2s);
    f.acceptWatch();
    QCOMPARE(f.knowledge(), std::string("Complete"));
    QCOMPARE(f.take(), (Heard {"=Stale", "=Complete"}));
    QVERIFY(f.has("a"));
}

void TestLiveRights::mayListButNotWatch()
{
    RightsFixture f({});
    f.may = {{"", {kInShop}}};
    f.live.watch(configMaps());
    f.run();
    const auto refuse = [&] {
        f.transport.endLast(core::Error {core::ErrorCode::Forbidden, "no watch", {}, {}, {}});
        f.run();
    };
    for (int i = 0; i < 6; ++i) {
        if (f.transport.openStreams() > 0)
            refuse();
        f.executor.advance(10s);
    }
    QCOMPARE(f.knowledge(), std::string("Forbidden"));
    f.take();
    for (int i = 0; i < 6; ++i) { // a list alone makes it no better
        f.executor.advance(31s);
        if (f.transport.openStreams() > 0)
            refuse();
    }
    for (const std::string& word : f.take())
        QVERIFY2(word != "=Complete", word.c_str());
    QVERIFY(!f.has("a"));
}

void TestLiveRights::nothingIsTakenWhereWeMayNotLook()
{
    RightsFixture f({"shop"});
    f.may = {{"shop", {}}};
    f.live.watch(configMaps());
    f.run();
    const auto written = [&](const Item& item) {
        core::Json object = *core::parseJson(item.text());
        object.as_object()["apiVersion"] = "v1";
        object.as_object()["kind"] = "ConfigMap";
        f.live.observeWrite(object);
        f.run();
    };
    written({.name = "b", .version = 12, .space = "dev"});
    written({.name = "a", .version = 13});
    QVERIFY(!f.has("b", "dev"));
    QVERIFY(f.has("a"));
}

WW_TEST_CLASS(TestLiveRights)
#include "tst_liverights.moc"

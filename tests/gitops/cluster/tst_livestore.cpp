// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/livestore.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::LiveObject;
using gitops::LiveObjectPtr;
using gitops::LiveStore;

namespace {

const core::GroupKind kMaps {"", "ConfigMap"};
const core::GroupKind kPods {"", "Pod"};

LiveObjectPtr object(const char* kind, const char* name, const char* version,
                     const char* owner = nullptr)
{
    auto made = std::make_shared<LiveObject>();
    made->key = {"", kind, "shop", name};
    made->uid = std::string("uid-") + name;
    made->resourceVersion = version;
    if (owner)
        made->owners.push_back({.name = owner, .uid = std::string("uid-") + owner});
    return made;
}

struct Versions
{
    std::uint64_t maps = 0;
    std::uint64_t pods = 0;
    std::uint64_t owners = 0;
};

} // namespace

/// Who has seen all of a kind at one version need not look again.
class TestLiveStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void versionsTellWhatChanged_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("maps");
        QTest::addColumn<bool>("pods");
        QTest::addColumn<bool>("owners");
        QTest::newRow("an object comes") << "new" << true << false << false;
        QTest::newRow("one changes") << "newer" << true << false << false;
        QTest::newRow("as old as known") << "same" << false << false << false;
        QTest::newRow("older than known") << "older" << false << false << false;
        QTest::newRow("one goes") << "gone" << true << false << false;
        QTest::newRow("one that is owned comes") << "owned" << false << true << true;
        QTest::newRow("one that is owned goes") << "owned gone" << false << true << true;
        QTest::newRow("a list without it") << "list" << true << false << false;
        QTest::newRow("the kind is forgotten") << "forget" << true << false << false;
    }
    void versionsTellWhatChanged()
    {
        QFETCH(const QString, what);
        QFETCH(const bool, maps);
        QFETCH(const bool, pods);
        QFETCH(const bool, owners);
        LiveStore store;
        LiveStore::Changes changes;
        store.put(object("ConfigMap", "a", "5"), changes);
        store.put(object("Pod", "p", "6", "a"), changes);
        const auto now = [&] {
            return Versions {store.version(kMaps), store.version(kPods), store.ownersVersion()};
        };
        const Versions before = now();
        if (what == "new")
            store.put(object("ConfigMap", "b", "7"), changes);
        else if (what == "newer")
            store.put(object("ConfigMap", "a", "7"), changes);
        else if (what == "same")
            store.put(object("ConfigMap", "a", "5"), changes);
        else if (what == "older")
            store.put(object("ConfigMap", "a", "4"), changes);
        else if (what == "gone")
            store.remove({"", "ConfigMap", "shop", "a"}, "uid-a", "7", changes);
        else if (what == "owned")
            store.put(object("Pod", "q", "7", "a"), changes);
        else if (what == "owned gone")
            store.remove({"", "Pod", "shop", "p"}, "uid-p", "7", changes);
        else if (what == "list")
            store.replaceKind(kMaps, "", {}, "9", false, changes);
        else if (what == "forget")
            store.forget(kMaps);
        const Versions after = now();
        QCOMPARE(after.maps != before.maps, maps);
        QCOMPARE(after.pods != before.pods, pods);
        QCOMPARE(after.owners != before.owners, owners);
    }

    /// A kind that is forgotten and listed again is not as it was.
    void versionsNeverComeBack()
    {
        LiveStore store;
        LiveStore::Changes changes;
        QCOMPARE(store.version(kMaps), std::uint64_t(0));
        std::set<std::uint64_t> seen {0};
        for (int round = 0; round < 3; ++round) {
            store.put(object("ConfigMap", "a", "5"), changes);
            QVERIFY(seen.insert(store.version(kMaps)).second);
            store.forget(kMaps);
            QVERIFY(seen.insert(store.version(kMaps)).second);
        }
    }

    /// What a list of one namespace leaves out goes there, and nowhere else.
    void listsOfANamespaceLeaveTheOthers()
    {
        LiveStore store;
        LiveStore::Changes changes;
        store.put(object("ConfigMap", "a", "5"), changes);
        const auto elsewhere = std::make_shared<LiveObject>(*object("ConfigMap", "a", "5"));
        elsewhere->key.namespaceName = "dev";
        store.put(elsewhere, changes);
        changes.clear();
        store.replaceKind(kMaps, "shop", {object("ConfigMap", "b", "6")}, "9", false, changes);
        QCOMPARE(changes.size(), std::size_t(2));
        QVERIFY(!store.find({"", "ConfigMap", "shop", "a"}));
        QVERIFY(store.find({"", "ConfigMap", "shop", "b"}));
        QVERIFY(store.find({"", "ConfigMap", "dev", "a"}));
        changes.clear();
        store.replaceKind(kMaps, "dev", {}, "1", true, changes); // the server's time went back
        QCOMPARE(changes.size(), std::size_t(1));
        QCOMPARE(store.size(), std::size_t(1));
    }

    void forgetsANamespaceWithoutAWord()
    {
        LiveStore store;
        LiveStore::Changes changes;
        store.put(object("ConfigMap", "a", "5", "x"), changes);
        store.put(object("Pod", "a", "6"), changes);
        const std::uint64_t before = store.version(kMaps);
        store.forgetIn(kMaps, [](const std::string& place) { return place == "dev"; });
        QCOMPARE(store.version(kMaps), before);
        store.forgetIn(kMaps, [](const std::string& place) { return place == "shop"; });
        QVERIFY(store.version(kMaps) != before);
        QVERIFY(!store.find({"", "ConfigMap", "shop", "a"}));
        QVERIFY(store.children("uid-x").empty());
        QVERIFY(store.find({"", "Pod", "shop", "a"}));
        QCOMPARE(store.size(), std::size_t(1));
    }

    void findsByKind()
    {
        LiveStore store;
        LiveStore::Changes changes;
        store.put(object("ConfigMap", "a", "5"), changes);
        QVERIFY(store.find({"", "ConfigMap", "shop", "a"}));
        QVERIFY(!store.find({"apps", "ConfigMap", "shop", "a"}));
        QVERIFY(!store.find({"", "Secret", "shop", "a"}));
        QVERIFY(!store.find({"", "ConfigMap", "other", "a"}));
    }
};

WW_TEST_CLASS(TestLiveStore)
#include "tst_livestore.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/resourcelist.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <string>

using gitops::LiveObject;
using gitops::LiveObjectPtr;
using gitops::ResourceList;

namespace {

core::ObjectKey keyOf(std::size_t number)
{
    return {"", "ConfigMap", "shop", "c" + std::to_string(number)};
}

LiveObjectPtr live(const core::ObjectKey& key, const std::string& uid,
                   core::Health health = core::Health::Healthy)
{
    auto object = std::make_shared<LiveObject>();
    object->key = key;
    object->uid = uid;
    object->health.status = health;
    return object;
}

/// A list of objects and of what each owns, added as an application does.
struct Fixture
{
    ResourceList list;
    std::vector<ResourceList::Source> roots;
    std::vector<core::SyncState> states;
    std::map<std::string, std::vector<LiveObjectPtr>> owned; ///< by uid
    std::uint64_t ownersVersion = 1;
    int made = 0;

    explicit Fixture(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            roots.push_back({.live = live(keyOf(i), "uid-" + std::to_string(i)),
                             .sync = core::SyncState::Synced});
    }
    core::ResourceState row(const ResourceList::Source& source)
    {
        ++made;
        core::ResourceState state;
        state.key = source.live->key;
        state.uid = source.live->uid;
        state.health = source.live->health.status;
        state.sync = source.sync;
        return state;
    }
    core::SharedList<core::ResourceState> update()
    {
        made = 0;
        list.begin();
        for (const ResourceList::Source& source : roots)
            list.add(source, std::nullopt, [&] { return row(source); });
        if (list.endRoots(ownersVersion))
            list.addOwned([this](const LiveObject& root) {
                for (const LiveObjectPtr& child : owned[root.uid])
                    list.add({.live = child}, root.key, [&] {
                        core::ResourceState state = row({.live = child});
                        state.parent = root.key;
                        return state;
                    });
            });
        list.end();
        return list.rows();
    }
    void own(std::size_t root, const std::string& child)
    {
        owned["uid-" + std::to_string(root)].push_back(
            live({"", "Pod", "shop", child}, "uid-" + child));
        ++ownersVersion;
    }
};

} // namespace

class TestResourceList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingChangedIsTheSameList()
    {
        Fixture f(100);
        f.own(3, "pod");
        const auto before = f.update();
        QCOMPARE(f.made, 101);
        const auto after = f.update();
        QCOMPARE(f.made, 0);
        QVERIFY(after.isSharedWith(before));
    }

    void aChangedRowIsMadeAlone()
    {
        Fixture f(100);
        const auto before = f.update();
        f.roots[50].live = live(keyOf(50), "uid-50", core::Health::Degraded);
        const auto after = f.update();
        QCOMPARE(f.made, 1);
        QVERIFY(&after[0] == &before[0]);
        QVERIFY(after[50].health == core::Health::Degraded);
        QVERIFY(before[50].health == core::Health::Healthy);
        QCOMPARE(f.list.summary().healthMessage, std::string("Caused by ConfigMap shop/c50"));
        f.roots[50].live = live(keyOf(50), "uid-50");
        f.update();
        QVERIFY(f.list.summary().health == core::Health::Healthy);
        QVERIFY(f.list.summary().healthMessage.empty());
    }

    void eachSourceCounts_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"declared", "live", "diff", "sync", "not all"})
            QTest::addRow("%s", what) << what;
    }
    void eachSourceCounts()
    {
        QFETCH(const QString, what);
        Fixture f(40);
        f.update();
        ResourceList::Source& source = f.roots[7];
        if (what == "declared")
            source.declared =
                core::Manifest::make(core::JsonObject {
                                         {"apiVersion", "v1"},
                                         {"kind", "ConfigMap"},
                                         {"metadata", core::JsonObject {{"name", "c7"}}},
                                     })
                    .value();
        if (what == "live")
            source.live = live(keyOf(7), "uid-7");
        if (what == "diff")
            source.diff = std::make_shared<core::ResourceDiff>();
        if (what == "sync")
            source.sync = core::SyncState::OutOfSync;
        if (what == "not all")
            source.isAll = false;
        f.update();
        QCOMPARE(f.made, 1);
        f.update();
        QCOMPARE(f.made, what == "not all" ? 1 : 0);
        source.isAll = true;
        f.update();
        QCOMPARE(f.made, what == "not all" ? 1 : 0); // what it said beyond its sources is gone
        f.update();
        QCOMPARE(f.made, 0);
    }

    void whatIsOwnedFollows()
    {
        Fixture f(50);
        f.own(1, "a");
        f.own(2, "b");
        auto rows = f.update();
        QCOMPARE(rows.size(), std::size_t(52));
        QVERIFY(rows[51].parent == keyOf(2));
        f.own(1, "c"); // moves b
        rows = f.update();
        QCOMPARE(f.made, 2);
        QCOMPARE(rows[51].key.name, std::string("c"));
        QCOMPARE(rows[52].key.name, std::string("b"));
        f.owned.clear();
        ++f.ownersVersion;
        QCOMPARE(f.update().size(), std::size_t(50));
        QCOMPARE(f.made, 0);
    }

    /// The same child at the same place, but of another owner.
    void anotherOwnerIsAnotherRow()
    {
        Fixture f(3);
        f.own(0, "a");
        f.update();
        f.owned["uid-1"] = std::exchange(f.owned["uid-0"], {});
        ++f.ownersVersion;
        QVERIFY(f.update()[3].parent == keyOf(1));
    }

    void anObjectMadeAnewOwnsNothingOfBefore()
    {
        Fixture f(3);
        f.own(0, "a");
        f.update();
        f.roots[0].live = live(keyOf(0), "uid-new"); // and no child has changed yet
        QCOMPARE(f.update().size(), std::size_t(3));
    }

    void rowsComeAndGo()
    {
        Fixture f(70);
        f.own(69, "a");
        f.update();
        f.roots.erase(f.roots.begin() + 60);
        auto rows = f.update();
        QCOMPARE(rows.size(), std::size_t(70));
        QCOMPARE(rows[60].key.name, std::string("c61"));
        QCOMPARE(rows[69].key.name, std::string("a"));
        QCOMPARE(f.made, 10); // what moved
        f.roots.clear();
        QVERIFY(f.update().empty());
    }

    void theWorstStateIsTheWholes_data()
    {
        QTest::addColumn<std::vector<core::SyncState>>("states");
        QTest::addColumn<core::SyncState>("whole");
        using enum core::SyncState;
        QTest::newRow("synced") << std::vector {Synced, Synced} << Synced;
        QTest::newRow("one is not") << std::vector {Synced, OutOfSync, Synced} << OutOfSync;
        QTest::newRow("unknown first") << std::vector {Unknown, OutOfSync} << Unknown;
        QTest::newRow("unknown last") << std::vector {OutOfSync, Unknown, OutOfSync} << Unknown;
    }
    void theWorstStateIsTheWholes()
    {
        QFETCH(const std::vector<core::SyncState>, states);
        QFETCH(const core::SyncState, whole);
        Fixture f(states.size());
        for (std::size_t i = 0; i < states.size(); ++i)
            f.roots[i].sync = states[i];
        f.own(0, "child"); // has no state of its own
        f.update();
        QVERIFY(f.list.summary().sync == whole);
    }
};

WW_TEST_CLASS(TestResourceList)
#include "tst_resourcelist.moc"

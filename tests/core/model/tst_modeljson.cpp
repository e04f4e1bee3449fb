// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/event.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestModelJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void applications()
    {
        ApplicationState state;
        state.spec.name = "kafka";
        state.sync = SyncState::OutOfSync;
        state.health = Health::Degraded;
        ResourceState resource;
        resource.key = {"", "Service", "kafka", "web"};
        resource.declared = true;
        resource.sync = SyncState::Synced;
        state.resources = {resource};
        const Json json = toJson(state);
        QCOMPARE(stringAt(json, {"sync"}), std::string_view("OutOfSync"));
        QCOMPARE(stringAt(json, {"health"}), std::string_view("Degraded"));
        const Json& first = find(json, "resources")->get_array()[0];
        QCOMPARE(stringAt(first, {"namespace"}), std::string_view("kafka"));
        QVERIFY(find(first, "health")->is_null());
    }
    void aServerThatRefusesUs()
    {
        for (const bool refused : {false, true}) {
            event::ConnectionChanged changed;
            changed.cluster.connection = ClusterState::Connection::Disconnected;
            changed.cluster.refused = refused;
            const Json json = toJson(Event {1, {}, changed});
            QCOMPARE(boolAt(*find(json, "cluster"), {"refused"}), refused);
        }
    }
    void eventsCarryTypeTimeAndText()
    {
        Event event {7, parseRfc3339("2026-08-22T12:00:00Z").value(),
                     event::SyncStateChanged {"kafka", SyncState::Synced, SyncState::OutOfSync}};
        const Json json = toJson(event);
        QCOMPARE(stringAt(json, {"type"}), std::string_view("SyncStateChanged"));
        QCOMPARE(stringAt(json, {"time"}), std::string_view("2026-08-22T12:00:00.000000Z"));
        QCOMPARE(stringAt(json, {"application"}), std::string_view("kafka"));
        QCOMPARE(stringAt(json, {"text"}), std::string_view("kafka: Synced -> OutOfSync"));
        QCOMPARE(integerAt(json, {"number"}, 0), std::int64_t(7));
    }
};

WW_TEST_CLASS(TestModelJson)
#include "tst_modeljson.moc"

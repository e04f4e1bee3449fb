// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/platforminput.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace core;

namespace {

Declaration declared(const char* name, const char* application)
{
    const JsonObject object {{"apiVersion", "v1"},
                             {"kind", "ConfigMap"},
                             {"metadata", JsonObject {{"name", name}, {"namespace", "shop"}}}};
    const Origins origins {{"", {.file = "shop.yaml", .line = 3}},
                           {"/data", {.file = "shop.yaml", .line = 7}}};
    return {Manifest::make(object, origins).value(), application, 0, {}};
}

ObjectKey keyOf(const char* name)
{
    return {"", "ConfigMap", "shop", name};
}

} // namespace

class TestPlatformInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bothSidesOfAnObjectMeet()
    {
        PlatformInputBuilder builder;
        auto record = std::make_shared<LiveRecord>();
        record->uid = "1";
        builder.live(keyOf("b"), record);
        builder.declare(declared("b", "one"));
        builder.declare(declared("a", "one"));
        builder.live(keyOf("c"), record);
        const PlatformInputPtr input = std::move(builder).build();
        QCOMPARE(input->objects.size(), std::size_t(3));
        QVERIFY(std::ranges::is_sorted(input->objects, {}, &PlatformObject::key));
        const PlatformObject* b = input->find(keyOf("b"));
        QVERIFY(b && b->isDeclared() && b->live);
        QVERIFY(!input->find(keyOf("a"))->live);
        QVERIFY(!input->find(keyOf("c"))->isDeclared());
        QVERIFY(!input->find(keyOf("d")));
    }
    void twoApplicationsMayDeclareOneObject()
    {
        PlatformInputBuilder builder;
        builder.declare(declared("a", "one"));
        builder.declare(declared("a", "two"));
        const PlatformInputPtr input = std::move(builder).build();
        QCOMPARE(input->objects.size(), std::size_t(1));
        QCOMPARE(input->objects[0].declared.size(), std::size_t(2));
        QCOMPARE(input->objects[0].declared[1].application, std::string("two"));
    }
    void placesNameFileLineAndObject()
    {
        PlatformInputBuilder builder;
        builder.declare(declared("a", "one"));
        builder.live(keyOf("b"), std::make_shared<LiveRecord>());
        const PlatformInputPtr input = std::move(builder).build();
        QCOMPARE(input->objects[0].place("/data/x").line, 7);
        QCOMPARE(input->objects[0].place().line, 3);
        QCOMPARE(input->objects[0].place().object, std::string("ConfigMap shop/a"));
        QVERIFY(input->objects[1].place().file.empty());
    }
    void applicationsAreFoundByName()
    {
        PlatformInputBuilder builder;
        for (const char* name : {"shop", "kafka"}) {
            PlatformApplication application;
            application.name = name;
            builder.input().applications.push_back(application);
        }
        const PlatformInputPtr input = std::move(builder).build();
        QCOMPARE(input->applications[0].name, std::string("kafka"));
        QVERIFY(input->application("shop"));
        QVERIFY(!input->application("users"));
    }
};

WW_TEST_CLASS(TestPlatformInput)
#include "tst_platforminput.moc"

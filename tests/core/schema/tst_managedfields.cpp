// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/managedfields.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::ManagedFields;
using core::PathElement;
using Entry = core::ManagedFieldsEntry;

namespace {

constexpr const char* kTwo = R"([
 {"apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}},
  "manager":"wavewright","operation":"Apply","time":"2026-08-22T10:00:00Z"},
 {"apiVersion":"autoscaling/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}},
  "manager":"hpa","operation":"Update","subresource":"scale","time":"2026-08-22T11:00:00Z"}])";

ManagedFields parsed(const char* text)
{
    const auto json = core::parseJson(text);
    return json ? ManagedFields::parse(*json).value_or(ManagedFields()) : ManagedFields();
}

} // namespace

class TestManagedFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAndWrites()
    {
        const auto json = core::parseJson(kTwo);
        QVERIFY(json);
        const auto managed = ManagedFields::parse(*json);
        QVERIFY(managed);
        QCOMPARE(core::toText(managed->toJson()), core::toText(*json));
    }

    void namesTheNewestOwner()
    {
        const ManagedFields managed = parsed(kTwo);
        const core::FieldPath replicas {PathElement::field("spec"), PathElement::field("replicas")};
        QVERIFY(managed.owner(replicas));
        QCOMPARE(managed.owner(replicas)->manager, std::string("hpa"));
        QCOMPARE(managed.owners(replicas).size(), std::size_t(2));
        QVERIFY(!managed.owner(core::FieldPath {PathElement::field("spec")}));
        QVERIFY(managed.find("hpa", Entry::Operation::Update, "scale"));
        QVERIFY(!managed.find("hpa", Entry::Operation::Update));
        QCOMPARE(managed.owner(replicas)->displayName(),
                 std::string(R"("hpa" with subresource "scale" using autoscaling/v1)"));
    }

    void ordersAsTheServerDoes()
    {
        ManagedFields managed = parsed(
            R"([{"manager":"b","operation":"Update","apiVersion":"v1","time":"2026-01-02T00:00:00Z"},
                {"manager":"c","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z"},
                {"manager":"z","operation":"Apply","apiVersion":"v1","time":"2026-01-03T00:00:00Z"},
                {"manager":"a","operation":"Update","apiVersion":"v1","time":"2026-01-02T00:00:00Z"}])");
        managed.sort();
        std::string order;
        for (const Entry& entry : managed.entries())
            order += entry.manager;
        QCOMPARE(order, std::string("zcab"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* bad : {"{}", "1", R"([{"operation":"Sync"}])", R"([1])",
                                R"([{"operation":"Apply","fieldsV1":{"spec":{}}}])"})
            QTest::newRow(bad) << QByteArray(bad);
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto json = core::parseJson(text.toStdString());
        QVERIFY(json);
        QVERIFY(!ManagedFields::parse(*json));
    }

    void sameOwner()
    {
        const Entry apply {
            .manager = "a", .operation = Entry::Operation::Apply, .apiVersion = "v1"};
        Entry other = apply;
        other.apiVersion = "v2";
        QVERIFY(apply.isSameOwnerAs(other));
        other.operation = Entry::Operation::Update;
        QVERIFY(!apply.isSameOwnerAs(other));
        Entry third = other;
        third.apiVersion = "v1";
        QVERIFY(!third.isSameOwnerAs(other));
    }
};

WW_TEST_CLASS(TestManagedFields)
#include "tst_managedfields.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/identity.h"
#include "gitops/cluster/interned.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::Interned;
using gitops::InternTable;

class TestInterned : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsLikeTheValue();
    void equalValuesShare();
    void valuesThatNobodyHoldsGo();
};

void TestInterned::readsLikeTheValue()
{
    Interned<core::GroupKind> kind;
    QVERIFY(kind == core::GroupKind {});
    kind = {"apps", "Deployment"};
    QCOMPARE(kind->kind, std::string("Deployment"));
    const core::GroupKind copy = kind;
    QVERIFY(kind == copy && Interned<core::GroupKind>(copy) == kind);
    QVERIFY(!(kind == core::GroupKind {"apps", "ReplicaSet"}));
}

void TestInterned::equalValuesShare()
{
    InternTable<std::string> table;
    const auto a = table("shop");
    const auto b = table("shop");
    const auto c = table("office");
    QVERIFY(&*a == &*b && &*a != &*c);
    QCOMPARE(table.size(), std::size_t(2));
}

void TestInterned::valuesThatNobodyHoldsGo()
{
    InternTable<std::string> table;
    std::vector<Interned<std::string>> held;
    for (int i = 0; i < 10'000; ++i) {
        const auto one = table("passing-" + std::to_string(i));
        if (i % 1000 == 0)
            held.push_back(one);
    }
    QVERIFY2(table.size() < 200, std::to_string(table.size()).c_str());
    for (std::size_t i = 0; i < held.size(); ++i)
        QVERIFY(&*table("passing-" + std::to_string(i * 1000)) == &*held[i]);
}

WW_TEST_CLASS(TestInterned)
#include "tst_interned.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/likeness.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::FieldSort;
using gitops::Likeness;

Q_DECLARE_METATYPE(gitops::FieldSort)
Q_DECLARE_METATYPE(gitops::Likeness)

class TestLikeness : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsSpellings_data()
    {
        QTest::addColumn<QByteArray>("desired");
        QTest::addColumn<QByteArray>("live");
        QTest::addColumn<FieldSort>("sort");
        QTest::addColumn<Likeness>("likeness");
        struct Row
        {
            const char* desired;
            const char* live;
            FieldSort sort;
            Likeness likeness;
        };
        const Row rows[] = {
            {"1", "1.0", FieldSort::Plain, Likeness::Equal},
            {"\"1000m\"", "\"1\"", FieldSort::Quantity, Likeness::Equal},
            {"0.5", "\"500m\"", FieldSort::Quantity, Likeness::Equal},
            {"\"1000m\"", "\"2\"", FieldSort::Quantity, Likeness::Different},
            {"\"1000m\"", "\"1\"", FieldSort::Plain, Likeness::Different},
            {"\"1000m\"", "\"1\"", FieldSort::Unknown, Likeness::MaybeEqual},
            {"\"60s\"", "\"1m0s\"", FieldSort::Plain, Likeness::MaybeEqual},
            {"\"60s\"", "\"2m\"", FieldSort::Unknown, Likeness::Different},
            {"\"2026-01-01T00:00:00Z\"", "\"2026-01-01T01:00:00+01:00\"", FieldSort::Unknown,
             Likeness::MaybeEqual},
            {"80", "\"80\"", FieldSort::Plain, Likeness::MaybeEqual},
            {"true", "\"true\"", FieldSort::Plain, Likeness::MaybeEqual},
            {"true", "\"false\"", FieldSort::Plain, Likeness::Different},
            {"\"HTTP\"", "\"http\"", FieldSort::Unknown, Likeness::MaybeEqual},
            {"\"HTTP\"", "\"http\"", FieldSort::Plain, Likeness::Different},
            {"\"x \"", "\"x\"", FieldSort::Unknown, Likeness::MaybeEqual},
            {"{}", "null", FieldSort::Plain, Likeness::MaybeEqual},
            {"{}", "[1]", FieldSort::Plain, Likeness::Different},
            {"\"YWI=\"", "\"YWI=\\n\"", FieldSort::Base64, Likeness::Equal},
            {"\"YWI=\"", "\"YWM=\"", FieldSort::Base64, Likeness::Different},
            {"\"%%\"", "\"%\"", FieldSort::Base64, Likeness::Different},
        };
        for (const Row& row : rows)
            QTest::addRow("%s and %s (%d)", row.desired, row.live, int(row.sort))
                << QByteArray(row.desired) << QByteArray(row.live) << row.sort << row.likeness;
    }
    void tellsSpellings()
    {
        QFETCH(QByteArray, desired);
        QFETCH(QByteArray, live);
        QFETCH(FieldSort, sort);
        QFETCH(Likeness, likeness);
        const auto a = core::parseJson(desired.toStdString());
        const auto b = core::parseJson(live.toStdString());
        QVERIFY(a && b);
        QVERIFY(gitops::likeness(*a, *b, sort) == likeness);
        QVERIFY(gitops::likeness(*b, *a, sort) == likeness);
    }

    void knowsFields()
    {
        using gitops::builtinFieldSort;
        QVERIFY(builtinFieldSort("Pod", "spec.containers.resources.limits.cpu")
                == FieldSort::Quantity);
        QVERIFY(builtinFieldSort("ResourceQuota", "spec.hard.pods") == FieldSort::Quantity);
        QVERIFY(builtinFieldSort("Pod", "spec.volumes.emptyDir.sizeLimit") == FieldSort::Quantity);
        QVERIFY(builtinFieldSort("Pod", "spec.containers.env.value") == FieldSort::Plain);
        QVERIFY(builtinFieldSort("Secret", "data.password") == FieldSort::Base64);
        QVERIFY(builtinFieldSort("ConfigMap", "data.password") == FieldSort::Plain);
        QVERIFY(builtinFieldSort("ConfigMap", "binaryData.x") == FieldSort::Base64);
    }
};

WW_TEST_CLASS(TestLikeness)
#include "tst_likeness.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/fieldreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestFieldReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAndNames()
    {
        const core::Json value =
            core::parseJson(
                R"({"a": "x", "b": true, "c": 3.0, "d": ["p", 1], "e": {"k": "v", "l": 2},
                              "f": [{"g": 1}, 7], "n": null})")
                .value();
        FieldProblems problems;
        FieldReader reader(&value, "spec", problems);
        QCOMPARE(reader.text("a"), std::string("x"));
        QCOMPARE(reader.text("n", "fallback"), std::string("fallback"));
        QCOMPARE(reader.flag("b", false), true);
        QCOMPARE(*reader.integer("c"), std::int64_t(3));
        QVERIFY(problems.errors.empty());
        QCOMPARE(reader.texts("d").size(), std::size_t(1));
        QCOMPARE(problems.errors.back(),
                 std::string("spec.d[1] must be text, not a number (put it in quotes)"));
        QCOMPARE(reader.textMap("e").at("k"), std::string("v"));
        QVERIFY(problems.errors.back().starts_with("spec.e.l must be text"));
        std::vector<FieldReader> items = reader.objects("f");
        QCOMPARE(items.size(), std::size_t(1));
        QCOMPARE(items[0].text("g"), std::string());
        QVERIFY(problems.errors.back().starts_with("spec.f[0].g "));
        QVERIFY(!reader.object("a").isPresent());
        QCOMPARE(problems.errors.back(), std::string("spec.a must be a mapping, not text"));
        reader.flag("a", false);
        QCOMPARE(problems.errors.back(), std::string("spec.a must be true or false, not text"));
        QVERIFY(!reader.integer("b"));
    }

    void unknownMembers()
    {
        const core::Json value = core::parseJson(R"({"selfheal": true, "zzz": 1})").value();
        FieldProblems problems;
        FieldReader(&value, "automated", problems).warnOfOthers({"prune", "selfHeal"});
        QCOMPARE(problems.warnings.size(), std::size_t(2));
        QCOMPARE(problems.warnings[0],
                 std::string("automated.selfheal is unknown and has no "
                             "effect; did you mean selfHeal"));
        QCOMPARE(problems.warnings[1], std::string("automated.zzz is unknown and has no effect"));
    }
};

WW_TEST_CLASS(TestFieldReader)
#include "tst_fieldreader.moc"

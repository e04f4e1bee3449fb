// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/embedded.h"
#include "core/platform/lineagerules.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <string>

using namespace core;

class TestLineageRuleReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFileLoads_data()
    {
        QTest::addColumn<QString>("file");
        const auto names = embeddedNames("resources/lineage/");
        QVERIFY(names.size() >= 9);
        for (const std::string_view name : names)
            QTest::newRow(std::string(name).c_str()) << QString::fromStdString(std::string(name));
    }
    void everyFileLoads()
    {
        QFETCH(QString, file);
        LineageRules rules;
        const std::string name = file.toStdString();
        const auto read = readLineageRules(embedded(name), name, rules);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
    }

    void mistakesHaveAPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        QTest::newRow("unknown part") << "things: []" << "rules.yaml:1: unknown key \"things\"";
        QTest::newRow("unknown key")
            << "objects:\n- kinds: [A]\n  colour: red" << "rules.yaml:3: unknown key \"colour\"";
        QTest::newRow("no kinds") << "objects:\n- node: {type: job}"
                                  << "rules.yaml:2: a rule needs kinds";
        QTest::newRow("unknown type") << "objects:\n- kinds: [A]\n  node: {type: thing}"
                                      << "rules.yaml:3: \"thing\" is no type";
        QTest::newRow("unknown relation")
            << "objects:\n- kinds: [A]\n  flows:\n  - {from: {self: true}, is: eats}"
            << "rules.yaml:4: \"eats\" is no is";
        QTest::newRow("open brace")
            << "objects:\n- kinds: [A]\n  flows:\n  - {from: {address: \"{/a\"}, is: calls}"
            << "rules.yaml:4: a brace is not closed";
        QTest::newRow("no pointer")
            << "objects:\n- kinds: [A]\n  flows:\n  - {from: {address: \"{a.b}\"}, is: calls}"
            << "rules.yaml:4: \"a.b\" is no pointer and no 'word'";
        QTest::newRow("two ends in one")
            << "objects:\n- kinds: [A]\n  flows:\n  - {from: {self: true, address: x}, is: calls}"
            << "rules.yaml:4: an end needs one of self, reference, address and name";
        QTest::newRow("dataset without system")
            << "objects:\n- kinds: [A]\n  flows:\n  - {from: {name: x}, is: reads}"
            << "rules.yaml:4: a dataset needs its system";
        QTest::newRow("meaning") << "variables:\n- {names: [A], is: colour}"
                                 << "rules.yaml:2: \"colour\" is no meaning of a variable";
        QTest::newRow("port") << "products:\n- {images: [a], system: b, port: many}"
                              << "rules.yaml:2: \"many\" is no number";
        QTest::newRow("flag") << "objects:\n- kinds: [A]\n  node: {type: job, internal: maybe}"
                              << "rules.yaml:3: \"maybe\" is neither true nor false";
        QTest::newRow("a list where a map belongs") << "- a" << "rules.yaml:1: a map was expected";
    }
    void mistakesHaveAPlace()
    {
        QFETCH(QString, text);
        LineageRules rules;
        const auto read = readLineageRules(text.toStdString(), "rules.yaml", rules);
        QVERIFY(!read);
        QTEST(QString::fromStdString(read.error().text()), "error");
        QVERIFY(rules.objects.empty()); // nothing of a file that fails is kept
    }

    void limits()
    {
        LineageRules rules;
        const auto large = readLineageRules(std::string((1u << 20) + 1, '#'), "r", rules);
        QCOMPARE(large.error().code, ErrorCode::LimitExceeded);
        std::string many = "products:\n";
        for (int i = 0; i < 2'001; ++i)
            many += "- {images: [a], system: b}\n";
        const auto read = readLineageRules(many, "r", rules);
        QCOMPARE(read.error().code, ErrorCode::LimitExceeded);
        QVERIFY(!readLineageRules("a: [", "r", rules)); // no YAML
    }

    void exactNamesGoFirst()
    {
        LineageRules rules;
        QVERIFY(readLineageRules("objects:\n- kinds: [\"a.b/*\"]\n- kinds: [a.b/C]\n", "r", rules));
        QCOMPARE(rules.ruleOf({"a.b", "C"})->line, 3);
        QCOMPARE(rules.ruleOf({"a.b", "D"})->line, 2);
        QCOMPARE(rules.ruleOf({"", "C"}), nullptr);
    }
};

WW_TEST_CLASS(TestLineageRuleReader)
#include "tst_lineagerulereader.moc"

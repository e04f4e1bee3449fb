// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/environments.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;

namespace {

EnvironmentComparison compare(const std::vector<std::string>& yamls,
                              const std::vector<IntendedDifference>& intended = {})
{
    std::vector<Environment> environments;
    for (const std::string& yaml : yamls) {
        const std::string name = "env" + std::to_string(environments.size());
        environments.push_back({name, PlatformFixture().declare(yaml, name).build()});
    }
    return compareEnvironments(environments, intended);
}

/// "key field: a | b" of each difference.
QStringList textOf(const EnvironmentComparison& comparison)
{
    QStringList out;
    for (const EnvironmentDifference& each : comparison.differences) {
        QStringList sides;
        for (const EnvironmentDifference::Side& side : each.sides)
            sides << (!side.present            ? "-"
                          : each.field.empty() ? "here"
                                               : QString::fromStdString(side.value));
        out << QString::fromStdString(each.key.name + " " + each.field) + ": " + sides.join(" | ");
    }
    return out;
}

std::string map(const std::string& data, const std::string& space = "shop")
{
    return object("v1", "ConfigMap", space, "c", "data: " + data + "\n");
}

} // namespace

class TestEnvironments : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Absent where not all could be read is not known, and no difference.
    void whatWasNotReadIsNotAbsent()
    {
        const auto both = [](bool hasGap, bool thirdHasIt) {
            PlatformFixture whole;
            whole.declare(map("{a: '1'}"), "one");
            PlatformFixture gap;
            gap.declare(object("v1", "Secret", "shop", "other"), "two");
            whole.declare(object("v1", "Secret", "shop", "other"), "one");
            if (hasGap)
                gap.input().gaps.push_back("Application child could not be rendered.");
            PlatformFixture third;
            third.declare(object("v1", "Secret", "shop", "other"), "three");
            if (thirdHasIt)
                third.declare(map("{a: '1'}"), "three");
            return compareEnvironments(
                {{"one", whole.build()}, {"two", gap.build()}, {"three", third.build()}});
        };
        const EnvironmentComparison read = both(false, true);
        QCOMPARE(textOf(read), QStringList {"c : here | - | here"});
        QCOMPARE(read.unknown, std::size_t(0));
        const EnvironmentComparison unread = both(true, true);
        QCOMPARE(textOf(unread), QStringList());
        QCOMPARE(unread.unknown, std::size_t(1));
        QCOMPARE(unread.same, std::size_t(1));
        const EnvironmentComparison one = both(true, false); // surely not everywhere
        QCOMPARE(textOf(one), QStringList {"c : here | - | -"});
        QVERIFY(!one.differences.front().sides[1].known && one.differences.front().sides[2].known);
    }
    void differences_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const char* name, const std::string& a, const std::string& b,
                            const QStringList& found) {
            QTest::newRow(name) << QString::fromStdString(a) << QString::fromStdString(b) << found;
        };
        row("none", map("{a: b}"), map("{a: b}"), {});
        row("a value", map("{a: b}"), map("{a: c}"), {"c data.a: \"b\" | \"c\""});
        row("a field here alone", map("{a: b, x: y}"), map("{a: b}"), {"c data.x: \"y\" | -"});
        row("names with dots", map("{a.b: c}"), map("{a.b: d}"), {"c data.\"a.b\": \"c\" | \"d\""});
        row("an object there alone", map("{}"), map("{}") + deployment("shop", "web"),
            {"web : - | here"});
        row("another namespace", map("{}", "dev"), map("{}", "prod"),
            {"c metadata.namespace: \"dev\" | \"prod\""});
        const auto with = [](const char* text) {
            return deployment("shop", "web", std::string("          ") + text + "\n");
        };
        row("list items by their keys", with("env: [{name: A, value: '1'}, {name: B, value: '2'}]"),
            with("env: [{name: B, value: '3'}, {name: A, value: '1'}]"),
            {"web spec.template.spec.containers[name=main].env[name=B].value: \"2\" | \"3\""});
        row("an item here alone", with("env: [{name: A, value: '1'}]"), with("env: []"),
            {"web spec.template.spec.containers[name=main].env[name=A]: "
             "{\"name\":\"A\",\"value\":\"1\"} | -"});
        row("lists of words as a whole", with("args: [a, b]"), with("args: [a, c]"),
            {"web spec.template.spec.containers[name=main].args: [\"a\",\"b\"] | [\"a\",\"c\"]"});
        row("items without a key, as many of them",
            object("v1", "Thing", "shop", "c", "spec: {rules: [{host: a}, {host: b}]}\n"),
            object("v1", "Thing", "shop", "c", "spec: {rules: [{host: a}, {host: c}]}\n"),
            {"c spec.rules[1].host: \"b\" | \"c\""});
        row("items without a key, fewer of them",
            object("v1", "Thing", "shop", "c", "spec: {rules: [{host: a}, {host: b}]}\n"),
            object("v1", "Thing", "shop", "c", "spec: {rules: [{host: a}]}\n"),
            {"c spec.rules: [{\"host\":\"a\"},{\"host\":\"b\"}] | [{\"host\":\"a\"}]"});
        row("another type", map("{a: b}"), object("v1", "ConfigMap", "shop", "c", "data: x\n"),
            {"c data: {\"a\":\"b\"} | \"x\""});
        row("values of Secrets stay hidden",
            object("v1", "Secret", "shop", "s", "stringData: {a: hush}\n"),
            object("v1", "Secret", "shop", "s", "stringData: {a: still}\n"),
            {"s stringData.a: \"(masked)\" | \"(masked)\""});
        row("tracking is no difference",
            object("v1", "ConfigMap", "shop", "c",
                   "  annotations: {wavewright.dev/tracking-id: a}\n"),
            object("v1", "ConfigMap", "shop", "c"), {});
    }
    void differences()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(QStringList, found);
        QCOMPARE(textOf(compare({a.toStdString(), b.toStdString()})), found);
    }
    void severalAtOnce()
    {
        const EnvironmentComparison all =
            compare({map("{a: '1'}"), map("{a: '2'}"), map("{a: '1'}"), ""});
        QCOMPARE(textOf(all), (QStringList {"c : here | here | here | -"}));
        QCOMPARE(textOf(compare({map("{a: '1'}"), map("{a: '2'}"), map("{a: '1'}")})),
                 (QStringList {"c data.a: \"1\" | \"2\" | \"1\""}));
        QCOMPARE(all.names.size(), std::size_t(4));
        QCOMPARE(all.objects, std::size_t(1));
        QCOMPARE(all.same, std::size_t(0));
    }
    void placesOfBothSides()
    {
        const auto all = compare({map("{a: b}"), map("{a: c}")});
        QCOMPARE(all.differences.at(0).sides.at(0).place.file, std::string("env0.yaml"));
        QCOMPARE(all.differences.at(0).sides.at(1).place.file, std::string("env1.yaml"));
        QVERIFY(all.differences.at(0).sides.at(1).place.line > 5);
    }
    void intended_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<bool>("intended");
        QTest::newRow("the field") << "ConfigMap/c:data.a" << true;
        QTest::newRow("globs") << "*/*:data.*" << true;
        QTest::newRow("the whole object") << "ConfigMap/c" << true;
        QTest::newRow("another field") << "ConfigMap/c:data.b" << false;
        QTest::newRow("another object") << "ConfigMap/d" << false;
    }
    void intended()
    {
        QFETCH(QString, rule);
        QFETCH(bool, intended);
        const auto parsed = IntendedDifference::parse(rule.toStdString());
        QVERIFY(parsed);
        const auto all = compare({map("{a: b}"), map("{a: c}")}, {*parsed});
        QCOMPARE(all.differences.at(0).isIntended(), intended);
    }
    void intendedByAnnotation()
    {
        const auto annotated = [](const char* value) {
            return object("v1", "ConfigMap", "shop", "c",
                          std::string("  annotations: {wavewright.dev/intended-differences: "
                                      "'metadata.annotations, data.a'}\ndata: {a: ")
                              + value + "}\n");
        };
        const EnvironmentComparison all = compare({annotated("b"), annotated("c")});
        QVERIFY(!all.differences.empty());
        for (const EnvironmentDifference& each : all.differences)
            QCOMPARE(each.intendedBy, std::string("annotation"));
    }
    void rulesThatAreNone()
    {
        QVERIFY(!IntendedDifference::parse(""));
        QVERIFY(!IntendedDifference::parse("ConfigMap"));
        QVERIFY(!IntendedDifference::parse(":data.a"));
    }
    void asJson()
    {
        const Json json = toJson(compare({map("{a: b}"), map("{a: c}")}));
        QCOMPARE(toText(json.at("differences").at(0).at("field")), std::string("\"data.a\""));
        QCOMPARE(toText(json.at("environments")), std::string("[\"env0\",\"env1\"]"));
    }
};

WW_TEST_CLASS(TestEnvironments)
#include "tst_environments.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/embedded.h"
#include "gitops/health/healthrules.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::readHealthRules;

class TestHealthRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loadsAllEmbedded();
    void findsByKind_data();
    void findsByKind();
    void refuses_data();
    void refuses();
    void decides_data();
    void decides();
};

void TestHealthRules::loadsAllEmbedded()
{
    const std::vector<std::string_view> files = core::embeddedNames("resources/health/");
    QVERIFY(files.size() >= 13);
    for (const std::string_view file : files) {
        const auto rules = readHealthRules(core::embedded(file), file);
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        QVERIFY(!rules->empty());
    }
}

void TestHealthRules::findsByKind_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("found");
    QTest::newRow("exact") << "kafka.strimzi.io" << "Kafka" << true;
    QTest::newRow("glob") << "eventing.knative.dev" << "Broker" << true;
    QTest::newRow("other group") << "kafka.example.com" << "Kafka" << false;
    QTest::newRow("core kind") << "" << "ConfigMap" << false;
    QTest::newRow("same kind in core") << "" << "Service" << false;
}

void TestHealthRules::findsByKind()
{
    QFETCH(QString, group);
    QFETCH(QString, kind);
    QFETCH(bool, found);
    QCOMPARE(gitops::healthRuleOf({group.toStdString(), kind.toStdString()}) != nullptr, found);
}

void TestHealthRules::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("no list") << QByteArray("kinds: [A]") << 1;
    QTest::newRow("no kinds") << QByteArray("- cases: [{then: Healthy}]") << 1;
    QTest::newRow("no cases") << QByteArray("- kinds: [A]") << 1;
    QTest::newRow("odd status") << QByteArray("- kinds: [A]\n  cases:\n  - {then: Fine}") << 3;
    QTest::newRow("odd key") << QByteArray("- kinds: [A]\n  cases:\n  - {then: Healthy, when: 1}")
                             << 3;
    QTest::newRow("odd test") << QByteArray(
        "- kinds: [A]\n  cases:\n  - {if: {phase: a}, then: Healthy}")
                              << 3;
    QTest::newRow("empty test") << QByteArray(
        "- kinds: [A]\n  cases:\n  - {if: {is: a}, then: Healthy}")
                                << 3;
    QTest::newRow("no verdict") << QByteArray("- kinds: [A]\n  cases:\n  - {say: a}") << 3;
    QTest::newRow("count without bound")
        << QByteArray("- kinds: [A]\n  cases:\n  - {if: {count: a}, then: Healthy}") << 3;
    QTest::newRow("two bounds") << QByteArray(
        "- kinds: [A]\n  cases:\n  - {if: {path: a, atLeast: 1, atMost: 2}, "
        "then: Healthy}") << 3;
    QTest::newRow("no YAML") << QByteArray("- kinds: [A\n") << 2;
}

void TestHealthRules::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    const auto rules = readHealthRules({text.data(), std::size_t(text.size())}, "a.yaml");
    QVERIFY(!rules);
    QCOMPARE(rules.error().code, core::ErrorCode::Invalid);
    QCOMPARE(rules.error().place.file, std::string("a.yaml"));
    QCOMPARE(rules.error().place.line, line);
}

void TestHealthRules::decides_data()
{
    QTest::addColumn<QByteArray>("test");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* test, bool holds) {
        QTest::newRow(test) << QByteArray(test) << holds;
    };
    row("condition: Ready", true);
    row("condition: Ready, is: 'True'", true);
    row("condition: Ready, is: ['False', Unknown]", false);
    row("condition: 'R*', reason: [A, 'B?d']", true);
    row("condition: Other", false);
    row("path: status.phase", true);
    row("path: status.phase, is: [Running, Done]", true);
    row("path: status.phase, is: Run", false);
    row("path: status.nothing", false);
    row("path: status.nothing, is: ['']", true);
    row("path: status.empty", false);
    row("path: status.emptyList", false);
    row("path: 'status.items[].name', is: b", true);
    row("path: 'status.items[].name', is: c", false);
    row("path: 'status.dotted\\.key', is: x", true);
    row("path: status.three, atLeast: 3", true);
    row("path: status.three, above: 3", false);
    row("path: status.three, below: status.four", true);
    row("path: status.three, atMost: status.missing", false);
    row("path: status.missing, below: 1", true);
    row("path: status.first, before: status.second", true);
    row("path: status.second, before: status.first", false);
    row("path: status.missing, before: status.first", false);
    row("count: 'status.items[].name', atLeast: 2", true);
    row("count: 'status.map[]', is: RUNNING, atLeast: 2", false);
    row("count: 'status.map[]', is: RUNNING, atMost: 1", true);
    row("any: [{path: status.no}, {path: status.phase}]", true);
    row("all: [{path: status.no}, {path: status.phase}]", false);
    row("not: {path: status.no}", true);
}

void TestHealthRules::decides()
{
    QFETCH(QByteArray, test);
    QFETCH(bool, holds);
    const std::string text = "- kinds: [A]\n  cases:\n  - {if: {" + test.toStdString()
        + "}, then: Healthy}\n  - {then: Degraded}\n";
    const auto rules = readHealthRules(text, "a.yaml");
    QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
    const auto object = core::parseJson(R"({"status":{"phase":"Running","empty":"","emptyList":[],
        "three":3,"four":4,"dotted.key":"x","items":[{"name":"a"},{"name":"b"}],
        "first":"2026-01-01T00:00:00Z","second":"2026-01-01T00:00:01Z",
        "map":{"a":"RUNNING","b":"PENDING"},
        "conditions":[{"type":"Ready","status":"True","reason":"Bad"}]}})");
    QVERIFY(object.has_value());
    gitops::ObjectReader reader(*object);
    const core::HealthAssessment health = gitops::applyRule(rules->front(), reader);
    QCOMPARE(health.status == core::Health::Healthy, holds);
    QVERIFY(reader.complaint().empty());
}

WW_TEST_CLASS(TestHealthRules)
#include "tst_healthrules.moc"

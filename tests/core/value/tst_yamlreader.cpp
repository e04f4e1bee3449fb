// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

using core::ErrorCode;

class TestYamlReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsToJson_data();
    void readsToJson();
    void refuses_data();
    void refuses();
    void refusesHostileTextAtOnce_data();
    void refusesHostileTextAtOnce();
    void nothingAtAllIsNoValue();
    void splitsDocuments();
    void readsTheFewRulesOfYaml11();
    void lastKeyWinsWhereAsked();
    void knowsOrigins();
    void goesToJsonAndBack();
};

void TestYamlReader::readsToJson_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char* name, const char* yaml, const char* json) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(json);
    };
    row("scalars", "a: 1\nb: x\nc: null\nd: true\ne: 1.5\nf:\n",
        R"({"a":1,"b":"x","c":null,"d":true,"e":1.5,"f":null})");
    row("quoted is a string", "a: \"1\"\nb: 'true'\n", R"({"a":"1","b":"true"})");
    row("1.2 booleans", "a: yes\nb: on\n", R"({"a":"yes","b":"on"})");
    row("tags", "a: !!str 1\nb: !!int \"2\"\nc: !own x\nd: !!float 3\n",
        R"({"a":"1","b":2,"c":"x","d":3})");
    row("nested", "a:\n- b: {c: [1, 2]}\n- - x\n", R"({"a":[{"b":{"c":[1,2]}},["x"]]})");
    row("literal", "a: |\n  x\n  y\nb: >\n  x\n  y\n", R"({"a":"x\ny\n","b":"x y\n"})");
    row("anchor and alias", "a: &x {b: 1}\nc: *x\n", R"({"a":{"b":1},"c":{"b":1}})");
    row("merge", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n",
        R"({"a":{"b":1,"c":2},"d":{"c":3,"b":1}})");
    row("merge of a list: the first wins", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]\n",
        R"({"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}})");
    row("date", "t: 2020-01-01\n", R"({"t":"2020-01-01T00:00:00Z"})");
    row("number keys", "1: a\n0x10: b\ntrue: c\n", R"({"1":"a","16":"b","true":"c"})");
    row("line ends of Windows", "a: 1\r\nb: |\r\n  x\r\n", R"({"a":1,"b":"x\n"})");
    row("empty", "# nothing\n", "null");
}

void TestYamlReader::readsToJson()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, json);
    const auto value = core::parseYaml(yaml.toStdString(), "f.yaml", {});
    QVERIFY2(value, value ? "" : value.error().text().c_str());
    QCOMPARE(QByteArray::fromStdString(core::toText(*value)), json);
}

void TestYamlReader::refuses_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const char* yaml, const char* error) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(error);
    };
    row("equal keys", "a: 1\nb: 2\na: 3\n",
        "f.yaml:3:1: mapping key \"a\" already defined at line 1");
    row("equal keys in a second document", "x: 1\n---\n\na: 1\na: 3\n",
        "f.yaml:5:1: mapping key \"a\" already defined at line 4");
    row("syntax", "a: [1\nb: 2\n", "f.yaml:2:");
    row("unknown alias", "a: *x\n", "f.yaml:1:4: the alias *x has no anchor");
    row("alias in its anchor", "a: &x [*x]\n", "f.yaml:1:8: the alias *x stands inside its own");
    row("words after a separator", "a: 1\n--- b\nc: 1\n", "f.yaml:2: a document separator");
    row("mapping as key", "? {a: 1}\n: 2\n", "f.yaml:1:3: a mapping key must be a scalar");
    row("infinity", "a: .inf\n", "f.yaml:1:4: infinities");
    row("false tag", "a: !!int x\n", "f.yaml:1:4: the value does not fit its tag !!int");
    row("control character", "a: 1\nb: \x01\n", "f.yaml:2");
    row("second document without a separator", "a: 1\n...\nb: 2\n", "f.yaml:3:1: not valid YAML");
    row("tab as indentation", "a:\n\tb: 1\n", "f.yaml:2:1");
}

void TestYamlReader::refuses()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, error);
    const auto values = core::parseYamlDocuments(yaml.toStdString(), "f.yaml", {});
    QVERIFY(!values);
    const QByteArray text = QByteArray::fromStdString(values.error().text());
    QVERIFY2(text.startsWith(error), text.constData());
}

void TestYamlReader::refusesHostileTextAtOnce_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::newRow("open brackets") << QByteArray(50'000, '[');
    QTest::newRow("open mappings") << QByteArray("{a: ").repeated(50'000);
    QTest::newRow("brackets on lines") << QByteArray("[\n").repeated(50'000);
    QTest::newRow("mappings on lines") << QByteArray("{a:\n").repeated(50'000);
    QTest::newRow("block lists") << QByteArray("- ").repeated(50'000);
    QTest::newRow("question marks") << QByteArray("? - ").repeated(50'000);
    QByteArray stairs;
    for (int i = 0; i < 2'000; ++i)
        stairs += QByteArray(i, ' ') + "a:\n";
    QTest::newRow("stairs") << stairs;
    QByteArray laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        laughs += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " ["
            + (before + " ,").repeated(8) + before + " ]\n";
    }
    QTest::newRow("billion laughs") << laughs;
    QTest::newRow("directives") << QByteArray("%TAG !a! b\n").repeated(50'000);
    QTest::newRow("long line") << QByteArray(5 << 20, 'x');
}

void TestYamlReader::refusesHostileTextAtOnce()
{
    QFETCH(QByteArray, yaml);
    QElapsedTimer timer;
    timer.start();
    const auto values = core::parseYamlDocuments(yaml.toStdString(), "f.yaml", {});
    QVERIFY(!values);
    // A key that is no scalar is refused before it gets deep.
    QCOMPARE(values.error().code,
             yaml.startsWith('?') ? ErrorCode::Invalid : ErrorCode::LimitExceeded);
    QVERIFY2(timer.elapsed() < 250, QByteArray::number(timer.elapsed()).constData());
}

void TestYamlReader::nothingAtAllIsNoValue()
{
    for (const std::string_view text : {std::string_view(), std::string_view("")}) {
        const auto values = core::parseYamlDocuments(text, "empty.yaml");
        QVERIFY(values);
        QVERIFY(values->empty() || values->front().is_null());
    }
}

void TestYamlReader::splitsDocuments()
{
    const auto values = core::parseYamlDocuments(
        "---\na: 1\n---  # comment\n\n---\nb: |\n  x\n---\n---\nc: 3\n", "f.yaml", {});
    QVERIFY(values);
    QCOMPARE(values->size(), std::size_t(3));
    QCOMPARE(QByteArray::fromStdString(core::toText((*values)[1])), QByteArray(R"({"b":"x\n"})"));
    QCOMPARE(QByteArray::fromStdString(core::toText((*values)[2])), QByteArray(R"({"c":3})"));
}

void TestYamlReader::readsTheFewRulesOfYaml11()
{
    const auto value = core::parseYaml("a: yes\nb: n\nc: 2020-01-01\nd: 0o14\n", "f.yaml");
    QVERIFY(value);
    QCOMPARE(QByteArray::fromStdString(core::toText(*value)),
             QByteArray(R"({"a":true,"b":false,"c":"2020-01-01","d":12})"));
}

void TestYamlReader::lastKeyWinsWhereAsked()
{
    core::YamlReadOptions options;
    options.lastKeyWins = true;
    const auto value = core::parseYaml("a: 1\nb: 2\na: 3\n", "f.yaml", options);
    QVERIFY(value);
    QCOMPARE(QByteArray::fromStdString(core::toText(*value)), QByteArray(R"({"b":2,"a":3})"));
}

void TestYamlReader::knowsOrigins()
{
    core::YamlTree tree;
    const auto documents =
        core::readYaml(tree, "x: 1\n---\na:\n  b/c: 1\n  d:\n  - 1\n  - e: 2\n", "f.yaml");
    QVERIFY(documents);
    core::YamlOrigins origins;
    QVERIFY(core::toJson(tree, *documents->at(1), &origins, "skipped"));
    QCOMPARE(origins.at("").line, 3);
    QCOMPARE(origins.at("/a").line, 3);
    QCOMPARE(origins.at("/a/b~1c").line, 4);
    QCOMPARE(origins.at("/a/d").line, 5);
    QCOMPARE(origins.at("/a/d/0").line, 6);
    QCOMPARE(origins.at("/a/d/1/e").line, 7);
    QCOMPARE(QByteArray::fromStdString(origins.at("/a/d/1/e").file), QByteArray("f.yaml"));
    origins.clear();
    QVERIFY(core::toJson(tree, *documents->at(1), &origins, "d"));
    QVERIFY(origins.contains("/a/d"));
    QVERIFY(!origins.contains("/a/d/0"));
}

void TestYamlReader::goesToJsonAndBack()
{
    const auto value = core::parseJson(
        R"({"a":[1,-2,18446744073709551615,1.5,1e+30,"x","1",null,true],"b":{"c":{}}})");
    QVERIFY(value);
    core::YamlTree tree;
    const auto back = core::toJson(tree, *core::fromJson(tree, *value));
    QVERIFY(back);
    QCOMPARE(QByteArray::fromStdString(core::toText(*back)),
             QByteArray::fromStdString(core::toText(*value)));
}

WW_TEST_CLASS(TestYamlReader)
#include "tst_yamlreader.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "core/value/yamlwriter.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <random>

class TestYamlWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writes_data();
    void writes();
    void sortsKeys();
    void treeAndJsonAgree();
    void agreesWithKubectl();
};

void TestYamlWriter::writes_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("yaml");
    const auto row = [](const char* name, const char* json, const char* yaml) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(yaml);
    };
    row("empty", R"({"a":{},"b":[],"c":null,"d":""})", "a: {}\nb: []\nc: null\nd: \"\"\n");
    row("nested lists", R"({"a":[[1,[2]],{"b":[3],"c":4},[]]})",
        "a:\n- - 1\n  - - 2\n- b:\n  - 3\n  c: 4\n- []\n");
    row("quoted types",
        R"({"a":["true","yes","n","null","~","1","1e3","0x10","2020-01-01","1:30"]})",
        "a:\n- \"true\"\n- \"yes\"\n- \"n\"\n- \"null\"\n- \"~\"\n- \"1\"\n- \"1e3\"\n- \"0x10\"\n"
        "- \"2020-01-01\"\n- \"1:30\"\n");
    row("plain oddities", R"({"a":["=","<<","1,000","0x","1e","NaN","a:b","a#b","-a","?a",":a"]})",
        "a:\n- =\n- <<\n- 1,000\n- 0x\n- 1e\n- NaN\n- a:b\n- a#b\n- -a\n- ?a\n- :a\n");
    row("single quotes", R"({"a":["- a","a: b","a #b"," a","a ","it's: x","@a","---"]})",
        "a:\n- '- a'\n- 'a: b'\n- 'a #b'\n- ' a'\n- 'a '\n- 'it''s: x'\n- '@a'\n- '---'\n");
    row("literals", R"({"a":"x\ny","b":"x\n","c":"x\n\n","d":" x\ny\n","e":"\n"})",
        "a: |-\n  x\n  y\nb: |\n  x\nc: |+\n  x\n\nd: |2\n   x\n  y\ne: |2+\n\n");
    row("escapes", R"({"a":"tab\there","b":"x \ny","c":"\ud83d\ude00","d":"\u0085","e":"a\\b"})",
        "a: \"tab\\there\"\nb: \"x \\ny\"\nc: \"\\U0001F600\"\nd: \"\\N\"\ne: a\\b\n");
    row("question mark key", R"({"x\ny":1})", "? |-\n  x\n  y\n: 1\n");
    row("scalar", R"("x")", "x\n");
    row("list at the root", R"([1,{"a":2}])", "- 1\n- a: 2\n");
}

void TestYamlWriter::writes()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, yaml);
    const auto value = core::parseJson(json.toStdString());
    QVERIFY(value);
    QCOMPARE(QByteArray::fromStdString(core::toYaml(*value)), yaml);
}

void TestYamlWriter::sortsKeys()
{
    const std::vector<std::string> ordered {"1",   "9",  "10",  "A",  "a-b", "a.b",
                                            "a_b", "a2", "a10", "aB", "ab"};
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j)
            QCOMPARE(core::isYamlKeyLess(ordered[i], ordered[j]), i < j);
}

void TestYamlWriter::treeAndJsonAgree()
{
    const std::string text = "b: 0x1F\na: [1.50, yes, '1', 2020-01-01, ~]\nc: |\n  x\n   y\n";
    core::YamlTree tree;
    const auto documents = core::readYaml(tree, text, "");
    QVERIFY(documents);
    std::string fromTree;
    core::appendYaml(fromTree, *documents->front());
    const auto value = core::toJson(tree, *documents->front());
    QVERIFY(value);
    QCOMPARE(QByteArray::fromStdString(fromTree), QByteArray::fromStdString(core::toYaml(*value)));
    QCOMPARE(QByteArray::fromStdString(fromTree),
             QByteArray("a:\n- 1.5\n- \"yes\"\n- \"1\"\n- \"2020-01-01T00:00:00Z\"\n- null\nb: 31\n"
                        "c: |\n  x\n   y\n"));
}

namespace {

/// Strings that are likely to trip an emitter, made of pieces with a fixed seed. U+0085 is missing:
/// kubectl loses it (as a blank, or as an error in a key).
std::vector<std::string> probeStrings(int count)
{
    const std::vector<std::string> pieces {
        "a",
        "word",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        ":",
        ": ",
        "#",
        " #",
        "-",
        "- ",
        "'",
        "\"",
        "\\",
        "\r",
        "1",
        "0x",
        "e3",
        ".",
        "é",
        "漢",
        "😀",
        "\u2028",
        "\u00a0",
        "\ufeff",
        "{",
        "}",
        "[",
        ",",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "`",
        "?",
        "yes",
        "null",
        "~",
        "long words that go on and on past the eightieth column of the line they stand in",
        "aVeryLongWordWithoutAnySpaceThatGoesOnAndOnPastTheEightiethColumnOfItsLineForSure",
        "2020-01-01",
        "1_000",
        "...",
        "---",
        "=",
        "<<",
        "_",
        "0b1",
        "0o7",
        "$",
        "\u001b"};
    std::mt19937 random(20261121);
    std::vector<std::string> strings;
    for (int i = 0; i < count; ++i) {
        std::string text;
        for (unsigned n = 1 + random() % 9; n > 0; --n)
            text += pieces[random() % pieces.size()];
        strings.push_back(text);
    }
    return strings;
}

/// As a double-quoted YAML scalar in ASCII.
std::string asQuoted(const std::string& text)
{
    QByteArray quoted = "\"";
    for (const uint codePoint : QString::fromStdString(text).toUcs4()) {
        if (codePoint >= 0x20 && codePoint < 0x7F && codePoint != '"' && codePoint != '\\')
            quoted += char(codePoint);
        else
            quoted += "\\U" + QByteArray::number(codePoint, 16).rightJustified(8, '0');
    }
    return (quoted + '"').toStdString();
}

/// A start for keys that puts them in one order: kubectl's comparison of digits with letters is not
/// transitive, so that what it sorts them into depends on how it sorts.
std::string ordered(int index)
{
    std::string out = "k";
    for (int place = 26 * 26; place > 0; place /= 26)
        out += char('a' + index / place % 26);
    return out;
}

} // namespace

void TestYamlWriter::agreesWithKubectl()
{
    if (QStandardPaths::findExecutable("kubectl").isEmpty())
        QSKIP("kubectl is not installed");
    std::string text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: probe}\ndata:\n";
    int index = 0;
    for (const std::string& probe : probeStrings(4000)) {
        const std::string key = "key" + std::to_string(index++);
        text += "  " + key + ": " + asQuoted(probe) + "\n";
        if (index % 4 == 0)
            text +=
                "  " + asQuoted(ordered(index) + probe) + ": [x, {y: " + asQuoted(probe) + "}]\n";
    }
    QTemporaryDir folder;
    const auto write = [&](const char* name, const std::string& content) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::WriteOnly)
            && file.write(content.data(), qint64(content.size())) == qint64(content.size());
    };
    QVERIFY(write("kustomization.yaml", "resources: [probe.yaml]\n"));
    QVERIFY(write("probe.yaml", text));
    QProcess kubectl;
    kubectl.start("kubectl", {"kustomize", folder.path()});
    QVERIFY(kubectl.waitForFinished(120'000));
    const QByteArray expected = kubectl.readAllStandardOutput();
    QVERIFY2(kubectl.exitCode() == 0, kubectl.readAllStandardError().right(300).constData());

    core::YamlTree tree;
    const auto documents = core::readYaml(tree, text, "probe.yaml");
    QVERIFY2(documents, documents ? "" : documents.error().text().c_str());
    std::string ours;
    core::appendYaml(ours, *documents->front());
    const QList<QByteArray> expectedLines = expected.split('\n');
    const QList<QByteArray> ourLines = QByteArray::fromStdString(ours).split('\n');
    for (qsizetype i = 0; i < std::min(expectedLines.size(), ourLines.size()); ++i)
        QCOMPARE(ourLines[i], expectedLines[i]);
    QCOMPARE(ourLines.size(), expectedLines.size());
}

WW_TEST_CLASS(TestYamlWriter)
#include "tst_yamlwriter.moc"

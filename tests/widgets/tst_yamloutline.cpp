// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/models/yamloutline.h"

#include <QTest>

using widgets::outlineYaml;
using widgets::YamlNode;

namespace {

std::string shape(const std::vector<YamlNode>& nodes)
{
    std::string text;
    for (const YamlNode& node : nodes) {
        text += node.type == YamlNode::Type::Item ? "-" : node.key;
        if (!node.value.empty())
            text += "=" + node.value;
        for (const std::string& line : node.more)
            text += "|" + line;
        if (!node.children.empty())
            text += "(" + shape(node.children) + ")";
        text += ";";
    }
    return text;
}

} // namespace

class TestYamlOutline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shapes_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("expected");
        QTest::newRow("members") << "a: 1\nb:\n  c: x\n" << "a=1;b(c=x;);";
        QTest::newRow("items at the key's column") << "a:\n- name: x\n  port: 1\n- name: y\n"
                                                   << "a(-(name=x;port=1;);-(name=y;););";
        QTest::newRow("items further in") << "a:\n  - x\n  - y\nb: 2\n" << "a(-=x;-=y;);b=2;";
        QTest::newRow("items in items") << "a:\n- - 1\n  - 2\n- 3\n" << "a(-(-=1;-=2;);-=3;);";
        QTest::newRow("block text") << "data:\n  f: |\n    l: 1\n      deeper\n\n    l2\nz: 1\n"
                                    << "data(f=||l: 1|  deeper||l2;);z=1;";
        QTest::newRow("quoted keys") << "\"a: b\": 1\n'c': 2\n" << "\"a: b\"=1;'c'=2;";
        QTest::newRow("colons in values") << "url: https://x:80/y\n" << "url=https://x:80/y;";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("flow") << "a: {}\nb: [1, 2]\n" << "a={};b=[1, 2];";
    }

    void shapes()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(shape(outlineYaml(yaml.toStdString()))), expected);
    }

    void nothingIsDroppedFromOddText()
    {
        const std::string odd = "not yaml at all\n  - deep\n\n: x\n\t\tb\n-\n-  - a: b\n   c: d\n";
        std::string text = shape(outlineYaml(odd));
        for (const char* part : {"not yaml at all", "deep", "a=b", "c=d"})
            QVERIFY2(text.find(part) != std::string::npos, part);
    }

    void deepNestingStaysText()
    {
        std::string deep;
        for (int i = 0; i < 5000; ++i)
            deep += "- ";
        QVERIFY(!outlineYaml(deep + "x\n").empty());
        std::string members;
        for (int i = 0; i < 3000; ++i)
            members += std::string(std::size_t(i), ' ') + "k:\n";
        QVERIFY(!outlineYaml(members).empty());
    }
};

WW_TEST_CLASS(TestYamlOutline)
#include "tst_yamloutline.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/text/yamlspans.h"

#include <QTest>

using widgets::YamlSpan;

class TestYamlSpans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lines_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected");
        QTest::newRow("number") << "  replicas: 3" << "Key:replicas Mark:: Number:3";
        QTest::newRow("item") << "- name: web" << "Mark:- Key:name Mark:: String:web";
        QTest::newRow("word") << "ready: true" << "Key:ready Mark:: Number:true";
        QTest::newRow("quoted number") << "cpu: \"1\"" << "Key:cpu Mark:: String:\"1\"";
        QTest::newRow("block") << "f: |" << "Key:f Mark:: Mark:|";
        QTest::newRow("comment") << "# why" << "Comment:# why";
        QTest::newRow("trailing comment") << "a: 1 # why" << "Key:a Mark:: Number:1 Comment:# why";
        QTest::newRow("url") << "u: http://x" << "Key:u Mark:: String:http://x";
        QTest::newRow("nothing") << "   " << "";
    }

    void lines()
    {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        static const char* names[] = {"Key", "String", "Number", "Comment", "Mark"};
        QStringList parts;
        for (const YamlSpan& span : widgets::yamlSpans(line))
            parts << QLatin1String(names[int(span.type)]) + QLatin1Char(':')
                    + line.mid(span.from, span.length);
        QCOMPARE(parts.join(QLatin1Char(' ')), expected);
    }
};

WW_TEST_CLASS(TestYamlSpans)
#include "tst_yamlspans.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/jsonslices.h"
#include "tests/gitops/cluster/jsontexts.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using tests::PaddedText;

class TestJsonSlices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lists_data();
    void lists();
    void noLists_data();
    void noLists();
    void everyCutIsRefused();
    void frames_data();
    void frames();
    void noFrames_data();
    void noFrames();
    void deepAndLongIsSkippedQuickly();
};

void TestJsonSlices::lists_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QStringList>("items");
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("token");
    const QString meta = "\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"t\"}";
    const auto row = [&](const char* name, const QString& body, const QStringList& items,
                         const char* version = "7", const char* token = "t") {
        QTest::newRow(name) << body << items << version << token;
    };
    row("none", "{" + meta + ",\"items\":[]}", {});
    row("null", "{" + meta + ",\"items\":null}", {});
    row("two", "{" + meta + ",\"items\":[{\"a\":1},{}]}", {"{\"a\":1}", "{}"});
    row("items first", "{\"items\":[{\"a\":{\"b\":[]}}]," + meta + "}", {"{\"a\":{\"b\":[]}}"});
    row("blanks", " { " + meta + " ,\n\"items\" : [ { } , {\"a\":\"}]\"} ] } \n",
        {"{ }", "{\"a\":\"}]\"}"});
    row("other members",
        "{\"kind\":\"L\",\"x\":{\"items\":[1]}," + meta + ",\"items\":[{}],\"y\":[]}", {"{}"});
    row("no token", "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}", {}, "7", "");
    row("version no text", "{\"metadata\":{\"resourceVersion\":7},\"items\":[]}", {}, "", "");
    row("escaped token", "{\"metadata\":{\"continue\":\"a\\u0062\\n\"},\"items\":[]}", {}, "",
        "ab\n");
}

void TestJsonSlices::lists()
{
    QFETCH(QString, body);
    QFETCH(QStringList, items);
    QFETCH(QString, version);
    QFETCH(QString, token);
    const PaddedText text(body.toStdString());
    const auto list = sliceList(text.view());
    QVERIFY2(list, list ? "" : list.error().text().c_str());
    QStringList found;
    for (const std::string_view item : list->items)
        found << QString::fromUtf8(item.data(), qsizetype(item.size())).trimmed();
    QCOMPARE(found, items);
    QCOMPARE(QString::fromStdString(list->resourceVersion), version);
    QCOMPARE(QString::fromStdString(list->continueToken), token);
}

void TestJsonSlices::noLists_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, const QByteArray& body) { QTest::newRow(name) << body; };
    const QByteArray good = "{\"metadata\":{},\"items\":[{}]}";
    row("empty", "");
    row("blank", "  ");
    row("null", "null");
    row("array", "[]");
    row("text", "\"list\"");
    row("page of a proxy", "<html></html>");
    row("no items", "{\"metadata\":{}}");
    row("no metadata", "{\"items\":[]}");
    row("items an object", "{\"metadata\":{},\"items\":{}}");
    row("items a number", "{\"metadata\":{},\"items\":1}");
    row("metadata a list", "{\"metadata\":[],\"items\":[]}");
    row("an item a number", "{\"metadata\":{},\"items\":[1]}");
    row("an item a list", "{\"metadata\":{},\"items\":[[]]}");
    row("an item null", "{\"metadata\":{},\"items\":[{},null]}");
    row("two of them", good + good);
    row("more behind", good + " 1");
    row("bracket too many", good + "}");
    row("no UTF-8", "{\"metadata\":{},\"items\":[{\"a\":\"\xff\"}]}");
    row("no comma", "{\"metadata\":{} \"items\":[]}");
    row("no colon", "{\"metadata\" {},\"items\":[]}");
}

void TestJsonSlices::noLists()
{
    QFETCH(QByteArray, body);
    const PaddedText text(body.toStdString());
    const auto list = sliceList(text.view());
    QVERIFY(!list);
    QVERIFY(list.error().code == core::ErrorCode::Invalid);
}

void TestJsonSlices::everyCutIsRefused()
{
    const std::string list = "{\"kind\":\"L\",\"metadata\":{\"resourceVersion\":\"7\"},"
                             "\"items\":[{\"a\":[1,{\"b\":\"c\"}]},{}]}";
    const std::string frame = "{\"type\":\"ADDED\",\"object\":{\"a\":[1,{\"b\":\"c\"}]}}";
    for (std::size_t size = 0; size < list.size(); ++size)
        QVERIFY2(!sliceList(PaddedText(list.substr(0, size)).view()), list.substr(0, size).c_str());
    for (std::size_t size = 0; size < frame.size(); ++size)
        QVERIFY2(!sliceFrame(PaddedText(frame.substr(0, size)).view()),
                 frame.substr(0, size).c_str());
    QVERIFY(sliceList(PaddedText(list).view()) && sliceFrame(PaddedText(frame).view()));
}

void TestJsonSlices::frames_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("object");
    const auto row = [](const char* name, const char* line, const char* type, const char* object) {
        QTest::newRow(name) << line << type << object;
    };
    row("usual", "{\"type\":\"ADDED\",\"object\":{\"a\":1}}", "ADDED", "{\"a\":1}");
    row("object first", "{\"object\":{},\"type\":\"NEW\"}", "NEW", "{}");
    row("no type", "{\"object\":{}}", "", "{}");
    row("type no text", "{\"type\":1,\"object\":{}}", "", "{}");
    row("blanks", " {\"type\" : \"X\" , \"object\" : {\"object\":{}} } ", "X", "{\"object\":{}}");
}

void TestJsonSlices::frames()
{
    QFETCH(QString, line);
    QFETCH(QString, type);
    QFETCH(QString, object);
    const PaddedText text(line.toStdString());
    const auto frame = sliceFrame(text.view());
    QVERIFY(frame);
    QCOMPARE(QString::fromStdString(frame->type), type);
    QCOMPARE(QString::fromUtf8(frame->object.data(), qsizetype(frame->object.size())).trimmed(),
             object);
}

void TestJsonSlices::noFrames_data()
{
    QTest::addColumn<QString>("line");
    for (const char* line :
         {"", "[]", "{no json}", "{}", "{\"type\":\"ADDED\"}", "{\"type\":\"ADDED\",\"object\":1}",
          "{\"object\":[]}", "{\"object\":null}", "{\"object\":{}}}", "{\"object\":{}} {}"})
        QTest::newRow(line) << line;
}

void TestJsonSlices::noFrames()
{
    QFETCH(QString, line);
    QVERIFY(!sliceFrame(PaddedText(line.toStdString()).view()));
}

void TestJsonSlices::deepAndLongIsSkippedQuickly()
{
    const std::string deep = std::string(2'000'000, '[') + std::string(2'000'000, ']');
    const PaddedText frame("{\"x\":" + deep + ",\"object\":{\"a\":" + deep + "}}");
    const auto slices = sliceFrame(frame.view()); // nothing here recurses
    QVERIFY(slices);
    QCOMPARE(slices->object.size(), deep.size() + 6);
    std::string list = "{\"metadata\":{},\"items\":[{}";
    for (int i = 1; i < 200'000; ++i)
        list += ",{}";
    const PaddedText page(list + "]}");
    QCOMPARE(sliceList(page.view())->items.size(), std::size_t(200'000));
}

WW_TEST_CLASS(TestJsonSlices)
#include "tst_jsonslices.moc"

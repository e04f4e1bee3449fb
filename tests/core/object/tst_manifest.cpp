// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/manifest.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestManifest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatItWasMadeOf()
    {
        const Json object =
            parseJson(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"}})").value();
        const auto manifest = Manifest::make(
            object, {{"", {"a.yaml", 1, 1, ""}}, {"/metadata", {"a.yaml", 3, 1, ""}}});
        QVERIFY(manifest);
        QCOMPARE((*manifest)->key().name, std::string("c"));
        QVERIFY(isEqual((*manifest)->value(), object));
        QCOMPARE((*manifest)->origin("/metadata/name").line, 3);
        QCOMPARE((*manifest)->origin("/data/x").line, 1);
    }
    void digestIgnoresTheOrderOfKeys()
    {
        const auto digest = [](const char* text) {
            return Manifest::make(parseJson(text).value()).value()->digest();
        };
        QVERIFY(digest(R"({"kind":"A","apiVersion":"v1","metadata":{"name":"c"}})")
                == digest(R"({"metadata":{"name":"c"},"apiVersion":"v1","kind":"A"})"));
        QVERIFY(digest(R"({"kind":"A","apiVersion":"v1","metadata":{"name":"c"}})")
                != digest(R"({"kind":"A","apiVersion":"v1","metadata":{"name":"d"}})"));
    }
    void refusesWhatIsNoObject_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("list") << QByteArray("[]") << QByteArray("mapping");
        QTest::newRow("no apiVersion")
            << QByteArray(R"({"kind":"A","metadata":{"name":"x"}})") << QByteArray("apiVersion");
        QTest::newRow("no kind") << QByteArray(R"({"apiVersion":"v1","metadata":{"name":"x"}})")
                                 << QByteArray("kind");
        QTest::newRow("no name") << QByteArray(R"({"apiVersion":"v1","kind":"A"})")
                                 << QByteArray("metadata.name");
        QTest::newRow("name no string")
            << QByteArray(R"({"apiVersion":"v1","kind":"A","metadata":{"name":1}})")
            << QByteArray("metadata.name of the A is a number (1)");
        QTest::newRow("a name that YAML takes for a boolean")
            << QByteArray(R"({"apiVersion":"v1","kind":"A","metadata":{"name":false}})")
            << QByteArray("metadata.name of the A is a boolean (false); a name that YAML does not "
                          "read as text needs quotes");
    }
    void refusesWhatIsNoObject()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, word);
        const auto manifest =
            Manifest::make(parseJson(text.toStdString()).value(), {{"", {"bad.yaml", 7, 1, ""}}});
        QVERIFY(!manifest);
        QVERIFY(manifest.error().message.find(word.toStdString()) != std::string::npos);
        QCOMPARE(manifest.error().place.line, 7);
    }
};

WW_TEST_CLASS(TestManifest)
#include "tst_manifest.moc"

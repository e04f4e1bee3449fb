// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageuri.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <string>

using namespace core;

class TestLineageUri : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ends_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // "system host name", "" for none
        QTest::newRow("s3a") << "s3a://lakehouse/bronze/x/" << "s3||lakehouse/bronze/x";
        QTest::newRow("wildcard") << "s3a://lakehouse/bronze/day=*/x" << "s3||lakehouse/bronze";
        QTest::newRow("template") << "s3://b/a/{{ ds }}/x" << "s3||b/a";
        QTest::newRow("bucket") << "s3://b" << "s3||b";
        QTest::newRow("postgres") << "postgresql://u:p@db:5432/app" << "postgres|db:5432|app";
        QTest::newRow("driver") << "postgresql+psycopg2://u@db/app" << "postgres|db|app";
        QTest::newRow("jdbc") << "jdbc:mysql://db:3306/shop?useSSL=false" << "mysql|db:3306|shop";
        QTest::newRow("no database") << "postgres://db:5432" << "postgres|db:5432|";
        QTest::newRow("password with @ and /")
            << "redis://:p@ss/w@cache:6379/0" << "redis|cache:6379|";
        QTest::newRow("replica set") << "mongodb://u:p@a:1,b:2/app?x=y" << "mongodb|a:1,b:2|app";
        QTest::newRow("amqps") << "amqps://guest:guest@rabbit:5671/%2f" << "rabbitmq|rabbit:5671|";
        QTest::newRow("kafka") << "kafka://k:9092/orders" << "kafka|k:9092|orders";
        QTest::newRow("http") << "http://web:8080/path" << "http|web:8080|";
        QTest::newRow("file") << "file:///tmp/x" << "";
        QTest::newRow("unknown scheme") << "plaintext://0.0.0.0:9092" << "";
        QTest::newRow("no address") << "hello" << "";
        QTest::newRow("nobody") << "http://" << "";
        QTest::newRow("not a scheme") << "a b://c" << "";
        QTest::newRow("very long") << "http://" + QString(5'000, 'a') << "";
    }
    void ends()
    {
        QFETCH(QString, text);
        const auto end = endOfUri(text.toStdString());
        const std::string got = end ? end->system + "|" + end->host + "|" + end->name : "";
        QTEST(QString::fromStdString(got), "expected");
        QVERIFY(got.find("p@ss") == got.npos && got.find("guest") == got.npos);
    }

    void ports_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("plain") << "kafka:9092" << 9092;
        QTest::newRow("none") << "kafka" << 0;
        QTest::newRow("too large") << "kafka:70000" << 0;
        QTest::newRow("a word") << "kafka:http" << 0;
        QTest::newRow("IPv6") << "[::1]" << 0;
        QTest::newRow("IPv6 with port") << "[::1]:80" << 80;
        QTest::newRow("empty") << "" << 0;
    }
    void ports()
    {
        QFETCH(QString, host);
        QTEST(portOf(host.toStdString()), "port");
    }

    void objectStorePaths()
    {
        QCOMPARE(objectStorePath("//b//a/./c/"), std::string("b/a/c"));
        QCOMPARE(objectStorePath(""), std::string());
        QCOMPARE(objectStorePath("*"), std::string());
        QCOMPARE(objectStorePath("b/x-{day}.json"), std::string("b"));
    }
};

WW_TEST_CLASS(TestLineageUri)
#include "tst_lineageuri.moc"

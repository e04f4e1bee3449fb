// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/endpoint.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

QString textOf(const std::vector<Endpoint>& endpoints)
{
    QStringList out;
    for (const Endpoint& each : endpoints)
        out << QString::fromStdString((each.scheme.empty() ? "" : each.scheme + "|") + each.host
                                      + "|" + std::to_string(each.port));
    return out.join(' ');
}

} // namespace

class TestEndpoint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("endpoints");
        const auto row = [](const char* text, const char* endpoints) {
            QTest::newRow(text) << QString(text) << QString(endpoints);
        };
        row("", "");
        row("plain words", "");
        row("kafka:9092", "kafka|9092");
        row("a.b.svc:9092,c.b.svc:9093", "a.b.svc|9092 c.b.svc|9093");
        row("--bootstrap-server=event-cluster-kafka-bootstrap.kafka:9092",
            "event-cluster-kafka-bootstrap.kafka|9092");
        row("http://minio.deepstorage.svc.cluster.local:9000/lakehouse",
            "http|minio.deepstorage.svc.cluster.local|9000");
        row("postgres://user:pa:ss@db.data/shop", "postgres|db.data|0");
        row("jdbc:postgresql://db:5432/shop", "jdbc:postgresql|db|5432");
        row("mongodb://a:1,b:2/shop?replicaSet=x", "mongodb|a|1 mongodb|b|2");
        row("kafka:events?brokers=event:9092", "event|9092");
        row("http://[::1]:80/", "http|::1|80");
        row("host=r.rabbitmq.svc.cluster.local", "r.rabbitmq.svc.cluster.local|0");
        row("r.rabbitmq.svc, s.rabbitmq.svc", "r.rabbitmq.svc|0 s.rabbitmq.svc|0");
        row("a.b.svc:80 and a.b.svc", "a.b.svc|80");
        row("a.b.svcs or .svc", "");
        row("10.0.0.1:80", "10.0.0.1|80");
        row("12:30", "");
        row("12:30:45", "");
        row("2024-01-01T12:30:45Z", "");
        row("nginx:1.25.3", "");
        row("image:5000/name", "image|5000");
        row("key: value", "");
        row("a:99999", "");
        row("http://", "");
        row("://x", "x|0");
        row("s3a://lakehouse/bronze", "s3a|lakehouse|0");
        row("a:1 a:1", "a|1");
        row("sha256:1234abcd", "");
    }
    void texts()
    {
        QFETCH(QString, text);
        QFETCH(QString, endpoints);
        QCOMPARE(textOf(endpointsIn(text.toStdString())), endpoints);
    }
    void bareHostsOnlyWhereAsked()
    {
        QVERIFY(endpointsIn("postgres").empty());
        QCOMPARE(textOf(endpointsIn("Postgres", true)), QString("postgres|0"));
        QVERIFY(endpointsIn("not a host", true).empty());
        QCOMPARE(textOf(endpointsIn("db:5432", true)), QString("db|5432"));
    }
    void isBounded()
    {
        std::string text;
        for (int i = 0; i < 1000; ++i)
            text += "host" + std::to_string(i) + ":80,";
        QCOMPARE(endpointsIn(text).size(), std::size_t(64));
    }
    void services_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("services");
        const auto row = [](const char* host, const char* services) {
            QTest::newRow(host) << QString(host) << QString(services);
        };
        row("postgres", "shop/postgres");
        row("kafka.data", "shop/data data/kafka");
        row("kafka.data.svc", "data/kafka");
        row("kafka.data.svc.cluster.local", "data/kafka");
        row("kafka.data.svc.cluster.local.", "data/kafka");
        row("b-0.brokers.data.svc", "data/brokers");
        row("api.example.com", "");
        row("10.0.0.1", "");
        row("localhost", "");
        row("", "");
    }
    void services()
    {
        QFETCH(QString, host);
        QFETCH(QString, services);
        QStringList out;
        for (const ServiceName& each : serviceCandidates(host.toStdString(), "shop"))
            out << QString::fromStdString(each.namespaceName + "/" + each.name);
        QCOMPARE(out.join(' '), services);
    }
    void portsOfSchemes()
    {
        QCOMPARE(defaultPort("amqp"), 5672);
        QCOMPARE(defaultPort("postgresql+psycopg2"), 5432);
        QCOMPARE(defaultPort("gopher"), 0);
    }
};

WW_TEST_CLASS(TestEndpoint)
#include "tst_endpoint.moc"

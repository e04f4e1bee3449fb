// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/integrationroutes.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <string>

using namespace core;

namespace {

/// "from kafka:a:1, to log:b:2 | …"; "?" behind what is not complete.
std::string textOf(const std::vector<CamelRoute>& routes)
{
    std::string out;
    for (const CamelRoute& route : routes) {
        out += out.empty() ? "" : " | ";
        std::string one;
        for (const CamelEndpoint& endpoint : route.endpoints)
            one += (one.empty() ? "" : ", ") + endpoint.verb + " " + endpoint.uri
                + (endpoint.complete ? "" : "?") + ":" + std::to_string(endpoint.line);
        out += one;
    }
    return out;
}

} // namespace

class TestIntegrationRoutes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void code_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        QTest::newRow("java") << "from(\"kafka:a\")\n  .to(\"log:b\");"
                              << "from kafka:a:1, to log:b:2";
        QTest::newRow("two routes") << "from(\"a:1\").to(\"b:2\"); from(\"c:3\");"
                                    << "from a:1:1, to b:2:1 | from c:3:1";
        QTest::newRow("dynamic") << "from(\"a:1\").toD(\"kafka:${header.x}\")"
                                 << "from a:1:1, toD kafka:${header.x}:1";
        QTest::newRow("joined literals") << "from(\"kafka:\" + \"a\")" << "from kafka:a:1";
        QTest::newRow("joined with a variable") << "from(\"kafka:\" + topic)" << "from kafka:?:1";
        QTest::newRow("a variable alone") << "from(TOPIC).to(\"x:y\")" << "from TOPIC?:1, to x:y:1";
        QTest::newRow("format") << "fromF(\"kafka:%s\", t)" << "fromF kafka:%s?:1";
        QTest::newRow("comments") << "// from(\"no:1\")\n/* .to(\"no:2\") */ from(\"a:b\")"
                                  << "from a:b:2";
        QTest::newRow("a word that is no verb")
            << "x.today(\"a:b\"); y = \"from('kafka:z')\";" << "";
        QTest::newRow("groovy") << "from('a:b')\n.wireTap('c:d')" << "from a:b:1, wireTap c:d:2";
        QTest::newRow("groovy without brackets") << "from 'a:b'" << "from a:b:1";
        QTest::newRow("dead letters")
            << "errorHandler(deadLetterChannel(\"kafka:dlq\")); from(\"a:b\")"
            << "deadLetterChannel kafka:dlq:1 | from a:b:1";
        QTest::newRow("escape in a string")
            << "from(\"a:\\\"b\").to(\"c:d\")" << "from a:\"b:1, to c:d:1";
        QTest::newRow("not closed") << "from(\"a:b" << "from a:b:1";
        QTest::newRow("comment not closed") << "/* from(\"a:b\")" << "";
        QTest::newRow("empty") << "" << "";
    }
    void code()
    {
        QFETCH(QString, source);
        QTEST(QString::fromStdString(textOf(routesOfCode(source.toStdString()))), "expected");
    }

    void xml_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("expected");
        QTest::newRow("route")
            << "<route>\n<from uri=\"kafka:a?x=1&amp;y=2\"/>\n<to uri='log:b'/></route>"
            << "from kafka:a?x=1&y=2:2, to log:b:3";
        QTest::newRow("prefix and order of attributes")
            << "<c:from id=\"1\" uri=\"a:b\"/><c:toD uri = \"d:e\"/>" << "from a:b:1, toD d:e:1";
        QTest::newRow("comment") << "<!-- <from uri=\"no:1\"/> -->\n<from uri=\"a:b\"/>"
                                 << "from a:b:2";
        QTest::newRow("no uri") << "<from/><to xuri=\"a:b\"/>" << "";
        QTest::newRow("not closed") << "<from uri=\"a:b\"" << "";
    }
    void xml()
    {
        QFETCH(QString, source);
        QTEST(QString::fromStdString(textOf(routesOfXml(source.toStdString()))), "expected");
    }

    void flows_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("expected");
        QTest::newRow("uri and parameters") << "- from:\n    uri: kafka:a\n    parameters: "
                                               "{brokers: b}\n    steps:\n    - to: log:c"
                                            << "from kafka:a?brokers=b:1, to log:c:1";
        QTest::newRow("choice")
            << "- from:\n    uri: a:b\n    steps:\n    - choice:\n        when:\n        - steps:\n"
               "          - to-d: {uri: c:d}\n        otherwise: {steps: [{wire-tap: {uri: e:f}}]}"
            << "from a:b:1, to-d c:d:1, wire-tap e:f:1";
        QTest::newRow("route")
            << "- route: {id: r, from: {uri: a:b, steps: [{kamelet: {name: kafka-sink, "
               "parameters: {topic: t}}}]}}"
            << "from a:b:1, kamelet kamelet:kafka-sink?topic=t:1";
        QTest::newRow("rest") << "- rest: {path: /hook, post: [{to: direct:x}]}"
                              << "rest platform-http:/hook:1, to direct:x:1";
        QTest::newRow("error handler")
            << "- errorHandler: {deadLetterChannel: {deadLetterUri: kafka:dlq}}\n- from: {uri: a:b}"
            << "deadLetterUri kafka:dlq:1 | from a:b:1";
        QTest::newRow("odd") << "- from: 5\n- 7\n- from: {uri: [x]}" << "";
        QTest::newRow("a map") << "from: {uri: a:b}" << "from a:b:1";
    }
    void flows()
    {
        QFETCH(QString, yaml);
        const auto value = parseYaml(yaml.toStdString(), "");
        QVERIFY(value);
        QTEST(QString::fromStdString(textOf(routesOfFlows(*value))), "expected");
    }

    void isBounded()
    {
        std::string many;
        for (int i = 0; i < 20'000; ++i)
            many += "from(\"a:b\");";
        std::size_t count = 0;
        for (const CamelRoute& route : routesOfCode(many))
            count += route.endpoints.size();
        QCOMPARE(count, std::size_t(5'000));
        Json deep = "kafka:a";
        for (int i = 0; i < 2'000; ++i)
            deep = JsonObject {{"steps", JsonArray {std::move(deep)}}};
        QVERIFY(routesOfFlows(deep).empty());
    }
};

WW_TEST_CLASS(TestIntegrationRoutes)
#include "tst_integrationroutes.moc"

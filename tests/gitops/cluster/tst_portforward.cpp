// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/portforward.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/testregistry.h"

using namespace gitops;

class TestPortForward : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void followsTheServiceToAPod();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
};

void TestPortForward::parses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); ///< local, kind/name, remote
    QTest::newRow("service") << "Service" << "8501:8501" << "8501 service own 8501";
    QTest::newRow("one number") << "Service" << "8501" << "8501 service own 8501";
    QTest::newRow("named") << "Service" << "8000:api" << "8000 service own api";
    QTest::newRow("several") << "Service" << " 1:2 , 3:x " << "1 service own 2, 3 service own x";
    QTest::newRow("pod") << "Pod" << "1:2" << "1 pod own 2";
    QTest::newRow("operator's") << "Kafka" << "service/k-bootstrap 9092:9092"
                                << "9092 service k-bootstrap 9092";
    QTest::newRow("short") << "Kafka" << "svc/k 9092, pod/k-0 1:2"
                           << "9092 service k 9092, 1 pod k-0 2";
    QTest::newRow("another") << "Service" << "service/other 1:2" << "1 service other 2";
}

void TestPortForward::parses()
{
    QFETCH(QString, kind);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto forwards = parsePortForwards(text.toStdString(), kind.toStdString(), "own", "space");
    QVERIFY2(forwards, forwards ? "" : forwards.error().text().c_str());
    QStringList out;
    for (const PortForward& each : *forwards) {
        QCOMPARE(each.namespaceName, "space");
        out += QString("%1 %2 %3 %4")
                   .arg(each.localPort)
                   .arg(each.kind == PortForward::Kind::Pod ? "pod" : "service",
                        QString::fromStdString(each.name), QString::fromStdString(each.remotePort));
    }
    QCOMPARE(out.join(", "), expected);
}

void TestPortForward::refuses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"", "x", "0:1", "65536:1", "1:0", "-1:2", "1:2:3", "1:", ":1", "1:UP", "1:2,",
          "deployment/x 1:2", "service/ 1:2", "service/a/b 1:2", "8080:abcdefghijklmnopq"})
        QTest::addRow("service %s", text) << "Service" << text;
    QTest::newRow("no target") << "Kafka" << "9092:9092";
    QTest::newRow("too many") << "Service" << QString("1:1,").repeated(100) + "1:1";
}

void TestPortForward::refuses()
{
    QFETCH(QString, kind);
    QFETCH(QString, text);
    const auto forwards = parsePortForwards(text.toStdString(), kind.toStdString(), "own", "space");
    QVERIFY(!forwards);
    QCOMPARE(forwards.error().code, core::ErrorCode::Invalid);
}

void TestPortForward::followsTheServiceToAPod()
{
    tests::PracticePod practice;
    const std::string pod = practice.readyPod();
    QVERIFY(pod.starts_with("web-"));
    const auto target = resolvePortForward(practice.access(), practice.webForward());
    QVERIFY(target);
    QCOMPARE(target->port, 8080); // the Service's targetPort is a name
    PortForward byName = practice.webForward();
    byName.remotePort = "main";
    QCOMPARE(resolvePortForward(practice.access(), byName)->port, 8080);
    const PortForward direct {.namespaceName = "default",
                              .kind = PortForward::Kind::Pod,
                              .name = pod,
                              .remotePort = "http"};
    QCOMPARE(resolvePortForward(practice.access(), direct), (PodPort {pod, 8080}));
    // Without slices the selector leads there.
    QCOMPARE(practice
                 .ask({.method = "DELETE",
                       .target = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"})
                 .status,
             200);
    QCOMPARE(resolvePortForward(practice.access(), practice.webForward())->port, 8080);
}

void TestPortForward::saysWhatIsMissing_data()
{
    QTest::addColumn<QString>("service");
    QTest::addColumn<QString>("port");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    using core::ErrorCode;
    QTest::newRow("no service") << "gone" << "80" << int(ErrorCode::NotFound) << "gone";
    QTest::newRow("no port") << "web" << "81" << int(ErrorCode::NotFound) << "it has 80 (main)";
    QTest::newRow("no pods") << "empty" << "80" << int(ErrorCode::Unavailable)
                             << "no pod of the Service is ready";
    QTest::newRow("no selector") << "outside" << "80" << int(ErrorCode::Unavailable)
                                 << "selects no pods";
}

void TestPortForward::saysWhatIsMissing()
{
    QFETCH(QString, service);
    QFETCH(QString, port);
    QFETCH(int, code);
    QFETCH(QString, words);
    tests::PracticePod practice;
    const std::string services = "/api/v1/namespaces/default/services";
    practice.create(services,
                    R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"empty"},
                        "spec":{"selector":{"app":"none"},"ports":[{"port":80}]}})");
    practice.create(services, R"({"apiVersion":"v1","kind":"Service",
        "metadata":{"name":"outside"},"spec":{"ports":[{"port":80}]}})");
    const auto target = resolvePortForward(practice.access(),
                                           {.namespaceName = "default",
                                            .name = service.toStdString(),
                                            .remotePort = port.toStdString()});
    QVERIFY(!target);
    QCOMPARE(int(target.error().code), code);
    QVERIFY2(target.error().text().find(words.toStdString()) != std::string::npos,
             target.error().text().c_str());
}

WW_TEST_CLASS(TestPortForward)
#include "tst_portforward.moc"

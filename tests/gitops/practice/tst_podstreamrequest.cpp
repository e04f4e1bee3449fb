// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/podstreamrequest.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::practice;

class TestPodStreamRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void findsThePorts();
    void refusesAPodThatDoesNotRun();
};

void TestPodStreamRequest::reads_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("expected"); ///< "" when it is about something else
    const QString pod = "/api/v1/namespaces/n/pods/p/";
    QTest::newRow("forward") << pod + "portforward" << "portforward n/p []";
    QTest::newRow("ports") << pod + "portforward?ports=80&ports=81,82&x=1"
                           << "portforward n/p [80 81 82]";
    QTest::newRow("bad port") << pod + "portforward?ports=80,x" << "portforward n/p [80] bad";
    QTest::newRow("exec") << pod + "exec?command=ls" << "exec n/p []";
    QTest::newRow("attach") << pod + "attach" << "attach n/p []";
    QTest::newRow("log") << pod + "log" << "";
    QTest::newRow("pod") << "/api/v1/namespaces/n/pods/p" << "";
    QTest::newRow("other kind") << "/api/v1/namespaces/n/services/p/portforward" << "";
    QTest::newRow("other group") << "/apis/x.y/v1/namespaces/n/pods/p/portforward" << "";
}

void TestPodStreamRequest::reads()
{
    QFETCH(QString, target);
    QFETCH(QString, expected);
    const auto request = podStreamRequest({.target = target.toStdString()});
    QCOMPARE(request.has_value(), !expected.isEmpty());
    if (!request)
        return;
    QStringList ports;
    for (const std::uint16_t port : request->ports)
        ports += QString::number(port);
    QCOMPARE(QString("%1 %2/%3 [%4]%5")
                 .arg(QString::fromStdString(request->subresource),
                      QString::fromStdString(request->namespaceName),
                      QString::fromStdString(request->pod), ports.join(" "),
                      request->hasBadPort ? " bad" : ""),
             expected);
    QVERIFY(!podStreamRequest({.method = "DELETE", .target = target.toStdString()}));
}

void TestPodStreamRequest::findsThePorts()
{
    const auto pod = forwardedPod({.pod = "p"},
                                  {200,
                                   {},
                                   R"({"status":{"phase":"Running"},"spec":{"containers":[
                                       {"ports":[{"containerPort":80},{"containerPort":81}]},{},
                                       {"ports":[{"containerPort":82}]}]}})"});
    QVERIFY(pod);
    QCOMPARE(pod->ports, (std::set<std::uint16_t> {80, 81, 82}));
}

void TestPodStreamRequest::refusesAPodThatDoesNotRun()
{
    const auto pending = forwardedPod({.pod = "p"}, {200, {}, R"({"status":{"phase":"Pending"}})"});
    QVERIFY(!pending);
    QCOMPARE(pending.error().status, 400);
    QCOMPARE(forwardedPod({.pod = "p"}, {404, {}, "gone"}).error().body, "gone");
    const auto nothing = nothingRuns({.pod = "p", .subresource = "exec"});
    QCOMPARE(nothing.status, 400);
    QVERIFY(nothing.body.find("practice cluster: pod p runs no process") != std::string::npos);
}

WW_TEST_CLASS(TestPodStreamRequest)
#include "tst_podstreamrequest.moc"

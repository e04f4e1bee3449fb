// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/serviceproxy.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::practice;

class TestServiceProxy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void understands_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("backend"); // "": something else
        QTest::addColumn<QString>("passedOn");
        const auto row = [](const char* name, const char* target, const char* backend,
                            const char* passedOn) {
            QTest::newRow(name) << target << backend << passedOn;
        };
        row("service", "/api/v1/namespaces/m/services/prom:9090/proxy/api/v1/query?query=up",
            "m/prom:9090", "/api/v1/query?query=up");
        row("pod", "/api/v1/namespaces/mq/pods/r-0:15692/proxy/metrics", "mq/r-0:15692",
            "/metrics");
        row("without a path", "/api/v1/namespaces/m/services/prom:web/proxy", "m/prom:web", "/");
        row("with a query only", "/api/v1/namespaces/m/services/p/proxy?x=1", "m/p", "/?x=1");
        row("escaped", "/api/v1/namespaces/m/services/p:1/proxy/a%2Fb", "m/p:1", "/a%2Fb");
        row("the object", "/api/v1/namespaces/m/services/prom", "", "");
        row("its status", "/api/v1/namespaces/m/services/prom/status", "", "");
        row("another kind", "/api/v1/namespaces/m/secrets/s/proxy", "", "");
        row("another word", "/api/v1/namespaces/m/services/prom/proxying", "", "");
        row("a node", "/api/v1/nodes/n/proxy/metrics", "", "");
    }
    void understands()
    {
        QFETCH(QString, target);
        core::HttpRequest request;
        request.target = target.toStdString();
        const auto found = proxyRequest(request);
        QTEST(QString::fromStdString(found ? found->backend : ""), "backend");
        if (!found)
            return;
        QTEST(QString::fromStdString(found->request.target), "passedOn");
        QVERIFY(target.startsWith(QString::fromStdString(found->objectTarget)));
    }
    void saysThatNothingIsThere()
    {
        const auto answer = nothingBehind({.name = "prom"});
        QCOMPARE(answer.status, 503);
        QVERIFY(answer.body.find("no endpoints available for service \\\"prom\\\"")
                != std::string::npos);
    }
};

WW_TEST_CLASS(TestServiceProxy)
#include "tst_serviceproxy.moc"

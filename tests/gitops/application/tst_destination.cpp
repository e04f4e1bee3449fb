// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/destination.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestDestination : public QObject
{
    Q_OBJECT

    const KnownCluster m_chosen {"dev", "dev-cluster", "https://dev:6443"};
    const std::vector<KnownCluster> m_known {m_chosen,
                                             {"prod", "prod-cluster", "https://prod"},
                                             {"prod-viewer", "prod-cluster", "https://prod"},
                                             {"stage", "stage-cluster", "https://Stage:443/x/"},
                                             {"dev-admin", "dev-cluster", "https://dev:6443"}};

private Q_SLOTS:
    void destinations_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QByteArray>("context"); // or the error
        const auto row = [](const char* title, const char* name, const char* server,
                            const char* context) {
            QTest::newRow(title) << QByteArray(name) << QByteArray(server) << QByteArray(context);
        };
        row("in-cluster", "in-cluster", "", "dev");
        row("default service", "", "https://kubernetes.default.svc", "dev");
        row("default service with a port", "", "https://kubernetes.default.svc:443/", "dev");
        row("chosen by name", "dev", "", "dev");
        row("chosen by cluster, among several", "dev-cluster", "", "dev");
        row("chosen by server", "", "https://DEV:6443/", "dev");
        row("another context", "stage", "", "stage");
        row("another server", "", "https://stage/x", "stage");
        row("other path", "", "https://stage/y", "NotFound");
        row("several contexts", "", "https://prod", "Invalid");
        row("one of several by name", "prod-viewer", "", "prod-viewer");
        row("unknown name", "moon", "", "NotFound");
        row("unknown server", "", "https://moon", "NotFound");
        row("http is not https", "", "http://kubernetes.default.svc", "NotFound");
    }
    void destinations()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, server);
        QFETCH(QByteArray, context);
        core::Application application;
        application.destinationName = name.toStdString();
        application.destinationServer = server.toStdString();
        const auto found = destinationOf(application, m_chosen, m_known);
        QCOMPARE(found ? found->context : std::string(core::toString(found.error().code)),
                 context.toStdString());
    }
};

WW_TEST_CLASS(TestDestination)
#include "tst_destination.moc"

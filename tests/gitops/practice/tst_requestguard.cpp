// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/requestguard.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestRequestGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
};

void TestRequestGuard::refuses_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("authorization");
    QTest::addColumn<int>("status"); // 0: served
    const QByteArray token = "Bearer s3cret";
    QTest::newRow("address") << QByteArray("127.0.0.1:6443") << token << 0;
    QTest::newRow("without a port") << QByteArray("127.0.0.1") << token << 0;
    QTest::newRow("IPv6") << QByteArray("[::1]:6443") << token << 0;
    QTest::newRow("IPv6 without a port") << QByteArray("[::1]") << token << 0;
    QTest::newRow("name") << QByteArray("LocalHost:1") << token << 0;
    QTest::newRow("in-cluster name") << QByteArray("kubernetes.default.svc") << token << 0;
    QTest::newRow("another's name") << QByteArray("evil.example:6443") << token << 421;
    QTest::newRow("a name that begins alike")
        << QByteArray("127.0.0.1.evil.example") << token << 421;
    QTest::newRow("no host") << QByteArray() << token << 421;
    QTest::newRow("lower-case scheme")
        << QByteArray("localhost") << QByteArray("bearer s3cret") << 0;
    QTest::newRow("spaces") << QByteArray("localhost") << QByteArray("Bearer   s3cret ") << 0;
    QTest::newRow("no token") << QByteArray("localhost") << QByteArray() << 401;
    QTest::newRow("an empty token") << QByteArray("localhost") << QByteArray("Bearer ") << 401;
    QTest::newRow("a wrong token") << QByteArray("localhost") << QByteArray("Bearer s3creT") << 401;
    QTest::newRow("a part of it") << QByteArray("localhost") << QByteArray("Bearer s3cre") << 401;
    QTest::newRow("more than it") << QByteArray("localhost") << QByteArray("Bearer s3cret2") << 401;
    QTest::newRow("another scheme") << QByteArray("localhost") << QByteArray("Basic s3cret") << 401;
}

void TestRequestGuard::refuses()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, authorization);
    QFETCH(int, status);
    const auto refused = gitops::practice::refusal(host.toStdString(), authorization.toStdString(),
                                                   core::Secret("s3cret"));
    QCOMPARE(refused ? refused->status : 0, status);
    QVERIFY(!refused || refused->body.find("s3cre") == std::string::npos);
}

WW_TEST_CLASS(TestRequestGuard)
#include "tst_requestguard.moc"

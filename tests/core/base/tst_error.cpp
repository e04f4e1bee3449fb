// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::ErrorCode;

class TestError : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textNamesThePlace()
    {
        const core::Error error {
            ErrorCode::Invalid, "the object has no kind", {"base/web.yaml", 12, 3, ""}};
        QCOMPARE(error.text(), std::string("base/web.yaml:12:3: the object has no kind"));
        const core::Error bare {ErrorCode::Network, "no answer"};
        QCOMPARE(bare.text(), std::string("no answer"));
        const core::Place both {"a.yaml", 2, 0, "Deployment shop/web"};
        QCOMPARE(both.text(), std::string("a.yaml:2: Deployment shop/web"));
    }
    void withinAddsContext()
    {
        core::Error error {ErrorCode::NotFound, "no such branch"};
        QCOMPARE(std::move(error).within("main").message, std::string("main: no such branch"));
    }
    void retryableIsDecidedByTheCode_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("retryable");
        QTest::newRow("invalid") << int(ErrorCode::Invalid) << false;
        QTest::newRow("forbidden") << int(ErrorCode::Forbidden) << false;
        QTest::newRow("unauthorized") << int(ErrorCode::Unauthorized) << false;
        QTest::newRow("network") << int(ErrorCode::Network) << true;
        QTest::newRow("429") << int(ErrorCode::TooManyRequests) << true;
        QTest::newRow("unknown outcome") << int(ErrorCode::UnknownOutcome) << true;
        QTest::newRow("limit") << int(ErrorCode::LimitExceeded) << false;
    }
    void retryableIsDecidedByTheCode()
    {
        QFETCH(int, code);
        QFETCH(bool, retryable);
        QCOMPARE((core::Error {ErrorCode(code), "x"}).isRetryable(), retryable);
    }
};

WW_TEST_CLASS(TestError)
#include "tst_error.moc"

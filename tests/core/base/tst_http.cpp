// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/http.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void headersIgnoreCase()
    {
        const core::HttpHeaders headers {{"Content-Type", "a"}, {"content-type", "b"}};
        QCOMPARE(core::header(headers, "CONTENT-TYPE"), std::string_view("a"));
        QVERIFY(core::header(headers, "X").empty());
    }
    void percentCoding()
    {
        QCOMPARE(core::percentEncode("a b/ü"), std::string("a%20b%2F%C3%BC"));
        QCOMPARE(core::percentDecode("a%20b%2f%C3%bc"), std::string("a b/ü"));
        QCOMPARE(core::percentDecode("100%"), std::string("100%"));
        QCOMPARE(core::percentDecode("%zz%4"), std::string("%zz%4"));
        for (int c = 0; c < 256; ++c)
            QCOMPARE(core::percentDecode(core::percentEncode(std::string(1, char(c)))),
                     std::string(1, char(c)));
    }
};

WW_TEST_CLASS(TestHttp)
#include "tst_http.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/digest.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestDigest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownValues()
    {
        QCOMPARE(core::sha256("").hex(),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(core::sha256("abc").hex(),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
    void comparison()
    {
        QVERIFY(core::Digest {}.isNull());
        QVERIFY(!core::sha256("a").isNull());
        QVERIFY(core::sha256("a") != core::sha256("b"));
        QCOMPARE(core::DigestHash {}(core::sha256("a")), core::DigestHash {}(core::sha256("a")));
    }
};

WW_TEST_CLASS(TestDigest)
#include "tst_digest.moc"

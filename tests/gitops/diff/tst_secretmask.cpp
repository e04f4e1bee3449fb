// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/diff/secretmask.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::SecretMask;

class TestSecretMask : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsTellEqualityAlone()
    {
        SecretMask mask;
        const std::string first = mask.run("hunter2");
        QVERIFY(first.size() >= 8);
        QVERIFY(first.find_first_not_of('+') == std::string::npos);
        QCOMPARE(mask.run("hunter2"), first);
        QVERIFY(mask.run("hunter3") != first);
        QVERIFY(mask.run("a much longer value than any other").size() <= first.size() + 2);
    }

    void base64AndPlainAreTheSame()
    {
        SecretMask mask;
        QVERIFY(mask.masked("aHVudGVyMg==", true) == mask.masked("hunter2", false));
        QVERIFY(mask.masked("not base64!", true) == mask.masked("not base64!", false));
    }

    void nothingOfAValueStays()
    {
        core::Json secret =
            core::parseJson("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":"
                            "\"s\",\"annotations\":{\"kubectl.kubernetes.io/"
                            "last-applied-configuration\":\"{\\\"data\\\":{\\\"a\\\":"
                            "\\\"aHVudGVyMg==\\\"}}\",\"note\":\"stays\"}},"
                            "\"data\":{\"a\":\"aHVudGVyMg==\",\"n\":null,\"m\":{\"deep\":"
                            "\"hunter2\"}},\"stringData\":{\"b\":\"hunter2\",\"c\":7}}")
                .value_or(core::Json());
        QVERIFY(SecretMask::isSecret(secret));
        SecretMask mask;
        mask.maskObject(secret);
        const std::string text = core::toText(secret);
        QVERIFY2(text.find("hunter2") == std::string::npos, text.c_str());
        QVERIFY2(text.find("aHVudGVyMg") == std::string::npos, text.c_str());
        QVERIFY(text.find("stays") != std::string::npos);
        QVERIFY(core::stringAt(secret, {"data", "a"})
                == core::stringAt(secret, {"stringData", "b"}));
    }

    void anUnreadableAnnotationIsMaskedWhole()
    {
        SecretMask mask;
        const std::string shown = mask.maskedLastApplied("{\"data\": {\"a\": \"hunter2\"");
        QVERIFY(shown.find_first_not_of('+') == std::string::npos);
    }

    void otherKindsAreNoSecrets()
    {
        QVERIFY(
            !SecretMask::isSecret(core::JsonObject {{"apiVersion", "v1"}, {"kind", "ConfigMap"}}));
        QVERIFY(!SecretMask::isSecret(
            core::JsonObject {{"apiVersion", "x.io/v1"}, {"kind", "Secret"}}));
    }
};

WW_TEST_CLASS(TestSecretMask)
#include "tst_secretmask.moc"

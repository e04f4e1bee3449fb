// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/identity.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestIdentity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void words()
    {
        QCOMPARE(groupVersionKind("apps/v1", "Deployment").apiVersion(), std::string("apps/v1"));
        QCOMPARE(groupVersionKind("v1", "Pod").group, std::string());
        QCOMPARE((ObjectKey {"apps", "Deployment", "shop", "web"}).text(),
                 std::string("Deployment shop/web"));
        QCOMPARE((ObjectKey {"kafka.strimzi.io", "Kafka", "kafka", "c"}).text(),
                 std::string("Kafka.kafka.strimzi.io kafka/c"));
        QCOMPARE((ObjectKey {"", "Namespace", "", "kafka"}).text(), std::string("Namespace kafka"));
        QCOMPARE((GroupKind {"apps", "Deployment"}).text(), std::string("Deployment.apps"));
    }
    void fromAnObject()
    {
        const Json object =
            parseJson(
                R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"}})")
                .value();
        QCOMPARE(objectKeyOf(object), (ObjectKey {"apps", "Deployment", "shop", "web"}));
        QCOMPARE(objectKeyOf(Json("x")), ObjectKey {});
    }
    void trackingIdsAsArgoWritesThem()
    {
        const std::string text = "shop:apps/Deployment:shop/web";
        const auto id = TrackingId::parse(text);
        QVERIFY(id);
        QCOMPARE(id->application, std::string("shop"));
        QCOMPARE(id->key, (ObjectKey {"apps", "Deployment", "shop", "web"}));
        QCOMPARE(id->text(), text);
        const auto core = TrackingId::parse("ns_app:/ConfigMap:/x");
        QVERIFY(core);
        QCOMPARE(core->key.group, std::string());
        for (const char* bad : {"", "a", "a:b", "a:b:c", ":g/k:n/x", "a:gk:n/x", "a:g/k:nx"})
            QVERIFY2(!TrackingId::parse(bad), bad);
    }
};

WW_TEST_CLASS(TestIdentity)
#include "tst_identity.moc"

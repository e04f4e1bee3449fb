// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/kindtable.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <set>

using namespace core;

class TestKindTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scopes()
    {
        QVERIFY(builtinKind({"", "Namespace"})->scope == Scope::Cluster);
        QVERIFY(builtinKind({"apps", "Deployment"})->scope == Scope::Namespaced);
        QCOMPARE(builtinKind({"networking.k8s.io", "Ingress"})->plural, std::string("ingresses"));
        QVERIFY(!builtinKind({"kafka.strimzi.io", "Kafka"}));
        std::set<std::pair<GroupKind, std::string>> seen;
        for (const KindInfo& info : builtinKinds())
            QVERIFY(seen.insert({{info.kind.group, info.kind.kind}, info.kind.version}).second);
    }
    void ranks()
    {
        QVERIFY(applyRank("Namespace") < applyRank("ServiceAccount"));
        QVERIFY(applyRank("CustomResourceDefinition") < applyRank("Deployment"));
        QVERIFY(applyRank("Deployment") < applyRank("Ingress"));
        QVERIFY(applyRank("Ingress") < applyRank("Kafka"));
        QCOMPARE(applyRank("Kafka"), applyRank("Anything"));
    }
    void listKeys()
    {
        const auto keys = [](const char* group, const char* kind, const char* path) {
            return builtinListKeys({group, kind}, path).keys;
        };
        using Names = std::vector<std::string>;
        QCOMPARE(keys("apps", "Deployment", "spec.template.spec.containers"), Names {"name"});
        QCOMPARE(keys("apps", "StatefulSet", "spec.template.spec.containers.ports"),
                 (Names {"containerPort", "protocol"}));
        QCOMPARE(keys("batch", "CronJob", "spec.jobTemplate.spec.template.spec.containers.env"),
                 Names {"name"});
        QCOMPARE(keys("", "Service", "spec.ports"), (Names {"port", "protocol"}));
        QCOMPARE(keys("", "Service", "metadata.ownerReferences"), Names {"uid"});
        QVERIFY(builtinListKeys({"", "Pod"}, "metadata.finalizers").type == ListKeys::Type::Set);
        QVERIFY(builtinListKeys({"apps", "Deployment"}, "spec.template.metadata.finalizers").type
                == ListKeys::Type::Set);
        QVERIFY(builtinListKeys({"", "Pod"}, "spec.containers.command").type
                == ListKeys::Type::Atomic);
        QVERIFY(builtinListKeys({"example.com", "Widget"}, "spec.items").type
                == ListKeys::Type::Atomic);
        QCOMPARE(keyDefault("protocol").value(), std::string("TCP"));
        QVERIFY(!keyDefault("name"));
    }
};

WW_TEST_CLASS(TestKindTable)
#include "tst_kindtable.moc"

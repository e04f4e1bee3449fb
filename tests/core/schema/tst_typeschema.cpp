// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/typeschema.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::ListKeys;
using core::TypeSchema;

namespace {

TypeSchema::Position at(const TypeSchema& schema, const char* path)
{
    TypeSchema::Position position = schema.root();
    for (const QByteArray& name : QByteArray(path).split('.'))
        position =
            name == "*" ? schema.item(position) : schema.member(position, name.toStdString());
    return position;
}

constexpr const char* kCrd = R"(
kind: CustomResourceDefinition
metadata: {name: things.x.io}
spec:
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              set: {x-kubernetes-list-type: set}
              ports:
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [port, protocol]
                items: {properties: {protocol: {default: TCP}, ref: {x-kubernetes-map-type: atomic}}}
              plain: {items: {type: string}}
              free: {additionalProperties: {properties: {a: {}}}}
              maybe: {nullable: true}
  - name: v2
)";

} // namespace

class TestTypeSchema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void builtinLists()
    {
        const core::BuiltinTypeSchema schema({"apps", "Deployment"});
        const ListKeys containers = schema.listKeys(at(schema, "spec.template.spec.containers"));
        QVERIFY(containers.type == ListKeys::Type::Map);
        QCOMPARE(containers.keys, std::vector<std::string> {"name"});
        const auto ports = at(schema, "spec.template.spec.containers.*.ports");
        QCOMPARE(schema.listKeys(ports).keys,
                 (std::vector<std::string> {"containerPort", "protocol"}));
        QVERIFY(schema.listKeys(at(schema, "spec.template.spec.containers.*.args")).type
                == ListKeys::Type::Atomic);
        QVERIFY(schema.listKeys(at(schema, "metadata.finalizers")).type == ListKeys::Type::Set);
        const auto port = core::itemElement(schema, ports, schema.listKeys(ports),
                                            core::JsonObject {{"containerPort", 80}});
        QVERIFY(port);
        QCOMPARE(port->display(), std::string("[containerPort=80,protocol=\"TCP\"]"));
    }

    void builtinMaps_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isAtomic");
        const std::pair<const char*, bool> rows[] = {
            {"spec.selector", true},
            {"spec.template.metadata.labels", false},
            {"spec.template.spec.nodeSelector", true},
            {"spec.template.spec.containers.*.env.*.valueFrom.secretKeyRef", true},
            {"spec.template.spec.containers.*.envFrom.*.secretRef", false},
            {"spec.template.spec.volumes.*.cephfs.secretRef", true},
            {"spec.template.spec.containers.*.resources", false},
            {"metadata.ownerReferences.*", true},
        };
        for (const auto& [path, isAtomic] : rows)
            QTest::newRow(path) << QByteArray(path) << isAtomic;
    }
    void builtinMaps()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, isAtomic);
        const core::BuiltinTypeSchema schema({"apps", "Deployment"});
        QCOMPARE(schema.isAtomicMap(at(schema, path.constData())), isAtomic);
    }

    void unknownKindsHaveMetadataAlone()
    {
        const core::BuiltinTypeSchema schema({"x.io", "Thing"});
        QVERIFY(schema.listKeys(at(schema, "spec.containers")).type == ListKeys::Type::Atomic);
        QVERIFY(schema.listKeys(at(schema, "metadata.finalizers")).type == ListKeys::Type::Set);
        QVERIFY(!schema.isAtomicMap(at(schema, "spec.selector")));
        QVERIFY(schema.isAtomicMap(at(schema, "metadata.ownerReferences.*")));
    }

    void crdTypes()
    {
        const auto crd = core::parseYaml(kCrd, "");
        QVERIFY(crd);
        const auto made = core::CrdTypeSchema::fromCrd(*crd, "v1");
        QVERIFY(made);
        const core::CrdTypeSchema& schema = **made;
        QVERIFY(schema.listKeys(at(schema, "spec.set")).type == ListKeys::Type::Set);
        QVERIFY(schema.listKeys(at(schema, "spec.plain")).type == ListKeys::Type::Atomic);
        const auto ports = at(schema, "spec.ports");
        QCOMPARE(schema.listKeys(ports).keys, (std::vector<std::string> {"port", "protocol"}));
        const auto port = core::itemElement(schema, ports, schema.listKeys(ports),
                                            core::JsonObject {{"port", 80}});
        QVERIFY(port);
        QCOMPARE(port->display(), std::string("[port=80,protocol=\"TCP\"]"));
        QVERIFY(schema.isAtomicMap(at(schema, "spec.ports.*.ref")));
        QVERIFY(!schema.isAtomicMap(at(schema, "spec.free")));
        QVERIFY(schema.isNamedField(at(schema, "spec"), "free", nullptr));
        QVERIFY(!schema.isNamedField(at(schema, "spec.free"), "any", nullptr));
        QVERIFY(schema.isNamedField(at(schema, "spec.free.any"), "a", nullptr));
        QVERIFY(schema.isNullable(at(schema, "spec.maybe")));
        QVERIFY(!schema.isNullable(at(schema, "spec.plain")));
        QVERIFY(schema.listKeys(at(schema, "metadata.finalizers")).type == ListKeys::Type::Set);

        for (const char* version : {"v2", "v3"}) {
            const auto none = core::CrdTypeSchema::fromCrd(*crd, version);
            QVERIFY(!none);
            QVERIFY(none.error().code == core::ErrorCode::NotFound);
        }
    }
};

WW_TEST_CLASS(TestTypeSchema)
#include "tst_typeschema.moc"

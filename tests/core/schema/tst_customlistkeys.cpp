// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/customlistkeys.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::CustomListKeys;
using core::ListKeys;

namespace {

constexpr const char* kDefinition = R"(
spec:
  group: kafka.strimzi.io
  versions:
  - name: v1beta2
    schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              listeners: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [port]}
  - name: v1
    schema:
      openAPIV3Schema:
        properties:
          metadata:
            properties:
              finalizers: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [x]}
          spec:
            properties:
              listeners:
                type: array
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name, port]
                items:
                  properties:
                    hosts: {type: array, x-kubernetes-list-type: set}
                    args: {type: array, x-kubernetes-list-type: atomic}
                    keyless: {type: array, x-kubernetes-list-type: map}
              pools:
                additionalProperties:
                  properties:
                    nodes: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [id]}
              labels:
                additionalProperties: {type: array, x-kubernetes-list-type: set}
  - name: v2
)";

} // namespace

class TestCustomListKeys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lists_data()
    {
        QTest::addColumn<QByteArray>("version");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("expected"); ///< "set", "", or the keys
        const auto row = [](const char* name, const char* version, const char* path,
                            const char* expected) {
            QTest::newRow(name) << QByteArray(version) << QByteArray(path) << QByteArray(expected);
        };
        row("by keys", "v1", "spec.listeners", "name,port");
        row("another version has its own", "v1beta2", "spec.listeners", "port");
        row("inside of items", "v1", "spec.listeners.hosts", "set");
        row("atomic", "v1", "spec.listeners.args", "");
        row("map without keys", "v1", "spec.listeners.keyless", "");
        row("below a free map", "v1", "spec.pools.west.nodes", "id");
        row("the key has dots", "v1", "spec.pools.eu.west.1.nodes", "id");
        row("a free map needs a key", "v1", "spec.pools.nodes", "");
        row("values of a free map", "v1", "spec.labels.a.b", "set");
        row("the free map itself", "v1", "spec.labels", "");
        row("unknown place", "v1", "spec.listener", "");
        row("longer than known", "v1", "spec.listeners.hosts.more", "");
        row("metadata is not the schema's", "v1", "metadata.finalizers", "");
        row("version without a schema", "v2", "spec.listeners", "");
        row("unknown version", "v3", "spec.listeners", "");
        row("no path", "v1", "", "");
    }
    void lists()
    {
        QFETCH(QByteArray, version);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, expected);
        const auto all = CustomListKeys::of(core::parseYaml(kDefinition, "crd.yaml").value());
        QCOMPARE(all->size(), std::size_t(5));
        const ListKeys keys = all->at(version.toStdString(), path.toStdString());
        QByteArray text = keys.type == ListKeys::Type::Set ? "set" : "";
        for (const std::string& key : keys.keys)
            text += (text.isEmpty() ? "" : ",") + QByteArray::fromStdString(key);
        QCOMPARE(text, expected);
        QCOMPARE(keys.type == ListKeys::Type::Atomic, expected.isEmpty());
    }

    void oddDefinitions_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char* json :
             {"null", "[]", "{}", "{\"spec\":[]}", "{\"spec\":{\"versions\":{}}}",
              "{\"spec\":{\"versions\":[1,null,{\"name\":3}]}}",
              "{\"spec\":{\"versions\":[{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":"
              "{\"properties\":[],\"items\":1,\"additionalProperties\":true,"
              "\"x-kubernetes-list-type\":7}}}]}}",
              "{\"spec\":{\"versions\":[{\"name\":\"v1\",\"schema\":{\"openAPIV3Schema\":"
              "{\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":[1,{}]}}}]}}"})
            QTest::newRow(json) << QByteArray(json);
    }
    void oddDefinitions()
    {
        QFETCH(QByteArray, json);
        const auto all = CustomListKeys::of(core::parseJson(json.toStdString()).value());
        QCOMPARE(all->size(), std::size_t(0));
    }

    void aDeepSchemaEnds()
    {
        core::Json schema = core::JsonObject {{"x-kubernetes-list-type", "set"}};
        for (int i = 0; i < 500; ++i)
            schema = core::JsonObject {{"properties", core::JsonObject {{"a", std::move(schema)}}}};
        const core::Json definition = core::JsonObject {
            {"spec",
             core::JsonObject {
                 {"versions",
                  core::JsonArray {core::JsonObject {
                      {"name", "v1"},
                      {"schema", core::JsonObject {{"openAPIV3Schema", schema}}}}}}}}};
        QCOMPARE(CustomListKeys::of(definition)->size(), std::size_t(0));
    }
};

WW_TEST_CLASS(TestCustomListKeys)
#include "tst_customlistkeys.moc"

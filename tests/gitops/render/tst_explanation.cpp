// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/explanation.h"
#include "tests/support/testregistry.h"

#include <QTest>

class TestExplanation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void explains_data();
    void explains();
};

void TestExplanation::explains_data()
{
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* object, const char* field, const char* text) {
        QTest::newRow(name) << QByteArray(object) << QByteArray(field) << QByteArray(text);
    };
    row("a field that several changed", "web", "/metadata/name",
        "Deployment shop/top-base-web (base/web.yaml:1:1)\n");
    row("its transformers in order", "Deployment/top-base-web", "/metadata/name",
        "  /metadata/name (top/kustomization.yaml:2:13)\n"
        "    changed by PrefixTransformer of base/kustomization.yaml\n"
        "    changed by PrefixTransformer of top/kustomization.yaml\n");
    row("a patch", "top-base-web", "/spec",
        "  /spec/replicas (top/patch.yaml:5:3)\n"
        "    changed by PatchTransformer of top/kustomization.yaml\n");
    row("an added field", "top-base-web", "/metadata/namespace",
        "  /metadata/namespace (top/kustomization.yaml:4:12)\n"
        "    added by NamespaceTransformer of top/kustomization.yaml\n");
    row("a removed field", "top-base-web", "/metadata/labels/gone",
        "  /metadata/labels/gone\n    removed by PatchTransformer of top/kustomization.yaml\n");
    row("an untouched field", "top-base-web", "/spec/paused",
        "  /spec/paused (base/web.yaml:7:3)\n    touched by no transformer\n");
    row("a generated object", "", "/data",
        "  made by ConfigMapGenerator of top/kustomization.yaml\n  /data (top/");
    row("a plugin", "", "/metadata/annotations",
        "    added by AnnotationsTransformer of top/kustomization.yaml\n");
    row("the hash", "", "/metadata/name", "    changed by HashTransformer at the end\n");
    row("a reference", "", "/spec/template", "    changed by name references at the end\n");
}

void TestExplanation::explains()
{
    QFETCH(QByteArray, object);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, text);
    gitops::RenderRequest request;
    request.tree = gitops::makeMemoryTree(
        {{"base/kustomization.yaml", "resources: [web.yaml]\nnamePrefix: base-\n"},
         {"base/web.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {gone: x}}\n"
          "spec:\n  replicas: 1\n  template: {spec: {volumes: [{name: c, configMap: {name: c}}]}}\n"
          "  paused: true\n"},
         {"top/kustomization.yaml",
          "resources: [../base]\nnamePrefix: top-\npatches: [{path: patch.yaml}]\n"
          "namespace: shop\nconfigMapGenerator: [{name: c, literals: [a=secret]}]\n"
          "transformers: [plugin.yaml]\n"},
         {"top/plugin.yaml",
          "apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: {name: p}\n"
          "annotations: {a: b}\nfieldSpecs: [{path: metadata/annotations, create: true}]\n"},
         {"top/patch.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {gone: null}}\n"
          "spec:\n  replicas: 2\n"}});
    request.path = "top";
    request.explain = true;
    const auto rendered = gitops::render(request);
    QVERIFY2(rendered, rendered ? "" : rendered.error().text().c_str());
    QCOMPARE((*rendered)->changes.size(), (*rendered)->manifests.size());
    const std::string name = object == "web" ? "top-base-web" : object.toStdString();
    const QByteArray explained = QByteArray::fromStdString(
        gitops::explanationOf(**rendered, {.object = name, .field = field.toStdString()}));
    QVERIFY2(explained.contains(text), explained.constData());
    QVERIFY2(!explained.contains("secret"), explained.constData());
}

WW_TEST_CLASS(TestExplanation)
#include "tst_explanation.moc"

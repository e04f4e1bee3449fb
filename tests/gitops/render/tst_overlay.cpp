// SPDX-License-Identifier: GPL-3.0-or-later
// An application's own kustomize options over its kustomization, as "kustomize edit" lays them.
#include "gitops/render/renderer.h"
#include "tests/support/testregistry.h"

#include <QTest>

using Change = void (*)(core::KustomizeOptions&);
Q_DECLARE_METATYPE(Change)

namespace {

const char* const kWeb =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n"
    "  template:\n    spec:\n      containers: [{name: a, image: 'app:v1'}]\n";

QByteArray textOf(const core::Result<gitops::RenderedPtr>& result)
{
    return QByteArray::fromStdString(result ? (*result)->yaml : result.error().text());
}

core::Result<gitops::RenderedPtr> rendered(const QString& kustomization, Change change)
{
    gitops::RenderRequest request;
    request.tree = gitops::makeMemoryTree(
        {{"app/kustomization.yaml", "resources: [web.yaml]\n" + kustomization.toStdString()},
         {"app/web.yaml", kWeb},
         {"parts/one/kustomization.yaml", "kind: Component\nnameSuffix: -one\n"}});
    request.path = "app";
    change(request.source.kustomize);
    request.variables = {{"ARGOCD_APP_NAME", "shop"}, {"ARGOCD_APP_REVISION", "abc"}};
    return gitops::render(request);
}

} // namespace

class TestOverlay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lays_data();
    void lays();
    void refuses_data();
    void refuses();
};

void TestOverlay::lays_data()
{
    QTest::addColumn<QString>("kustomization");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("wanted"); // a part of the output
    QTest::addColumn<QByteArray>("unwanted");
    const auto row = [](const char* name, const char* kustomization, Change change,
                        const char* wanted, const char* unwanted = "nowhere") {
        QTest::newRow(name) << QString(kustomization) << change << QByteArray(wanted)
                            << QByteArray(unwanted);
    };
    using O = core::KustomizeOptions;
    row("prefix", "namePrefix: a-\n", [](O& o) { o.namePrefix = "b-"; }, "name: b-web\n");
    row("suffix", "nameSuffix: -a\n", [](O& o) { o.nameSuffix = "-b"; }, "name: web-b\n");
    row("namespace", "namespace: a\n", [](O& o) { o.namespaceName = "b"; }, "namespace: b\n");
    row("image: tag", "", [](O& o) { o.images = {"app:v2"}; }, "image: app:v2\n");
    row("image: digest", "", [](O& o) { o.images = {"app@sha256:0a"}; }, "image: app@sha256:0a\n");
    row(
        "image: new name and port", "", [](O& o) { o.images = {"app=host:5000/other:v3"}; },
        "image: host:5000/other:v3\n");
    row(
        "image: takes the place of the file's", "images: [{name: app, newName: x, newTag: v9}]\n",
        [](O& o) { o.images = {"app:v2"}; }, "image: app:v2\n");
    row(
        "image: a star keeps the file's name", "images: [{name: app, newName: x, newTag: v9}]\n",
        [](O& o) { o.images = {"app=*:v2"}; }, "image: x:v2\n");
    row(
        "image: a star keeps the file's tag", "images: [{name: app, newName: x, newTag: v9}]\n",
        [](O& o) { o.images = {"app=y:*"}; }, "image: y:v9\n");
    row(
        "image: a star without the file's", "", [](O& o) { o.images = {"app=y:*"}; },
        "image: y:v1\n");
    row(
        "image: a variable", "", [](O& o) { o.images = {"app:${ARGOCD_APP_REVISION}"}; },
        "image: app:abc\n");
    row(
        "replicas", "replicas: [{name: web, count: 3}]\n", [](O& o) { o.replicas = {{"web", 5}}; },
        "replicas: 5\n");
    row(
        "labels reach selectors", "", [](O& o) { o.commonLabels = {{"team", "blue"}}; },
        "    matchLabels:\n      team: blue\n");
    row(
        "label of a variable", "", [](O& o) { o.commonLabels = {{"app", "$ARGOCD_APP_NAME"}}; },
        "app: shop\n");
    row(
        "forced label", "commonLabels: {team: red}\n",
        [](O& o) {
            o.commonLabels = {{"team", "blue"}};
            o.forceCommonLabels = true;
        },
        "team: blue\n", "red");
    row(
        "label without selector", "",
        [](O& o) {
            o.commonLabels = {{"team", "blue"}};
            o.labelWithoutSelector = true;
        },
        "  labels:\n    team: blue\n", "matchLabels");
    row(
        "label without selector, with templates", "labels: [{pairs: {a: b}}]\n",
        [](O& o) {
            o.commonLabels = {{"team", "blue"}};
            o.labelWithoutSelector = o.labelIncludeTemplates = true;
        },
        "      labels:\n        team: blue\n", "matchLabels");
    row(
        "label without selector joins the file's", "labels: [{pairs: {team: red}}]\n",
        [](O& o) {
            o.commonLabels = {{"team", "blue"}};
            o.labelWithoutSelector = o.forceCommonLabels = true;
        },
        "team: blue\n", "red");
    row(
        "annotations", "", [](O& o) { o.commonAnnotations = {{"note", "$ARGOCD_APP_NAME"}}; },
        "note: $ARGOCD_APP_NAME\n");
    row(
        "annotation of a variable", "",
        [](O& o) {
            o.commonAnnotations = {{"note", "${ARGOCD_APP_NAME}-$$-$UNKNOWN."}};
            o.commonAnnotationsEnvsubst = true;
        },
        "note: shop-$-.\n");
    row(
        "forced annotation", "commonAnnotations: {note: old}\n",
        [](O& o) {
            o.commonAnnotations = {{"note", "new"}};
            o.forceCommonAnnotations = true;
        },
        "note: new\n", "old");
    row("component", "", [](O& o) { o.components = {"../parts/one"}; }, "name: web-one\n");
    row(
        "component that the file has", "components: [../parts/one]\n",
        [](O& o) { o.components = {"../parts/one"}; }, "name: web-one\n");
    row(
        "missing component", "",
        [](O& o) {
            o.components = {"../parts/none", "../parts/one"};
            o.ignoreMissingComponents = true;
        },
        "name: web-one\n");
    row(
        "patch",
        "patches: [{target: {kind: Deployment}, patch: '[{\"op\": \"replace\", "
        "\"path\": \"/spec/replicas\", \"value\": 2}]'}]\n",
        [](O& o) {
            o.patches = {R"({"target":{"kind":"Deployment"},)"
                         R"("patch":"- {op: replace, path: /spec/replicas, value: 8}"})"};
        },
        "replicas: 8\n");
}

void TestOverlay::lays()
{
    QFETCH(QString, kustomization);
    QFETCH(Change, change);
    QFETCH(QByteArray, wanted);
    QFETCH(QByteArray, unwanted);
    const QByteArray text = textOf(rendered(kustomization, change));
    QVERIFY2(text.startsWith("apiVersion: apps/v1\n"), text.constData());
    QVERIFY2(text.contains(wanted), text.constData());
    QVERIFY2(!text.contains(unwanted), text.constData());
}

void TestOverlay::refuses_data()
{
    QTest::addColumn<QString>("kustomization");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const char* kustomization, Change change,
                        const char* error) {
        QTest::newRow(name) << QString(kustomization) << change << QByteArray(error);
    };
    using O = core::KustomizeOptions;
    row(
        "label that the file has", "commonLabels: {team: red}\n",
        [](O& o) { o.commonLabels = {{"team", "blue"}}; },
        "the kustomization has 'team' of the application's commonLabels already; "
        "forceCommonLabels: true");
    row(
        "annotation that the file has", "commonAnnotations: {a: b}\n",
        [](O& o) { o.commonAnnotations = {{"a", "b"}}; },
        "the kustomization has 'a' of the application's commonAnnotations already");
    row(
        "image that says nothing", "", [](O& o) { o.images = {"app"}; },
        "the image 'app' of the application needs a new name, a tag or a digest");
    row(
        "missing component", "", [](O& o) { o.components = {"../parts/none"}; },
        "there is no '../parts/none'");
    row(
        "patch that is none", "", [](O& o) { o.patches = {"{\"pach\": \"x\"}"}; },
        "a patch of the application");
}

void TestOverlay::refuses()
{
    QFETCH(QString, kustomization);
    QFETCH(Change, change);
    QFETCH(QByteArray, error);
    const auto result = rendered(kustomization, change);
    QVERIFY(!result);
    QVERIFY2(textOf(result).contains(error), textOf(result).constData());
}

WW_TEST_CLASS(TestOverlay)
#include "tst_overlay.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/renderer.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using Files = std::vector<std::pair<std::string, std::string>>;

namespace {

const char* const kConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

core::Result<gitops::RenderedPtr> rendered(Files files, const std::string& path = "",
                                           const core::ApplicationSource& source = {})
{
    return gitops::render(
        {.tree = gitops::makeMemoryTree(std::move(files)), .path = path, .source = source});
}

QByteArray yamlOf(const core::Result<gitops::RenderedPtr>& result)
{
    return QByteArray::fromStdString(result ? (*result)->yaml : result.error().text());
}

} // namespace

class TestRenderer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithGoldenFiles_data();
    void agreesWithGoldenFiles();
    void refuses_data();
    void refuses();
    void followsDirectoryRules();
    void readsYaml11InDirectories();
    void matchesIncludeAndExclude();
    void laysOptionsOver();
    void knowsOrigins();
    void recordsInputs();
    void keepsToLimits();
    void isLinearInResources();
    void refusesCopiesWithoutEnd();
};

void TestRenderer::agreesWithGoldenFiles_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    const QDir root(QStringLiteral(TEST_DATA_DIR "/render"));
    for (const QString& name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QTest::newRow(qPrintable(name)) << root.path() << name;
}

void TestRenderer::agreesWithGoldenFiles()
{
    QFETCH(QString, folder);
    QFETCH(QString, name);
    QFile file(folder + '/' + name + "/expected.yaml");
    QVERIFY2(file.open(QIODevice::ReadOnly), "run renew.sh for the case");
    const auto tree = gitops::openDiskTree(folder.toStdString());
    QVERIFY(tree);
    const auto result = gitops::render({.tree = *tree, .path = name.toStdString(), .source = {}});
    QCOMPARE(yamlOf(result), file.readAll());
    QCOMPARE((*result)->tool, gitops::Rendered::Tool::Kustomize);
    QCOMPARE((*result)->manifests.size(),
             std::size_t((*result)->yaml.empty() ? 0 : 1)
                 + std::size_t(QByteArray::fromStdString((*result)->yaml).count("\n---\n")));
}

void TestRenderer::refuses_data()
{
    QTest::addColumn<QString>("kustomization");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const char* kustomization, const char* error) {
        QTest::newRow(name) << QString(kustomization) << QByteArray(error);
    };
    row("empty", "# nothing\n", "app/kustomization.yaml: the kustomization is empty");
    row("says nothing", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        "app/kustomization.yaml: the kustomization is empty");
    row("unknown field", "resource: [a.yaml]\n",
        "app/kustomization.yaml:1:1: unknown field 'resource'; did you mean 'resources'?");
    row("unsupported field", "resources: [a.yaml]\nhelmCharts:\n- name: x\n",
        "app/kustomization.yaml:3:1: the kustomization field 'helmCharts' is not supported");
    row("boolean for a string", "resources: [a.yaml]\nnamespace: n\n",
        "app/kustomization.yaml:2:12: 'namespace' must be a string, not a boolean");
    row("number in labels", "resources: [a.yaml]\ncommonLabels: {a: 1}\n",
        "app/kustomization.yaml:2:19: 'commonLabels.a' must be a string");
    row("missing file", "resources: [b.yaml]\n",
        "app/kustomization.yaml:1:13: there is no 'b.yaml' in 'app'");
    row("remote base", "resources: [https://example.org/x?ref=v1]\n",
        "app/kustomization.yaml:1:13: 'https://example.org/x?ref=v1' is not in the repository");
    row("absolute path", "resources: [/etc/passwd]\n",
        "app/kustomization.yaml:1:13: the absolute path");
    row("out of the tree", "resources: [../../x.yaml]\n",
        "app/kustomization.yaml:1:13: '../../x.yaml' leads out of the repository");
    row("file elsewhere", "resources: [../other/a.yaml]\n",
        "app/kustomization.yaml:1:13: the file '../other/a.yaml' is not in or below the folder");
    row("cycle", "resources: [../loop]\n", "loop/kustomization.yaml:1:13: cycle detected");
    row("itself", "resources: [.]\n", "app/kustomization.yaml:1:13: cycle detected");
    row("above", "resources: [..]\n", "app/kustomization.yaml:1:13: cycle detected");
    row("no kustomization", "resources: [../other]\n", "other: the folder has no kustomization");
    row("two kustomizations", "resources: [../two]\n",
        "two/kustomization.yml: the folder has more than one");
    row("same object twice", "resources: [a.yaml, same.yaml]\n",
        "app/same.yaml:1:1: ConfigMap a of 'same.yaml' is there already");
    row("component as resource", "resources: [../component]\n",
        "app/kustomization.yaml:1:13: '../component' is a Component");
    row("patch without a match",
        "resources: [a.yaml]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: ConfigMap\n"
        "    metadata: {name: b}\n",
        "app/kustomization.yaml:4:1: no resource matches the strategic merge patch ConfigMap b");
    row("JSON patch without a target",
        "resources: [a.yaml]\npatches:\n- patch: '[{\"op\": \"remove\", \"path\": \"/x\"}]'\n",
        "app/kustomization.yaml:3:3: a JSON patch needs a target");
    row("JSON patch that does not apply",
        "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n"
        "    - {op: remove, path: /data/x}\n",
        "app/kustomization.yaml:5:3: the JSON patch does not apply: the object has no /data/x");
    row("replicas of nothing", "resources: [a.yaml]\nreplicas: [{name: x, count: 1}]\n",
        "app/kustomization.yaml:2:12: replicas: no Deployment");
    row("merge with nothing",
        "configMapGenerator:\n- {name: x, behavior: merge, literals: [a=b]}\n",
        "app/kustomization.yaml:2:3: there is no ConfigMap x to merge with");
    row("bad pattern", "resources: [a.yaml]\npatches:\n- {target: {name: '['}, patch: '[]'}\n",
        "app/kustomization.yaml:3:3: '[' is no regular expression");
    row("SOPS", "resources: [sops.yaml]\n",
        "app/sops.yaml:4:7: the Secret s is encrypted with SOPS");
    row("vault placeholder", "resources: [vault.yaml]\n",
        "app/vault.yaml:4:19: the Secret s holds placeholders for a vault plugin");
    row("number key", "resources: [number.yaml]\n",
        "app/number.yaml:4:8: the mapping key '1' is no string");
    row("exec plugin",
        "resources: [a.yaml]\ntransformers:\n- |-\n  apiVersion: viaduct.ai/v1\n  kind: ksops\n"
        "  metadata: {name: k}\n",
        "app/kustomization.yaml:4:1: the plugin ksops (k) runs a program, which Wavewright never");
    row("container plugin",
        "resources: [a.yaml]\ngenerators:\n- |-\n  apiVersion: v1\n  kind: X\n  metadata:\n"
        "    name: k\n    annotations: {config.kubernetes.io/function: 'container: {image: x}'}\n",
        "app/kustomization.yaml:4:1: the plugin X (k) runs a container, which Wavewright never");
    row("unknown builtin plugin",
        "resources: [a.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: Nothing\n"
        "  metadata: {name: k}\n",
        "app/kustomization.yaml:4:1: there is no builtin plugin 'Nothing'");
    row("transformer as generator",
        "resources: [a.yaml]\ngenerators:\n- |-\n  apiVersion: builtin\n  kind: LabelTransformer\n"
        "  metadata: {name: k}\n",
        "app/kustomization.yaml:4:1: the LabelTransformer is no generator");
    row("validator that changes",
        "resources: [a.yaml]\nvalidators:\n- |-\n  apiVersion: builtin\n  kind: LabelTransformer\n"
        "  metadata: {name: k}\n  labels: {x: y}\n"
        "  fieldSpecs: [{path: metadata/labels, create: true}]\n",
        "app/kustomization.yaml:3:3: a validator changed an object");
    row("prefix plugin without fieldSpecs",
        "resources: [a.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n"
        "  kind: PrefixTransformer\n  metadata: {name: k}\n  prefix: x\n",
        "app/kustomization.yaml:4:1: the plugin needs fieldSpecs");
    row("schema by path and version",
        "resources: [a.yaml]\nopenapi: {path: a.yaml, version: v1.21.2}\n",
        "app/kustomization.yaml:2:17: openapi has either a path or a version");
    row("unknown schema version", "resources: [a.yaml]\nopenapi: {version: v1.30}\n",
        "app/kustomization.yaml:2:20: the only OpenAPI version that is built in");
    row("crds that are a list", "resources: [a.yaml]\ncrds: [list.yaml]\n",
        "app/list.yaml: a file of crds must map names");
    row("crds without an end", "resources: [a.yaml]\ncrds: [loop.json]\n",
        "app/loop.json:1: the definitions refer to themselves");
    row("conflict by namespace", "resources: [a.yaml, ns.yaml]\nnamespace: x\n",
        "app/ns.yaml:1:1: the namespace 'x' makes two objects the same");
}

void TestRenderer::refuses()
{
    QFETCH(QString, kustomization);
    QFETCH(QByteArray, error);
    const auto result = rendered(
        {{"app/kustomization.yaml", kustomization.toStdString()},
         {"app/a.yaml", kConfigMap},
         {"app/same.yaml", kConfigMap},
         {"app/ns.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}\n"},
         {"app/sops.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nsops: {mac: abc}\n"},
         {"app/vault.yaml",
          "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: \"<path:a#b>\"}\n"},
         {"app/number.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: {1: a}\n"},
         {"app/list.yaml", "- a\n"},
         {"app/loop.json",
          "{\"x.Bee\": {\"Schema\": {\"properties\": {\"apiVersion\": {}, \"kind\": {}, "
          "\"metadata\": {}, \"again\": {\"$ref\": \"x.Bee\"}}}}}"},
         {"other/a.yaml", kConfigMap},
         {"loop/kustomization.yaml", "resources: [../app]\n"},
         {"component/kustomization.yaml", "kind: Component\nresources: []\n"},
         {"two/kustomization.yaml", "namePrefix: a\n"},
         {"two/kustomization.yml", "namePrefix: a\n"}},
        "app");
    QVERIFY(!result);
    const QByteArray text = QByteArray::fromStdString(result.error().text());
    QVERIFY2(text.startsWith(error), text.constData());
}

void TestRenderer::followsDirectoryRules()
{
    const Files files {
        {"app/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n---\n# none\n"},
        {"app/a.json", R"({"apiVersion":"v1","kind":"List","items":[
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}},
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}]})"},
        {"app/readme.md", "not a manifest: ["},
        {"app/skipped.yaml", "# +argocd:skip-file-rendering\nnot: a manifest\n"},
        {"app/sub/c.yml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"}};
    core::ApplicationSource source;
    const auto flat = rendered(files, "app", source);
    QVERIFY2(flat, yamlOf(flat).constData());
    QCOMPARE((*flat)->tool, gitops::Rendered::Tool::Directory);
    const auto names = [](const gitops::RenderedPtr& result) {
        QByteArrayList list;
        for (const core::ManifestPtr& manifest : result->manifests)
            list << QByteArray::fromStdString(manifest->key().name);
        return list.join(' ');
    };
    QCOMPARE(names(*flat), QByteArray("a s b"));
    source.directory.recurse = true;
    const auto deep = rendered(files, "app", source);
    QVERIFY(deep);
    QCOMPARE(names(*deep), QByteArray("a s b c"));
    source.directory.exclude = "{sub/*,*.json}";
    const auto excluded = rendered(files, "app", source);
    QVERIFY(excluded);
    QCOMPARE(names(*excluded), QByteArray("b"));
    source.directory.exclude.clear();
    source.directory.include = "*.yml";
    const auto included = rendered(files, "app", source);
    QVERIFY(included);
    QCOMPARE(names(*included), QByteArray("c"));
    const auto bad = rendered({{"x.yaml", "apiVersion: v1\nkind: A\nmetadata: {}\n"}});
    QVERIFY(!bad);
    QCOMPARE(QByteArray::fromStdString(bad.error().place.text()), QByteArray("x.yaml:1:1"));
}

void TestRenderer::readsYaml11InDirectories()
{
    const auto result = rendered(
        {{"a.yaml", "apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec: {on: yes, no: 'no'}\n"}});
    QCOMPARE(yamlOf(result),
             QByteArray("apiVersion: v1\nkind: X\nmetadata:\n  name: a\nspec:\n"
                        "  \"no\": \"no\"\n  \"on\": true\n"));
    QCOMPARE(QByteArray::fromStdString((*result)->manifests[0]->text()),
             QByteArray(R"({"apiVersion":"v1","kind":"X","metadata":{"name":"a"},)"
                        R"("spec":{"true":true,"false":"no"}})"));
}

void TestRenderer::matchesIncludeAndExclude()
{
    core::ApplicationSource source;
    source.directory.include = "{{{{{{{{{{{{{{{{";
    const auto none = rendered({{"a.yaml", kConfigMap}}, "", source);
    QVERIFY(none);
    QVERIFY((*none)->manifests.empty());
}

void TestRenderer::laysOptionsOver()
{
    core::ApplicationSource source;
    source.kustomize.namePrefix = "p-";
    source.kustomize.nameSuffix = "-s";
    source.kustomize.namespaceName = "space";
    source.kustomize.images = {"app=other/app:v2", "side:9"};
    source.kustomize.replicas = {{"web", 7}};
    source.kustomize.commonLabels = {{"team", "blue"}};
    source.kustomize.commonAnnotations = {{"note", "1"}};
    source.kustomize.patches = {
        "target: {kind: Deployment}\npatch: |-\n  - {op: add, path: /spec/paused, value: true}\n"};
    source.kustomize.components = {"../component"};
    const auto result = rendered(
        {{"app/kustomization.yaml",
          "resources: [a.yaml]\nnamePrefix: gone-\nimages: [{name: side, newTag: '1'}]\n"},
         {"app/a.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
          "    spec:\n      containers: [{name: a, image: app:v1}, {name: b, image: side:1}]\n"},
         {"component/kustomization.yaml", "kind: Component\nresources: [c.yaml]\n"},
         {"component/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"}},
        "app", source);
    QVERIFY2(result, yamlOf(result).constData());
    const QByteArray yaml = yamlOf(result);
    for (const char* line :
         {"  name: p-web-s\n", "  name: p-c-s\n", "  namespace: space\n", "image: other/app:v2\n",
          "image: side:9\n", "  replicas: 7\n", "    team: blue\n", "    note: \"1\"\n",
          "  paused: true\n", "    matchLabels:\n      team: blue\n"})
        QVERIFY2(yaml.contains(line), line);
}

void TestRenderer::knowsOrigins()
{
    const auto result = rendered(
        {{"app/kustomization.yaml",
          "resources: [a.yaml]\nnamespace: space\npatches:\n- path: p.yaml\n"
          "- target: {kind: ConfigMap}\n  patch: |-\n"
          "    - {op: add, path: /data/j, value: x}\n"},
         {"app/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n"},
         {"app/p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  n: m\n"}},
        "app");
    QVERIFY2(result, yamlOf(result).constData());
    const core::ManifestPtr manifest = (*result)->manifests.at(0);
    const auto origin = [&](const char* pointer) {
        const core::Place place = manifest->origin(pointer);
        return QByteArray::fromStdString(place.file) + ':' + QByteArray::number(place.line);
    };
    QCOMPARE(origin(""), QByteArray("app/a.yaml:1"));
    QCOMPARE(origin("/data/k"), QByteArray("app/a.yaml:6"));
    QCOMPARE(origin("/data/n"), QByteArray("app/p.yaml:5"));
    QCOMPARE(origin("/data/j"), QByteArray("app/kustomization.yaml:7"));
    QCOMPARE(origin("/metadata/namespace"), QByteArray("app/kustomization.yaml:2"));
    QCOMPARE(origin("/metadata/name"), QByteArray("app/a.yaml:4"));
}

void TestRenderer::recordsInputs()
{
    const auto result = rendered({{"app/kustomization.yaml", "resources: [a.yaml]\n"},
                                  {"app/a.yaml", kConfigMap},
                                  {"app/unused.yaml", kConfigMap}},
                                 "app");
    QVERIFY(result);
    std::map<std::string, std::string> inputs((*result)->inputs.begin(), (*result)->inputs.end());
    QVERIFY(!inputs["app/kustomization.yaml"].empty());
    QVERIFY(!inputs["app/a.yaml"].empty());
    QVERIFY(inputs.contains("app/kustomization.yml"));
    QVERIFY(inputs["app/kustomization.yml"].empty());
    QVERIFY(!inputs.contains("app/unused.yaml"));
}

void TestRenderer::keepsToLimits()
{
    const auto tree = gitops::makeMemoryTree(
        {{"kustomization.yaml", "resources: [a.yaml, b.yaml]\n"},
         {"a.yaml", kConfigMap},
         {"b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"}});
    const auto codeWith = [&](gitops::RenderLimits limits) {
        const auto result =
            gitops::render({.tree = tree, .path = "", .source = {}, .limits = limits});
        return result ? core::ErrorCode::Internal : result.error().code;
    };
    QCOMPARE(codeWith({.fileBytes = 10}), core::ErrorCode::LimitExceeded);
    QCOMPARE(codeWith({.totalBytes = 60}), core::ErrorCode::LimitExceeded);
    QCOMPARE(codeWith({.objects = 1}), core::ErrorCode::LimitExceeded);
    QCOMPARE(codeWith({.files = 2}), core::ErrorCode::LimitExceeded);
    Files deep;
    for (int i = 0; i < 200; ++i)
        deep.emplace_back("d" + std::to_string(i) + "/kustomization.yaml",
                          "resources: [../d" + std::to_string(i + 1) + "]\n");
    const auto nested = rendered(std::move(deep), "d0");
    QVERIFY(!nested);
    QCOMPARE(nested.error().code, core::ErrorCode::LimitExceeded);
}

void TestRenderer::refusesCopiesWithoutEnd()
{
    std::string copies = "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n"
                         "  patch: |-\n    - {op: add, path: /data, value: {x: {}}}\n";
    for (int i = 0; i < 200; ++i)
        copies += "    - {op: copy, from: /data, path: /data/x}\n";
    const auto deep = rendered({{"kustomization.yaml", copies}, {"a.yaml", kConfigMap}});
    QVERIFY(!deep);
    QCOMPARE(deep.error().code, core::ErrorCode::LimitExceeded);

    std::string doubled = "resources: [a.yaml]\nreplacements:\n";
    for (int i = 0; i < 64; ++i)
        doubled += "- source: {kind: ConfigMap, fieldPath: data.k}\n  targets:\n"
                   "  - {select: {kind: ConfigMap}, fieldPaths: [data.k], "
                   "options: {delimiter: '|', index: 9999999}}\n";
    const auto large =
        rendered({{"kustomization.yaml", doubled},
                  {"a.yaml", std::string(kConfigMap) + "data: {k: '0123456789abcdef'}\n"}});
    QVERIFY(!large);
    QCOMPARE(large.error().code, core::ErrorCode::LimitExceeded);
}

void TestRenderer::isLinearInResources()
{
    // kubectl takes minutes for this, and so would anything quadratic here.
    std::string manifests;
    for (int i = 0; i < 10'000; ++i)
        manifests += "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c" + std::to_string(i)
            + "}\ndata: {a: b}\n";
    QElapsedTimer timer;
    timer.start();
    const auto result = rendered({{"kustomization.yaml",
                                   "resources: [all.yaml]\nnamespace: x\nnamePrefix: p-\n"
                                   "commonLabels: {a: b}\n"},
                                  {"all.yaml", manifests}});
    QVERIFY2(result, yamlOf(result).constData());
    QCOMPARE((*result)->manifests.size(), std::size_t(10'000));
    QVERIFY2(timer.elapsed() < 100'000, QByteArray::number(timer.elapsed()).constData());
}

WW_TEST_CLASS(TestRenderer)
#include "tst_renderer.moc"

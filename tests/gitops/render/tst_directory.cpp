// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of a plain folder are manifests: Argo CD's rules.
#include "gitops/render/renderer.h"
#include "tests/support/testregistry.h"

#include <QTest>

namespace {

const char* const kObject = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

} // namespace

class TestDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesFiles_data();
    void takesFiles();
};

void TestDirectory::takesFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("anyExtension");
    QTest::addColumn<QByteArray>("error"); // "": rendered
    QTest::addColumn<int>("objects"); // beside the one that is always there
    const auto row = [](const char* name, const char* file, const char* text, int objects,
                        const char* error = "", bool any = false) {
        QTest::newRow(name) << QByteArray(file) << QByteArray(text) << any << QByteArray(error)
                            << objects;
    };
    row("manifest", "b.yaml", kObject, 1);
    row("yml", "b.yml", kObject, 1);
    row("another extension", "b.txt", kObject, 0);
    row("another extension, asked for", "b.txt", kObject, 1, "", true);
    row("Helm values", "values.yaml", "image: {tag: x}\n---\n- a\n", 0);
    row("a list", "list.yaml", "- a\n- b\n", 0);
    row("text that is no YAML", "b.yaml", "{{ if }}: [\n", 0);
    row("what means to be a manifest", "b.yaml",
        "apiVersion: v1\nkind: {{ .Kind }}\nmetadata:\n  name: [\n", 0, "b.yaml:");
    row("no kind", "b.yaml", "apiVersion: v1\nmetadata: {name: x}\n", 0,
        "b.yaml:1:1: the object has no kind");
    row("broken, with a word of a manifest", "b.yaml", "kind: [\n", 0, "b.yaml:");
    row("a manifest, then none", "b.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n---\na: b\n", 0,
        "b.yaml:5:1: the object has no kind");
    row("JSON without a kind", "b.json", "{\"a\": 1}", 0, "b.json:1:1: the object has no kind");
    row("nothing but comments", "b.yaml", "# none\n---\n# none\n", 0);
    row("Jsonnet", "b.jsonnet", "{}", 0, "b.jsonnet: Jsonnet is not evaluated");
}

void TestDirectory::takesFiles()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, text);
    QFETCH(bool, anyExtension);
    QFETCH(QByteArray, error);
    QFETCH(int, objects);
    gitops::RenderRequest request;
    request.tree =
        gitops::makeMemoryTree({{"a.yaml", kObject}, {file.toStdString(), text.toStdString()}});
    request.source.directory.disableExtensionFilter = anyExtension;
    const auto result = gitops::render(request);
    if (!error.isEmpty()) {
        QVERIFY(!result);
        const QByteArray message = QByteArray::fromStdString(result.error().text());
        QVERIFY2(message.startsWith(error), message.constData());
        return;
    }
    QVERIFY2(result, result ? "" : result.error().text().c_str());
    QCOMPARE((*result)->manifests.size(), std::size_t(1 + objects));
}

WW_TEST_CLASS(TestDirectory)
#include "tst_directory.moc"

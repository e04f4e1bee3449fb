// SPDX-License-Identifier: GPL-3.0-or-later
// Trees with remote bases on real repositories, held against kubectl kustomize where it is there.
#include "app/remoterenderer.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QTest>

using tests::LoopbackServer;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

std::string configMap(const std::string& name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {k: v}\n";
}

/// Two repositories with bases, and a folder whose kustomization names them.
struct Setup
{
    TemporaryRepository base;
    TemporaryRepository other;
    TemporaryFolder folder;
    TemporaryFolder cache;
    app::Options options;
    app::Settings settings;

    Setup()
    {
        options.cacheFolder = cache.path();
        other.write("deep/kustomization.yaml", "resources: [o.yaml]\nnameSuffix: -deep\n");
        other.write("deep/o.yaml", configMap("other"));
        other.write("kustomization.yaml", "resources: [top.yaml]\n");
        other.write("top.yaml", configMap("top"));
        other.commit("Deep");
        base.write("overlay/kustomization.yaml", "resources: [../base]\nnamePrefix: over-\n");
        base.write(
            "base/kustomization.yaml",
            "resources: [a.yaml, 'file://" + other.path()
                + "//deep?ref=main']\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n");
        base.write("base/a.yaml", configMap("a"));
        base.write("plain/kustomization.yaml", "resources: [../base/alone, p.yaml]\n");
        base.write("plain/p.yaml", configMap("p"));
        base.write("base/alone/kustomization.yaml", "resources: [q.yaml]\nnamePrefix: q-\n");
        base.write("base/alone/q.yaml", configMap("q"));
        base.write("part/kustomization.yaml",
                   "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                   "commonAnnotations: {part: 'yes'}\n");
        base.commit("Base");
        base.git({"tag", "v1"});
        base.write("plain/p.yaml", configMap("p-moved"));
        base.commit("Moved");
    }
    core::Result<gitops::RenderedPtr> render()
    {
        auto tree = gitops::openDiskTree(folder.path());
        app::RemoteRenderer renderer(options, settings);
        return renderer.render(
            {.tree = *tree, .path = "app", .source = {}, .isOnThisMachine = true});
    }
    /// kubectl's own render; nullopt where there is no kubectl.
    std::optional<std::string> kubectl() const
    {
        const QString program = QStandardPaths::findExecutable("kubectl");
        if (program.isEmpty())
            return std::nullopt;
        QProcess process;
        process.start(program, {"kustomize", QString::fromStdString(folder.path() + "/app")});
        process.waitForFinished(60'000);
        if (process.exitCode() != 0)
            return "kubectl says: " + process.readAllStandardError().toStdString();
        return process.readAllStandardOutput().toStdString();
    }
};

} // namespace

class TestRemoteRenderer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void asKubectlDoes_data()
    {
        QTest::addColumn<QByteArray>("kustomization");
        const auto row = [](const char* name, const char* text) {
            QTest::newRow(name) << QByteArray(text);
        };
        row("a folder at a tag", "resources: ['file://BASE//plain?ref=v1']\n");
        row("the default branch", "resources: ['file://BASE//plain']\nnamePrefix: my-\n");
        row("a whole repository", "resources: ['file://OTHER']\n");
        row("with go-getter's word", "resources: ['git::file://OTHER//deep?version=main']\n");
        row("a component",
            "resources: ['file://OTHER//deep']\ncomponents: ['file://BASE//part?ref=v1']\n");
        row("origins",
            "resources: ['file://BASE//plain?ref=v1', 'file://OTHER', 'file://OTHER//deep']\n"
            "namespace: x\nbuildMetadata: [originAnnotations, transformerAnnotations]\n");
        row("timeout and submodules",
            "resources: ['file://OTHER//deep?ref=main&timeout=90s&submodules=false']\n");
    }
    void asKubectlDoes()
    {
        QFETCH(QByteArray, kustomization);
        Setup setup;
        kustomization.replace("BASE", setup.base.path().c_str());
        kustomization.replace("OTHER", setup.other.path().c_str());
        setup.folder.write("app/kustomization.yaml", kustomization.toStdString());
        const auto rendered = setup.render();
        QVERIFY2(rendered.has_value(), rendered ? "" : rendered.error().text().c_str());
        QVERIFY(!(*rendered)->manifests.empty());
        const auto expected = setup.kubectl();
        if (!expected)
            QSKIP("kubectl is not installed");
        QCOMPARE((*rendered)->yaml, *expected);
    }

    /// What comes from elsewhere names nothing on this machine; kubectl lets it.
    void basesOfBases()
    {
        Setup setup;
        setup.folder.write("app/kustomization.yaml",
                           "resources: ['file://" + setup.base.path() + "//overlay?ref=v1']\n");
        const auto refused = setup.render();
        QVERIFY(!refused);
        QVERIFY2(refused.error().text().find("is on this machine") != std::string::npos,
                 refused.error().text().c_str());
        // A rule of a person's own says where it stands, and then it is theirs.
        setup.settings.insteadOf = {{"https://host.invalid/o/other", setup.other.path()}};
        setup.base.write("base/kustomization.yaml",
                         "resources: [a.yaml, 'https://host.invalid/o/other//deep']\n");
        setup.base.commit("By https");
        setup.folder.write("app/kustomization.yaml",
                           "resources: ['file://" + setup.base.path() + "//overlay']\n");
        const auto rendered = setup.render();
        QVERIFY2(rendered.has_value(), rendered ? "" : rendered.error().text().c_str());
        QCOMPARE((*rendered)->manifests.size(), std::size_t(2));
        QCOMPARE((*rendered)->manifests[1]->key().name, std::string("over-other-deep"));
    }

    /// A resource of a web server, beside a folder that only looks like one.
    void filesFromAServer()
    {
        Setup setup;
        LoopbackServer server(std::nullopt, [](auto& connection, const auto& request) {
            if (request.target == "/x.yaml")
                return connection.respond(200, configMap("x"));
            connection.respond(404, "no");
        });
        setup.folder.write("app/kustomization.yaml", "resources: [" + server.url() + "/x.yaml]\n");
        const auto rendered = setup.render();
        QVERIFY2(rendered.has_value(), rendered ? "" : rendered.error().text().c_str());
        if (const auto expected = setup.kubectl())
            QCOMPARE((*rendered)->yaml, *expected);
        setup.folder.write("app/kustomization.yaml",
                           "resources:\n- " + server.url() + "/none.yaml\n");
        const auto missing = setup.render();
        QVERIFY(!missing);
        QCOMPARE(missing.error().text(),
                 "app/kustomization.yaml:2:3: '" + server.url()
                     + "/none.yaml' cannot be fetched: The server answers with status 404.");
    }

    void missingReference()
    {
        Setup setup;
        setup.folder.write("app/kustomization.yaml",
                           "resources:\n- file://" + setup.base.path() + "//plain?ref=none\n");
        const auto rendered = setup.render();
        QVERIFY(!rendered);
        QCOMPARE(rendered.error().text(),
                 "app/kustomization.yaml:2:3: 'file://" + setup.base.path()
                     + "?ref=none' cannot be fetched: There is no branch, tag or commit \"none\".");
    }
};

WW_TEST_CLASS(TestRemoteRenderer)
#include "tst_remoterenderer.moc"

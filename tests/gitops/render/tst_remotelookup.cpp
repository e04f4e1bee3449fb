// SPDX-License-Identifier: GPL-3.0-or-later
// Kustomize trees that name something elsewhere, rendered from what was fetched.
#include "gitops/render/remotelookup.h"
#include "gitops/render/renderer.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace gitops;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;
using Kind = RemoteAddress::Kind;

std::string configMap(const std::string& name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {k: v}\n";
}

/// What stands elsewhere, and who asked for it.
struct World
{
    std::map<RemoteAddress, core::Result<RemoteContentPtr>> elsewhere;
    Files files;
    bool isOnThisMachine = false;
    bool restrictLoads = true;
    int rounds = 0;
    std::vector<std::string> asked;

    void repository(const std::string& url, const std::string& reference, Files content,
                    const std::string& id = "1")
    {
        auto made = std::make_shared<RemoteContent>();
        made->id = id;
        made->tree = makeMemoryTree(std::move(content));
        elsewhere.insert_or_assign(RemoteAddress {Kind::Repository, url, reference}, made);
    }
    void file(const std::string& url, const std::string& text)
    {
        auto made = std::make_shared<RemoteContent>();
        made->id = text;
        made->text = text;
        elsewhere.insert_or_assign(RemoteAddress {Kind::File, url, {}}, made);
    }
    core::Result<RemoteContentPtr> at(const RemoteAddress& address) const
    {
        const auto found = elsewhere.find(address);
        if (found != elsewhere.end())
            return found->second;
        return core::failure(core::ErrorCode::NotFound, "Nothing is there.",
                             {.object = address.url}, core::Fault::Git);
    }
    /// Renders, and fetches what is asked for, as whoever calls render does.
    core::Result<RenderedPtr> render(bool explain = false)
    {
        RenderRequest request {.tree = makeMemoryTree(files), .path = "app", .source = {}};
        request.isOnThisMachine = isOnThisMachine;
        request.restrictLoads = restrictLoads;
        request.explain = explain;
        RemoteContents known;
        for (rounds = 1;; ++rounds) {
            std::vector<RemoteAddress> wanted;
            request.remotes = std::make_shared<RemoteContents>(known);
            auto rendered = gitops::render(request, &wanted);
            if (wanted.empty() || rounds > 20)
                return rendered;
            for (const RemoteAddress& address : wanted) {
                asked.push_back((address.kind == Kind::File ? "file " : "repo ") + address.shown());
                known.emplace(address, at(address));
            }
        }
    }
};

std::string namesIn(const Rendered& rendered)
{
    std::string names;
    for (const core::ManifestPtr& manifest : rendered.manifests)
        names += (names.empty() ? "" : " ") + manifest->key().name;
    return names;
}

std::string textOf(const core::Result<RenderedPtr>& rendered)
{
    return rendered ? namesIn(**rendered) : rendered.error().text();
}

} // namespace

class TestRemoteLookup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bases_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QByteArray>("asked");
        const auto row = [](const char* entry, const char* asked) {
            QTest::newRow(entry) << QByteArray(entry) << QByteArray(asked);
        };
        row("https://host/org/repo//base?ref=v1", "repo https://host/org/repo?ref=v1");
        row("https://host/org/repo/base?ref=v1",
            "file https://host/org/repo/base repo https://host/org/repo?ref=v1");
        row("https://host/org/repo.git//base", "repo https://host/org/repo.git");
        row("git@host:org/repo//base", "repo git@host:org/repo");
        row("github.com/org/repo/base?version=v1", "repo https://github.com/org/repo?ref=v1");
        row("git::https://host/org/repo//./base/.?ref=v1", "repo https://host/org/repo?ref=v1");
    }
    void bases()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QByteArray, asked);
        World world;
        world.files = {{"app/kustomization.yaml",
                        "namePrefix: my-\nresources: [own.yaml, '" + entry.toStdString() + "']\n"},
                       {"app/own.yaml", configMap("own")}};
        const Files content {{"base/kustomization.yaml", "resources: [a.yaml, sub]\n"},
                             {"base/a.yaml", configMap("a")},
                             {"base/sub/kustomization.yaml", "resources: [b.yaml]\n"},
                             {"base/sub/b.yaml", configMap("b")}};
        for (const char* url : {"https://host/org/repo", "https://host/org/repo.git",
                                "git@host:org/repo", "https://github.com/org/repo"})
            for (const char* reference : {"", "v1"})
                world.repository(url, reference, content);
        const auto rendered = world.render();
        QCOMPARE(textOf(rendered), std::string("my-a my-b my-own"));
        std::string all;
        for (const std::string& each : world.asked)
            all += (all.empty() ? "" : " ") + each;
        QCOMPARE(all, asked.toStdString());
        // Only what the result rests on, with what stood there.
        QCOMPARE((*rendered)->remotes.size(), std::size_t(1));
        QCOMPARE((*rendered)->remotes[0].second, std::string("1"));
    }

    void placesNameTheRepository()
    {
        World world;
        world.files = {{"app/kustomization.yaml", "resources: [https://host/o/r//base?ref=v1]\n"}};
        world.repository("https://host/o/r", "v1",
                         {{"base/kustomization.yaml", "resources: [a.yaml]\n"},
                          {"base/a.yaml", configMap("a")}});
        const auto rendered = world.render();
        QVERIFY2(rendered.has_value(), textOf(rendered).c_str());
        QCOMPARE((*rendered)->manifests[0]->origin().file,
                 std::string("https://host/o/r?ref=v1//base/a.yaml"));
    }

    void filesFromElsewhere()
    {
        World world;
        world.files = {
            {"app/kustomization.yaml",
             "resources: [https://host/a/b/x.yaml, 'https://host/y?raw=1']\n"
             "patches: [{path: https://host/patch.yaml}]\n"
             "configMapGenerator: [{name: made, files: [k=https://host/k.txt],\n"
             "  options: {disableNameSuffixHash: true}}]\n"},
        };
        world.file("https://host/a/b/x.yaml", configMap("x") + "---\n" + configMap("z"));
        world.file("https://host/y?raw=1", configMap("y"));
        world.file("https://host/patch.yaml",
                   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {k: patched}\n");
        world.file("https://host/k.txt", "from elsewhere");
        const auto rendered = world.render();
        QCOMPARE(textOf(rendered), std::string("made x y z"));
        QVERIFY((*rendered)->yaml.find("k: patched") != std::string::npos);
        QVERIFY((*rendered)->yaml.find("k: from elsewhere") != std::string::npos);
        QCOMPARE((*rendered)->remotes.size(), std::size_t(4));
        QVERIFY(world.rounds <= 4); // the two resources at once, then one after the other
        for (const auto& manifest : (*rendered)->manifests) // the query may hold a token
            QVERIFY(manifest->origin().file.find("raw") == std::string::npos);
    }

    void componentsAndConfigurations()
    {
        World world;
        world.files = {{"app/kustomization.yaml",
                        "resources: [own.yaml]\ncomponents: [https://host/o/r//part?ref=v1]\n"
                        "transformers: [https://host/o/r//labels?ref=v1]\n"},
                       {"app/own.yaml", configMap("own")}};
        world.repository(
            "https://host/o/r", "v1",
            {{"part/kustomization.yaml",
              "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: part-\n"},
             {"labels/kustomization.yaml", "resources: [label.yaml]\n"},
             {"labels/label.yaml",
              "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: "
              "l}\nlabels: {far: away}\nfieldSpecs: [{path: metadata/labels, "
              "create: true}]\n"}});
        const auto rendered = world.render();
        QCOMPARE(textOf(rendered), std::string("part-own"));
        QVERIFY((*rendered)->yaml.find("far: away") != std::string::npos);
        QCOMPARE(world.asked.size(), std::size_t(1)); // one repository, asked for once
    }

    /// All that is missing at one time is asked for at once, also below what is already there.
    void asksForAllAtOnce()
    {
        World world;
        world.files = {{"app/kustomization.yaml",
                        "resources: [https://host/o/a//b, ../base, https://host/o/c//b]\n"
                        "components: [https://host/o/d//b]\nnamePrefix: x-\n"
                        "patches: [{target: {kind: ConfigMap, name: a}, patch: '[]'}]\n"},
                       {"base/kustomization.yaml", "resources: [https://host/o/e//b]\n"}};
        const auto deeper = [](const std::string& name, const std::string& more = {}) {
            return Files {{"b/kustomization.yaml", "resources: [r.yaml" + more + "]\n"},
                          {"b/r.yaml", configMap(name)}};
        };
        world.repository("https://host/o/a", "", deeper("a", ", https://host/o/f//b"));
        world.repository("https://host/o/c", "", deeper("c"));
        world.repository("https://host/o/d", "",
                         {{"b/kustomization.yaml",
                           "kind: Component\n"
                           "nameSuffix: -y\n"}});
        world.repository("https://host/o/e", "", deeper("e"));
        world.repository("https://host/o/f", "", deeper("f"));
        const auto rendered = world.render();
        QCOMPARE(textOf(rendered), std::string("x-a-y x-c-y x-e-y x-f-y"));
        QCOMPARE(world.rounds, 3); // the four, then the base of a base, then the result
        QCOMPARE(world.asked.size(), std::size_t(5));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("main"); // app/kustomization.yaml
        QTest::addColumn<QByteArray>("remote"); // base/kustomization.yaml of https://host/o/r
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* main, const char* remote,
                            const char* message) {
            QTest::newRow(name) << QByteArray(main) << QByteArray(remote) << QByteArray(message);
        };
        const char* const plain = "resources: [https://host/o/r//base]\n";
        const std::string in = "https://host/o/r//base/kustomization.yaml:1:13: ";
        const auto inside = [&](const char* name, const char* remote, const std::string& message) {
            row(name, plain, remote, (in + message).c_str());
        };
        row("no such reference", "resources: [https://host/o/r//base?ref=none]\n", "",
            "app/kustomization.yaml:1:13: 'https://host/o/r?ref=none' cannot be fetched: Nothing "
            "is there.");
        row("neither file nor repository", "resources: [https://host/o/none/x]\n", "",
            "app/kustomization.yaml:1:13: 'https://host/o/none' cannot be fetched: Nothing is "
            "there. (as a file: 'https://host/o/none/x' cannot be fetched: Nothing is there.)");
        row("no such file", "resources: [https://host/x.yaml]\n", "",
            "app/kustomization.yaml:1:13: 'https://host/x.yaml' cannot be fetched");
        row("no such patch", "patches: [{path: https://host/x.yaml}]\n", "",
            "app/kustomization.yaml:1:18: 'https://host/x.yaml' cannot be fetched");
        row("no such folder", "resources: [https://host/o/r//none]\n", "",
            "app/kustomization.yaml:1:13: https://host/o/r: There is no file or folder \"none\"");
        row("a file, no folder", "resources: [https://host/o/r//base/a.yaml]\n", "",
            "app/kustomization.yaml:1:13: 'base/a.yaml' of https://host/o/r is no folder");
        row("no kustomization", "resources: [https://host/o/r//.]\n", "",
            "https://host/o/r//.: the folder has no kustomization.yaml");
        row("component as resource", plain, "kind: Component\nnamePrefix: a\n",
            "app/kustomization.yaml:1:13: 'https://host/o/r//base' is a Component");
        row("not encrypted", "resources: [http://host/o/r//base]\n", "",
            "app/kustomization.yaml:1:13: 'http://host/o/r' cannot be fetched: \"http\" is not "
            "encrypted");
        row("password", "resources: ['https://me:s3cr3t@host/x.yaml']\n", "",
            "app/kustomization.yaml:1:13: ");
        row("a chart is no repository", "resources: [oci://host/o/r]\n", "",
            "app/kustomization.yaml:1:13: there is no 'oci://host/o/r' in 'app'");
        row("a file that is nothing", "resources: [https://host/page]\n", "",
            "https://host/page:2:14: not valid YAML");
        inside("leaves its tree", "resources: [../../app]\n",
               "'../../app' leads out of the repository");
        inside("absolute path", "resources: [/app]\n", "the absolute path '/app' cannot be read");
        inside("file above", "resources: [../above.yaml]\n",
               "the file '../above.yaml' is not in or below the folder 'https://host/o/r//base'");
        inside("nothing there", "resources: [x.yaml]\n",
               "there is no 'x.yaml' in 'https://host/o/r//base'");
        inside("cycle", "resources: [https://host/o/r//base]\n",
               "cycle detected: 'https://host/o/r//base' contains 'https://host/o/r//base'");
        inside("cycle above", "resources: [https://host/o/r//.]\n", "cycle detected: ");
        inside("cycle in its tree", "resources: [../base]\n", "cycle detected: '../base'");
        inside("cycle through another", "resources: [https://host/o/other//back]\n", "");
        inside("folder of this machine", "resources: [file:///srv/repo//base]\n",
               "'file:///srv/repo' is on this machine, and what comes from elsewhere may not name");
        inside("server of this machine", "resources: [https://127.0.0.1/x.yaml]\n",
               "'https://127.0.0.1/x.yaml' is on this machine");
    }
    void refusals()
    {
        QFETCH(QByteArray, main);
        QFETCH(QByteArray, remote);
        QFETCH(QByteArray, message);
        World world;
        world.isOnThisMachine = true; // which goes for what it names itself, no further
        world.restrictLoads = false; // the same
        world.files = {{"app/kustomization.yaml", main.toStdString()}};
        world.repository("https://host/o/r", "",
                         {{"base/kustomization.yaml",
                           remote.isEmpty() ? "resources: [a.yaml]\n" : remote.toStdString()},
                          {"base/a.yaml", configMap("a")},
                          {"above.yaml", configMap("above")}});
        world.repository("https://host/o/other", "",
                         {{"back/kustomization.yaml", "resources: [https://host/o/r//base]\n"}});
        world.file("https://host/page", "<!DOCTYPE html>\n<html><body>a: b</body></html>\n");
        const auto rendered = world.render();
        QVERIFY2(!rendered, "it renders");
        const std::string text = rendered.error().text();
        if (std::string(QTest::currentDataTag()) == "cycle through another")
            QVERIFY2(text.starts_with("https://host/o/other//back/kustomization.yaml:1:13: cycle"),
                     text.c_str());
        else
            QVERIFY2(text.starts_with(message.toStdString()), text.c_str());
        QVERIFY(text.find("s3cr3t") == std::string::npos);
        QVERIFY(world.rounds < 5);
    }

    void thisMachine_data()
    {
        QTest::addColumn<bool>("isOnThisMachine");
        QTest::newRow("a person's own folder") << true;
        QTest::newRow("a repository from elsewhere") << false;
    }
    void thisMachine()
    {
        QFETCH(bool, isOnThisMachine);
        World world;
        world.isOnThisMachine = isOnThisMachine;
        world.files = {{"app/kustomization.yaml",
                        "resources: [file:///srv/r//base?ref=main, http://localhost:1/x.yaml]\n"}};
        world.repository("file:///srv/r", "main",
                         {{"base/kustomization.yaml", "resources: [a.yaml]\n"},
                          {"base/a.yaml", configMap("a")}});
        world.file("http://localhost:1/x.yaml", configMap("x"));
        const auto rendered = world.render();
        if (isOnThisMachine)
            QCOMPARE(textOf(rendered), std::string("a x"));
        else
            QVERIFY2(textOf(rendered).find("is on this machine") != std::string::npos,
                     textOf(rendered).c_str());
        QCOMPARE(world.asked.empty(), !isOnThisMachine);
    }

    void isBounded()
    {
        World world;
        std::string entries;
        for (int i = 0; i < 300; ++i)
            entries += "- https://host/o/r" + std::to_string(i) + "//base\n";
        world.files = {{"app/kustomization.yaml", "resources:\n" + entries}};
        const auto rendered = world.render();
        QVERIFY(!rendered);
        QCOMPARE(rendered.error().code, core::ErrorCode::LimitExceeded);
        QVERIFY(world.asked.size() <= 200);
    }

    /// Where nobody fetches, it is said which entry asks for it; a folder of that name is a folder.
    void withoutAnybodyWhoFetches()
    {
        RenderRequest request {
            .tree = makeMemoryTree({{"app/kustomization.yaml", "resources: [github.com/o/r]\n"}}),
            .path = "app",
            .source = {}};
        QCOMPARE(render(request).error().text(),
                 std::string("app/kustomization.yaml:1:13: 'github.com/o/r' is not in the "
                             "repository, and remote sources are not loaded"));
        request.tree = makeMemoryTree({{"app/kustomization.yaml", "resources: [github.com/o/r]\n"},
                                       {"app/github.com/o/r/kustomization.yaml", "resources: [a]"},
                                       {"app/github.com/o/r/a", configMap("a")}});
        QCOMPARE(textOf(render(request)), std::string("a"));
    }

    /// A branch that moved makes another render, one that did not makes none.
    void cached()
    {
        World world;
        world.repository(
            "https://host/o/r", "",
            {{"b/kustomization.yaml", "resources: [a.yaml]\n"}, {"b/a.yaml", configMap("a")}});
        RenderRequest request {.tree = makeMemoryTree({{"app/kustomization.yaml",
                                                        "resources: [https://host/o/r//b]\n"}}),
                               .path = "app",
                               .source = {}};
        RenderCache cache;
        std::vector<RemoteAddress> wanted;
        QVERIFY(!cache.render(request, &wanted));
        QCOMPARE(wanted.size(), std::size_t(1));
        request.remotes = std::make_shared<RemoteContents>(world.elsewhere);
        wanted.clear();
        const auto first = cache.render(request, &wanted);
        QVERIFY(first.has_value());
        QVERIFY(wanted.empty());
        QCOMPARE(*cache.render(request, &wanted), *first);
        world.repository(
            "https://host/o/r", "",
            {{"b/kustomization.yaml", "resources: [a.yaml]\n"}, {"b/a.yaml", configMap("moved")}},
            "2");
        request.remotes = std::make_shared<RemoteContents>(world.elsewhere);
        QCOMPARE(textOf(cache.render(request, &wanted)), std::string("moved"));
        request.remotes = nullptr; // what is not known any more vouches for nothing
        QVERIFY(!cache.render(request, &wanted));
        QCOMPARE(wanted.size(), std::size_t(1));
    }
};

WW_TEST_CLASS(TestRemoteLookup)
#include "tst_remotelookup.moc"

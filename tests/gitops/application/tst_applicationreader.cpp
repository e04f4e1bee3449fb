// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/applicationreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace gitops;

namespace {

core::Json fullApplication()
{
    std::ifstream file(std::string(TEST_DATA_DIR) + "/application/full.yaml");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    return core::parseYaml(text, "app.yaml").value();
}

const char* const kSmall = "metadata: {name: shop}\n"
                           "spec:\n"
                           "  source: {repoURL: /srv/repo, path: .}\n"
                           "  destination: {name: in-cluster}\n";

core::Json changed(const char* yaml, const char* pointer, const char* value)
{
    core::Json json = core::parseYaml(yaml, "app.yaml").value();
    core::Json* at = &json;
    std::string text(pointer);
    for (std::size_t i = 0; i != std::string::npos;) {
        const std::size_t end = text.find('/', i + 1);
        const std::string name = text.substr(i + 1, end == std::string::npos ? end : end - i - 1);
        at = &at->as_object()[name];
        if (at->is_null() && end != std::string::npos)
            *at = core::JsonObject();
        i = end;
    }
    *at = core::parseJson(value).value();
    return json;
}

} // namespace

class TestApplicationReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyField()
    {
        std::vector<std::string> warnings;
        const auto read = readApplication(fullApplication(), {.file = "app.yaml"}, &warnings);
        QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
        QVERIFY2(warnings.empty(), warnings.empty() ? "" : warnings[0].c_str());
        QCOMPARE(read->name, std::string("shop"));
        QCOMPARE(read->namespaceName, std::string("argo"));
        QCOMPARE(read->project, std::string("tenants"));
        QCOMPARE(read->labels.at("team"), std::string("a"));
        QCOMPARE(read->annotations.size(), std::size_t(1));
        QCOMPARE(read->finalizers.size(), std::size_t(1));
        QCOMPARE(read->source.repoUrl, std::string("https://github.com/org/repo.git"));
        QCOMPARE(read->source.path, std::string("overlays/dev"));
        QCOMPARE(read->source.targetRevision, std::string("1.2.*"));
        const core::KustomizeOptions& kustomize = read->source.kustomize;
        QCOMPARE(kustomize.namePrefix + kustomize.nameSuffix + kustomize.namespaceName,
                 std::string("a--zshop"));
        QCOMPARE(kustomize.images.size(), std::size_t(2));
        QCOMPARE(kustomize.replicas[0].second, 3);
        QCOMPARE(kustomize.replicas[1].second, 2);
        QCOMPARE(kustomize.commonLabels.at("x") + kustomize.commonAnnotations.at("p"),
                 std::string("greenq"));
        QCOMPARE(kustomize.components.front(), std::string("../components/tls"));
        QVERIFY(core::parseYaml(kustomize.patches.front(), "patch").has_value());
        QVERIFY(read->source.directory.recurse);
        QCOMPARE(read->source.directory.include + read->source.directory.exclude,
                 std::string("*.yaml{a,b}"));
        QCOMPARE(read->destinationServer, std::string("https://kubernetes.default.svc"));
        QCOMPARE(read->destinationNamespace, std::string("shop"));
        QVERIFY(read->automated && read->prune && !read->selfHeal);
        QCOMPARE(read->ignoreDifferences.size(), std::size_t(2));
        QCOMPARE(read->ignoreDifferences[1].managedFieldsManagers.front(), std::string("hpa"));
        QCOMPARE(read->place.text(), std::string("app.yaml: Application argo/shop"));
    }

    void defaults()
    {
        const auto read = readApplication(core::parseYaml(kSmall, "app.yaml").value());
        QVERIFY(read.has_value());
        QCOMPARE(read->namespaceName, std::string("argocd"));
        QCOMPARE(read->project, std::string("default"));
        QCOMPARE(read->source.targetRevision, std::string("HEAD"));
        QVERIFY(!read->automated && read->source.kustomize.isEmpty());
    }

    void problems_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("unsupported");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* pointer, const char* value, bool unsupported,
                            const char* named) {
            QTest::newRow((std::string(pointer) + " " + value).c_str())
                << QByteArray(pointer) << QByteArray(value) << unsupported << QByteArray(named);
        };
        row("/metadata/name", "null", false, "metadata.name");
        row("/metadata/name", "\"A b\"", false, "metadata.name");
        row("/metadata/namespace", "7", false, "metadata.namespace");
        row("/metadata/labels", "{\"a\": 1}", false, "metadata.labels.a");
        row("/metadata/finalizers", "\"x\"", false, "metadata.finalizers");
        row("/spec", "null", false, "spec");
        row("/spec", "[]", false, "spec");
        row("/spec/source", "null", false, "spec.source");
        row("/spec/source/repoURL", "\"\"", false, "spec.source.repoURL");
        row("/spec/source/path", "\"/etc\"", false, "spec.source.path");
        row("/spec/source/path", "null", false, "spec.source.path");
        row("/spec/source/targetRevision", "1.2", false, "spec.source.targetRevision");
        row("/spec/source/kustomize", "[]", false, "spec.source.kustomize");
        row("/spec/source/kustomize/images", "\"a\"", false, "spec.source.kustomize.images");
        row("/spec/source/kustomize/replicas", "[{\"name\": \"a\", \"count\": \"x\"}]", false,
            "spec.source.kustomize.replicas[0].count");
        row("/spec/source/kustomize/replicas", "[{\"count\": 1}]", false,
            "spec.source.kustomize.replicas[0].name");
        row("/spec/source/kustomize/patches", "[{}]", false,
            "spec.source.kustomize.patches[0].patch");
        row("/spec/source/directory/recurse", "\"true\"", false, "spec.source.directory.recurse");
        row("/spec/destination", "{}", false, "spec.destination");
        row("/spec/destination/server", "\"https://x\"", false, "spec.destination");
        row("/spec/destination/namespace", "\"A\"", false, "spec.destination.namespace");
        row("/spec/ignoreDifferences", "[{\"group\": \"apps\"}]", false,
            "spec.ignoreDifferences[0].kind");
        row("/spec/ignoreDifferences", "[{\"kind\": \"a\", \"jsonPointers\": [\"spec\"]}]", false,
            "spec.ignoreDifferences[0].jsonPointers");
        row("/spec/sources", "[{\"repoURL\": \"x\"}]", true, "spec.sources");
        row("/spec/sourceHydrator", "{}", true, "spec.sourceHydrator");
        row("/spec/source/chart", "\"nginx\"", true, "spec.source.chart");
        row("/spec/source/helm", "{}", true, "spec.source.helm");
        row("/spec/source/plugin", "{}", true, "spec.source.plugin");
        row("/spec/source/directory/jsonnet", "{\"tlas\": [{\"name\": \"a\"}]}", true,
            "spec.source.directory.jsonnet.tlas");
        row("/spec/source/kustomize/labelWithoutSelector", "\"true\"", false,
            "spec.source.kustomize.labelWithoutSelector");
        row("/spec/source/kustomize/forceCommonLabels", "1", false,
            "spec.source.kustomize.forceCommonLabels");
        row("/spec/source/directory/disableExtensionFilter", "[]", false,
            "spec.source.directory.disableExtensionFilter");
    }
    void problems()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, value);
        QFETCH(bool, unsupported);
        QFETCH(QByteArray, named);
        const auto read = readApplication(changed(kSmall, pointer, value), {.file = "app.yaml"});
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code,
                 unsupported ? core::ErrorCode::Unsupported : core::ErrorCode::Invalid);
        QVERIFY2(read.error().message.starts_with(named.toStdString() + ' '),
                 read.error().message.c_str());
        QCOMPARE(read.error().place.file, std::string("app.yaml"));
    }

    /// Any field of a wrong type is an error or a warning, never a crash.
    void oddTypes()
    {
        const core::Json whole = fullApplication();
        int count = 0;
        for (const char* odd : {"null", "1", "true", "\"x\"", "[]", "{}", "[[]]", "[{}]", "-1e300",
                                "[null]", "{\"\": null}"}) {
            const core::Json replacement = core::parseJson(odd).value();
            const std::function<void(core::Json&, const core::Json&)> visit =
                [&](core::Json& at, const core::Json& root) {
                    const core::Json old = at;
                    at = replacement;
                    (void)readApplication(root);
                    ++count;
                    at = old;
                    if (core::JsonObject* object = at.if_object())
                        for (auto& member : *object)
                            visit(member.value(), root);
                    if (core::JsonArray* array = at.if_array())
                        for (core::Json& item : *array)
                            visit(item, root);
                };
            core::Json copy = whole;
            visit(copy, copy);
        }
        QVERIFY(count > 500);
    }

    void amongManifests()
    {
        const auto application = core::Manifest::make(fullApplication());
        const auto read = applicationOf(**application);
        QVERIFY(read && read->has_value());
        QCOMPARE((*read)->name, std::string("shop"));
        core::Json other = fullApplication();
        other.as_object()["apiVersion"] = "app.k8s.io/v1beta1";
        QVERIFY(!applicationOf(**core::Manifest::make(other)));
    }

    /// The applications that this repository ships can all be read.
    void shippedManifests()
    {
        int count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(
                 std::string(PROJECT_ROOT_DIR) + "/manifests")) {
            if (entry.path().extension() != ".yaml")
                continue;
            std::ifstream file(entry.path());
            const std::string text((std::istreambuf_iterator<char>(file)), {});
            if (text.find("kind: Application\n") == std::string::npos
                || text.find("argoproj.io/v1alpha1\nkind: Application\n") == std::string::npos)
                continue;
            const auto documents = core::parseYamlDocuments(text, entry.path().string());
            QVERIFY(documents.has_value());
            for (const core::Json& document : *documents) {
                if (core::stringAt(document, {"kind"}) != "Application")
                    continue;
                std::vector<std::string> warnings;
                const auto read =
                    readApplication(document, {.file = entry.path().string()}, &warnings);
                QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
                QVERIFY2(warnings.empty(), warnings.empty() ? "" : warnings[0].c_str());
                ++count;
            }
        }
        QVERIFY(count > 5);
    }
};

WW_TEST_CLASS(TestApplicationReader)
#include "tst_applicationreader.moc"

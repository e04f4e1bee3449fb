// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/managedfields.h"
#include "gitops/engine/managerhandover.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;

namespace {

constexpr const char* kMap = "/api/v1/namespaces/shop/configmaps/a";
constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps";

/// A ConfigMap that another program made, with a field more than Git has.
struct Fixture : tests::EngineFixture
{
    explicit Fixture(const std::string& manager, const std::string& annotations = "{}")
    {
        createNamespace("shop");
        request("POST", std::string(kMaps) + "?fieldManager=" + manager,
                R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","annotations":)"
                    + annotations + R"(},"data":{"value":"1","extra":"2"}})");
        commit({{"app/a.yaml", configMap("a")}});
    }
    bool hasExtra() { return !core::stringAt(get(kMap), {"data", "extra"}).empty(); }
    QStringList managers()
    {
        QStringList out;
        const auto managed = core::ManagedFields::of(get(kMap));
        for (const core::ManagedFieldsEntry& entry : managed->entries())
            out << QString::fromStdString(entry.manager + " "
                                          + std::string(core::toString(entry.operation)));
        return out;
    }
    core::Application withOption(const std::string& option)
    {
        core::Application out = application();
        out.syncOptions.push_back(option);
        return out;
    }
};

} // namespace

class TestManagerHandOver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatKubectlAppliedBecomesOurs()
    {
        Fixture f("kubectl-client-side-apply",
                  R"({"kubectl.kubernetes.io/last-applied-configuration":"{}"})");
        f.add(f.application());
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(!f.hasExtra());
        QCOMPARE(f.managers(), QStringList {"wavewright Apply"});
        QVERIFY(core::stringAt(
                    f.get(kMap),
                    {"metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"})
                    .empty());
        f.takeWrites();
        f.run(10min); // and that is that
        QVERIFY(f.takeWrites().empty());
    }
    void notWhereTheApplicationSaysSo()
    {
        Fixture f("kubectl-client-side-apply");
        f.add(f.withOption("ClientSideApplyMigration=false"));
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(f.hasExtra());
        QVERIFY(f.managers().contains("kubectl-client-side-apply Update"));
    }
    void theManagerThatTheApplicationNames()
    {
        Fixture f("deployer");
        core::Application application = f.application();
        application.annotations["argocd.argoproj.io/client-side-apply-migration-manager"] =
            "deployer";
        f.add(application);
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(!f.hasExtra());
    }
    void anotherProgramKeepsWhatItWrote_data()
    {
        QTest::addColumn<QString>("manager");
        for (const char* manager :
             {"argocd-controller", "helm", "kustomize-controller", "operator"})
            QTest::newRow(manager) << manager;
    }
    void anotherProgramKeepsWhatItWrote()
    {
        QFETCH(QString, manager);
        Fixture f(manager.toStdString());
        f.add(f.application());
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(f.hasExtra());
        QVERIFY(f.managers().contains(manager + " Update"));
        const bool isKnown = manager != "operator";
        QVERIFY(f.submit(core::command::Adopt {"app"}));
        QVERIFY(f.runUntil([&] { return f.hasExtra() != isKnown && f.isSynced(); }));
        QCOMPARE(f.managers().contains(manager + " Update"), !isKnown);
    }
    void whatWasAppliedOnTheServer()
    {
        Fixture f("nobody");
        f.request("DELETE", kMap, "");
        f.request("PATCH", std::string(kMap) + "?fieldManager=kubectl",
                  R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},)"
                  R"("data":{"value":"1","extra":"2"}})",
                  "application/apply-patch+yaml");
        f.add(f.application());
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(f.hasExtra());
        QVERIFY(f.submit(core::command::Adopt {"app"}));
        QVERIFY(f.runUntil([&] { return !f.hasExtra() && f.isSynced(); }));
        QCOMPARE(f.managers(), QStringList {"wavewright Apply"});
    }
    /// What we saw is older than what is there: read again, and nothing of the other write is lost.
    void somebodyWritesInBetween()
    {
        Fixture f("kubectl-client-side-apply");
        int patches = 0;
        f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            const bool isHandOver = request.method == "PATCH"
                && request.target.find("configmaps/a") != std::string::npos
                && request.body.find("/metadata/managedFields") != std::string::npos;
            if (isHandOver && ++patches == 1)
                return gitops::practice::Fault {
                    .answer = {.status = 409,
                               .headers = {{"Content-Type", "application/json"}},
                               .body = R"({"kind":"Status","status":"Failure","reason":"Conflict",)"
                                       R"("code":409,"message":"the object has been modified"})"}};
            return std::nullopt;
        };
        f.add(f.application());
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QCOMPARE(patches, 2);
        QVERIFY(!f.hasExtra());
    }
    void aStaleLookIsRefusedByTheServer()
    {
        Fixture f("kubectl-client-side-apply");
        const std::string patch = gitops::handOverPatch(f.get(kMap), {"kubectl-client-side-apply"});
        QVERIFY(!patch.empty());
        f.request("PATCH", kMap, R"({"data":{"later":"3"}})", "application/merge-patch+json");
        QCOMPARE(f.request("PATCH", kMap, patch, "application/json-patch+json").status, 409);
        QVERIFY(!core::stringAt(f.get(kMap), {"data", "later"}).empty());
    }
    void withoutTheRightToPatchTheApplyGoesOn()
    {
        Fixture f("kubectl-client-side-apply");
        f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            if (request.body.find("/metadata/managedFields") == std::string::npos)
                return std::nullopt;
            return gitops::practice::Fault {
                .answer = {.status = 403,
                           .headers = {{"Content-Type", "application/json"}},
                           .body = R"({"kind":"Status","status":"Failure","reason":"Forbidden",)"
                                   R"("code":403,"message":"no"})"}};
        };
        f.add(f.application());
        QVERIFY(f.runUntil([&] { return f.isSynced(); }));
        QVERIFY(f.managers().contains("wavewright Apply"));
        QVERIFY(f.hasExtra());
    }
    void nothingToGive()
    {
        Fixture f("operator");
        QVERIFY(gitops::handOverPatch(f.get(kMap), {"kubectl-client-side-apply"}).empty());
        QVERIFY(gitops::handOverPatch(core::Json(), {"x"}).empty());
    }
};

WW_TEST_CLASS(TestManagerHandOver)
#include "tst_managerhandover.moc"

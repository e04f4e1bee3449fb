// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "gitops/engine/namespacecontents.h"
#include "gitops/health/health.h"
#include "gitops/practice/apiserver.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/memorytransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

namespace {

/// ConfigMaps and ServiceAccounts of a practice cluster, watched.
struct Fixture
{
    tests::ManualExecutor executor;
    std::unique_ptr<gitops::practice::ApiServer> server = *gitops::practice::ApiServer::make(
        std::make_unique<gitops::practice::MemoryStorage>(), executor.clock(), {.seed = 3});
    tests::MemoryTransport transport {*server, executor};
    gitops::ApiClient api {transport, executor};
    gitops::LiveState live {api, executor, &gitops::assessHealth};

    Fixture()
    {
        api.discover([this](core::Result<gitops::Discovery> found) {
            live.watch(*found->find(core::GroupKind {"", "ConfigMap"}));
            live.watch(*found->find(core::GroupKind {"", "ServiceAccount"}));
        });
        executor.runUntilIdle();
    }
    /// With the tracking id and the owner, unless they are "".
    void make(const std::string& plural, const std::string& kind, const std::string& name,
              const std::string& tracking = {}, const std::string& owner = {})
    {
        core::JsonObject metadata {{"name", name}};
        if (!tracking.empty())
            metadata["annotations"] = core::JsonObject {
                {core::kTrackingAnnotation, tracking + ":/" + kind + ":default/" + name}};
        if (!owner.empty())
            metadata["ownerReferences"] = core::JsonArray {
                core::JsonObject {{"apiVersion", "v1"},
                                  {"kind", "ConfigMap"},
                                  {"name", owner},
                                  {"uid", live.find({"", "ConfigMap", "default", owner})->uid}}};
        const core::Json object = core::JsonObject {
            {"apiVersion", "v1"}, {"kind", kind}, {"metadata", std::move(metadata)}};
        server->handle({"POST",
                        "/api/v1/namespaces/default/" + plural,
                        {{"Content-Type", "application/json"}},
                        core::toText(object)});
        executor.runUntilIdle();
    }
    std::string said() const { return gitops::describeContents(live, "default", "app"); }
};

} // namespace

class TestNamespaceContents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesOutWhatIsNobodys()
    {
        Fixture f;
        f.make("configmaps", "ConfigMap", "kube-root-ca.crt");
        f.make("serviceaccounts", "ServiceAccount", "default");
        f.make("configmaps", "ConfigMap", "mine", "app");
        f.make("configmaps", "ConfigMap", "of-mine", {}, "mine");
        QCOMPARE(f.said(),
                 std::string("Namespace default, with no objects of others that are seen"));
    }
    void namesWhatIsNotOurs()
    {
        Fixture f;
        f.make("serviceaccounts", "ServiceAccount", "builder");
        QCOMPARE(f.said(),
                 std::string("Namespace default, with 1 object that is not ours: "
                             "ServiceAccount builder"));
        f.make("configmaps", "ConfigMap", "rogue");
        f.make("configmaps", "ConfigMap", "others", "other");
        f.make("configmaps", "ConfigMap", "of-rogue", {}, "rogue");
        QVERIFY(f.said().find("3 objects that are not ours") != std::string::npos);
        for (int i = 0; i < 4; ++i)
            f.make("configmaps", "ConfigMap", "more" + std::to_string(i));
        QVERIFY(f.said().find("7 objects") != std::string::npos);
        QVERIFY(f.said().ends_with(", …"));
        QCOMPARE(gitops::describeContents(f.live, "elsewhere", "app"),
                 std::string("Namespace elsewhere, with no objects of others that are seen"));
    }
    void knowsWhatTakesOthersAlong()
    {
        QVERIFY(gitops::takesOthers({"", "Namespace", "", "a"}));
        QVERIFY(gitops::takesOthers({"apiextensions.k8s.io", "CustomResourceDefinition", "", "a"}));
        QVERIFY(!gitops::takesOthers({"example.com", "Namespace", "", "a"}));
        QVERIFY(!gitops::takesOthers({"", "ConfigMap", "a", "a"}));
    }
};

WW_TEST_CLASS(TestNamespaceContents)
#include "tst_namespacecontents.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::EngineFixture;

namespace {

constexpr const char* kSpace = "/api/v1/namespaces/extra";

std::string kid()
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: kid\n"
           "  namespace: argocd\n  finalizers: [resources-finalizer.argocd.argoproj.io]\n"
           "spec:\n  project: default\n"
           "  source: {repoURL: /repositories/all, path: kid, targetRevision: HEAD}\n"
           "  destination: {server: \"https://kubernetes.default.svc\", namespace: shop}\n"
           "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
}

std::string mapIn(const std::string& name, const std::string& annotations = "{}")
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name
        + "\n  namespace: extra\n  annotations: " + annotations + "\n";
}

/// An application with a namespace of its own and some objects in it, which Git drops.
struct DroppedNamespace : EngineFixture
{
    explicit DroppedNamespace(int maps)
    {
        createNamespace("shop");
        Files files = {
            {"app/a.yaml", configMap("a")},
            {"app/n.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n"}};
        for (int i = 0; i < maps; ++i)
            files.push_back({"app/m" + std::to_string(i) + ".yaml",
                             "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m"
                                 + std::to_string(i) + "\n  namespace: extra\n"});
        commit(files);
        add(application());
        QVERIFY2(runUntil([this] { return isSynced(); }), tests::dump(*this).c_str());
    }
    void make(const std::string& group, const std::string& plural, const std::string& kind,
              const std::string& name)
    {
        const std::string api = group == "v1" ? "/api/v1" : "/apis/" + group;
        const core::Json body = core::JsonObject {
            {"apiVersion", group},
            {"kind", kind},
            {"metadata", core::JsonObject {{"name", name}, {"namespace", "extra"}}},
            {"spec",
             core::JsonObject {
                 {"selector", core::JsonObject {{"matchLabels", core::JsonObject {{"a", "b"}}}}},
                 {"template",
                  core::JsonObject {
                      {"metadata", core::JsonObject {{"labels", core::JsonObject {{"a", "b"}}}}},
                      {"spec",
                       core::JsonObject {{"containers",
                                          core::JsonArray {core::JsonObject {
                                              {"name", "c"}, {"image", "i"}}}}}}}}}}};
        core::Json sent = body;
        if (kind == "ConfigMap")
            sent.as_object().erase("spec");
        const auto answer =
            request("POST", api + "/namespaces/extra/" + plural, core::toText(sent));
        QVERIFY2(answer.status == 201, answer.body.c_str());
    }
    void drop() { commit({{"app/a.yaml", configMap("a")}}); }
    const core::event::ConfirmationNeeded* question() const
    {
        const core::event::ConfirmationNeeded* found = nullptr;
        for (const core::Event& event : events)
            if (const auto* asked = std::get_if<core::event::ConfirmationNeeded>(&event.what))
                found = asked;
        return found;
    }
    bool existsMap(const std::string& name)
    {
        return exists(std::string(kSpace) + "/configmaps/" + name);
    }
};

} // namespace

class TestApplicationQuestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatANamespaceTakesAlong();
    void aNamespaceWaitsForWhatIsInIt();
    void aNamespaceGoesLast();
    void aRemovalLeavesTheNamespaceOfWhatStays();
};

void TestApplicationQuestion::saysWhatANamespaceTakesAlong()
{
    DroppedNamespace f(8); // a large prune: all of it is asked for
    f.make("v1", "configmaps", "ConfigMap", "rogue");
    QVERIFY(f.existsMap("kube-root-ca.crt")); // the cluster's own: it does not count
    f.make("apps/v1", "deployments", "Deployment", "rogue");
    f.drop();
    VERIFY_UNTIL(f, f.question() != nullptr && f.condition("PruneTakesAlong") != nullptr);
    const core::ObjectKey space {"", "Namespace", "", "extra"};
    QVERIFY(f.question()->keys.front() == space);
    QCOMPARE(f.question()->keys.size(), 9U);
    const std::string said = "Namespace extra, with 2 objects that are not ours: Deployment rogue, "
                             "ConfigMap rogue";
    QVERIFY2(f.question()->reason.starts_with(said + ". "), f.question()->reason.c_str());
    QVERIFY(f.state()->awaitingConfirmation.front() == space);
    QVERIFY(f.condition("PruneTakesAlong")->message.find(said) != std::string::npos);
    f.make("v1", "configmaps", "ConfigMap", "another"); // it came while the question was open
    VERIFY_UNTIL(f, f.condition("PruneTakesAlong")->message.find("3 objects") != std::string::npos);
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists(kSpace) && !f.condition("PruneTakesAlong"));
}

void TestApplicationQuestion::aNamespaceWaitsForWhatIsInIt()
{
    DroppedNamespace f(8);
    f.drop();
    VERIFY_UNTIL(f, f.state()->awaitingConfirmation.size() == 9);
    QVERIFY(f.submit(core::command::Confirm {"app", {{"", "Namespace", "", "extra"}}}).has_value());
    f.run(15min);
    QVERIFY(f.exists(kSpace));
    for (int i = 0; i < 8; ++i)
        QVERIFY(f.existsMap("m" + std::to_string(i)));
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists(kSpace) && f.isSynced());
}

void TestApplicationQuestion::aNamespaceGoesLast()
{
    DroppedNamespace f(8);
    f.takeWrites();
    f.drop();
    VERIFY_UNTIL(f, f.state()->awaitingConfirmation.size() == 9);
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists(kSpace) && f.isSynced());
    std::vector<std::string> deletes;
    for (const std::string& write : f.takeWrites())
        if (write.starts_with("DELETE"))
            deletes.push_back(write);
    QCOMPARE(deletes.size(), 9U);
    QCOMPARE(deletes.back(), std::string("DELETE ") + kSpace);
    const auto told = std::ranges::count_if(f.events, [](const core::Event& event) {
        const auto* applied = std::get_if<core::event::ResourceApplied>(&event.what);
        return applied && applied->result.code == core::ResultCode::Pruned;
    });
    QCOMPARE(told, 9); // by name, for whoever watches
}

void TestApplicationQuestion::aRemovalLeavesTheNamespaceOfWhatStays()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string space = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n";
    EngineFixture::Files files = {
        {"app/a.yaml", EngineFixture::configMap("a")},
        {"app/kid.yaml", kid()},
        {"kid/n.yaml", space},
        {"kid/stays.yaml", mapIn("stays", "{argocd.argoproj.io/sync-options: Delete=false}")},
        {"kid/goes.yaml", mapIn("goes")}};
    f.commit(files);
    f.add(f.application());
    const std::string maps = std::string(kSpace) + "/configmaps/";
    VERIFY_UNTIL(f, f.exists(maps + "goes") && f.exists(maps + "stays") && f.isSynced());
    std::erase_if(files, [](const auto& file) { return file.first == "app/kid.yaml"; });
    f.commit(files);
    VERIFY_UNTIL(f, !f.exists(maps + "goes") && f.state("kid") == nullptr);
    QVERIFY(f.exists(maps + "stays"));
    const bool isTold = std::ranges::any_of(f.events, [](const core::Event& event) {
        const auto* applied = std::get_if<core::event::ResourceApplied>(&event.what);
        return applied && applied->application == "kid" && applied->result.key.name == "goes"
            && applied->result.code == core::ResultCode::Pruned;
    });
    QVERIFY(isTold);
}

WW_TEST_CLASS(TestApplicationQuestion)
#include "tst_applicationquestion.moc"

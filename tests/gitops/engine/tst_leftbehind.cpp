// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

using namespace std::chrono_literals;
using tests::EngineFixture;

/// Children that nobody declares any more, in a cluster that knows no Application: what is left of
/// them is named, also by a Wavewright that never saw them, and never touched.
class TestLeftBehind : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNamed_data();
    void isNamed();
    void isNotNamedOnceItIsGone();
    void isNotNamedWhenSomebodyDeclaresIt();
    void isAskedForAgainAfterAnError();
    void aReaderLooksAtChildren();
    void aChildThatWasNeverRecorded();

private:
    static std::string child(const std::string& name, bool cascades = false)
    {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
            + "\n  namespace: argocd\n"
            + (cascades ? "  finalizers: [resources-finalizer.argocd.argoproj.io]\n" : "")
            + "spec:\n  project: default\n  source: {repoURL: /repositories/all, path: " + name
            + ", targetRevision: HEAD}\n  destination: {server: "
              "\"https://kubernetes.default.svc\", namespace: shop}\n"
              "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
    }
    static std::string map(const std::string& name)
    {
        return "/api/v1/namespaces/shop/configmaps/" + name;
    }
    static std::string secret() { return "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"; }
    /// Two children, of which the second is gone from Git afterwards.
    static void loseOne(EngineFixture& f, bool cascades = false)
    {
        f.createNamespace("shop");
        f.createNamespace("argocd");
        f.commit({{"root/one.yaml", child("one")},
                  {"root/two.yaml", child("two", cascades)},
                  {"one/a.yaml", EngineFixture::configMap("a")},
                  {"two/b.yaml", EngineFixture::configMap("b")},
                  {"two/s.yaml", secret()}});
        f.add(root(f));
        VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
    }
    static void commitWithoutTwo(EngineFixture& f, const std::string& more = {})
    {
        EngineFixture::Files files {{"root/one.yaml", child("one")},
                                    {"one/a.yaml", EngineFixture::configMap("a")}};
        if (!more.empty())
            files.push_back({"one/more.yaml", more});
        f.commit(files);
    }
    static void forgetState(EngineFixture& f)
    {
        f.stop();
        for (const char* name : {"root", "one", "two"})
            f.store.remove(std::string("application/") + name, f.executor, [](auto) { });
    }
    static core::Application root(const EngineFixture& f)
    {
        core::Application app = f.application("root");
        app.destinationNamespace = "argocd";
        return app;
    }
    static std::string told(EngineFixture& f)
    {
        const core::Condition* found = f.condition("LeftOverWarning", "root");
        return found ? found->message : std::string();
    }
};

void TestLeftBehind::isNamed_data()
{
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("by the one that took it away") << true;
    QTest::newRow("by one with an empty state folder") << false;
}

void TestLeftBehind::isNamed()
{
    QFETCH(bool, isKnown);
    EngineFixture f;
    loseOne(f);
    if (!isKnown)
        forgetState(f);
    commitWithoutTwo(f);
    if (!isKnown) {
        f.restart();
        f.add(root(f));
    }
    VERIFY_UNTIL(f, !told(f).empty());
    const auto says = [&](const char* what) { return told(f).find(what) != std::string::npos; };
    VERIFY_UNTIL(f, says("\"two\"") && says("ConfigMap shop/b") && says("Secret shop/s"));
    QVERIFY(!says("shop/a"));
    f.run(15min);
    QVERIFY(f.exists(map("b")));
    QVERIFY(f.isSynced("root") && !f.state("two"));
    QCOMPARE(f.state("root")->health, core::Health::Healthy);
    // Somebody removes them: nothing is left to be told.
    f.request("DELETE", map("b"));
    f.request("DELETE", "/api/v1/namespaces/shop/secrets/s");
    VERIFY_UNTIL(f, told(f).empty());
}

void TestLeftBehind::isNotNamedOnceItIsGone()
{
    EngineFixture f;
    loseOne(f, true);
    commitWithoutTwo(f);
    VERIFY_UNTIL(f, f.isSynced("root") && !f.state("two"));
    QVERIFY(!f.exists(map("b")));
    f.run(1min);
    QCOMPARE(told(f), std::string());
    f.restart();
    f.add(root(f));
    f.run(1min);
    QCOMPARE(told(f), std::string());
}

void TestLeftBehind::isNotNamedWhenSomebodyDeclaresIt()
{
    EngineFixture f;
    loseOne(f);
    commitWithoutTwo(f, EngineFixture::configMap("b") + "---\n" + secret());
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && !f.state("two"));
    f.run(1min);
    QCOMPARE(told(f), std::string());
}

void TestLeftBehind::isAskedForAgainAfterAnError()
{
    EngineFixture f;
    loseOne(f);
    forgetState(f);
    commitWithoutTwo(f);
    int asked = 0;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method != "GET"
            || request.target.find("/configmaps/wavewright-two") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault down;
        down.answer = {.status = 403, .body = R"({"kind":"Status","reason":"Forbidden"})"};
        return ++asked > 1 ? std::nullopt : std::optional(down);
    };
    f.restart();
    f.add(root(f));
    f.run(30s);
    QCOMPARE(asked, 1); // not again and again
    QCOMPARE(told(f), std::string());
    f.run(2min);
    QCOMPARE(asked, 2);
    QVERIFY(told(f).find("ConfigMap shop/b") != std::string::npos);
}

/// Who only reads, from an empty state folder, sees the children as they are.
void TestLeftBehind::aReaderLooksAtChildren()
{
    EngineFixture f;
    loseOne(f);
    forgetState(f);
    f.takeWrites();
    gitops::EngineOptions reading = f.options;
    reading.readOnly = true;
    f.restart(reading);
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.state("two") && f.isSynced("two"));
    for (const core::ResourceState& resource : f.state("root")->resources)
        QVERIFY2(resource.health != core::Health::Missing, resource.key.text().c_str());
    f.request("DELETE", map("b"));
    VERIFY_UNTIL(f, f.state("two")->sync == core::SyncState::OutOfSync);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
}

/// A root without automation that nobody synced from here: its children are not missing.
void TestLeftBehind::aChildThatWasNeverRecorded()
{
    EngineFixture f;
    loseOne(f);
    forgetState(f);
    f.restart();
    core::Application app = root(f);
    app.automated = app.selfHeal = false;
    f.add(app);
    VERIFY_UNTIL(f, f.state("root") && f.state("root")->sync == core::SyncState::OutOfSync);
    QCOMPARE(f.state("root")->health, core::Health::Unknown);
    const core::ResourceState* one = f.resource("Application", "one", "root");
    QVERIFY(one && !one->health);
    QVERIFY2(one->healthMessage.find("sync of root") != std::string::npos,
             one->healthMessage.c_str());
    QVERIFY(f.submit(core::command::Sync {.application = "root"}).has_value());
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
    QCOMPARE(f.state("root")->health, core::Health::Healthy);
}

WW_TEST_CLASS(TestLeftBehind)
#include "tst_leftbehind.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "gitops/engine/inventoryrecord.h"
#include "gitops/engine/savedstate.h"
#include "gitops/health/health.h"
#include "gitops/practice/apiserver.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/memorytransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using core::GroupKind;
using gitops::practice::Fault;

namespace {

constexpr const char* kRecord = "/api/v1/namespaces/wavewright/configmaps/";
const GroupKind kMaps {"", "ConfigMap"};
const GroupKind kDeployments {"apps", "Deployment"};
const GroupKind kJobs {"batch", "Job"};

core::HttpResponse refusal(int code, const std::string& reason)
{
    return {.status = code,
            .headers = {{"Content-Type", "application/json"}},
            .body = core::toText(core::JsonObject {{"kind", "Status"},
                                                   {"apiVersion", "v1"},
                                                   {"status", "Failure"},
                                                   {"reason", reason},
                                                   {"message", reason},
                                                   {"code", code}})};
}

/// The record over a practice cluster in memory, in virtual time.
struct Fixture
{
    tests::ManualExecutor executor;
    std::unique_ptr<gitops::practice::ApiServer> server = *gitops::practice::ApiServer::make(
        std::make_unique<gitops::practice::MemoryStorage>(), executor.clock(), {.seed = 3});
    tests::MemoryTransport transport {*server, executor};
    gitops::ApiClient api {transport, executor};
    gitops::LiveState live {api, executor, &gitops::assessHealth};
    gitops::EngineOptions options;
    gitops::ClusterKnowledge cluster {api, live, executor, options};
    gitops::ControlNamespace space {api, cluster, "wavewright"};
    std::unique_ptr<gitops::InventoryRecord> record;
    std::function<std::optional<Fault>(const core::HttpRequest&)> fault;
    std::optional<Fault> namespaceFault;
    int changes = 0;

    Fixture()
    {
        server->setFaultHook([this](const core::HttpRequest& request) -> std::optional<Fault> {
            if (namespaceFault && request.method == "PATCH"
                && request.target.starts_with("/api/v1/namespaces/wavewright?"))
                return namespaceFault;
            const bool isRecord = request.target.starts_with(kRecord);
            return isRecord && fault ? fault(request) : std::nullopt;
        });
        cluster.start();
        executor.runUntilIdle();
        begin();
    }
    /// As after a restart: nothing is remembered.
    void begin()
    {
        record = std::make_unique<gitops::InventoryRecord>(api, cluster, space, executor, "shop");
        record->changed = [this] { ++changes; };
    }
    void load()
    {
        record->load();
        executor.runUntilIdle();
    }
    void failing(const std::string& method, Fault what)
    {
        fault = [method, what](const core::HttpRequest& request) -> std::optional<Fault> {
            return request.method == method ? std::optional(what) : std::nullopt;
        };
    }
    /// What cover says in the end; nullopt: nothing yet.
    std::optional<core::Result<void>> cover(const std::set<GroupKind>& kinds,
                                            const std::set<std::string>& namespaces = {"shop"})
    {
        auto said = std::make_shared<std::optional<core::Result<void>>>();
        record->cover(gitops::placesOf(kinds, namespaces),
                      [said](core::Result<void> answer) { *said = answer; });
        executor.runUntilIdle();
        return *said;
    }
    /// As somebody else left it.
    void rewrite(const std::function<void(core::JsonObject&)>& change)
    {
        const std::string path = kRecord + gitops::resourceNameFor("shop");
        auto object = core::parseJson(server->handle({"GET", path, {}, {}}).body);
        change(core::find(*object, "data")->as_object());
        const auto answer = server->handle(
            {"PUT", path, {{"Content-Type", "application/json"}}, core::toText(*object)});
        QCOMPARE(answer.status, 200);
    }
    std::string kindsOnServer() const
    {
        const auto list = core::parseJson(
            server->handle({"GET", "/api/v1/namespaces/wavewright/configmaps", {}, {}}).body);
        const core::Json* items = list ? core::find(*list, "items") : nullptr;
        if (items)
            for (const core::Json& item : items->as_array())
                if (core::stringAt(item, {"data", "application"}) == "shop")
                    return std::string(core::stringAt(item, {"data", "kinds"}));
        return "no record";
    }
};

} // namespace

class TestInventoryRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWrittenBeforeItCounts()
    {
        Fixture f;
        const auto early = f.cover({kMaps});
        QVERIFY(early && !*early); // not read yet
        QCOMPARE(f.kindsOnServer(), "no record");
        f.load();
        QVERIFY(f.record->isLoaded());
        QCOMPARE(f.changes, 1);
        QVERIFY(!f.record->covers(gitops::placesOf({kMaps}, {})));
        const auto said = f.cover({kMaps, kDeployments});
        QVERIFY(said && *said); // its namespace was made for it
        QCOMPARE(f.kindsOnServer(), "/ConfigMap\napps/Deployment");
        QVERIFY(f.record->covers(gitops::placesOf({kMaps}, {"shop"})));
        QVERIFY(!f.record->covers(gitops::placesOf({kMaps}, {"elsewhere"})));
    }
    /// A child is named before it comes into force, and stays named.
    void namesChildren()
    {
        Fixture f;
        f.load();
        f.record->setChildren({"one", "two"});
        QVERIFY(!f.record->covers({}) && !f.record->namesChildren());
        QVERIFY(f.cover({kMaps}));
        QVERIFY(f.record->namesChildren());
        f.begin();
        f.load();
        QCOMPARE(f.record->children(), (std::set<std::string> {"one", "two"}));
        f.record->setChildren({"three"});
        QVERIFY(!f.record->covers(gitops::placesOf({kMaps}, {"shop"})));
        QVERIFY(f.cover({kMaps}));
        QCOMPARE(f.record->children(), (std::set<std::string> {"one", "three", "two"}));
        QCOMPARE(f.kindsOnServer(), "/ConfigMap");
    }
    void onlyGrows()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kDeployments}, {"one"}));
        QVERIFY(f.cover({kMaps}, {"two"}));
        QCOMPARE(f.kindsOnServer(), "/ConfigMap\napps/Deployment");
        f.begin();
        f.load();
        QVERIFY(f.record->covers({{kDeployments, {"one"}}, {kMaps, {"two"}}}));
        QVERIFY(!f.record->covers({{kDeployments, {"two"}}})); // each where it was
    }
    void whatIsCoveredIsNotWrittenAgain()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kMaps, kJobs}));
        const std::size_t before = f.transport.requestCount();
        QVERIFY(f.cover({kJobs}));
        QCOMPARE(f.transport.requestCount(), before);
    }
    void twoAtOnceLoseNothing()
    {
        Fixture f;
        f.load();
        int done = 0;
        const auto count = [&done](core::Result<void> answer) { done += answer ? 1 : 0; };
        f.record->cover({{kDeployments, {"one"}}}, count);
        f.record->cover({{kJobs, {"two"}}}, count);
        f.executor.runUntilIdle();
        QCOMPARE(done, 2);
        QCOMPARE(f.kindsOnServer(), "apps/Deployment\nbatch/Job");
        f.begin();
        f.load();
        QVERIFY(f.record->covers({{kDeployments, {"one"}}, {kJobs, {"two"}}}));
    }
    void isReadUntilItIs()
    {
        Fixture f;
        f.failing("GET", {.answer = refusal(401, "Unauthorized")});
        f.load();
        QVERIFY(!f.record->isLoaded());
        QVERIFY(!f.record->isRefused());
        QCOMPARE(f.record->error()->code, core::ErrorCode::Unauthorized);
        f.fault = nullptr;
        f.executor.advance(1s);
        QVERIFY(!f.record->isLoaded());
        f.executor.advance(2s);
        QVERIFY(f.record->isLoaded());
        QVERIFY(!f.record->error());
    }
    void withoutTheRightToReadIt()
    {
        Fixture f;
        f.failing("GET", {.answer = refusal(403, "Forbidden")});
        f.load();
        QVERIFY(f.record->isRefused());
        const auto said = f.cover({kMaps});
        QVERIFY(said && !*said);
        QCOMPARE(said->error().code, core::ErrorCode::Forbidden);
    }
    void withoutTheRightToWriteIt()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kMaps}));
        f.failing("PATCH", {.answer = refusal(403, "Forbidden")});
        const auto said = f.cover({kJobs});
        QVERIFY(said && !*said);
        QVERIFY(!f.record->covers(gitops::placesOf({kJobs}, {})));
        f.executor.advance(1min); // it is not asked again and again
        QCOMPARE(f.record->error()->code, core::ErrorCode::Forbidden);
        QVERIFY(f.record->covers(gitops::placesOf({kMaps}, {"shop"})));
    }
    /// Its namespace is not there, and may not be made: as if it could not be written.
    void withoutTheRightToItsNamespace()
    {
        Fixture f;
        f.load();
        f.namespaceFault = {.answer = refusal(403, "Forbidden")};
        const auto said = f.cover({kMaps});
        QVERIFY(said && !*said);
        QCOMPARE(f.record->error()->code, core::ErrorCode::Forbidden);
        QVERIFY2(
            f.record->error()->message.starts_with("The namespace \"wavewright\" does not exist"),
            f.record->error()->message.c_str());
        QVERIFY(f.space.advice().find("--control-namespace") != std::string::npos);
        f.namespaceFault.reset();
        QVERIFY(*f.cover({kMaps}));
        QVERIFY(!f.record->error());
    }
    /// As versions before wrote it: kinds and namespaces without a word on which is where.
    void aRecordWithoutPlaces()
    {
        Fixture f;
        f.load();
        QVERIFY(*f.cover({kMaps, kJobs}, {"one", "two"}));
        f.rewrite([](core::JsonObject& data) {
            data.erase("places");
            data["kinds"] = "/ConfigMap\napps/Deployment";
        });
        f.begin();
        f.load();
        QVERIFY(f.record->covers(gitops::placesOf({kMaps, kDeployments}, {"one", "two"})));
        QVERIFY(!f.record->covers(gitops::placesOf({kJobs}, {})));
    }
    /// A write whose answer was lost may have arrived: the record is read again by itself, and an
    /// error does not hold prunes for ever.
    void aWriteThatFailedIsLookedAtAgain()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kMaps}));
        f.failing("PATCH", {.answer = refusal(422, "Invalid")});
        const auto said = f.cover({kJobs});
        QVERIFY(said && !*said);
        QVERIFY(f.record->error());
        f.fault = nullptr;
        f.changes = 0;
        f.executor.advance(3s);
        QVERIFY(!f.record->error());
        QCOMPARE(f.changes, 1);
        QVERIFY(!f.record->covers(gitops::placesOf({kJobs}, {})));
    }
    void aWriteThatArrivedUnanswered()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kMaps}));
        f.failing("PATCH", {.kind = Fault::Kind::ResetAfter});
        (void)f.cover({kJobs});
        f.executor.advance(10s);
        f.fault = nullptr;
        f.executor.advance(10s);
        QVERIFY(!f.record->error());
        QVERIFY(f.record->covers(gitops::placesOf({kMaps, kJobs}, {"shop"})));
    }
    void isRemovedOnlyAsItWasSeen()
    {
        Fixture f;
        f.load();
        QVERIFY(f.cover({kMaps}));
        f.record->remove();
        f.executor.runUntilIdle();
        QCOMPARE(f.kindsOnServer(), "no record");
        f.begin();
        f.load();
        const std::size_t before = f.transport.requestCount();
        f.record->remove(); // there was none
        f.executor.runUntilIdle();
        QCOMPARE(f.transport.requestCount(), before);
    }
};

WW_TEST_CLASS(TestInventoryRecord)
#include "tst_inventoryrecord.moc"

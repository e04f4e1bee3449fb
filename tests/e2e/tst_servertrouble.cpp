// SPDX-License-Identifier: GPL-3.0-or-later
// The real program against a server that does not do as it should for one of two applications: what
// is wrong is said, the other one goes on, nobody else's object is touched, and all is well after.
#include "core/value/json.h"
#include "gitops/practice/practicecluster.h"
#include "tests/e2e/applicationstatus.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

using gitops::practice::ApiServer;
using gitops::practice::Fault;
using gitops::practice::PracticeCluster;
using tests::Workspace;

namespace {

constexpr const char* kForeign = "/api/v1/namespaces/default/configmaps/foreign";

core::HttpResponse status(int code, const std::string& reason, const std::string& message)
{
    return {.status = code,
            .headers = {{"Content-Type", "application/json"}},
            .body = core::toText(core::JsonObject {{"kind", "Status"},
                                                   {"apiVersion", "v1"},
                                                   {"status", "Failure"},
                                                   {"reason", reason},
                                                   {"message", message},
                                                   {"code", code}})};
}

struct Trouble
{
    const char* name;
    Fault fault;
    const char* says;
};

const std::vector<Trouble>& troubles()
{
    static const std::vector<Trouble> all {
        {"403",
         {.answer = status(403, "Forbidden", "no right to configmaps")},
         "no right to configmaps"},
        {"409",
         {.answer = status(409, "Conflict", "the object has been modified")},
         "the object has been modified"},
        {"422", {.answer = status(422, "Invalid", "data.a: Invalid value")}, "Invalid value"},
        {"500", {.answer = status(500, "InternalError", "etcd has no leader")}, "no leader"},
        {"garbage", {.answer = {.status = 200, .body = "<html>\xff{{{"}}, "cannot be read"},
        {"broken", {.kind = Fault::Kind::ResetBefore}, "Connection reset"},
    };
    return all;
}

QString configMap(const QString& name, const QString& value)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name
        + "\n  namespace: default\ndata:\n  a: \"" + value + "\"\n";
}

QString application(const QString& name)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\nspec:\n  project: default\n  source: {repoURL: \"" + Workspace::kUrl
        + "\", path: " + name
        + ", targetRevision: HEAD}\n  destination: {server: \"https://kubernetes.default.svc\", "
          "namespace: default}\n  syncPolicy: {automated: {prune: true, selfHeal: true}, "
          "retry: {limit: -1, backoff: {duration: 500ms, factor: 1, maxDuration: 1s}}}\n";
}

} // namespace

class TestServerTrouble : public QObject
{
    Q_OBJECT

private:
    core::HttpResponse request(const std::string& method, const std::string& target,
                               const std::string& body = {})
    {
        core::HttpResponse response;
        m_cluster->run([&](ApiServer& server) {
            const std::optional<Fault> before = std::exchange(m_fault, std::nullopt);
            response = server.handle({.method = method,
                                      .target = target,
                                      .headers = {{"Content-Type", "application/json"}},
                                      .body = body});
            m_fault = before;
        });
        return response;
    }
    QString value(const QString& name)
    {
        const auto parsed = core::parseJson(
            request("GET", "/api/v1/namespaces/default/configmaps/" + name.toStdString()).body);
        return parsed ? QString::fromStdString(std::string(core::stringAt(*parsed, {"data", "a"})))
                      : QString();
    }
    void setFault(std::optional<Fault> fault)
    {
        m_cluster->run([&](ApiServer&) { m_fault = std::move(fault); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_here = std::make_unique<Workspace>();
        auto started = PracticeCluster::start(
            {.delayFactor = 0, .kubeconfig = m_here->kubeconfig().toStdString()});
        QVERIFY(started);
        m_cluster = std::move(*started);
        m_cluster->run([this](ApiServer& server) {
            server.setFaultHook([this](const core::HttpRequest& asked) -> std::optional<Fault> {
                const bool isBad = asked.method != "GET"
                    && asked.target.find("/configmaps/bad") != std::string::npos;
                return isBad ? m_fault : std::nullopt;
            });
        });
        request(
            "POST", "/api/v1/namespaces/default/configmaps",
            core::toText(core::JsonObject {{"apiVersion", "v1"},
                                           {"kind", "ConfigMap"},
                                           {"metadata", core::JsonObject {{"name", "foreign"}}}}));
        m_foreign = request("GET", kForeign).body;
        for (const char* name : {"bad", "good"}) {
            m_here->write(QString(name) + "/a.yaml", configMap(name, "first"));
            m_here->write(QString("applications/") + name + ".yaml", application(name));
        }
        m_here->commit("first");
        m_here->start({"run", "-f", m_here->repository() + "/applications", "--kubeconfig",
                       m_here->kubeconfig(), "--state", m_here->stateFolder(), "--config",
                       m_here->path("config.yaml")});
        QVERIFY2(tests::waitFor([this] { return value("bad") == "first"; }, 60'000),
                 m_here->outputSoFar().toUtf8());
    }
    void cleanupTestCase()
    {
        m_here.reset();
        m_cluster.reset();
    }
    void isNamedAndOvercome_data()
    {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < troubles().size(); ++i)
            QTest::newRow(troubles()[i].name) << int(i);
    }
    void isNamedAndOvercome()
    {
        QFETCH(int, number);
        const Trouble& trouble = troubles()[std::size_t(number)];
        const QString next = QString("after ") + trouble.name;
        setFault(trouble.fault);
        m_here->write("bad/a.yaml", configMap("bad", next));
        m_here->write("good/a.yaml", configMap("good", next));
        m_here->commit(next);
        QVERIFY2(tests::waitFor([&] { return value("good") == next; }, 30'000), // goes on
                 tests::complaints(tests::statusOf(*m_here, "good")).toUtf8());
        QVERIFY2(tests::waitFor(
                     [&] {
                         return tests::complaints(tests::statusOf(*m_here, "bad"))
                             .contains(trouble.says);
                     },
                     60'000),
                 tests::complaints(tests::statusOf(*m_here, "bad")).toUtf8());
        QVERIFY(value("bad") != next);
        setFault(std::nullopt);
        QVERIFY2(tests::waitFor(
                     [&] {
                         return value("bad") == next
                             && tests::isSettled(tests::statusOf(*m_here, "bad"));
                     },
                     60'000),
                 tests::complaints(tests::statusOf(*m_here, "bad")).toUtf8());
        QCOMPARE(request("GET", kForeign).body, m_foreign);
    }

private:
    std::unique_ptr<Workspace> m_here;
    std::unique_ptr<PracticeCluster> m_cluster;
    std::optional<Fault> m_fault; ///< on the cluster's thread
    std::string m_foreign;
};

WW_TEST_CLASS(TestServerTrouble)
#include "tst_servertrouble.moc"

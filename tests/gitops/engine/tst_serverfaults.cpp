// SPDX-License-Identifier: GPL-3.0-or-later
// An API server that does not do as it should, under the real engine: while it lasts the fault is
// named, other applications go on, nothing is touched that is not ours; afterwards all converges.
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using gitops::practice::Fault;
using tests::EngineFixture;

namespace {

constexpr const char* kForeign = "/api/v1/namespaces/shop/configmaps/foreign";
constexpr int kObjects = 30;

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
    const char* says; ///< what is shown of a refused write; null: it comes to its end in time
    const char* saysDown; ///< … of a server that does so to every request
};

const std::vector<Trouble>& troubles()
{
    const auto answer = [](core::HttpResponse response) {
        return Fault {.kind = Fault::Kind::Answer, .answer = std::move(response)};
    };
    core::HttpResponse busy = status(429, "TooManyRequests", "too many requests");
    busy.headers.push_back({"Retry-After", "2"});
    static const std::vector<Trouble> all {
        {"401", answer(status(401, "Unauthorized", "Unauthorized")), "Unauthorized",
         "Unauthorized"},
        {"403", answer(status(403, "Forbidden", "configmaps is forbidden: no right")),
         "configmaps is forbidden: no right", "no right"},
        {"409", answer(status(409, "Conflict", "the object has been modified")),
         "the object has been modified", "the object has been modified"},
        {"410", answer(status(410, "Expired", "The provided continue parameter is too old")),
         "too old", "too old"},
        {"422", answer(status(422, "Invalid", "data: Invalid value: not so")),
         "data: Invalid value: not so", "not so"},
        {"429", answer(busy), "too many requests", "too many requests"},
        {"500", answer(status(500, "InternalError", "etcdserver: no leader")), "no leader",
         "no leader"},
        {"garbage",
         answer({.status = 200,
                 .headers = {{"Content-Type", "text/html"}},
                 .body = "<html>\xff\xfe{{{ Welcome to the proxy"}),
         "cannot be read", "JSON"},
        {"half an answer",
         answer({.status = 200,
                 .headers = {{"Content-Type", "application/json"}},
                 .body = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"na"}),
         "cannot be read", "JSON"},
        {"an empty answer", answer({.status = 200}), "cannot be read", "JSON"},
        {"broken before", {.kind = Fault::Kind::ResetBefore}, "connection", "connection"},
        {"broken after", {.kind = Fault::Kind::ResetAfter}, nullptr, "connection"},
        // A write is given up after several time-outs only: nothing is said of it until then.
        {"silence", {.kind = Fault::Kind::Silence}, nullptr, "answer"},
    };
    return all;
}

/// All that is on screen of an application and of its cluster.
std::string shown(EngineFixture& f, const std::string& name)
{
    const core::ApplicationState* state = f.state(name);
    if (!state)
        return "nothing at all";
    std::string text = f.engine().snapshot()->cluster.message + "\n";
    if (state->operation) {
        text += state->operation->message + "\n";
        for (const core::ResourceResult& result : state->operation->results)
            if (result.code == core::ResultCode::SyncFailed)
                text += result.key.text() + ": " + result.message + "\n";
    }
    for (const core::Condition& condition : state->conditions)
        text += condition.type + ": " + condition.message + "\n";
    return text;
}

EngineFixture::Files files(const std::string& name, int count)
{
    EngineFixture::Files all;
    for (int i = 0; i < count; ++i) {
        const std::string each = name + std::to_string(i);
        all.push_back({name + "/" + each + ".yaml", EngineFixture::configMap(each)});
    }
    return all;
}

/// Two applications, one of which the server troubles, beside an object of somebody else's.
struct Shop : EngineFixture
{
    Shop()
    {
        createNamespace("shop");
        request("POST", "/api/v1/namespaces/shop/configmaps",
                core::toText(core::JsonObject {{"apiVersion", "v1"},
                                               {"kind", "ConfigMap"},
                                               {"metadata", core::JsonObject {{"name", "foreign"}}},
                                               {"data", core::JsonObject {{"theirs", "1"}}}}));
        foreign = core::toCanonicalText(get(kForeign));
        EngineFixture::Files all = files("bad", kObjects);
        std::ranges::copy(files("good", 3), std::back_inserter(all));
        commit(all);
    }
    static bool isWriteOfBad(const core::HttpRequest& request)
    {
        return request.method != "GET"
            && request.target.find("/shop/configmaps/bad") != std::string::npos;
    }
    void addBoth()
    {
        add(application("bad"));
        add(application("good"));
    }
    bool converged()
    {
        return isSynced("bad") && isSynced("good") && state("bad")->health == core::Health::Healthy
            && isConnected();
    }
    bool isConnected()
    {
        return engine().snapshot()->cluster.connection == core::ClusterState::Connection::Connected;
    }
    /// "" when each object is there and nothing else was written.
    std::string damage()
    {
        std::string text;
        if (core::toCanonicalText(get(kForeign)) != foreign)
            text += "the foreign object was changed\n";
        for (const auto& [file, body] : files("bad", kObjects))
            if (!exists("/api/v1/namespaces/shop/configmaps/" + file.substr(4, file.size() - 9)))
                text += file + " is missing\n";
        for (const std::string& write : takeWrites())
            if (write.find("/shop/configmaps/bad") == write.npos
                && write.find("/shop/configmaps/good") == write.npos
                && write.find("/configmaps/wavewright-") == write.npos
                && !write.ends_with("/namespaces") && !write.ends_with("/namespaces/wavewright"))
                text += "written: " + write + "\n";
        return text;
    }
    std::string foreign;
};

} // namespace

class TestServerFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesOfOneApplication_data() { rows(); }
    void writesOfOneApplication();
    void everything_data() { rows(); }
    void everything();
    void inTheMiddleOfASync_data() { rows(); }
    void inTheMiddleOfASync();

private:
    static void rows()
    {
        QTest::addColumn<int>("number");
        for (std::size_t i = 0; i < troubles().size(); ++i)
            QTest::newRow(troubles()[i].name) << int(i);
    }
};

/// Only what one application writes is troubled.
void TestServerFaults::writesOfOneApplication()
{
    QFETCH(int, number);
    const Trouble& trouble = troubles()[std::size_t(number)];
    Shop f;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<Fault> {
        return Shop::isWriteOfBad(request) ? std::optional(trouble.fault) : std::nullopt;
    };
    f.addBoth();
    const bool is401 = trouble.fault.answer.status == 401; // which is about the connection
    // A silent server keeps what waits behind it until its answers are given up.
    const bool isSilent = trouble.fault.kind == Fault::Kind::Silence;
    if (!is401)
        QVERIFY2(f.runUntil([&] { return f.isSynced("good"); }, isSilent ? 3min : 1min),
                 shown(f, "good").c_str());
    if (trouble.says) {
        const auto isNamed = [&] {
            return shown(f, "bad").find(trouble.says) != std::string::npos;
        };
        QVERIFY2(f.runUntil(isNamed, 5min), shown(f, "bad").c_str());
        QVERIFY(!f.isSynced("bad"));
        if (!is401)
            QVERIFY(!f.condition("ComparisonError", "good"));
    }
    f.run(1min);
    f.fault = {};
    QVERIFY2(f.runUntil([&] { return f.converged(); }, 10min), shown(f, "bad").c_str());
    QCOMPARE(QString::fromStdString(f.damage()), QString());
}

/// The server does so to every request, from the first on: nothing but reads until it is well.
void TestServerFaults::everything()
{
    QFETCH(int, number);
    const Trouble& trouble = troubles()[std::size_t(number)];
    Shop f;
    f.takeWrites();
    f.fault = [&](const core::HttpRequest&) { return std::optional(trouble.fault); };
    f.restart();
    f.addBoth();
    const auto isNamed = [&] {
        return shown(f, "bad").find(trouble.saysDown) != std::string::npos
            && shown(f, "good").find(trouble.saysDown) != std::string::npos;
    };
    QVERIFY2(f.runUntil(isNamed, 3min), shown(f, "bad").c_str());
    QCOMPARE(f.engine().snapshot()->cluster.refused, trouble.fault.answer.status == 401);
    f.run(1min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QVERIFY(!f.isConnected());
    f.fault = {};
    QVERIFY2(f.runUntil([&] { return f.converged(); }, 10min), shown(f, "bad").c_str());
    QCOMPARE(QString::fromStdString(f.damage()), QString());
}

/// All was well until some of the writes were through; from then on every request is troubled.
void TestServerFaults::inTheMiddleOfASync()
{
    QFETCH(int, number);
    const Trouble& trouble = troubles()[std::size_t(number)];
    Shop f;
    int left = kObjects / 3;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<Fault> {
        if (left > 0 && Shop::isWriteOfBad(request))
            --left;
        return left > 0 ? std::nullopt : std::optional(trouble.fault);
    };
    f.addBoth();
    QVERIFY(f.runUntil([&] { return left == 0; }, 1min));
    f.run(2min);
    f.fault = {};
    QVERIFY2(f.runUntil([&] { return f.converged(); }, 10min), shown(f, "bad").c_str());
    QCOMPARE(QString::fromStdString(f.damage()), QString());
}

WW_TEST_CLASS(TestServerFaults)
#include "tst_serverfaults.moc"

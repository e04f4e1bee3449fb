// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/httpreader.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

/// Keeps handlers until a test answers them.
class SlowFetch : public HttpFetch
{
public:
    void fetch(core::HttpRequest request, Handler done) override
    {
        asked.push_back(request.target);
        handlers.push_back(std::move(done));
    }
    void answer(std::size_t request, const std::string& body)
    {
        handlers[request](core::HttpResponse {200, {}, body});
    }
    void fail(std::size_t request)
    {
        handlers[request](core::failure(core::ErrorCode::Network, "it is away"));
    }
    std::vector<std::string> asked;
    std::vector<Handler> handlers;
};

/// Two questions to the first server and one to the second; tells what was answered.
class ThreeQuestions : public HttpReader::Look
{
public:
    std::vector<HttpReader::Question> questions() override
    {
        std::vector<HttpReader::Question> out(3);
        out[0].request.target = "/a";
        out[1].request.target = "/b";
        out[2].request.target = "/c";
        out[2].server = 1;
        return out;
    }
    Reading take(HttpReader::Answers answers, const Subjects&) override
    {
        Reading out;
        for (const auto& each : answers)
            out.message += each ? each->body : "(" + each.error().message + ")";
        return out;
    }
};

class ThreeReader : public HttpReader
{
public:
    ThreeReader(std::vector<HttpFetchPtr> servers, core::WorkPool& pool)
        : HttpReader("three", std::chrono::seconds(7), std::make_shared<ThreeQuestions>(),
                     std::move(servers), pool)
    {
    }
    std::string type() const override { return "test"; }
};

struct Bench
{
    tests::ManualExecutor executor;
    tests::ManualWorkPool pool {executor};
    SlowFetch* first = new SlowFetch; // the reader's
    SlowFetch* second = new SlowFetch;
    std::unique_ptr<ThreeReader> reader;
    std::vector<std::string> readings;

    Bench()
    {
        std::vector<HttpFetchPtr> servers;
        servers.emplace_back(first);
        servers.emplace_back(second);
        reader = std::make_unique<ThreeReader>(std::move(servers), pool);
    }
    void look()
    {
        reader->read(std::make_shared<const Subjects>(),
                     [this](const Reading& reading) { readings.push_back(reading.message); });
    }
};

} // namespace

class TestHttpReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksAllAtOnce()
    {
        Bench bench;
        bench.look();
        QCOMPARE(bench.first->asked, (std::vector<std::string> {"/a", "/b"}));
        QCOMPARE(bench.second->asked, std::vector<std::string> {"/c"});
        QCOMPARE(bench.reader->name(), std::string("three"));
        QCOMPARE(bench.reader->interval(), std::chrono::milliseconds(7'000));
    }

    void readsOnceAllHaveAnswered()
    {
        Bench bench;
        bench.look();
        bench.second->answer(0, "C");
        bench.first->answer(1, "B");
        bench.executor.runUntilIdle();
        QVERIFY(bench.readings.empty());
        bench.first->answer(0, "A");
        QVERIFY(bench.readings.empty()); // not on the transport's thread
        bench.executor.runUntilIdle();
        QCOMPARE(bench.readings, std::vector<std::string> {"ABC"}); // in the questions' order
    }

    void oneThatFailsIsOneAnswer()
    {
        Bench bench;
        bench.look();
        bench.first->answer(0, "A");
        bench.first->fail(1);
        bench.second->answer(0, "C");
        bench.executor.runUntilIdle();
        QCOMPARE(bench.readings, std::vector<std::string> {"A(it is away)C"});
        bench.look();
        QCOMPARE(bench.first->asked.size(), std::size_t(4));
    }

    void aReaderThatIsGoneHarmsNobody()
    {
        Bench bench;
        bench.look();
        const auto handlers = bench.first->handlers;
        bench.reader.reset();
        handlers[0](core::HttpResponse {200, {}, "A"});
        bench.executor.runUntilIdle();
        QVERIFY(bench.readings.empty());
    }
};

WW_TEST_CLASS(TestHttpReader)
#include "tst_httpreader.moc"

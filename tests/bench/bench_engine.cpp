// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels of the real engine against a practice cluster in a process of its own, beside their
// limits, in one run:
//   bench_engine WAVEWRIGHT [first-sync|unchanged|heal]…      prints JSON lines; medians with
//   spread, no verdict
#include "core/base/http.h"
#include "core/object/manifest.h"
#include "gitops/cluster/curltransport.h"
#include "gitops/engine/reconcileengine.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/history/statestore.h"
#include "tests/bench/practiceprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace {

using bench::PracticeProcess;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

double cpuMilliseconds()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return double(time.tv_sec) * 1e3 + double(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

std::string spread(std::vector<double> values)
{
    std::ranges::sort(values);
    return fmt::format(R"({{"min": {:.3f}, "median": {:.3f}, "max": {:.3f}}})", values.front(),
                       values[values.size() / 2], values.back());
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Counts what goes through.
class CountingTransport : public gitops::Transport
{
public:
    explicit CountingTransport(gitops::Transport& inner)
        : m_inner(inner)
    {
    }
    CallId send(core::HttpRequest request, ResponseHandler done) override
    {
        ++requests;
        return m_inner.send(std::move(request), std::move(done));
    }
    CallId stream(core::HttpRequest request, StreamHandler handler) override
    {
        ++requests;
        return m_inner.stream(std::move(request), std::move(handler));
    }
    void cancel(CallId id) override { m_inner.cancel(id); }
    std::atomic<long> requests {0};

private:
    gitops::Transport& m_inner;
};

/// One tree in memory, always the newest revision.
class OneTree : public gitops::GitService
{
public:
    explicit OneTree(std::string yaml)
        : m_tree(gitops::makeMemoryTree({{"app/objects.yaml", std::move(yaml)}}))
    {
    }
    void resolve(const std::string&, const std::string&, const std::string&,
                 core::Executor& executor, Handler done) override
    {
        gitops::Revision revision;
        revision.commit.id = std::string(40, 'a');
        revision.tree = m_tree;
        executor.post([done = std::move(done), revision] { done(revision); });
    }

private:
    gitops::FileTreePtr m_tree;
};

std::string configMaps(int count)
{
    std::string out = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: bench\n";
    for (int i = 0; i < count; ++i)
        out += fmt::format(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{}\n  namespace: bench\n"
            "  labels:\n    app: bench\n    number: \"{}\"\ndata:\n  colour: red\n  text: {}\n",
            i, i, std::string(200, 'x'));
    return out;
}

/// A running engine over all that.
class Bench
{
public:
    Bench(const gitops::ClusterConnection& connection, std::string yaml)
        : curl(connection)
        , transport(curl)
        , git(std::move(yaml))
        , threads(1, "engine")
        , strand(threads.strand())
        , work(2, "work")
    {
        gitops::EngineOptions options;
        options.server = connection.server;
        options.practice = true;
        engine = std::make_unique<gitops::ReconcileEngine>(
            gitops::ReconcileEngine::Dependencies {*strand, work, transport, git, store},
            std::move(options));
        subscription = engine->subscribe([this](const core::Event& event) {
            // Snapshots are asked for: kept, they would keep every state that ever was.
            if (!std::holds_alternative<core::event::SnapshotPublished>(event.what)) {
                const std::lock_guard lock(mutex);
                events.push_back(event);
            }
            changed.notify_all();
        });
        core::Application application;
        application.name = "bench";
        application.source.repoUrl = "/nowhere";
        application.source.path = "app";
        application.destinationNamespace = "bench";
        application.automated = application.selfHeal = application.prune = true;
        engine->submit(core::command::AddApplication {application});
    }

    core::ApplicationStatePtr state() const
    {
        const auto snapshot = engine->snapshot();
        const auto found = snapshot->applications.find("bench");
        return found == snapshot->applications.end() ? nullptr : found->second;
    }

    template<class Condition>
    void waitFor(Condition condition)
    {
        std::unique_lock lock(mutex);
        while (!condition())
            changed.wait_for(lock, std::chrono::milliseconds(5));
    }

    /// When the first event of a type that fits came, counted from the events seen so far.
    template<class What, class Fits>
    void waitForEvent(std::size_t from, Fits fits)
    {
        waitFor([&] {
            for (std::size_t i = from; i < events.size(); ++i)
                if (const auto* what = std::get_if<What>(&events[i].what); what && fits(*what))
                    return true;
            return false;
        });
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<core::Event> events; ///< guarded by mutex
    gitops::CurlTransport curl;
    CountingTransport transport;
    OneTree git;
    gitops::ThreadPool threads;
    std::shared_ptr<core::Executor> strand;
    gitops::ThreadWorkPool work;
    gitops::MemoryStateStore store;
    std::unique_ptr<gitops::ReconcileEngine> engine;
    std::unique_ptr<gitops::Subscription> subscription;
};

bool isSynced(const Bench& bench)
{
    const auto state = bench.state();
    return state && state->sync == core::SyncState::Synced && state->operation
        && core::isCompleted(state->operation->phase);
}

/// Sends the same bodies over as many streams at once as the engine does; returns milliseconds.
double loadGenerator(const gitops::ClusterConnection& connection, int count, int streams)
{
    gitops::CurlTransport transport(connection);
    std::mutex mutex;
    std::condition_variable done;
    int next = 0;
    int answered = 0;
    std::function<void()> sendNext = [&] {
        int i = 0;
        {
            const std::lock_guard lock(mutex);
            if (next == count)
                return;
            i = next++;
        }
        core::HttpRequest request;
        request.method = "PATCH";
        request.target =
            fmt::format("/api/v1/namespaces/bench/configmaps/l{}?fieldManager=load&force=true", i);
        request.headers = {{"Content-Type", "application/apply-patch+yaml"}};
        request.body = fmt::format(
            R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"l{}","namespace":"bench","labels":{{"app":"bench","number":"{}"}},"annotations":{{"wavewright.dev/tracking-id":"load:/ConfigMap:bench/l{}"}}}},"data":{{"colour":"red","text":"{}"}}}})",
            i, i, i, std::string(200, 'x'));
        transport.send(std::move(request), [&](core::Result<core::HttpResponse>) {
            {
                const std::lock_guard lock(mutex);
                ++answered;
            }
            done.notify_all();
            sendNext();
        });
    };
    const auto start = Clock::now();
    for (int i = 0; i < streams; ++i)
        sendNext();
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return answered == count; });
    return Milliseconds(Clock::now() - start).count();
}

void benchFirstSync(const std::string& program)
{
    constexpr int kObjects = 1000;
    std::vector<double> ours;
    std::vector<double> limit;
    for (int round = 0; round < 3; ++round) {
        const PracticeProcess practice(program);
        Bench bench(practice.connection(), configMaps(kObjects));
        bench.waitFor([&] { return isSynced(bench); });
        const auto operation = bench.state()->operation;
        ours.push_back(Milliseconds(*operation->finishedAt - operation->startedAt).count());
        limit.push_back(loadGenerator(practice.connection(), kObjects, 20));
    }
    std::printf(
        R"({"bench": "first-sync", "objects": %d, "milliseconds": %s, "loadGenerator": %s, "ratio": %.2f, "atMost": 1.5})"
        "\n",
        kObjects, spread(ours).c_str(), spread(limit).c_str(), median(ours) / median(limit));
}

void benchUnchanged(const std::string& program)
{
    constexpr int kObjects = 10'000;
    const PracticeProcess practice(program);
    Bench bench(practice.connection(), configMaps(kObjects));
    bench.waitFor([&] { return isSynced(bench); });
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::vector<double> cpu;
    const long requests = bench.transport.requests;
    for (int round = 0; round < 7; ++round) {
        const auto before = bench.state()->lastReconciled;
        const double start = cpuMilliseconds();
        bench.engine->submit(core::command::Refresh {"bench", false});
        bench.waitFor([&] { return bench.state()->lastReconciled != before; });
        cpu.push_back(cpuMilliseconds() - start);
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    }
    malloc_trim(0);
    std::printf(
        R"({"bench": "unchanged", "objects": %d, "cpuMilliseconds": %s, "requests": %ld, "atMost": 20, "residentKiB": %ld, "residentAtMostKiB": 153600})"
        "\n",
        kObjects, spread(cpu).c_str(), bench.transport.requests - requests,
        ::bench::memoryKiB("VmRSS"));
}

void benchHeal(const std::string& program)
{
    constexpr int kObjects = 60;
    const PracticeProcess practice(program);
    Bench bench(practice.connection(), configMaps(kObjects));
    bench.waitFor([&] { return isSynced(bench); });
    gitops::CurlTransport foreign(practice.connection());
    std::vector<double> heals;
    std::vector<double> bare;
    for (int i = 0; i < kObjects; ++i) {
        core::HttpRequest request;
        request.method = "PATCH";
        request.target =
            fmt::format("/api/v1/namespaces/bench/configmaps/c{}?fieldManager=foreign", i);
        request.headers = {{"Content-Type", "application/merge-patch+json"}};
        request.body = R"({"data":{"colour":"blue"}})";
        std::size_t from = 0;
        {
            const std::lock_guard lock(bench.mutex);
            from = bench.events.size();
        }
        std::mutex mutex;
        std::condition_variable arrived;
        bool answered = false;
        Clock::time_point acknowledged;
        const auto sent = Clock::now();
        foreign.send(std::move(request), [&](core::Result<core::HttpResponse>) {
            const std::lock_guard lock(mutex);
            acknowledged = Clock::now();
            answered = true;
            arrived.notify_all();
        });
        {
            std::unique_lock lock(mutex);
            arrived.wait(lock, [&] { return answered; });
        }
        bench.waitForEvent<core::event::DriftHealed>(from, [](const auto&) { return true; });
        bare.push_back(Milliseconds(acknowledged - sent).count());
        heals.push_back(std::max(0.0, Milliseconds(Clock::now() - acknowledged).count()));
    }
    std::printf(
        R"({"bench": "heal", "milliseconds": %s, "barePatch": %s, "ratio": %.2f, "atMost": 5})"
        "\n",
        spread(heals).c_str(), spread(bare).c_str(), median(heals) / median(bare));
}

} // namespace

int main(int argc, char** argv)
{
    mallopt(M_ARENA_MAX, 2);
    if (argc < 2) {
        std::fprintf(stderr, "bench_engine WAVEWRIGHT [first-sync|unchanged|heal]...\n");
        return 64;
    }
    const std::vector<std::string> wanted(argv + 2, argv + argc);
    const auto isWanted = [&](const char* name) {
        return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
    };
    if (isWanted("first-sync"))
        benchFirstSync(argv[1]);
    if (isWanted("heal"))
        benchHeal(argv[1]);
    if (isWanted("unchanged"))
        benchUnchanged(argv[1]);
    return 0;
}

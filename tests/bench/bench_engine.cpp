// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels of the real engine against practice clusters in processes of their own, beside their
// limits and beside kubectl, in one run:
//   bench_engine WAVEWRIGHT [first-sync|slow-sync|one-sync|heal|unchanged|resident|kubectl-diff]...
// prints JSON lines: medians with spread, no verdict
#include "core/base/http.h"
#include "tests/bench/runningengine.h"
#include "tests/bench/slowline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <malloc.h>
#include <sys/resource.h>
#include <thread>

namespace {

using namespace bench;

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kObjects = 1000; ///< of a first sync
constexpr int kStreams = 20;

/// Of this process, which is the engine's alone: clusters are processes of their own.
double cpuMilliseconds()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return double(time.tv_sec) * 1e3 + double(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::string spread(std::vector<double> values)
{
    std::ranges::sort(values);
    return fmt::format(R"({{"min": {:.3f}, "median": {:.3f}, "max": {:.3f}}})", values.front(),
                       median(values), values.back());
}

void print(const std::string& line)
{
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

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

core::HttpRequest applyRequest(const std::string& target, std::string body)
{
    core::HttpRequest request;
    request.method = "PATCH";
    request.target = target + "?fieldManager=wavewright&force=true&fieldValidation=Warn";
    request.headers = {{"Accept", "application/json"},
                       {"Content-Type", "application/apply-patch+yaml"}};
    request.body = std::move(body);
    return request;
}

struct Load
{
    double milliseconds = 0;
    long bodyBytes = 0;
};

/// Sends what the engine sends for the same objects, over as many streams, and does nothing else.
class LoadGenerator
{
public:
    LoadGenerator(const gitops::ClusterConnection& connection, int count)
        : m_count(count)
        , m_transport(connection)
    {
    }

    Load run()
    {
        send(applyRequest("/api/v1/namespaces/bench",
                          R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"bench"}})"),
             [] { });
        wait(1);
        m_answered = 0;
        const auto start = Clock::now();
        for (int i = 0; i < kStreams; ++i)
            sendNext();
        wait(m_count);
        return {Milliseconds(Clock::now() - start).count(), m_bytes};
    }

private:
    void send(core::HttpRequest request, std::function<void()> next)
    {
        m_transport.send(std::move(request), [this, next](core::Result<core::HttpResponse>) {
            next();
            const std::lock_guard lock(m_mutex);
            ++m_answered;
            m_done.notify_all();
        });
    }
    void sendNext()
    {
        const int i = m_next++;
        if (i >= m_count)
            return;
        core::HttpRequest request = applyRequest(
            fmt::format("/api/v1/namespaces/bench/configmaps/c{}", i),
            fmt::format(
                R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"c{}","namespace":"bench","labels":{{"app":"bench","number":"{}"}},"annotations":{{"wavewright.dev/tracking-id":"bench:/ConfigMap:bench/c{}"}}}},"data":{{"colour":"red","text":"{}"}}}})",
                i, i, i, std::string(200, 'x')));
        m_bytes += long(request.body.size());
        send(std::move(request), [this] { sendNext(); });
    }
    void wait(int count)
    {
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [&] { return m_answered == count; });
    }

    const int m_count;
    std::mutex m_mutex;
    std::condition_variable m_done;
    std::atomic<int> m_next {0};
    std::atomic<long> m_bytes {0};
    int m_answered = 0; ///< guarded by m_mutex
    gitops::CurlTransport m_transport; ///< goes first: its callbacks use what is above
};

double kubectlMilliseconds(const SlowPractice& practice, const char* verb, int expected = 0)
{
    const std::string file = practice.folder() + "/objects.yaml";
    std::ofstream(file) << configMaps(kObjects);
    const auto start = Clock::now();
    const int code = bench::waitFor(bench::start(
        {"kubectl", "--kubeconfig", practice.kubeconfig(), verb, "--server-side", "-f", file}));
    if (code != expected)
        std::fprintf(stderr, "kubectl %s ended with %d\n", verb, code);
    return Milliseconds(Clock::now() - start).count();
}

/// The three beside each other, each on a fresh cluster, in turn.
void benchFirstSync(const std::string& program, const char* name, std::chrono::milliseconds latency,
                    int rounds)
{
    std::vector<double> ours;
    std::vector<double> cpu;
    std::vector<double> limit;
    std::vector<double> limitCpu;
    std::vector<double> kubectl;
    long ourBytes = 0;
    long loadBytes = 0;
    for (int round = 0; round < rounds; ++round) {
        {
            const SlowPractice practice(program, latency);
            const double before = cpuMilliseconds();
            RunningEngine running(practice.connection(), configMaps(kObjects));
            running.waitFor([&] { return running.isSynced(); });
            cpu.push_back(cpuMilliseconds() - before);
            const auto operation = running.state()->operation;
            ours.push_back(Milliseconds(*operation->finishedAt - operation->startedAt).count());
            ourBytes = running.transport.bodyBytes;
        }
        {
            const SlowPractice practice(program, latency);
            const double before = cpuMilliseconds();
            const Load load = LoadGenerator(practice.connection(), kObjects).run();
            limitCpu.push_back(cpuMilliseconds() - before);
            limit.push_back(load.milliseconds);
            loadBytes = load.bodyBytes;
        }
        const SlowPractice practice(program, latency);
        kubectl.push_back(kubectlMilliseconds(practice, "apply"));
    }
    print(fmt::format(
        R"({{"bench": "{}", "objects": {}, "latencyMs": {}, "milliseconds": {}, "cpuMilliseconds": {}, "loadGenerator": {}, "loadGeneratorCpuMilliseconds": {}, "ratio": {:.2f}, "atMost": 1.5, "kubectlApply": {}, "kubectlRatio": {:.2f}, "bodyBytes": {}, "loadGeneratorBodyBytes": {}}})",
        name, kObjects, latency.count(), spread(ours), spread(cpu), spread(limit), spread(limitCpu),
        median(ours) / median(limit), spread(kubectl), median(kubectl) / median(ours), ourBytes,
        loadBytes));
}

/// The engine's part of a first sync alone, once, for a profiler.
void benchOneSync(const std::string& program)
{
    const PracticeProcess practice(program);
    const double before = cpuMilliseconds();
    RunningEngine running(practice.connection(), configMaps(kObjects));
    running.waitFor([&] { return running.isSynced(); });
    const auto operation = running.state()->operation;
    print(fmt::format(
        R"({{"bench": "one-sync", "objects": {}, "milliseconds": {:.1f}, "cpuMilliseconds": {:.1f}}})",
        kObjects, Milliseconds(*operation->finishedAt - operation->startedAt).count(),
        cpuMilliseconds() - before));
}

void benchKubectlDiff(const std::string& program)
{
    for (const std::chrono::milliseconds latency :
         {std::chrono::milliseconds(0), std::chrono::milliseconds(5)}) {
        const SlowPractice practice(program, latency);
        kubectlMilliseconds(practice, "apply");
        print(fmt::format(
            R"({{"bench": "kubectl-diff", "objects": {}, "latencyMs": {}, "milliseconds": {:.0f}}})",
            kObjects, latency.count(), kubectlMilliseconds(practice, "diff")));
    }
}

/// CPU of a whole reconcile and what it leaves to do, less what the same time costs at rest.
void benchUnchanged(const std::string& program)
{
    constexpr int kUnchanged = 10'000;
    constexpr std::chrono::milliseconds kWindow {1000};
    const PracticeProcess practice(program);
    RunningEngine running(practice.connection(), configMaps(kUnchanged));
    running.waitFor([&] { return running.isSynced(); });
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::vector<double> cpu;
    std::vector<double> idle;
    int missed = 0;
    const long requests = running.transport.requests;
    const long leases = running.transport.leases;
    const long saves = running.store.saves;
    for (int round = 0; round < 7; ++round) {
        double start = cpuMilliseconds();
        std::this_thread::sleep_for(kWindow);
        idle.push_back(cpuMilliseconds() - start);
        const auto before = running.state()->lastReconciled;
        start = cpuMilliseconds();
        running.engine->submit(core::command::Refresh {"bench", false});
        std::this_thread::sleep_for(kWindow);
        cpu.push_back(cpuMilliseconds() - start - idle.back());
        missed += running.state()->lastReconciled == before ? 1 : 0;
    }
    print(fmt::format(
        R"({{"bench": "unchanged", "objects": {}, "cpuMilliseconds": {}, "atMost": 20, "idleCpuMilliseconds": {}, "reconciles": {}, "missed": {}, "requests": {}, "leaseRequests": {}, "saves": {}}})",
        kUnchanged, spread(cpu), spread(idle), cpu.size(), missed,
        running.transport.requests - requests, running.transport.leases - leases,
        running.store.saves - saves));
}

/// Of a whole "wavewright run" beside its cluster, after a first sync.
void benchResident(const std::string& program)
{
    constexpr int kLive = 10'000;
    const PracticeProcess practice(program);
    const std::filesystem::path folder = practice.folder();
    std::filesystem::create_directories(folder / "objects");
    std::ofstream(folder / "objects/objects.yaml") << configMaps(kLive);
    std::ofstream(folder / "application.yaml") << fmt::format(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {{name: bench, namespace: argocd}}\nspec:\n  project: default\n"
        "  source: {{repoURL: \"dir://{}\", path: ., targetRevision: HEAD}}\n"
        "  destination: {{server: https://kubernetes.default.svc, namespace: bench}}\n"
        "  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}\n",
        (folder / "objects").string());
    const std::string state = folder / "run";
    const pid_t process = bench::start({program, "run", "-f", folder / "application.yaml",
                                        "--kubeconfig", practice.kubeconfig(), "--state", state});
    bool isSynced = false;
    for (int second = 0; second < 300 && !isSynced; ++second) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        isSynced = bench::waitFor(bench::start({program, "status", "--state", state})) == 0;
    }
    std::this_thread::sleep_for(std::chrono::seconds(5));
    const std::string pid = std::to_string(process);
    print(fmt::format(
        R"({{"bench": "resident", "objects": {}, "synced": {}, "residentKiB": {}, "atMostKiB": 153600, "highestKiB": {}}})",
        kLive, isSynced, memoryKiB("VmRSS", pid), memoryKiB("VmHWM", pid)));
    kill(process, SIGTERM);
    bench::waitFor(process);
}

void benchHeal(const std::string& program)
{
    constexpr int kDrifts = 60;
    const PracticeProcess practice(program);
    RunningEngine running(practice.connection(), configMaps(kDrifts));
    running.waitFor([&] { return running.isSynced(); });
    std::mutex mutex;
    std::condition_variable arrived;
    bool answered = false;
    Clock::time_point acknowledged;
    gitops::CurlTransport foreign(practice.connection());
    std::vector<double> heals;
    std::vector<double> bare;
    for (int i = 0; i < kDrifts; ++i) {
        core::HttpRequest request;
        request.method = "PATCH";
        request.target =
            fmt::format("/api/v1/namespaces/bench/configmaps/c{}?fieldManager=foreign", i);
        request.headers = {{"Content-Type", "application/merge-patch+json"}};
        request.body = R"({"data":{"colour":"blue"}})";
        std::size_t from = 0;
        {
            const std::lock_guard lock(running.mutex);
            from = running.events.size();
        }
        const auto sent = Clock::now();
        foreign.send(std::move(request), [&](core::Result<core::HttpResponse>) {
            const std::lock_guard lock(mutex);
            acknowledged = Clock::now();
            answered = true;
            arrived.notify_all();
        });
        {
            std::unique_lock lock(mutex);
            arrived.wait(lock, [&] { return std::exchange(answered, false); });
        }
        running.waitForEvent<core::event::DriftHealed>(from);
        bare.push_back(Milliseconds(acknowledged - sent).count());
        heals.push_back(std::max(0.0, Milliseconds(Clock::now() - acknowledged).count()));
    }
    print(fmt::format(
        R"({{"bench": "heal", "milliseconds": {}, "barePatch": {}, "ratio": {:.2f}, "atMost": 5}})",
        spread(heals), spread(bare), median(heals) / median(bare)));
}

} // namespace

int main(int argc, char** argv)
{
    mallopt(M_ARENA_MAX, 2);
    if (argc < 2) {
        std::fprintf(stderr,
                     "bench_engine WAVEWRIGHT "
                     "[first-sync|slow-sync|one-sync|heal|unchanged|resident|kubectl-diff]...\n");
        return 64;
    }
    const std::string program = argv[1];
    const std::vector<std::string> wanted(argv + 2, argv + argc);
    const auto isWanted = [&](const char* name) {
        return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
    };
    if (isWanted("first-sync"))
        benchFirstSync(program, "first-sync", std::chrono::milliseconds(0), 5);
    if (isWanted("slow-sync"))
        benchFirstSync(program, "slow-sync", std::chrono::milliseconds(5), 3);
    if (isWanted("one-sync"))
        benchOneSync(program);
    if (isWanted("heal"))
        benchHeal(program);
    if (isWanted("unchanged"))
        benchUnchanged(program);
    if (isWanted("resident"))
        benchResident(program);
    if (isWanted("kubectl-diff"))
        benchKubectlDiff(program);
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The live state by itself, in a process of its own, against a practice cluster in another:
//   bench_livestate [COUNT]…     prints a JSON line for each count (10000 and 50000)
// Time until all kinds are complete beside curl reading the same lists; memory then, and at most.
#include "gitops/cluster/curltransport.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/health/health.h"
#include "gitops/practice/practicecluster.h"
#include "tests/bench/practiceprocess.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <malloc.h>
#include <mutex>

namespace {

using Clock = std::chrono::steady_clock;

struct Kind
{
    gitops::ApiResource resource;
    int share = 0; ///< of a hundred objects
    std::string body; ///< after metadata
};

gitops::ApiResource resource(const char* group, const char* kind, const char* plural)
{
    gitops::ApiResource out;
    out.kind = {group, "v1", kind};
    out.plural = plural;
    out.namespaced = true;
    out.verbs = {"get", "list", "watch"};
    return out;
}

const char* const kPodSpec =
    R"("spec":{"containers":[{"name":"app","image":"registry.example/web/frontend:1.27.3",
"ports":[{"name":"http","containerPort":8080}],"env":[{"name":"LOG_LEVEL","value":"info"},
{"name":"POD","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
"resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
"readinessProbe":{"httpGet":{"path":"/ready","port":"http"}},
"volumeMounts":[{"name":"config","mountPath":"/etc/app"}]}],
"volumes":[{"name":"config","configMap":{"name":"settings"}}],"serviceAccountName":"default"})";

std::vector<Kind> kinds()
{
    const std::string text(400, 'x');
    const std::string workload =
        std::string(R"(,"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},)"
                    R"("template":{"metadata":{"labels":{"app":"web"}},)")
        + kPodSpec + "}}";
    return {
        {resource("apps", "ReplicaSet", "replicasets"), 15, workload},
        {resource("", "Pod", "pods"), 35, std::string(",") + kPodSpec},
        {resource("", "ConfigMap", "configmaps"), 20, R"(,"data":{"settings":")" + text + "\"}"},
        {resource("apps", "Deployment", "deployments"), 5, workload},
        {resource("", "Service", "services"), 10,
         R"(,"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80}]})"},
        {resource("", "Secret", "secrets"), 10, R"(,"stringData":{"key":")" + text + "\"}"},
        {resource("", "ServiceAccount", "serviceaccounts"), 5, ""},
    };
}

/// A fifth of what nobody owns is managed by an application, so that its manifest is kept.
std::string bodyOf(const Kind& kind, int number, const std::string& owner)
{
    const auto& gvk = kind.resource.kind;
    const std::string name = fmt::format("frontend-6d4cf56db6-{}", number);
    const bool isOwned = kind.resource.plural == "pods";
    const std::string tracking = isOwned
        ? fmt::format(
              R"(,"ownerReferences":[{{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"frontend-6d4cf56db6","uid":"{}","controller":true,"blockOwnerDeletion":true}}])",
              owner)
        : number % 5
        ? ""
        : fmt::format(R"(,"annotations":{{"wavewright.dev/tracking-id":"shop:{}/{}:bench/{}"}})",
                      gvk.group, gvk.kind, name);
    return fmt::format(
        R"({{"apiVersion":"{}","kind":"{}","metadata":{{"name":"{}","namespace":"bench","labels":{{"app":"web","app.kubernetes.io/part-of":"shop","number":"{}"}}{}}}{}}})",
        gvk.apiVersion(), gvk.kind, name, number, tracking, kind.body);
}

const char* const kPodStatus =
    R"("status":{"phase":"Running","hostIP":"10.0.0.7","podIP":"10.1.2.3","qosClass":"Burstable",
"startTime":"2026-01-01T00:00:00Z","conditions":[
{"type":"Initialized","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},
{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:09Z"},
{"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-01T00:00:09Z"},
{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}],
"containerStatuses":[{"name":"app","ready":true,"restartCount":0,"started":true,
"image":"registry.example/web/frontend:1.27.3","imageID":"registry.example/web/frontend@sha256:
4c1c50d0ffc614f90b93b07d778028dc765548e823f676fb027f61d281ac380d",
"containerID":"containerd://4c1c50d0ffc614f90b93b07d778028dc765548e823f676fb027f61d281ac380d",
"state":{"running":{"startedAt":"2026-01-01T00:00:08Z"}}}]})";

std::string withoutLineEnds(std::string text)
{
    std::erase(text, '\n');
    return text;
}

/// One write, past the network; the answer's object.
core::Json write(gitops::practice::ApiServer& server, const char* method, std::string target,
                 std::string body)
{
    core::HttpRequest request;
    request.method = method;
    request.target = std::move(target);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = withoutLineEnds(std::move(body));
    const core::HttpResponse answer = server.handle(request);
    if (answer.status >= 300) {
        std::fprintf(stderr, "%s\n", answer.body.c_str());
        std::exit(1);
    }
    return core::parseJson(answer.body).value();
}

/// Serves count objects until it is killed; the kubeconfig is there once all are.
int serve(const std::string& kubeconfig, int count)
{
    auto cluster = gitops::practice::PracticeCluster::start({.behaviours = false});
    if (!cluster)
        return 2;
    (*cluster)->run([&](gitops::practice::ApiServer& server) {
        write(server, "POST", "/api/v1/namespaces",
              R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"bench"}})");
        int number = 0;
        std::string owner;
        for (const Kind& kind : kinds()) {
            const std::string target = kind.resource.path("bench", {}) + "?fieldManager=bench";
            for (int i = 0; i < count * kind.share / 100; ++i) {
                const core::Json made =
                    write(server, "POST", target, bodyOf(kind, number++, owner));
                if (kind.resource.plural == "replicasets")
                    owner = core::stringAt(made, {"metadata", "uid"});
                if (kind.resource.plural != "pods")
                    continue;
                std::string text = core::toText(made);
                text = text.substr(0, text.find(",\"status\":")) + "," + kPodStatus + "}";
                write(server, "PUT",
                      kind.resource.path("bench",
                                         std::string(core::stringAt(made, {"metadata", "name"})))
                          + "/status?fieldManager=kubelet",
                      text);
            }
        }
    });
    std::ofstream(kubeconfig + ".new") << (*cluster)->kubeconfig();
    std::filesystem::rename(kubeconfig + ".new", kubeconfig);
    while (true)
        pause();
}

/// Lists and watches everything, and says what that took.
int measure(const std::string& kubeconfig, bool streamsLists)
{
    const auto begin = Clock::now();
    gitops::CurlTransport transport(bench::connectionOf(kubeconfig));
    gitops::ThreadPool threads(1, "engine");
    const auto strand = threads.strand();
    const long before = bench::memoryKiB("VmRSS");
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t complete = 0;
    std::size_t objects = 0;
    std::unique_ptr<gitops::ApiClient> client;
    std::unique_ptr<gitops::LiveState> live;
    strand->post([&] {
        client = std::make_unique<gitops::ApiClient>(transport, *strand);
        live = std::make_unique<gitops::LiveState>(
            *client, *strand, &gitops::assessHealth,
            gitops::LiveState::Options {.streamsLists = streamsLists});
        live->setKnowledgeObserver([&](const core::GroupKind&, gitops::KindKnowledge knowledge) {
            const std::lock_guard lock(mutex);
            complete += knowledge == gitops::KindKnowledge::Complete;
            objects = live->size();
            changed.notify_all();
        });
        for (const Kind& kind : kinds())
            live->watch(kind.resource);
    });
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return complete == kinds().size(); });
    }
    const double milliseconds =
        std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    const long untrimmed = bench::memoryKiB("VmRSS");
    malloc_trim(0);
    const long after = bench::memoryKiB("VmRSS");
    std::printf(
        R"({"bench": "live-state", "by": "%s", "objects": %zu, "milliseconds": %.0f, "residentKiB": %ld, "untrimmedKiB": %ld, "peakKiB": %ld, "emptyKiB": %ld, "bytesAnObject": %.0f, "residentAtMostKiB": 153600, "bytesAnObjectAtMost": 1536})"
        "\n",
        streamsLists ? "watch" : "pages", objects, milliseconds, after, untrimmed,
        bench::memoryKiB("VmHWM"), before,
        double(after - before) * 1024 / double(std::max<std::size_t>(objects, 1)));
    std::fflush(stdout);
    strand->post([&] {
        live.reset();
        client.reset();
        const std::lock_guard lock(mutex);
        complete = 0;
        changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return complete == 0; });
    return 0;
}

/// One curl that reads the lists one after the other, as the API server gives them without pages.
double curlMilliseconds(const std::string& folder)
{
    const gitops::ClusterConnection connection = bench::connectionOf(folder + "/kubeconfig");
    const std::string config = folder + "/curl";
    const std::string authority = folder + "/ca.crt";
    std::ofstream(authority) << connection.caPem;
    {
        std::ofstream out(config);
        out << "silent\ncacert = \"" << authority << "\"\nheader = \"Authorization: Bearer "
            << connection.token.reveal() << "\"\n";
        for (const Kind& kind : kinds())
            out << "url = \"" << connection.server << kind.resource.path({}, {})
                << "\"\noutput = \"/dev/null\"\n";
    }
    const auto begin = Clock::now();
    if (bench::waitFor(bench::start({"curl", "-K", config})) != 0)
        std::fprintf(stderr, "curl failed\n");
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

int run(int count)
{
    const std::string folder =
        std::filesystem::temp_directory_path() / fmt::format("wavewright-bench-{}", getpid());
    std::filesystem::create_directories(folder);
    const std::string kubeconfig = folder + "/kubeconfig";
    std::filesystem::remove(kubeconfig);
    const pid_t server =
        bench::start({"/proc/self/exe", "--serve", kubeconfig, std::to_string(count)});
    int status = 0;
    while (!std::filesystem::exists(kubeconfig) && waitpid(server, &status, WNOHANG) == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (int round = 0; round < 3 && std::filesystem::exists(kubeconfig); ++round) {
        std::printf(R"({"bench": "live-state-curl", "milliseconds": %.0f})"
                    "\n",
                    curlMilliseconds(folder));
        std::fflush(stdout);
        for (const char* const by : {"pages", "watch"}) {
            // A process of its own for every figure, which prints it.
            const pid_t pid = fork();
            if (pid == 0) {
                execl("/proc/self/exe", "bench_livestate", "--measure", kubeconfig.c_str(), by,
                      nullptr);
                _exit(2);
            }
            bench::waitFor(pid);
        }
    }
    kill(server, SIGKILL);
    bench::waitFor(server);
    std::filesystem::remove_all(folder);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    mallopt(M_ARENA_MAX, 2); // as the programs do
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "--serve")
        return serve(words[1], std::atoi(words[2].c_str()));
    if (words.size() == 3 && words[0] == "--measure")
        return measure(words[1], words[2] == "watch");
    std::vector<int> counts;
    for (const std::string& word : words)
        counts.push_back(std::atoi(word.c_str()));
    if (counts.empty())
        counts = {10'000, 50'000};
    for (const int count : counts)
        if (const int result = run(count))
            return result;
    return 0;
}

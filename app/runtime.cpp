// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/runtime.h"

#include "app/applicationfiles.h"
#include "app/console.h"
#include "app/livefigures.h"
#include "app/practiceoptions.h"
#include "app/settings.h"
#include "app/statefolders.h"
#include "app/terraformfiles.h"
#include "core/base/digest.h"
#include "gitops/application/destination.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/kubeconfig.h"
#include "gitops/cluster/renewingtransport.h"
#include "gitops/engine/reconcileengine.h"
#include "gitops/engine/scriptchild.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/git/libgit2service.h"
#include "gitops/git/remotefetcher.h"
#include "gitops/history/filestatestore.h"
#include "gitops/history/journal.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <thread>
#include <unistd.h>

namespace app {

std::string stateFolderOf(const Options& options)
{
    return options.stateFolder + "/engine";
}

gitops::practice::PracticeCluster::Options practiceOptions(const Options& options)
{
    gitops::practice::PracticeCluster::Options practice;
    practice.folder = std::filesystem::path(options.stateFolder) / "practice";
    practice.port = std::uint16_t(options.port);
    practice.fresh = options.fresh;
    practice.delayFactor = options.practiceDelay;
    practice.behaviours = options.behaviours;
    practice.kubeconfig = options.practiceKubeconfig.empty()
        ? practice.folder / "kubeconfig"
        : std::filesystem::path(options.practiceKubeconfig);
    return practice;
}

namespace {

/// A source is asked at its own pace while somebody looks once a minute; so soon is it about what
/// applications have brought by then.
constexpr std::chrono::seconds kMeasure {15};

/// What is wrong with them is no reason not to reconcile.
void takeLayers(const Options& options, gitops::EngineOptions& to)
{
    auto layers = terraformLayers(options);
    if (layers)
        to.terraform = std::move(*layers);
    else
        printError(layers.error().text());
}

} // namespace

/// Members are destroyed from the last to the first: the engine before all that it uses.
struct Runtime::Private
{
    std::vector<core::Application> roots;
    std::vector<gitops::Project> projects;
    std::optional<gitops::Customizations> customizations;
    gitops::ClusterConnection connection;
    std::string controlNamespace; ///< "": the default
    std::vector<gitops::KnownCluster> clusters;
    std::vector<gitops::InsteadOf> insteadOf;
    std::string practiceKubeconfig;
    std::unique_ptr<gitops::practice::PracticeCluster> practice;
    std::unique_ptr<gitops::ThreadPool> threads;
    std::shared_ptr<core::Executor> strand;
    std::unique_ptr<gitops::ThreadWorkPool> work;
    std::unique_ptr<gitops::StateStore> store;
    std::unique_ptr<gitops::Journal> journal;
    gitops::KubeconfigSource kubeconfigSource;
    std::unique_ptr<gitops::Transport> transport;
    std::unique_ptr<gitops::LibGit2Service> git;
    std::unique_ptr<gitops::RemoteFetcher> remotes;
    std::unique_ptr<LiveFigures> figures;
    std::unique_ptr<gitops::ScriptRunner> scripts;
    std::unique_ptr<gitops::ReconcileEngine> engine;
    std::unique_ptr<gitops::Subscription> keepingJournal;

    ~Private()
    {
        if (!engine)
            return;
        // Leases are given back, so that the next Wavewright need not wait; a dead cluster does not
        // hold us up.
        auto released = std::make_shared<std::promise<void>>();
        auto done = released->get_future();
        engine->release([released] { released->set_value(); });
        done.wait_for(std::chrono::seconds(2));
        keepingJournal.reset();
        engine.reset();
        // The engine is taken down on its strand; all that it uses stays until that is done.
        auto gone = std::make_shared<std::promise<void>>();
        auto isGone = gone->get_future();
        strand->post([gone] { gone->set_value(); });
        isGone.wait();
    }

    bool measures = false; ///< somebody named where figures come from

    core::Result<void> connect(const Options& options);
    core::Result<void> openStore(const Options& options, Access access);
    void startGit(const Options& options, const Settings& settings);
    void startEngine(const Options& options, Access access);
    bool accepts(const core::Application& application) const;
};

core::Result<void> Runtime::Private::connect(const Options& options)
{
    gitops::KubeconfigSource source = gitops::KubeconfigSource::fromEnvironment();
    if (!options.kubeconfig.empty())
        source.explicitPath = options.kubeconfig;
    if (options.practice) {
        const auto practiceStart = practiceOptions(options);
        practiceKubeconfig = practiceStart.kubeconfig.string();
        auto started = gitops::practice::PracticeCluster::start(practiceStart);
        if (!started)
            return std::unexpected(started.error());
        practice = std::move(*started);
        source.explicitPath = practiceKubeconfig;
    }
    kubeconfigSource = source;
    const auto kubeconfig = gitops::Kubeconfig::load(source);
    if (!kubeconfig)
        return std::unexpected(kubeconfig.error());
    auto resolved = kubeconfig->connection(options.practice ? "" : options.context);
    if (!resolved) {
        if (!practice && options.kubeconfig.empty() && kubeconfig->contexts().empty())
            return core::failure(core::ErrorCode::NotFound,
                                 "no cluster is configured: there is no kubeconfig; --practice "
                                 "uses a practice cluster "
                                 "on this machine",
                                 {}, core::Fault::User);
        return std::unexpected(resolved.error());
    }
    connection = std::move(*resolved);
    for (const gitops::KubeconfigContext& context : kubeconfig->contexts())
        if (const auto other = kubeconfig->connection(context.name))
            clusters.push_back({other->context, other->cluster, other->server});
    return {};
}

core::Result<void> Runtime::Private::openStore(const Options& options, Access access)
{
    if (access == Access::ReadOnly) {
        store = std::make_unique<gitops::MemoryStateStore>();
        return {};
    }
    auto folder =
        gitops::StateFolder::open(stateFolderOf(options), gitops::StateFolder::Access::Write);
    if (!folder)
        return std::unexpected(folder.error());
    store = std::make_unique<gitops::FileStateStore>(*folder, *work);
    journal = std::make_unique<gitops::Journal>(*folder, *work);
    return {};
}

void Runtime::Private::startGit(const Options& options, const Settings& settings)
{
    gitops::GitOptions git_;
    git_.cacheFolder = options.cacheFolder;
    for (const auto& [url, path] : settings.insteadOf)
        git_.insteadOf.push_back({url, path});
    insteadOf = git_.insteadOf;
    remotes = std::make_unique<gitops::RemoteFetcher>(gitops::RemoteFetcher::Options {.git = git_});
    git = std::make_unique<gitops::LibGit2Service>(std::move(git_));
}

bool Runtime::Private::accepts(const core::Application& application) const
{
    const gitops::KnownCluster chosen {connection.context, connection.cluster, connection.server};
    const auto destination = gitops::destinationOf(application, chosen, clusters);
    return destination && gitops::isSameServer(destination->server, connection.server);
}

void Runtime::Private::startEngine(const Options& options, Access access)
{
    gitops::EngineOptions engineOptions;
    char host[256] = {};
    gethostname(host, sizeof host - 1);
    engineOptions.identity = std::string("wavewright@") + host + "/"
        + core::sha256(std::filesystem::absolute(options.stateFolder).string()).hex().substr(0, 8);
    engineOptions.defaultNamespace = connection.defaultNamespace;
    if (!controlNamespace.empty())
        engineOptions.controlNamespace = controlNamespace;
    engineOptions.context = practice ? "practice" : connection.context;
    engineOptions.server = connection.server;
    engineOptions.practice = practice != nullptr;
    engineOptions.insecure = connection.insecureSkipTlsVerify;
    engineOptions.readOnly = access == Access::ReadOnly;
    engineOptions.seed = std::uint64_t(std::chrono::steady_clock::now().time_since_epoch().count());
    engineOptions.acceptsDestination = [this](const core::Application& application) {
        return accepts(application);
    };
    engineOptions.projects = projects;
    engineOptions.customizations = customizations;
    if (access == Access::ReadWrite && options.verb != Verb::Desktop) // it looks at them itself
        takeLayers(options, engineOptions);
    if (options.verb == Verb::Run && measures)
        engineOptions.measure = kMeasure;
    scripts = std::make_unique<gitops::ScriptChild>(scriptsProgram());
    engineOptions.scripts = scripts.get();
    engineOptions.isLocalRepository = [rules = insteadOf](const std::string& url) {
        return gitops::isLocalRepository(url, rules);
    };
    engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {*strand, *work, *transport, *git, *store,
                                               figures ? &figures->service() : nullptr,
                                               remotes.get()},
        std::move(engineOptions));
    if (journal)
        keepingJournal =
            engine->subscribe([this](const core::Event& event) { journal->add(event); });
}

core::Result<std::unique_ptr<Runtime>> Runtime::start(const Options& options, Access access)
{
    const auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    auto d = std::make_unique<Private>();
    auto roots = loadApplications(options, *settings);
    if (!roots)
        return std::unexpected(roots.error());
    d->roots = std::move(*roots);
    auto projects = loadProjects(options, *settings);
    if (!projects)
        return std::unexpected(projects.error());
    d->projects = std::move(*projects);
    auto customizations = loadCustomizations(options, *settings);
    if (!customizations)
        return std::unexpected(customizations.error());
    d->customizations = std::move(*customizations);
    std::error_code error;
    std::filesystem::create_directories(options.stateFolder, error);
    if (auto connected = d->connect(options); !connected)
        return std::unexpected(connected.error());
    d->threads = std::make_unique<gitops::ThreadPool>(1, "engine");
    d->strand = d->threads->strand();
    d->work = std::make_unique<gitops::ThreadWorkPool>(
        int(std::clamp(std::thread::hardware_concurrency(), 1u, 4u)), "work");
    if (auto opened = d->openStore(options, access); !opened)
        return std::unexpected(opened.error());
    d->transport = gitops::makeTransport(
        d->connection,
        [source = d->kubeconfigSource,
         context = d->connection.context]() -> core::Result<gitops::ClusterConnection> {
            const auto kubeconfig = gitops::Kubeconfig::load(source);
            if (!kubeconfig)
                return std::unexpected(kubeconfig.error());
            return kubeconfig->connection(context);
        });
    d->startGit(options, *settings);
    const auto sources = telemetryConfig(options, *settings);
    if (!sources)
        return std::unexpected(sources.error());
    d->measures = hasSources(*sources);
    std::shared_ptr<gitops::SampleHistory> samples;
    if (access == Access::ReadWrite)
        if (auto opened = gitops::SampleHistory::open(stateFolderOf(options) + "/samples.db"))
            samples = std::move(*opened); // else charts begin with this start
    d->figures = std::make_unique<LiveFigures>(
        *sources, d->transport.get(), std::chrono::milliseconds(0), std::move(samples),
        [source = d->kubeconfigSource, context = d->connection.context] {
            return gitops::ClusterAccess::open(source, context);
        });
    d->controlNamespace =
        options.controlNamespace.empty() ? settings->controlNamespace : options.controlNamespace;
    d->startEngine(options, access);
    return std::unique_ptr<Runtime>(new Runtime(std::move(d)));
}

Runtime::Runtime(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

Runtime::~Runtime() = default;

gitops::Engine& Runtime::engine()
{
    return *d->engine;
}

const std::vector<core::Application>& Runtime::roots() const
{
    return d->roots;
}

void Runtime::addRoots()
{
    for (const core::Application& root : d->roots)
        d->engine->submit(core::command::AddApplication {root});
}

const std::string& Runtime::practiceKubeconfig() const
{
    return d->practiceKubeconfig;
}

} // namespace app

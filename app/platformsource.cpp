// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformsource.h"

#include "app/applicationfiles.h"
#include "app/console.h"
#include "app/gitlookup.h"
#include "app/handover.h"
#include "app/mailbox.h"
#include "app/outcome.h"
#include "app/remoterenderer.h"
#include "app/runtime.h"
#include "core/model/measureduse.h"
#include "gitops/engine/declaredplatform.h"
#include "gitops/git/remoteurl.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <set>
#include <thread>

namespace app {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kFolderScheme = "dir://";
constexpr auto kPatience = std::chrono::minutes(2);
constexpr auto kReach = std::chrono::seconds(5); ///< so long a server may be away at first

/// Looks trees up once for each repository and revision.
class Lookup
{
public:
    Lookup(const Options& options, const Settings& settings, bool fromWorkingCopy)
        : m_options(options)
        , m_fromWorkingCopy(fromWorkingCopy)
    {
        for (const auto& [prefix, base] : settings.insteadOf)
            m_rules.push_back({prefix, base});
    }

    void addWorkingCopy(const std::string& folder)
    {
        if (m_fromWorkingCopy && m_workingCopy.empty())
            m_workingCopy = folder;
    }

    core::Result<gitops::Revision> operator()(const core::Application& application)
    {
        const std::string& url = application.source.repoUrl;
        if (url.starts_with(kFolderScheme))
            return onDisk(url.substr(kFolderScheme.size()));
        const bool isMapped = gitops::mappedUrl(url, m_rules) != url;
        if (!isMapped && !m_workingCopy.empty()
            && fs::is_directory(fs::path(m_workingCopy) / application.source.path)) {
            m_replaced.insert(url);
            return onDisk(m_workingCopy);
        }
        return remote(url, application.source.targetRevision);
    }

    void report() const
    {
        for (const std::string& url : m_replaced)
            std::fprintf(stderr, "# %s is read from the working copy %s\n", url.c_str(),
                         m_workingCopy.c_str());
    }

private:
    core::Result<gitops::Revision> onDisk(const std::string& folder)
    {
        gitops::FileTreePtr& tree = m_trees[folder];
        if (!tree) {
            auto opened = gitops::openDiskTree(folder);
            if (!opened)
                return std::unexpected(std::move(opened.error()));
            tree = *opened;
        }
        gitops::Revision revision;
        revision.tree = tree;
        return revision;
    }

    core::Result<gitops::Revision> remote(const std::string& url, const std::string& name)
    {
        const auto key = std::pair(url, name);
        auto found = m_revisions.find(key);
        if (found == m_revisions.end()) {
            Options options = m_options;
            options.repoUrl = url;
            options.revision = name;
            found = m_revisions.emplace(key, lookUpRevision(options)).first;
        }
        return found->second;
    }

    const Options& m_options;
    bool m_fromWorkingCopy;
    std::vector<gitops::InsteadOf> m_rules;
    std::string m_workingCopy;
    std::map<std::string, gitops::FileTreePtr> m_trees;
    std::map<std::pair<std::string, std::string>, core::Result<gitops::Revision>> m_revisions;
    std::set<std::string> m_replaced;
};

/// The working copy that a file or folder lies in, "" when it is in none.
std::string workingCopyOf(const fs::path& place)
{
    std::error_code ignored;
    for (fs::path at = fs::canonical(place, ignored); at.has_relative_path(); at = at.parent_path())
        if (fs::exists(at / ".git", ignored))
            return at.string();
    return {};
}

bool wantsCluster(const Options& options)
{
    return options.practice || !options.context.empty() || !options.kubeconfig.empty();
}

/// Of Git alone unless a cluster is named: a check in CI must not depend on what is exported.
void tellAboutKubeconfig()
{
    const char* exported = std::getenv("KUBECONFIG");
    if (exported && *exported)
        std::fputs("# Git alone: no cluster was asked, $KUBECONFIG is not looked at here; "
                   "--context or --kubeconfig asks one\n",
                   stderr);
}

core::Result<core::PlatformInputPtr> askOnce(gitops::Engine& engine,
                                             const core::query::Platform& query)
{
    auto promise = std::make_shared<std::promise<core::Result<core::Answer>>>();
    auto answer = promise->get_future();
    engine.ask(query, [promise](core::Result<core::Answer> result) {
        promise->set_value(std::move(result));
    });
    auto result = answer.get();
    if (!result)
        return std::unexpected(std::move(result.error()));
    return std::get<core::PlatformInputPtr>(*result);
}

bool isWhole(const core::PlatformInput& input)
{
    const bool waits = input.use && input.use->state == core::MeasuredUse::State::Waiting;
    return input.unknownKinds.empty() && !waits;
}

/// Why nothing will be heard of the cluster; "" while something may be, or was.
std::string whyUnreachable(const core::ClusterState& cluster, Clock::duration waited)
{
    if (cluster.connection != core::ClusterState::Connection::Disconnected)
        return {};
    if (std::string why = refusedCredentials(cluster); !why.empty())
        return why;
    return waited < kReach ? std::string()
                           : "no connection to " + cluster.server + ": " + cluster.message;
}

/// Asks until all kinds are listed and all objects of interest have their manifest, or time is up;
/// what is unknown then stays told as unknown.
core::Result<core::PlatformInputPtr> askCluster(const Options& options,
                                                const std::vector<core::GroupKind>& kinds)
{
    auto runtime = Runtime::start(options, Runtime::Access::ReadOnly);
    if (!runtime)
        return std::unexpected(std::move(runtime.error()));
    gitops::Engine& engine = (*runtime)->engine();
    const auto patience = options.timeout.count() > 0 ? options.timeout : kPatience;
    const auto start = Clock::now();
    bool wasConnected = false;
    for (;;) {
        auto input = askOnce(engine, {kinds});
        const core::ClusterState cluster = engine.snapshot()->cluster;
        wasConnected =
            wasConnected || cluster.connection == core::ClusterState::Connection::Connected;
        if (std::string why = whyUnreachable(cluster, Clock::now() - start);
            !wasConnected && !why.empty())
            return core::failure(core::ErrorCode::Network, std::move(why));
        const bool isOver = Clock::now() - start > patience;
        if (!input || isOver || isWhole(**input))
            return input;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

gitops::RenderFunction rendererOf(const Options& options, const Settings& settings)
{
    return [renderer = std::make_shared<RemoteRenderer>(options, settings)](
               const gitops::RenderRequest& request) { return renderer->render(request); };
}

std::vector<core::GroupKind> kindsOf(const core::PlatformInput& input)
{
    std::set<core::GroupKind> kinds;
    for (const core::PlatformObject& object : input.objects)
        kinds.insert(object.key.groupKind());
    return {kinds.begin(), kinds.end()};
}

/// Git's side of one, the cluster's of the other.
core::PlatformInputPtr joined(const core::PlatformInput& declared, const core::PlatformInput& live)
{
    core::PlatformInputBuilder builder;
    builder.input().applications = declared.applications;
    builder.input().gaps = declared.gaps;
    builder.input().hasLive = true;
    builder.input().practice = live.practice;
    builder.input().cluster = live.cluster;
    builder.input().unknownKinds = live.unknownKinds;
    builder.input().use = live.use;
    for (const core::PlatformObject& object : declared.objects)
        for (const core::Declaration& declaration : object.declared)
            builder.declare(declaration);
    for (const core::PlatformObject& object : live.objects)
        if (object.live)
            builder.live(object.key, object.live);
    return std::move(builder).build();
}

core::Result<core::PlatformInputPtr> load(const Options& options)
{
    const auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    auto roots = loadApplications(options, *settings);
    if (!roots && isForRunning(options))
        return core::failure(core::ErrorCode::NotFound,
                             "a Wavewright runs with this state folder, and this verb does not ask "
                             "it: name the applications with -f FILE or --path FOLDER, and a "
                             "cluster with --context; or use another --state",
                             {.file = options.stateFolder}, core::Fault::User);
    if (!roots)
        return std::unexpected(std::move(roots.error()));
    const bool live = wantsCluster(options);
    Lookup lookup(options, *settings, !live || !options.path.empty());
    if (!options.path.empty())
        lookup.addWorkingCopy(workingCopyOf(options.path));
    for (const std::string& file : options.files)
        lookup.addWorkingCopy(workingCopyOf(file));
    core::PlatformInputBuilder builder;
    gitops::declarePlatform(*roots, std::ref(lookup), builder, rendererOf(options, *settings));
    lookup.report();
    core::PlatformInputPtr declared = std::move(builder).build();
    if (!live)
        return declared;
    const auto cluster = askCluster(options, kindsOf(*declared));
    if (!cluster)
        return std::unexpected(cluster.error());
    return joined(*declared, **cluster);
}

} // namespace

core::Result<core::PlatformInputPtr> loadPlatform(const Options& options)
{
    if (!wantsCluster(options))
        tellAboutKubeconfig();
    return load(options);
}

core::Result<core::PlatformInputPtr> loadRevision(const Options& options,
                                                  const std::string& revision)
{
    const auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    core::Application root;
    root.name = "environment";
    root.source.repoUrl = options.repoUrl;
    root.source.path = options.path;
    root.source.targetRevision = revision;
    Lookup lookup(options, *settings, false);
    // Children follow the same revision: what their own HEAD says is no part of it.
    const auto same = [&](core::Application application) {
        application.source.repoUrl = options.repoUrl;
        application.source.targetRevision = revision;
        return lookup(application);
    };
    core::PlatformInputBuilder builder;
    gitops::declarePlatform({root}, same, builder, rendererOf(options, *settings));
    return std::move(builder).build();
}

core::Result<core::PlatformInputPtr> loadDeclaredPlatform(const Options& options,
                                                          const std::string& folder)
{
    Options one = options;
    one.path = folder;
    one.files.clear();
    one.applications.clear();
    one.practice = false;
    one.context.clear();
    one.kubeconfig.clear();
    return load(one);
}

bool reportGaps(const core::PlatformInput& input)
{
    for (const std::string& gap : input.gaps)
        printError(gap);
    for (const auto& [kind, why] : input.unknownKinds)
        printError(kind.text() + " is not known: " + why);
    return input.gaps.empty() && input.unknownKinds.empty();
}

} // namespace app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/practicecluster.h"

#include "gitops/practice/behaviours.h"
#include "gitops/practice/filestorage.h"
#include "gitops/practice/httpsserver.h"
#include "gitops/practice/localclient.h"

#include <charconv>
#include <fstream>

namespace gitops::practice {

namespace {

class SystemClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
    core::WallTime wallNow() const override { return std::chrono::system_clock::now(); }
};

/// What a practice cluster leaves in its folder; nothing else there is touched.
constexpr std::string_view kFiles[] {
    "objects.snapshot", "objects.snapshot.new", "objects.log", "ca.crt", "ca.key",
    "server.crt",       "server.key",           "token",       "port"};

std::uint16_t keptPort(const std::filesystem::path& folder)
{
    std::ifstream in(folder / "port");
    std::uint16_t port = 0;
    in >> port;
    return in ? port : std::uint16_t(0);
}

core::Result<std::unique_ptr<Storage>> openStorage(const PracticeCluster::Options& options)
{
    if (options.folder.empty())
        return std::make_unique<MemoryStorage>();
    auto storage = FileStorage::open(options.folder);
    if (!storage)
        return std::unexpected(std::move(storage).error());
    if (options.fresh)
        for (std::string_view file : kFiles) {
            std::error_code ignored;
            std::filesystem::remove(options.folder / file, ignored);
        }
    return std::unique_ptr<Storage>(std::move(*storage));
}

} // namespace

struct PracticeCluster::Private
{
    Options options;
    SystemClock clock;
    Credentials credentials;
    std::unique_ptr<ApiServer> server;
    std::unique_ptr<LocalClient> client;
    std::unique_ptr<Behaviours> behaviours;
    std::unique_ptr<HttpsServer> https; ///< last: its thread uses what stands above

    core::Result<void> animate();
    core::Result<void> listen();
};

core::Result<void> PracticeCluster::Private::animate()
{
    if (!options.behaviours)
        return {};
    client = std::make_unique<LocalClient>(*server);
    auto made =
        Behaviours::make(*client, clock, {.delayFactor = options.delayFactor, .events = true});
    if (!made)
        return std::unexpected(std::move(made).error());
    behaviours = std::move(*made);
    return {};
}

core::Result<void> PracticeCluster::Private::listen()
{
    const bool remembers = !options.folder.empty() && options.port == 0;
    std::uint16_t port = remembers ? keptPort(options.folder) : options.port;
    HttpsServer::Tick tick;
    if (behaviours)
        tick = [this] { return behaviours->tick(); };
    auto started = HttpsServer::start(*server, credentials, port, tick, options.backends);
    if (!started && remembers && port != 0) // somebody else has the old port by now
        started = HttpsServer::start(*server, credentials, 0, tick, options.backends);
    if (!started)
        return std::unexpected(std::move(started).error());
    https = std::move(*started);
    if (options.folder.empty())
        return {};
    return writePrivateFile(options.folder / "port", std::to_string(https->port()) + "\n");
}

PracticeCluster::PracticeCluster(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

PracticeCluster::~PracticeCluster() = default;

core::Result<std::unique_ptr<PracticeCluster>> PracticeCluster::start(Options options)
{
    auto data = std::make_unique<Private>();
    Private& d = *data;
    d.options = std::move(options);
    auto storage = openStorage(d.options);
    if (!storage)
        return std::unexpected(std::move(storage).error());
    auto credentials = loadOrMakeCredentials(d.options.folder, d.clock.wallNow());
    if (!credentials)
        return std::unexpected(std::move(credentials).error());
    d.credentials = std::move(*credentials);
    auto server = ApiServer::make(
        std::move(*storage), d.clock,
        {.certificateAuthority = d.credentials.caCertificate, .metrics = d.options.behaviours});
    if (!server)
        return std::unexpected(std::move(server).error());
    d.server = std::move(*server);
    if (auto animated = d.animate(); !animated)
        return std::unexpected(std::move(animated).error());
    if (auto listening = d.listen(); !listening)
        return std::unexpected(std::move(listening).error());
    std::unique_ptr<PracticeCluster> cluster(new PracticeCluster(std::move(data)));
    if (!cluster->d->options.kubeconfig.empty())
        if (auto written = writePrivateFile(cluster->d->options.kubeconfig, cluster->kubeconfig());
            !written)
            return std::unexpected(std::move(written).error());
    return cluster;
}

std::string PracticeCluster::kubeconfig() const
{
    return kubeconfigText(d->credentials, port());
}

std::string PracticeCluster::serverUrl() const
{
    return "https://127.0.0.1:" + std::to_string(port());
}

std::uint16_t PracticeCluster::port() const
{
    return d->https->port();
}

void PracticeCluster::run(const std::function<void(ApiServer&)>& task)
{
    d->https->run([&] {
        task(*d->server);
        d->server->settle();
    });
}

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusteraccess.h"

#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/execplugin.h"
#include "gitops/cluster/renewingtransport.h"

#include <atomic>
#include <future>
#include <mutex>
#include <set>

namespace gitops {

namespace {

constexpr std::chrono::seconds kEarly {60}; ///< a credential is renewed so long before its end

core::Result<ClusterConnection> resolve(const KubeconfigSource& source, const std::string& context)
{
    const auto kubeconfig = Kubeconfig::load(source);
    if (!kubeconfig)
        return std::unexpected(kubeconfig.error());
    if (kubeconfig->contexts().empty())
        return core::failure(core::ErrorCode::NotFound,
                             "no cluster is configured: there is no kubeconfig", {},
                             core::Fault::User);
    return kubeconfig->connection(context);
}

} // namespace

struct ClusterAccess::Private
{
    KubeconfigSource source;
    ClusterConnection connection;
    std::unique_ptr<Transport> transport;

    std::atomic<bool> isStopped = false;
    std::mutex mutex;
    std::optional<ExecCredential> credential; ///< guarded by mutex; what the plugin gave last
    std::mutex callsMutex;
    std::set<Transport::CallId> calls; ///< guarded by callsMutex; those that somebody waits for

    core::Result<void> addCredential(ClusterConnection& to);
};

core::Result<void> ClusterAccess::Private::addCredential(ClusterConnection& to)
{
    if (!to.exec)
        return {};
    const std::lock_guard lock(mutex); // one plugin at a time; the others take what it gave
    const auto now = std::chrono::system_clock::now();
    if (credential && credential->expiresAt && *credential->expiresAt - kEarly <= now)
        credential.reset();
    if (!credential) {
        auto given = runPlugin(*to.exec, to, {}, isStopped);
        if (!given)
            return std::unexpected(std::move(given.error()));
        credential = std::move(*given);
    }
    if (!credential->token.isEmpty())
        to.token = credential->token;
    if (!credential->keyPem.isEmpty()) {
        to.clientCertificatePem = credential->certificatePem;
        to.clientKeyPem = credential->keyPem;
    }
    return {};
}

core::Result<std::unique_ptr<ClusterAccess>> ClusterAccess::open(const KubeconfigSource& source,
                                                                 const std::string& context)
{
    auto connection = resolve(source, context);
    if (!connection)
        return std::unexpected(std::move(connection.error()));
    auto data = std::make_unique<Private>();
    data->source = source;
    data->connection = std::move(*connection);
    data->transport = makeTransport(data->connection, [source, name = data->connection.context] {
        return resolve(source, name);
    });
    return std::unique_ptr<ClusterAccess>(new ClusterAccess(std::move(data)));
}

ClusterAccess::ClusterAccess(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

ClusterAccess::~ClusterAccess()
{
    stop();
    d->transport.reset();
}

const ClusterConnection& ClusterAccess::connection() const
{
    return d->connection;
}

Transport& ClusterAccess::transport()
{
    return *d->transport;
}

core::Result<core::HttpResponse> ClusterAccess::send(core::HttpRequest request)
{
    auto promise = std::make_shared<std::promise<core::Result<core::HttpResponse>>>();
    auto answer = promise->get_future();
    Transport::CallId id = 0;
    {
        const std::lock_guard lock(d->callsMutex);
        if (d->isStopped)
            return core::failure(core::ErrorCode::Cancelled, "the request was cancelled");
        const auto done = [promise](core::Result<core::HttpResponse> response) {
            promise->set_value(std::move(response));
        };
        id = *d->calls.insert(d->transport->send(std::move(request), done)).first;
    }
    auto response = answer.get();
    const std::lock_guard lock(d->callsMutex);
    d->calls.erase(id);
    return response;
}

core::Result<core::Json> ClusterAccess::get(const std::string& target)
{
    core::HttpRequest request;
    request.target = target;
    request.headers = {{"Accept", "application/json"}};
    request.timeout = std::chrono::seconds(30);
    const auto response = send(std::move(request));
    if (!response)
        return std::unexpected(response.error());
    if (response->status < 200 || response->status > 299)
        return std::unexpected(errorFromResponse(*response));
    return core::parseJson(response->body, {.bytes = 256u << 20, .depth = 200});
}

core::Result<ClusterConnection> ClusterAccess::identity()
{
    // The server never changes under us: a kubeconfig that names another one is not followed.
    ClusterConnection out = d->connection;
    if (!out.files.empty() || !out.tokenFile.empty())
        if (auto fresh = resolve(d->source, out.context); fresh && fresh->server == out.server)
            out = std::move(*fresh);
    if (auto added = d->addCredential(out); !added)
        return std::unexpected(std::move(added.error()));
    return out;
}

void ClusterAccess::refused()
{
    const std::lock_guard lock(d->mutex);
    d->credential.reset();
}

void ClusterAccess::stop()
{
    const std::lock_guard lock(d->callsMutex);
    d->isStopped = true;
    for (const Transport::CallId id : d->calls)
        d->transport->cancel(id);
}

} // namespace gitops

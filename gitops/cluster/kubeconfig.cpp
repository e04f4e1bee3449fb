// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kubeconfig.h"

#include "core/base/strings.h"
#include "gitops/cluster/clusterresolver.h"
#include "gitops/cluster/smallfile.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace gitops {

namespace {

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

core::Error invalid(std::string message, core::Place place)
{
    return {core::ErrorCode::Invalid, std::move(message), std::move(place), core::Fault::User, {}};
}

std::string inQuotes(std::string_view text)
{
    return "\"" + core::sanitised(text) + "\"";
}

/// The configuration that a pod has: its service account.
KubeconfigFile inClusterFile(const KubeconfigSource& source)
{
    const std::string& folder = source.serviceAccountFolder;
    const std::string port = source.servicePort.empty() ? "443" : source.servicePort;
    const bool isIpv6 = source.serviceHost.find(':') != std::string::npos;
    const std::string host = isIpv6 ? "[" + source.serviceHost + "]" : source.serviceHost;
    const std::string name(Kubeconfig::kInClusterContext);
    KubeconfigFile file;
    file.path = folder;
    file.currentContext = name;
    const core::Place place {.file = folder};
    KubeconfigCluster cluster;
    cluster.place = place;
    cluster.server = "https://" + host + ":" + port;
    cluster.caFile = folder + "/ca.crt";
    file.clusters.emplace(name, std::move(cluster));
    KubeconfigUser user;
    user.place = place;
    user.tokenFile = folder + "/token";
    file.users.emplace(name, std::move(user));
    std::string namespaceName;
    if (auto text = readSmallFile(folder + "/namespace"))
        namespaceName = core::trimmed(*text);
    file.contexts.emplace(name, KubeconfigContext {name, place, name, name, namespaceName});
    return file;
}

std::string namesOf(const std::map<std::string, KubeconfigContext>& contexts)
{
    std::vector<std::string> names;
    for (const auto& [name, context] : contexts)
        names.push_back(core::sanitised(name));
    if (names.size() > 10) {
        names.resize(10);
        names.push_back("…");
    }
    return core::join(names, ", ");
}

} // namespace

KubeconfigSource KubeconfigSource::fromEnvironment()
{
    KubeconfigSource source;
    source.kubeconfigVariable = environment("KUBECONFIG");
    source.home = environment("HOME");
    source.serviceHost = environment("KUBERNETES_SERVICE_HOST");
    source.servicePort = environment("KUBERNETES_SERVICE_PORT");
    return source;
}

std::vector<std::string> KubeconfigSource::paths() const
{
    std::vector<std::string> out;
    const auto add = [&out](std::string path) {
        path = std::filesystem::absolute(path).lexically_normal().string();
        if (std::find(out.begin(), out.end(), path) == out.end())
            out.push_back(std::move(path));
    };
    if (!explicitPath.empty()) {
        add(explicitPath);
    } else if (!kubeconfigVariable.empty()) {
        for (const std::string_view path : core::split(kubeconfigVariable, ':'))
            if (!path.empty())
                add(std::string(path));
    } else if (!home.empty()) {
        add(home + "/.kube/config");
    }
    return out;
}

core::Result<Kubeconfig> Kubeconfig::load(const KubeconfigSource& source)
{
    std::vector<KubeconfigFile> files;
    const std::vector<std::string> paths = source.paths();
    for (const std::string& path : paths) {
        std::error_code ignored;
        if (source.explicitPath.empty() && !std::filesystem::exists(path, ignored))
            continue;
        auto text = readSmallFile(path);
        if (!text)
            return std::unexpected(std::move(text.error()).within("the kubeconfig"));
        auto file = KubeconfigFile::parse(*text, path);
        if (!file)
            return std::unexpected(std::move(file.error()));
        files.push_back(std::move(*file));
    }
    if (files.empty() && !source.serviceHost.empty() && source.kubeconfigVariable.empty())
        files.push_back(inClusterFile(source));
    if (files.empty())
        return std::unexpected(core::Error {
            core::ErrorCode::NotFound,
            paths.empty()
                ? std::string("there is no kubeconfig: set KUBECONFIG or HOME")
                : "there is no kubeconfig: none of these files exists: " + core::join(paths, ", "),
            {},
            core::Fault::User,
            {}});
    return merge(std::move(files));
}

core::Result<Kubeconfig> Kubeconfig::merge(std::vector<KubeconfigFile> files)
{
    Kubeconfig out;
    for (KubeconfigFile& file : files) {
        if (out.m_merged.path.empty())
            out.m_merged.path = file.path;
        if (out.m_merged.currentContext.empty())
            out.m_merged.currentContext = std::move(file.currentContext);
        out.m_merged.clusters.merge(file.clusters); // those that are there already stay
        out.m_merged.users.merge(file.users);
        out.m_merged.contexts.merge(file.contexts);
        out.m_files.push_back(std::move(file.path));
    }
    return out;
}

std::vector<KubeconfigContext> Kubeconfig::contexts() const
{
    std::vector<KubeconfigContext> out;
    for (const auto& [name, context] : m_merged.contexts)
        out.push_back(context);
    return out;
}

core::Result<const KubeconfigContext*> Kubeconfig::chosenContext(std::string_view name) const
{
    const core::Place place {.file = m_merged.path};
    if (m_merged.contexts.empty())
        return std::unexpected(invalid("the kubeconfig has no contexts", place));
    if (name.empty() && m_merged.currentContext.empty())
        return std::unexpected(invalid("current-context is not set: choose one with --context, of "
                                           + namesOf(m_merged.contexts),
                                       place));
    const std::string chosen(name.empty() ? std::string_view(m_merged.currentContext) : name);
    const auto it = m_merged.contexts.find(chosen);
    if (it == m_merged.contexts.end())
        return std::unexpected(
            invalid(std::string(name.empty() ? "current-context names " : "") + inQuotes(chosen)
                        + (name.empty() ? ", which is" : " is")
                        + " no context of this kubeconfig; there are " + namesOf(m_merged.contexts),
                    place));
    return &it->second;
}

core::Result<ClusterConnection> Kubeconfig::connection(std::string_view contextName) const
{
    const auto context = chosenContext(contextName);
    if (!context)
        return std::unexpected(context.error());
    const KubeconfigContext& chosen = **context;
    const auto cluster = m_merged.clusters.find(chosen.cluster);
    if (cluster == m_merged.clusters.end())
        return std::unexpected(invalid(
            "context " + inQuotes(chosen.name)
                + (chosen.cluster.empty()
                       ? " names no cluster"
                       : " names cluster " + inQuotes(chosen.cluster) + ", which is not there"),
            chosen.place));
    const KubeconfigUser* user = nullptr;
    if (!chosen.user.empty()) {
        const auto it = m_merged.users.find(chosen.user);
        if (it == m_merged.users.end())
            return std::unexpected(invalid("context " + inQuotes(chosen.name) + " names user "
                                               + inQuotes(chosen.user) + ", which is not there",
                                           chosen.place));
        user = &it->second;
    }
    ClusterResolver resolver;
    auto connection = resolver.resolve(chosen, cluster->second, user);
    if (connection)
        connection->files.insert(connection->files.begin(), m_files.begin(), m_files.end());
    return connection;
}

} // namespace gitops

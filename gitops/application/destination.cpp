// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/destination.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::string_view kInClusterName = "in-cluster";
constexpr std::string_view kInClusterServer = "https://kubernetes.default.svc";

std::string plain(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t slash = std::min(url.find('/', host), url.size());
    std::string out = core::toLower(url.substr(0, slash));
    for (const auto& [prefix, port] : {std::pair(std::string_view("https://"), ":443"),
                                       std::pair(std::string_view("http://"), ":80")})
        if (out.starts_with(prefix) && out.ends_with(port))
            out.resize(out.size() - std::string_view(port).size());
    std::string_view path = url.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return out + std::string(path);
}

} // namespace

bool isSameServer(std::string_view a, std::string_view b)
{
    return plain(a) == plain(b);
}

core::Result<KnownCluster> destinationOf(const core::Application& application,
                                         const KnownCluster& chosen,
                                         const std::vector<KnownCluster>& known)
{
    const std::string& name = application.destinationName;
    const std::string& server = application.destinationServer;
    if (name == kInClusterName || (name.empty() && isSameServer(server, kInClusterServer)))
        return chosen;
    const auto fits = [&](const KnownCluster& cluster) {
        return name.empty() ? isSameServer(server, cluster.server)
                            : name == cluster.context || name == cluster.name;
    };
    if (fits(chosen))
        return chosen;
    const std::string shown = core::sanitised(name.empty() ? server : name);
    const auto first = std::ranges::find_if(known, fits);
    if (first == known.end())
        return core::failure(core::ErrorCode::NotFound,
                             "The destination \"" + shown
                                 + "\" is neither a cluster of the kubeconfig nor one of Argo CD's "
                                   "cluster Secrets.",
                             application.place, core::Fault::User);
    const auto second = std::find_if(first + 1, known.end(), [&](const KnownCluster& cluster) {
        return fits(cluster) && cluster.context != first->context;
    });
    if (second != known.end())
        return core::failure(core::ErrorCode::Invalid,
                             "The destination \"" + shown + "\" fits several contexts, \""
                                 + core::sanitised(first->context) + "\" and \""
                                 + core::sanitised(second->context) + "\"; name one.",
                             application.place, core::Fault::User);
    return *first;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/projectrules.h"

#include "core/base/strings.h"
#include "gitops/application/glob.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::string_view kInClusterName = "in-cluster";
constexpr std::string_view kInClusterServer = "https://kubernetes.default.svc";

bool isDeny(std::string_view pattern)
{
    return pattern.starts_with('!');
}

/// A pattern with '!' matches what the rest of it does not.
bool matches(std::string_view pattern, std::string_view text, char separator = 0)
{
    if (isDeny(pattern))
        return !projectGlobMatches(pattern.substr(1), text, separator);
    return pattern == "*" || projectGlobMatches(pattern, text, separator);
}

/// One cluster may have several names: a denied one is denied whichever it is called by.
bool matchesCluster(std::string_view pattern, const std::vector<std::string>& texts)
{
    const auto fits = [&](const std::string& text) { return matches(pattern, text); };
    return !texts.empty()
        && (isDeny(pattern) ? std::ranges::all_of(texts, fits) : std::ranges::any_of(texts, fits));
}

bool isListed(const std::vector<Project::Resource>& list, const core::GroupKind& kind,
              std::string_view name)
{
    return std::ranges::any_of(list, [&](const Project::Resource& entry) {
        return core::globMatches(entry.group, kind.group)
            && core::globMatches(entry.kind, kind.kind)
            && (entry.name.empty() || core::globMatches(entry.name, name));
    });
}

std::string kindText(const core::GroupKind& kind)
{
    return kind.group + ":" + kind.kind;
}

} // namespace

DestinationNames namesOf(const core::Application& application)
{
    DestinationNames result;
    const bool isHere = application.destinationName == kInClusterName
        || application.destinationServer == kInClusterServer;
    if (isHere) {
        result.names.emplace_back(kInClusterName);
        result.servers.emplace_back(kInClusterServer);
        return result;
    }
    if (!application.destinationName.empty())
        result.names.push_back(application.destinationName);
    if (!application.destinationServer.empty())
        result.servers.push_back(application.destinationServer);
    if (result.names.empty() && result.servers.empty()) { // of --path: the chosen cluster
        result.names.emplace_back(kInClusterName);
        result.servers.emplace_back(kInClusterServer);
    }
    return result;
}

std::string normalisedRepository(std::string_view url)
{
    std::string text = core::toLower(core::trimmed(url));
    const bool hasScheme = text.find("://") != std::string::npos;
    const std::size_t colon = text.find(':');
    if (!hasScheme && colon != std::string::npos && text.find('@') < colon)
        text[colon] = '/';
    if (text.starts_with("ssh://"))
        text.erase(0, std::string_view("ssh://").size());
    if (text.ends_with(".git"))
        text.resize(text.size() - std::string_view(".git").size());
    return text;
}

bool permitsSource(const Project& project, std::string_view repoUrl)
{
    const std::string url = normalisedRepository(repoUrl);
    bool any = false;
    for (const std::string& entry : project.sourceRepos) {
        const std::string pattern = isDeny(entry)
            ? "!" + normalisedRepository(std::string_view(entry).substr(1))
            : normalisedRepository(entry);
        if (matches(pattern, url, '/'))
            any = true;
        else if (isDeny(pattern))
            return false;
    }
    return any;
}

bool permitsDestination(const Project& project, const DestinationNames& destination,
                        std::string_view namespaceName)
{
    bool any = false;
    for (const Project::Destination& item : project.destinations) {
        const bool isName = matchesCluster(item.name, destination.names);
        const bool isServer = matchesCluster(item.server, destination.servers);
        const bool isNamespace = matches(item.namespaceName, namespaceName);
        if ((isName || isServer) && isNamespace)
            any = true;
        else if ((!isName && isDeny(item.name))
                 || (!isServer && isDeny(item.server) && isNamespace))
            return false;
        else if (!isNamespace && isDeny(item.namespaceName) && (isServer || isName))
            return false;
    }
    return any;
}

bool permitsKind(const Project& project, const core::GroupKind& kind, std::string_view name,
                 bool isNamespaced)
{
    if (!isNamespaced)
        return isListed(project.clusterResourceWhitelist, kind, name)
            && !isListed(project.clusterResourceBlacklist, kind, name);
    const auto& white = project.namespaceResourceWhitelist;
    return (!white || isListed(*white, kind, name))
        && !isListed(project.namespaceResourceBlacklist, kind, name);
}

std::string whyNotPermitted(const Project& project, const core::Application& application)
{
    const std::string in = " in project '" + project.name + "'";
    const bool isOfProject = application.namespaceName == project.namespaceName
        || std::ranges::any_of(project.sourceNamespaces, [&](const std::string& pattern) {
                                 return projectGlobMatches(pattern, application.namespaceName);
                             });
    if (!isOfProject)
        return "application '" + application.name + "' in namespace '" + application.namespaceName
            + "' is not permitted to use project '" + project.name + "'";
    if (!permitsSource(project, application.source.repoUrl))
        return "application repo " + application.source.repoUrl + " is not permitted" + in;
    const DestinationNames destination = namesOf(application);
    if (!permitsDestination(project, destination, application.destinationNamespace))
        return "application destination '"
            + (destination.servers.empty() ? destination.names.front()
                                           : destination.servers.front())
            + "' and namespace '" + application.destinationNamespace
            + "' do not match any of the allowed destinations" + in;
    return {};
}

std::string whyNotPermitted(const Project& project, const core::Application& application,
                            const core::ObjectKey& key)
{
    const bool isNamespaced = !key.namespaceName.empty();
    if (!permitsKind(project, key.groupKind(), key.name, isNamespaced))
        return "resource " + kindText(key.groupKind()) + " is not permitted in project '"
            + project.name + "'";
    if (isNamespaced && !permitsDestination(project, namesOf(application), key.namespaceName))
        return "namespace " + key.namespaceName + " is not permitted in project '" + project.name
            + "'";
    return {};
}

bool isOrphan(const Project& project, const core::ObjectKey& key)
{
    if (!project.orphanedResources || !project.orphanedResources->warn || key.namespaceName.empty())
        return false;
    const bool isOfKubernetes = key.group.empty()
        && ((key.kind == "ServiceAccount" && key.name == "default")
            || (key.kind == "Service" && key.name == "kubernetes" && key.namespaceName == "default")
            || (key.kind == "ConfigMap" && key.name == "kube-root-ca.crt"));
    return !isOfKubernetes && permitsKind(project, key.groupKind(), key.name, true)
        && !isListed(project.orphanedResources->ignore, key.groupKind(), key.name);
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/portforward.h"
#include "gitops/practice/practicecluster.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

namespace tests {

/// A practice cluster whose namespace default has a Deployment "web" (two pods, the named port http
/// 8080) and its Service "web" (port 80), and access to it.
class PracticePod
{
public:
    explicit PracticePod(gitops::practice::Backends backends = {})
    {
        gitops::practice::PracticeCluster::Options options;
        options.backends = std::move(backends);
        options.delayFactor = 0;
        options.kubeconfig = kubeconfig();
        m_cluster = std::move(*gitops::practice::PracticeCluster::start(std::move(options)));
        create("/apis/apps/v1/namespaces/default/deployments",
               R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
                   "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
                   "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
                   {"name":"c","image":"i:1","ports":[{"name":"http","containerPort":8080}]}]}}}})");
        create("/api/v1/namespaces/default/services",
               R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},
                   "spec":{"selector":{"app":"web"},
                   "ports":[{"name":"main","port":80,"targetPort":"http"}]}})");
        m_access = openAccess();
    }

    std::string kubeconfig() const { return m_folder.filePath("kubeconfig").toStdString(); }
    gitops::practice::PracticeCluster& cluster() { return *m_cluster; }
    gitops::ClusterAccess& access() { return *m_access; }

    std::unique_ptr<gitops::ClusterAccess> openAccess() const
    {
        gitops::KubeconfigSource source;
        source.explicitPath = kubeconfig();
        return std::move(*gitops::ClusterAccess::open(source, {}));
    }

    int create(const std::string& target, const std::string& body)
    {
        return ask({.method = "POST", .target = target, .headers = {}, .body = body}).status;
    }
    core::HttpResponse ask(const core::HttpRequest& request)
    {
        core::HttpResponse out;
        m_cluster->run([&](gitops::practice::ApiServer& server) { out = server.handle(request); });
        return out;
    }

    gitops::PortForward webForward(std::uint16_t localPort = 0) const
    {
        return {
            .namespaceName = "default", .name = "web", .localPort = localPort, .remotePort = "80"};
    }
    /// Waits until the Service leads to a pod; "" when it never does.
    std::string readyPod()
    {
        std::string pod;
        (void)QTest::qWaitFor(
            [&] {
                const auto target = gitops::resolvePortForward(access(), webForward());
                pod = target ? target->pod : "";
                return !pod.empty();
            },
            20'000);
        return pod;
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<gitops::practice::PracticeCluster> m_cluster;
    std::unique_ptr<gitops::ClusterAccess> m_access;
};

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/delayproxy.h"
#include "tests/bench/practiceprocess.h"

#include <memory>
#include <sstream>

namespace bench {

/// A fresh practice cluster, at the end of a line that makes every round trip so much longer.
class SlowPractice
{
public:
    SlowPractice(const std::string& program, std::chrono::microseconds latency)
        : m_practice(program)
        , m_kubeconfig(m_practice.kubeconfig())
    {
        if (latency.count() == 0)
            return;
        const std::string server = m_practice.connection().server;
        const std::string port = server.substr(server.rfind(':') + 1);
        m_proxy = std::make_unique<DelayProxy>(std::atoi(port.c_str()), latency);
        std::ostringstream text;
        text << std::ifstream(m_kubeconfig).rdbuf();
        std::string slow = text.str();
        slow.replace(slow.find(":" + port), port.size() + 1, ":" + std::to_string(m_proxy->port()));
        m_kubeconfig = m_practice.folder() + "/slow-kubeconfig";
        std::ofstream(m_kubeconfig) << slow;
        std::filesystem::permissions(m_kubeconfig, std::filesystem::perms(0600));
    }

    std::string folder() const { return m_practice.folder(); }
    const std::string& kubeconfig() const { return m_kubeconfig; }
    gitops::ClusterConnection connection() const { return connectionOf(m_kubeconfig); }

private:
    PracticeProcess m_practice;
    std::string m_kubeconfig;
    std::unique_ptr<DelayProxy> m_proxy;
};

} // namespace bench

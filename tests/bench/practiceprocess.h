// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/kubeconfig.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

extern char** environ;

namespace bench {

/// "VmRSS", "VmHWM" of a process.
inline long memoryKiB(std::string_view name, const std::string& process = "self")
{
    std::ifstream status("/proc/" + process + "/status");
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with(name))
            return std::atol(line.c_str() + name.size() + 1);
    return 0;
}

/// Starts a program without a shell; its output goes nowhere.
inline pid_t start(std::vector<std::string> words)
{
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    if (posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
        std::exit(2);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

inline int waitFor(pid_t pid)
{
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
}

inline gitops::ClusterConnection connectionOf(const std::string& kubeconfig)
{
    gitops::KubeconfigSource source;
    source.explicitPath = kubeconfig;
    return gitops::Kubeconfig::load(source).value().connection().value();
}

/// "wavewright practice" in a scratch folder; killed at the end.
class PracticeProcess
{
public:
    explicit PracticeProcess(const std::string& program)
        : m_folder(std::filesystem::temp_directory_path()
                   / fmt::format("wavewright-bench-{}", getpid()))
    {
        std::filesystem::create_directories(m_folder);
        m_pid = start({program, "practice", "--state", m_folder / "state", "--kubeconfig",
                       kubeconfig(), "--delay", "0"});
        while (!std::filesystem::exists(kubeconfig()))
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ~PracticeProcess()
    {
        kill(m_pid, SIGKILL);
        waitFor(m_pid);
        std::filesystem::remove_all(m_folder);
    }
    PracticeProcess(const PracticeProcess&) = delete;
    PracticeProcess& operator=(const PracticeProcess&) = delete;

    std::string folder() const { return m_folder; }
    std::string kubeconfig() const { return m_folder / "kubeconfig"; }
    gitops::ClusterConnection connection() const { return connectionOf(kubeconfig()); }

private:
    std::filesystem::path m_folder;
    pid_t m_pid = 0;
};

} // namespace bench

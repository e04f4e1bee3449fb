// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/git/gitpool.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace gitops {

/// A program with pipes to its input, output and error output; killed with its children at the end.
/// One thread.
class SshProcess
{
public:
    /// Started without a shell, in a process group of its own, with no askpass program.
    static core::Result<std::unique_ptr<SshProcess>> start(const std::vector<std::string>& words);
    ~SshProcess();
    SshProcess(const SshProcess&) = delete;
    SshProcess& operator=(const SshProcess&) = delete;

    /// Waits for output; 0 at its end. Cancelled when nobody waits any more.
    core::Result<std::size_t> read(char* bytes, std::size_t size, JobWatch& watch);
    core::Result<void> write(std::string_view bytes, JobWatch& watch);
    /// What it said on its error output, the newest few lines.
    std::string complaint();

private:
    SshProcess() = default;
    core::Result<void> wait(int descriptor, short what, const JobWatch& watch);
    void drainErrors();

    pid_t m_process = -1;
    int m_input = -1;
    int m_output = -1;
    int m_errors = -1;
    std::string m_complaint;
};

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/script/confinement.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace gitops::script {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true; // sanitizers reserve terabytes, and write reports
#else
constexpr bool kIsSanitized = false;
#endif

constexpr rlim_t kMemory = 384u << 20;

bool limit(__rlimit_resource what, rlim_t most)
{
    const rlimit value {most, most};
    return setrlimit(what, &value) == 0;
}

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kArchitecture = 0;
#endif

/// What computing and answering need; everything else fails as not permitted.
constexpr std::array kAllowed {
    SYS_read,         SYS_write,         SYS_brk,          SYS_mmap,     SYS_munmap, SYS_mremap,
    SYS_madvise,      SYS_mprotect,      SYS_setitimer,    SYS_exit,     SYS_futex,  SYS_exit_group,
    SYS_rt_sigreturn, SYS_clock_gettime, SYS_gettimeofday, SYS_getrandom};

bool filterCalls()
{
    constexpr std::size_t calls = kAllowed.size();
    std::array<sock_filter, calls + 6> program {};
    std::size_t size = 0;
    const auto add = [&](unsigned code, unsigned value, std::size_t yes = 0, std::size_t no = 0) {
        program[size++] = {static_cast<__u16>(code), static_cast<__u8>(yes), static_cast<__u8>(no),
                           value};
    };
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0);
    add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    for (std::size_t i = 0; i < calls; ++i)
        add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(kAllowed[i]), calls - i, 0);
    add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const sock_fprog filter {static_cast<unsigned short>(size), program.data()};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

} // namespace

bool confine()
{
    const bool isLimited = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0)
        && limit(RLIMIT_NOFILE, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    if (!isLimited || kIsSanitized)
        return isLimited;
    return limit(RLIMIT_AS, kMemory) && (kArchitecture == 0 || filterCalls());
}

} // namespace gitops::script

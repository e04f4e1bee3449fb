// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filelock.h"

#include "core/base/strings.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gitops {

core::Result<FileLock> FileLock::wait(const std::string& path, const JobWatch& watch)
{
    const core::Place place {.file = core::sanitised(path)};
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return core::failure(core::ErrorCode::Disk,
                             "The lock cannot be opened: " + std::generic_category().message(errno),
                             place, core::Fault::Machine);
    FileLock lock(descriptor);
    // flock cannot wait for a limited time.
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return core::failure(core::ErrorCode::Disk,
                                 "The lock cannot be taken: "
                                     + std::generic_category().message(errno),
                                 place, core::Fault::Machine);
        if (watch.isCancelled())
            return core::failure(core::ErrorCode::Timeout, "Another process holds the lock.", place,
                                 core::Fault::Machine);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return lock;
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace gitops

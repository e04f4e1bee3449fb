// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/smallfile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gitops {

namespace {

std::unexpected<core::Error> refused(core::ErrorCode code, std::string message,
                                     const std::string& path)
{
    return core::failure(code, std::move(message), {.file = path}, core::Fault::User);
}

std::string reason(int number)
{
    return std::generic_category().message(number);
}

} // namespace

core::Result<std::string> readSmallFile(const std::string& path, std::size_t limit)
{
    // Non-blocking, so that a FIFO does not hold the caller.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return refused(errno == ENOENT ? core::ErrorCode::NotFound : core::ErrorCode::Disk,
                       "the file cannot be read: " + reason(errno), path);
    struct stat status = {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(file);
        return refused(core::ErrorCode::Disk, "this is no regular file", path);
    }
    std::string out;
    char buffer[16384];
    while (true) {
        const ssize_t count = ::read(file, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            const int number = errno;
            ::close(file);
            return refused(core::ErrorCode::Disk, "the file cannot be read: " + reason(number),
                           path);
        }
        if (count == 0)
            break;
        out.append(buffer, std::size_t(count));
        if (out.size() > limit) {
            ::close(file);
            return refused(core::ErrorCode::LimitExceeded, "the file is too large", path);
        }
    }
    ::close(file);
    return out;
}

} // namespace gitops

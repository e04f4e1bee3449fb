// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/statedisk.h"

#include "core/base/strings.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gitops {

namespace fs = std::filesystem;

namespace {

std::unexpected<core::Error> diskFailure(const char* what, const std::string& path, int error)
{
    return core::failure(core::ErrorCode::Disk,
                         std::string(what) + ": " + std::generic_category().message(error),
                         {.file = core::sanitised(path)}, core::Fault::Machine);
}

/// An open file, closed at the end; close tells whether all went well.
class File
{
public:
    File(const std::string& path, int flags)
        : m_descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600))
    {
    }
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int descriptor() const { return m_descriptor; }
    bool isOpen() const { return m_descriptor >= 0; }

    /// errno, 0 when all is on the disk.
    int writeAll(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return count < 0 ? errno : ENOSPC;
            bytes.remove_prefix(std::size_t(count));
        }
        return ::fsync(m_descriptor) == 0 ? 0 : errno;
    }

private:
    int m_descriptor;
};

class PosixDisk : public StateDisk
{
public:
    core::Result<std::optional<std::string>> read(const std::string& path,
                                                  std::uint64_t maxBytes) const override
    {
        const File file(path, O_RDONLY | O_NONBLOCK);
        if (!file.isOpen() && errno == ENOENT)
            return std::nullopt;
        struct stat status {};
        if (!file.isOpen() || ::fstat(file.descriptor(), &status) != 0)
            return diskFailure("The file cannot be opened", path, errno);
        if (!S_ISREG(status.st_mode))
            return diskFailure("The file cannot be read", path, EINVAL);
        std::string out;
        std::string buffer(std::size_t(64) << 10, '\0');
        for (;;) {
            const ssize_t count = ::read(file.descriptor(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return diskFailure("The file cannot be read", path, errno);
            if (count == 0)
                return out;
            out.append(buffer, 0, std::size_t(count));
            if (out.size() > maxBytes)
                return core::failure(core::ErrorCode::LimitExceeded,
                                     "The file is larger than " + std::to_string(maxBytes)
                                         + " bytes.",
                                     {.file = core::sanitised(path)}, core::Fault::Machine);
        }
    }

    core::Result<void> write(const std::string& path, std::string_view bytes) override
    {
        return put(path, bytes, O_WRONLY | O_CREAT | O_TRUNC);
    }

    core::Result<void> append(const std::string& path, std::string_view bytes) override
    {
        return put(path, bytes, O_WRONLY | O_CREAT | O_APPEND);
    }

    core::Result<void> truncate(const std::string& path, std::uint64_t size) override
    {
        if (::truncate(path.c_str(), off_t(size)) != 0)
            return diskFailure("The file cannot be shortened", path, errno);
        return {};
    }

    core::Result<void> rename(const std::string& from, const std::string& to) override
    {
        if (::rename(from.c_str(), to.c_str()) != 0)
            return diskFailure("The file cannot be put in place", to, errno);
        return {};
    }

    core::Result<void> link(const std::string& from, const std::string& to) override
    {
        if (::link(from.c_str(), to.c_str()) != 0)
            return diskFailure("The file cannot be kept", to, errno);
        return {};
    }

    core::Result<void> remove(const std::string& path) override
    {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            return diskFailure("The file cannot be removed", path, errno);
        return {};
    }

    core::Result<void> sync(const std::string& folder) override
    {
        const File file(folder, O_RDONLY | O_DIRECTORY);
        if (!file.isOpen() || ::fsync(file.descriptor()) != 0)
            return diskFailure("The folder cannot be written", folder, errno);
        return {};
    }

    core::Result<void> makeFolder(const std::string& path) override
    {
        std::error_code error;
        const bool made = fs::create_directories(path, error);
        if (error)
            return diskFailure("The folder cannot be made", path, error.value());
        if (made)
            fs::permissions(path, fs::perms::owner_all, error);
        return {};
    }

    core::Result<std::vector<std::string>> list(const std::string& folder) const override
    {
        std::vector<std::string> out;
        std::error_code error;
        for (fs::directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error))
            out.push_back(it->path().filename().string());
        if (error && error != std::errc::no_such_file_or_directory)
            return diskFailure("The folder cannot be read", folder, error.value());
        std::ranges::sort(out);
        return out;
    }

    core::Result<std::uint64_t> size(const std::string& path) const override
    {
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0)
            return std::uint64_t(status.st_size);
        if (errno == ENOENT)
            return 0;
        return diskFailure("The file cannot be read", path, errno);
    }

private:
    static core::Result<void> put(const std::string& path, std::string_view bytes, int flags)
    {
        const File file(path, flags);
        if (!file.isOpen())
            return diskFailure("The file cannot be opened for writing", path, errno);
        if (const int error = file.writeAll(bytes); error != 0)
            return diskFailure("The file cannot be written", path, error);
        return {};
    }
};

} // namespace

std::shared_ptr<StateDisk> makeStateDisk()
{
    return std::make_shared<PosixDisk>();
}

} // namespace gitops

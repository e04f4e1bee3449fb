// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/diskfolder.h"

#include "gitops/git/objectid.h"

#include <climits>

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gitops {

namespace {

constexpr std::size_t kMaxFolderEntries = 200'000;

/// Closes a descriptor at the end of a block.
struct Descriptor
{
    int number;
    explicit Descriptor(int value)
        : number(value)
    {
    }
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
};

std::string reason(int error)
{
    return std::generic_category().message(error);
}

std::optional<NodeType> typeOf(mode_t mode)
{
    if (S_ISREG(mode))
        return NodeType::File;
    if (S_ISDIR(mode))
        return NodeType::Directory;
    if (S_ISLNK(mode))
        return NodeType::Link;
    return std::nullopt;
}

DiskItem itemOf(NodeType type, std::string name, const struct stat& status)
{
    return {type,
            std::move(name),
            type == NodeType::File ? std::uint64_t(status.st_size) : 0,
            (status.st_mode & S_IXUSR) != 0,
            {status.st_dev, status.st_ino, std::uint64_t(status.st_size), status.st_mtim.tv_sec,
             status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec}};
}

/// Reads up to size bytes; less only at the end of the file. -1: errno.
ssize_t readFully(int descriptor, char* bytes, std::size_t size)
{
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = ::read(descriptor, bytes + done, size - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        done += std::size_t(count);
    }
    return ssize_t(done);
}

} // namespace

core::Result<FolderPtr> Folder::openRoot(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0)
        return FolderPtr(new Folder(descriptor, {}));
    const core::Place place {.file = core::sanitised(path)};
    if (errno == ENOENT)
        return core::failure(core::ErrorCode::NotFound, "There is no such folder.", place,
                             core::Fault::User);
    if (errno == ENOTDIR)
        return core::failure(core::ErrorCode::Invalid, "This is a file, not a folder.", place,
                             core::Fault::User);
    return core::failure(core::ErrorCode::Disk, "The folder cannot be opened: " + reason(errno),
                         place, core::Fault::Machine);
}

Folder::Folder(int descriptor, std::string path)
    : m_descriptor(descriptor)
    , m_path(std::move(path))
{
}

Folder::~Folder()
{
    ::close(m_descriptor);
}

std::string Folder::pathOf(const std::string& name) const
{
    return m_path.empty() ? name : m_path + '/' + name;
}

std::unexpected<core::Error> Folder::diskError(const std::string& name, int error) const
{
    if (error == ENOENT || error == ELOOP || error == ENOTDIR)
        return treeFailure(core::ErrorCode::Disk, "It was changed while it was read.",
                           pathOf(name));
    return core::failure(core::ErrorCode::Disk, "It cannot be read: " + reason(error),
                         {.file = core::sanitised(pathOf(name))}, core::Fault::Machine);
}

core::Result<std::optional<DiskItem>> Folder::stat(const std::string& name) const
{
    struct stat status {};
    if (::fstatat(m_descriptor, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT || errno == ENAMETOOLONG)
            return std::nullopt;
        return diskError(name, errno);
    }
    const std::optional<NodeType> type = typeOf(status.st_mode);
    if (!type)
        return treeFailure(core::ErrorCode::Invalid,
                           "This is neither a file nor a folder nor a symbolic link.",
                           pathOf(name));
    return itemOf(*type, name, status);
}

core::Result<FolderPtr> Folder::open(const std::string& name) const
{
    const int descriptor =
        ::openat(m_descriptor, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return diskError(name, errno);
    return FolderPtr(new Folder(descriptor, pathOf(name)));
}

core::Result<std::vector<DiskItem>> Folder::list() const
{
    const int descriptor =
        ::openat(m_descriptor, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return diskError(".", errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(descriptor), ::closedir);
    if (!stream) {
        ::close(descriptor);
        return diskError(".", errno);
    }
    std::vector<DiskItem> out;
    for (;;) {
        errno = 0;
        const struct dirent* line = ::readdir(stream.get());
        if (line == nullptr && errno != 0)
            return diskError(".", errno);
        if (line == nullptr)
            break;
        std::string name = line->d_name;
        if (name == "." || name == ".." || core::equalsIgnoringCase(name, ".git"))
            continue;
        struct stat status {};
        if (::fstatat(m_descriptor, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            return diskError(name, errno);
        if (const std::optional<NodeType> type = typeOf(status.st_mode))
            out.push_back(itemOf(*type, std::move(name), status));
        if (out.size() > kMaxFolderEntries)
            return treeFailure(core::ErrorCode::LimitExceeded,
                               "There are more than 200000 files in this folder.", m_path);
    }
    std::ranges::sort(out, {}, &DiskItem::name);
    return out;
}

core::Result<std::string> Folder::linkTarget(const std::string& name) const
{
    std::array<char, PATH_MAX> bytes {};
    const ssize_t size = ::readlinkat(m_descriptor, name.c_str(), bytes.data(), bytes.size());
    if (size < 0)
        return diskError(name, errno == EINVAL ? ELOOP : errno);
    return std::string(bytes.data(), std::size_t(size));
}

core::Result<std::string> Folder::read(const std::string& name, std::uint64_t maxBytes) const
{
    // O_NONBLOCK: a pipe put in the file's place must not hold us up.
    const Descriptor file(
        ::openat(m_descriptor, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.number < 0 || ::fstat(file.number, &status) != 0)
        return diskError(name, errno);
    if (!S_ISREG(status.st_mode))
        return diskError(name, ELOOP);
    if (std::uint64_t(status.st_size) > maxBytes)
        return tooLarge(pathOf(name), std::uint64_t(status.st_size), maxBytes);
    std::string out(std::size_t(status.st_size) + 1, '\0');
    const ssize_t count = readFully(file.number, out.data(), out.size());
    if (count < 0)
        return diskError(name, errno);
    if (count != status.st_size)
        return diskError(name, ENOENT);
    out.resize(std::size_t(count));
    return out;
}

core::Result<std::string> Folder::hash(const std::string& name) const
{
    const Descriptor file(
        ::openat(m_descriptor, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.number < 0 || ::fstat(file.number, &status) != 0)
        return diskError(name, errno);
    if (!S_ISREG(status.st_mode))
        return diskError(name, ELOOP);
    ObjectHasher hasher("blob", std::uint64_t(status.st_size));
    std::uint64_t total = 0;
    std::vector<char> buffer(std::size_t(64) << 10);
    for (;;) {
        const ssize_t count = readFully(file.number, buffer.data(), buffer.size());
        if (count < 0)
            return diskError(name, errno);
        if (count == 0)
            break;
        hasher.add({buffer.data(), std::size_t(count)});
        total += std::uint64_t(count);
        if (total > std::uint64_t(status.st_size))
            break;
    }
    if (total != std::uint64_t(status.st_size))
        return diskError(name, ENOENT);
    return hasher.hex();
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/filestorage.h"

#include "core/base/strings.h"

#include <boost/crc.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sys/file.h>
#include <unistd.h>

namespace gitops::practice {

namespace {

constexpr std::string_view kRemoved = "-";

std::uint32_t checksum(std::string_view text)
{
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    return crc.checksum();
}

/// One line: checksum, resourceVersion, storage, key, object or "-".
std::string lineOf(const StorageRecord& record)
{
    const std::string body =
        fmt::format("{} {} {} {}", record.resourceVersion, record.storage, record.key,
                    record.text.empty() ? kRemoved : std::string_view(record.text));
    return fmt::format("{:08x} {}\n", checksum(body), body);
}

std::optional<StorageRecord> parseLine(std::string_view line)
{
    std::uint32_t sum = 0;
    if (line.size() < 10 || line[8] != ' '
        || std::from_chars(line.data(), line.data() + 8, sum, 16).ptr != line.data() + 8
        || checksum(line.substr(9)) != sum)
        return std::nullopt;
    line.remove_prefix(9);
    StorageRecord record;
    const auto next = [&line] {
        const std::size_t end = line.find(' ');
        const std::string_view word = line.substr(0, end);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        return word;
    };
    const std::string_view version = next();
    std::from_chars(version.data(), version.data() + version.size(), record.resourceVersion);
    record.storage = next();
    record.key = next();
    if (line != kRemoved)
        record.text = line;
    return record.resourceVersion == 0 ? std::nullopt : std::optional(std::move(record));
}

core::Error diskError(const std::filesystem::path& file, std::string_view what)
{
    core::Error error;
    error.code = core::ErrorCode::Disk;
    error.fault = core::Fault::Machine;
    error.message = std::string(what);
    if (errno != 0)
        error.message += std::string(": ") + std::strerror(errno);
    error.place.file = file.string();
    return error;
}

bool writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(std::size_t(written));
    }
    return true;
}

std::optional<std::string> readFile(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

} // namespace

/// Everything that the files say.
struct FileStorage::State
{
    std::map<std::pair<std::string, std::string>, StorageRecord> objects;
    std::uint64_t version = 0;
    std::size_t goodLogBytes = 0; ///< up to the end of the last whole line
    bool logIsTorn = false;

    void take(StorageRecord record)
    {
        version = std::max(version, record.resourceVersion);
        auto key = std::pair(record.storage, record.key);
        if (record.text.empty())
            objects.erase(key);
        else
            objects[std::move(key)] = std::move(record);
    }
};

FileStorage::FileStorage(std::filesystem::path folder)
    : m_folder(std::move(folder))
{
}

FileStorage::~FileStorage()
{
    if (m_log >= 0)
        ::close(m_log);
    if (m_lock >= 0)
        ::close(m_lock);
}

core::Result<std::unique_ptr<FileStorage>> FileStorage::open(const std::filesystem::path& folder)
{
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem)
        return core::failure(core::ErrorCode::Disk,
                             "the folder cannot be made: " + problem.message(),
                             {.file = folder.string()}, core::Fault::Machine);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
    std::unique_ptr<FileStorage> storage(new FileStorage(folder));
    if (auto locked = storage->lock(); !locked)
        return std::unexpected(std::move(locked).error());
    return storage;
}

core::Result<void> FileStorage::lock()
{
    const std::filesystem::path file = m_folder / "lock";
    m_lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        return std::unexpected(diskError(file, "the lock cannot be opened"));
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        errno = 0;
        return std::unexpected(
            diskError(m_folder, "another practice cluster is running in this folder"));
    }
    return {};
}

core::Result<FileStorage::State> FileStorage::readAll() const
{
    State state;
    const std::filesystem::path snapshot = m_folder / "objects.snapshot";
    int lineNumber = 0;
    if (const auto text = readFile(snapshot)) {
        std::string_view rest = *text;
        while (!rest.empty()) {
            ++lineNumber;
            const std::size_t end = rest.find('\n');
            auto record = parseLine(rest.substr(0, end));
            if (!record || end == std::string_view::npos)
                return core::failure(core::ErrorCode::Disk, "the snapshot is damaged",
                                     {.file = snapshot.string(), .line = lineNumber},
                                     core::Fault::Machine);
            rest.remove_prefix(end + 1);
            // The first line carries only the version, so that it survives an empty cluster.
            if (record->storage == "version")
                state.version = record->resourceVersion;
            else
                state.take(std::move(*record));
        }
    }
    const std::uint64_t snapshotVersion = state.version;
    const std::filesystem::path log = m_folder / "objects.log";
    const std::string text = readFile(log).value_or(std::string());
    std::string_view rest = text;
    lineNumber = 0;
    while (!rest.empty()) {
        ++lineNumber;
        const std::size_t end = rest.find('\n');
        auto record = end == std::string_view::npos ? std::nullopt : parseLine(rest.substr(0, end));
        if (!record) {
            // Only the last line may be torn; a hole before whole lines is damage.
            if (end != std::string_view::npos && end + 1 < rest.size())
                return core::failure(core::ErrorCode::Disk, "the log is damaged",
                                     {.file = log.string(), .line = lineNumber},
                                     core::Fault::Machine);
            state.logIsTorn = true;
            break;
        }
        rest.remove_prefix(end + 1);
        state.goodLogBytes += end + 1;
        if (record->resourceVersion > snapshotVersion)
            state.take(std::move(*record));
    }
    return state;
}

core::Result<void> FileStorage::openLog(bool empty)
{
    const std::filesystem::path file = m_folder / "objects.log";
    if (m_log >= 0)
        ::close(m_log);
    m_log = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (empty ? O_TRUNC : 0),
                   0600);
    if (m_log < 0)
        return std::unexpected(diskError(file, "the log cannot be opened"));
    return {};
}

core::Result<std::uint64_t>
FileStorage::load(const std::function<void(const StorageRecord&)>& visit)
{
    auto state = readAll();
    if (!state)
        return std::unexpected(std::move(state).error());
    if (auto opened = openLog(false); !opened)
        return std::unexpected(std::move(opened).error());
    if (state->logIsTorn && ::ftruncate(m_log, off_t(state->goodLogBytes)) != 0)
        return std::unexpected(diskError(m_folder / "objects.log", "the log cannot be cut"));
    m_logSize = state->goodLogBytes;
    for (const auto& [key, record] : state->objects)
        visit(record);
    return state->version;
}

void FileStorage::append(const StorageRecord& record)
{
    m_pending += lineOf(record);
}

core::Result<void> FileStorage::commit()
{
    if (m_pending.empty())
        return {};
    if (!writeAll(m_log, m_pending) || ::fdatasync(m_log) != 0)
        return std::unexpected(diskError(m_folder / "objects.log", "the log cannot be written"));
    m_logSize += m_pending.size();
    m_pending.clear();
    if (m_logSize < m_compactionSize)
        return {};
    auto state = readAll();
    if (!state)
        return std::unexpected(std::move(state).error());
    return writeSnapshot(*state);
}

core::Result<void> FileStorage::writeSnapshot(const State& state)
{
    const std::filesystem::path file = m_folder / "objects.snapshot";
    const std::filesystem::path fresh = m_folder / "objects.snapshot.new";
    std::string text = lineOf({state.version, "version", "-", "{}"});
    for (const auto& [key, record] : state.objects)
        text += lineOf(record);
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return std::unexpected(diskError(fresh, "the snapshot cannot be opened"));
    const bool written = writeAll(descriptor, text) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0)
        return std::unexpected(diskError(fresh, "the snapshot cannot be written"));
    // Until the folder is synced too the old log must stay.
    if (const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    m_logSize = 0;
    return openLog(true);
}

} // namespace gitops::practice

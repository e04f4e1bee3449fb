// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/statefolder.h"

#include "core/base/strings.h"
#include "gitops/history/staterecord.h"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace gitops {

namespace {

constexpr int kVersion = 1;
constexpr std::uint64_t kMaxRecordBytes = 64u << 20;

} // namespace

StateFolder::StateFolder(std::string path, std::shared_ptr<StateDisk> disk)
    : m_path(std::move(path))
    , m_disk(std::move(disk))
{
}

StateFolder::~StateFolder()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

core::Result<StateFolderPtr> StateFolder::open(const std::string& path, Access access,
                                               std::shared_ptr<StateDisk> disk)
{
    const std::shared_ptr<StateFolder> folder(new StateFolder(path, std::move(disk)));
    if (access == Access::Write) {
        if (core::Result<void> made = folder->m_disk->makeFolder(path); !made)
            return std::unexpected(std::move(made.error()));
        if (core::Result<void> locked = folder->lock(); !locked)
            return std::unexpected(std::move(locked.error()));
    }
    if (core::Result<void> checked = folder->checkVersion(); !checked)
        return std::unexpected(std::move(checked.error()));
    if (access == Access::Write)
        if (core::Result<void> prepared = folder->prepare(); !prepared)
            return std::unexpected(std::move(prepared.error()));
    return folder;
}

core::Result<void> StateFolder::lock()
{
    const std::string path = m_path + "/lock";
    const core::Place place {.file = core::sanitised(path)};
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        m_lock = descriptor;
        // Only for the other's error message: whether it succeeds does not matter.
        const std::string process = std::to_string(::getpid());
        if (::ftruncate(descriptor, 0) == 0)
            (void)!::pwrite(descriptor, process.data(), process.size(), 0);
        return {};
    }
    const int error = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    if (error != EWOULDBLOCK)
        return core::failure(core::ErrorCode::Disk,
                             "The state folder cannot be locked: "
                                 + std::generic_category().message(error),
                             place, core::Fault::Machine);
    const auto holder = m_disk->read(path, 64);
    const std::string process = holder && *holder ? core::sanitised(core::trimmed(**holder)) : "";
    return core::failure(core::ErrorCode::Unavailable,
                         "Another Wavewright"
                             + (process.empty() ? "" : " (process " + process + ")")
                             + " uses this state folder.",
                         place, core::Fault::User);
}

core::Result<void> StateFolder::checkVersion() const
{
    const std::string path = m_path + "/version";
    const auto text = m_disk->read(path, 64);
    if (!text)
        return std::unexpected(text.error());
    if (!*text)
        return {};
    const std::string_view digits = core::trimmed(**text);
    int version = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (error == std::errc() && end == digits.data() + digits.size() && version <= kVersion
        && version > 0)
        return {};
    return core::failure(core::ErrorCode::Unsupported,
                         "A newer Wavewright made this state folder; it is left as it is.",
                         {.file = core::sanitised(path)}, core::Fault::User);
}

core::Result<void> StateFolder::prepare()
{
    for (const std::string& folder : {recordsFolder(), journalFolder()})
        if (core::Result<void> made = m_disk->makeFolder(folder); !made)
            return made;
    const std::string path = m_path + "/version";
    const auto present = m_disk->size(path);
    if (!present)
        return std::unexpected(present.error());
    if (*present == 0) {
        core::Result<void> written = m_disk->write(path + "-new", std::to_string(kVersion) + '\n');
        if (written)
            written = m_disk->rename(path + "-new", path);
        if (written)
            written = m_disk->sync(m_path);
        if (!written)
            return written;
    }
    const auto names = m_disk->list(recordsFolder());
    if (!names)
        return std::unexpected(names.error());
    for (const std::string& name : *names)
        if (StateRecord::isLeftover(name))
            (void)m_disk->remove(recordsFolder() + '/' + name); // only room is lost otherwise
    return {};
}

core::Result<std::map<std::string, core::Result<std::string>>>
StateFolder::records(std::string_view prefix) const
{
    const auto files = m_disk->list(recordsFolder());
    if (!files)
        return std::unexpected(files.error());
    std::map<std::string, core::Result<std::string>> out;
    for (const std::string& file : *files) {
        if (!StateRecord::isRecordFile(file))
            continue;
        const auto content = m_disk->read(recordsFolder() + '/' + file, kMaxRecordBytes);
        const std::string name =
            content && *content ? StateRecord::nameInFile(**content) : std::string();
        if (name.empty() || !name.starts_with(prefix) || out.contains(name))
            continue;
        core::Result<std::optional<std::string>> text =
            StateRecord(*m_disk, recordsFolder(), name).load();
        if (!text)
            out.emplace(name, std::unexpected(std::move(text.error())));
        else if (*text)
            out.emplace(name, std::move(**text));
    }
    return out;
}

} // namespace gitops

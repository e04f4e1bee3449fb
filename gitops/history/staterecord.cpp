// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/staterecord.h"

#include "core/base/digest.h"
#include "core/base/http.h"
#include "core/base/strings.h"

namespace gitops {

namespace {

constexpr std::string_view kSuffix = ".record";
constexpr std::string_view kOldSuffix = ".record-before";
constexpr std::string_view kNewSuffix = ".record-new";
constexpr std::string_view kLinkSuffix = ".record-link";
constexpr std::uint64_t kMaxBytes = 64u << 20;
constexpr std::size_t kMaxNameBytes = 1024;

/// A file's name for a record's: itself where it can be read, else a digest.
std::string fileName(const std::string& name)
{
    const std::string encoded = core::percentEncode(name);
    if (encoded.size() <= 180 && !encoded.starts_with('.'))
        return encoded;
    return "sha256-" + core::sha256(name).hex();
}

struct Parts
{
    std::string_view digest;
    std::string_view name; ///< percent-encoded
    std::string_view text;
};

/// "wavewright-state 1 DIGEST NAME\nTEXT"
std::optional<Parts> partsOf(std::string_view content)
{
    const std::size_t end = content.find('\n');
    if (end == std::string_view::npos || end > 8192)
        return std::nullopt;
    const auto words = core::split(content.substr(0, end), ' ');
    if (words.size() != 4 || words[0] != "wavewright-state" || words[1] != "1")
        return std::nullopt;
    return Parts {words[2], words[3], content.substr(end + 1)};
}

std::string digestOf(std::string_view encodedName, std::string_view text)
{
    return core::sha256(std::string(encodedName) + '\n' + std::string(text)).hex();
}

} // namespace

StateRecord::StateRecord(StateDisk& disk, std::string folder, std::string name)
    : m_disk(disk)
    , m_folder(std::move(folder))
    , m_name(std::move(name))
    , m_path(m_folder + '/' + fileName(m_name))
{
}

std::string StateRecord::encoded(std::string_view text) const
{
    const std::string name = core::percentEncode(m_name);
    return "wavewright-state 1 " + digestOf(name, text) + ' ' + name + '\n' + std::string(text);
}

std::optional<std::string> StateRecord::decoded(std::string_view content) const
{
    const std::optional<Parts> parts = partsOf(content);
    if (!parts || core::percentDecode(parts->name) != m_name
        || digestOf(parts->name, parts->text) != parts->digest)
        return std::nullopt;
    return std::string(parts->text);
}

core::Result<void> StateRecord::save(std::string_view text)
{
    if (m_name.empty() || m_name.size() > kMaxNameBytes || text.size() > kMaxBytes / 2)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "The state to keep is too large, or its name.",
                             {.file = core::sanitised(m_path)});
    const std::string current = m_path + std::string(kSuffix);
    const std::string fresh = m_path + std::string(kNewSuffix);
    const std::string linked = m_path + std::string(kLinkSuffix);
    if (core::Result<void> done = m_disk.write(fresh, encoded(text)); !done) {
        (void)m_disk.remove(fresh); // gives its room back to the disk
        return done;
    }
    // Only a good text may take the place of the one before.
    const auto before = m_disk.read(current, kMaxBytes);
    if (before && *before && decoded(**before)) {
        core::Result<void> kept = m_disk.remove(linked);
        if (kept)
            kept = m_disk.link(current, linked);
        if (kept)
            kept = m_disk.rename(linked, m_path + std::string(kOldSuffix));
        if (!kept)
            return kept;
    }
    if (core::Result<void> done = m_disk.rename(fresh, current); !done)
        return done;
    return m_disk.sync(m_folder);
}

core::Result<std::optional<std::string>> StateRecord::load() const
{
    const auto current = m_disk.read(m_path + std::string(kSuffix), kMaxBytes);
    if (!current)
        return std::unexpected(current.error());
    if (*current)
        if (std::optional<std::string> text = decoded(**current))
            return text;
    const auto before = m_disk.read(m_path + std::string(kOldSuffix), kMaxBytes);
    if (!before)
        return std::unexpected(before.error());
    if (*before)
        if (std::optional<std::string> text = decoded(**before))
            return text;
    if (!*current && !*before)
        return std::nullopt;
    return core::failure(core::ErrorCode::Disk, "The kept state is damaged.",
                         {.file = core::sanitised(m_path + std::string(kSuffix))},
                         core::Fault::Machine);
}

core::Result<void> StateRecord::remove()
{
    // The text before goes first: it must not come back when we are killed in between.
    for (const std::string_view suffix : {kOldSuffix, kSuffix})
        if (core::Result<void> done = m_disk.remove(m_path + std::string(suffix)); !done)
            return done;
    return m_disk.sync(m_folder);
}

std::string StateRecord::nameInFile(std::string_view content)
{
    const std::optional<Parts> parts = partsOf(content);
    return parts ? core::percentDecode(parts->name) : std::string();
}

bool StateRecord::isRecordFile(std::string_view fileName)
{
    return fileName.ends_with(kSuffix) || fileName.ends_with(kOldSuffix);
}

bool StateRecord::isLeftover(std::string_view fileName)
{
    return fileName.ends_with(kNewSuffix) || fileName.ends_with(kLinkSuffix);
}

} // namespace gitops

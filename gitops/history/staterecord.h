// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/history/statedisk.h"

#include <optional>
#include <string>
#include <string_view>

namespace gitops {

/// One named text on disk, such that a reader gets the old or the new text or an error, whatever
/// happened to the files: a digest guards each, and the text before stays beside the newest until
/// the next save.
class StateRecord
{
public:
    /// folder: where records are; name: of any characters, at most 1024 bytes.
    StateRecord(StateDisk& disk, std::string folder, std::string name);

    core::Result<void> save(std::string_view text);
    core::Result<std::optional<std::string>> load() const;
    core::Result<void> remove();

    /// "" for files that are no record's newest text.
    static std::string nameInFile(std::string_view content);
    static bool isRecordFile(std::string_view fileName);
    static bool isLeftover(std::string_view fileName); ///< of a process that was killed

private:
    std::string encoded(std::string_view text) const;
    /// nullopt when the content is damaged or another record's.
    std::optional<std::string> decoded(std::string_view content) const;

    StateDisk& m_disk;
    const std::string m_folder;
    const std::string m_name;
    const std::string m_path;
};

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/transport.h"
#include "tests/replay/answerdifference.h"
#include "tests/replay/requestscript.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tests {

/// A folder with scripts/*.yaml, the recorded answers/*.json, and two lists of known differences:
/// intended.yaml (with reasons) and open.yaml (no reason but work that is left).
class AnswerBook
{
public:
    /// only: of the scripts whose "file/name" holds it.
    static core::Result<AnswerBook> open(std::filesystem::path folder, const std::string& only);

    /// What a server answers to every script.
    core::Result<void> ask(gitops::Transport& transport);
    /// Of the last ask; a script without an answer, or without a recorded one, is a difference.
    std::vector<AnswerDifference> differences() const;
    const std::vector<IntendedDifference>& intended() const { return m_intended; }
    const std::vector<IntendedDifference>& open() const { return m_open; }
    /// Replaces the recorded answers of the scripts that were asked by the last ask's.
    core::Result<void> record() const;

    std::size_t scripts() const { return m_scripts.size(); }
    std::size_t requests() const;

private:
    std::filesystem::path m_folder;
    std::vector<RequestScript> m_scripts;
    std::map<std::string, core::JsonObject> m_recorded; ///< by file
    std::map<std::string, core::JsonObject> m_asked;
    std::vector<AnswerDifference> m_failures;
    std::vector<IntendedDifference> m_intended;
    std::vector<IntendedDifference> m_open;
};

/// One line for each, shortened, at most so many.
std::string toText(const std::vector<AnswerDifference>& differences, std::size_t most);

} // namespace tests

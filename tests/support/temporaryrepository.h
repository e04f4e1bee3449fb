// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A folder of its own under the system's temporary folder, removed at the end with all in it.
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return m_path; }
    /// Folders on the way are made.
    void write(std::string_view file, std::string_view content) const;
    void link(std::string_view file, const std::string& target) const;
    void remove(std::string_view file) const;

private:
    std::string m_path;
};

/// Whether the git program is there; tests that need it QSKIP otherwise.
bool haveGit();

/// Runs git in a folder without the user's configuration, at a fixed time and as a fixed author.
/// The output without the last line end; a failure ends the test program with what git said.
std::string git(const std::string& folder, const std::vector<std::string>& arguments);
/// As git, but answers whether it succeeded.
bool tryGit(const std::string& folder, const std::vector<std::string>& arguments,
            std::string* output = nullptr);

/// A real repository with a checked out branch "main", made with git in a temporary folder.
class TemporaryRepository
{
public:
    TemporaryRepository();
    const std::string& path() const { return m_folder.path(); }
    void write(std::string_view file, std::string_view content) const
    {
        m_folder.write(file, content);
    }
    void link(std::string_view file, const std::string& target) const
    {
        m_folder.link(file, target);
    }
    void remove(std::string_view file) const { m_folder.remove(file); }
    /// All changes of the folder as one commit; its id.
    std::string commit(const std::string& subject) const;
    std::string git(const std::vector<std::string>& arguments) const;

private:
    TemporaryFolder m_folder;
};

} // namespace tests

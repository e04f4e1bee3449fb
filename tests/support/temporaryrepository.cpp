// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/temporaryrepository.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder()
{
    std::string pattern = (fs::temp_directory_path() / "wavewright-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        std::perror("mkdtemp");
        std::abort();
    }
    m_path = fs::canonical(pattern).string();
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

void TemporaryFolder::write(std::string_view file, std::string_view content) const
{
    const fs::path path = fs::path(m_path) / file;
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(content.data(), std::streamsize(content.size()));
}

void TemporaryFolder::link(std::string_view file, const std::string& target) const
{
    const fs::path path = fs::path(m_path) / file;
    fs::create_directories(path.parent_path());
    fs::create_symlink(target, path);
}

void TemporaryFolder::remove(std::string_view file) const
{
    fs::remove_all(fs::path(m_path) / file);
}

bool haveGit()
{
    static const bool have = tryGit("/", {"--version"});
    return have;
}

bool tryGit(const std::string& folder, const std::vector<std::string>& arguments,
            std::string* output)
{
    std::vector<std::string> words {"git", "-C", folder};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<std::string> settings {
        "PATH=" + std::string(std::getenv("PATH") ? std::getenv("PATH") : "/usr/bin:/bin"),
        "HOME=/nonexistent",
        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_CONFIG_SYSTEM=/dev/null",
        "GIT_CONFIG_COUNT=1",
        "GIT_CONFIG_KEY_0=safe.directory",
        "GIT_CONFIG_VALUE_0=*",
        "GIT_AUTHOR_NAME=Test",
        "GIT_AUTHOR_EMAIL=test@example.org",
        "GIT_COMMITTER_NAME=Test",
        "GIT_COMMITTER_EMAIL=test@example.org",
        "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z",
        "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z",
        "LC_ALL=C",
    };
    std::vector<char*> environment;
    for (std::string& setting : settings)
        environment.push_back(setting.data());
    environment.push_back(nullptr);

    std::array<int, 2> pipe {};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
    pid_t child = 0;
    const int error =
        posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    std::string text;
    std::array<char, 4096> buffer {};
    for (ssize_t count = 0; (count = ::read(pipe[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), std::size_t(count));
    ::close(pipe[0]);
    int status = -1;
    if (error == 0)
        ::waitpid(child, &status, 0);
    while (text.ends_with('\n'))
        text.pop_back();
    if (output != nullptr)
        *output = text;
    return error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string git(const std::string& folder, const std::vector<std::string>& arguments)
{
    std::string output;
    if (!tryGit(folder, arguments, &output)) {
        std::fprintf(stderr, "git %s failed: %s\n",
                     arguments.empty() ? "" : arguments.front().c_str(), output.c_str());
        std::abort();
    }
    return output;
}

TemporaryRepository::TemporaryRepository()
{
    git({"init", "-q", "-b", "main"});
}

std::string TemporaryRepository::commit(const std::string& subject) const
{
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", subject});
    return git({"rev-parse", "HEAD"});
}

std::string TemporaryRepository::git(const std::vector<std::string>& arguments) const
{
    return tests::git(path(), arguments);
}

} // namespace tests

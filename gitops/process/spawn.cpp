// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/process/spawn.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>

extern char** environ;

namespace gitops {

namespace {

class FileActions
{
public:
    explicit FileActions(const SpawnOrder& order)
    {
        posix_spawn_file_actions_init(&m_actions);
        for (const auto& [ours, theirs] : order.descriptors)
            posix_spawn_file_actions_adddup2(&m_actions, ours, theirs);
        for (const int standard : {0, 1, 2})
            if (std::ranges::find(order.descriptors, standard, &std::pair<int, int>::second)
                == order.descriptors.end())
                posix_spawn_file_actions_addopen(&m_actions, standard, "/dev/null",
                                                 standard == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&m_actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions;
};

class Attributes
{
public:
    Attributes()
    {
        posix_spawnattr_init(&m_attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &all);
        posix_spawnattr_setflags(
            &m_attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    }
    ~Attributes() { posix_spawnattr_destroy(&m_attributes); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes;
};

/// Valid as long as the words are.
std::vector<char*> pointersTo(const std::vector<std::string>& words)
{
    std::vector<char*> out;
    for (const std::string& word : words)
        out.push_back(const_cast<char*>(word.c_str())); // nobody writes there: POSIX, exec
    out.push_back(nullptr);
    return out;
}

} // namespace

std::expected<pid_t, std::error_code> spawn(const SpawnOrder& order)
{
    const FileActions files(order);
    const Attributes attributes;
    const std::vector<char*> words = pointersTo(order.words);
    const std::vector<char*> environment =
        order.environment ? pointersTo(*order.environment) : std::vector<char*>();
    pid_t process = -1;
    const int error = posix_spawnp(&process, order.program.c_str(), files.get(), attributes.get(),
                                   words.data(), order.environment ? environment.data() : environ);
    if (error != 0)
        return std::unexpected(std::error_code(error, std::generic_category()));
    return process;
}

} // namespace gitops

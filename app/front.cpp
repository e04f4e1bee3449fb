// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright, as users start it. Loading the libraries for clusters and Git costs several times
// what a small render does, so this program has none of them, and is linked statically: it answers
// what needs no cluster and no repository, and becomes wavewright-engine for the rest.
#include "app/commandline.h"
#include "app/commands.h"
#include "app/console.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace {

/// Only returns when the program is not there.
int becomeEngine(char** argv)
{
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {"wavewright-engine", "../libexec/wavewright/wavewright-engine"})
        execv((here / place).c_str(), argv);
    app::printError("wavewright-engine, which does this, does not start in " + here.string() + ": "
                    + std::strerror(errno));
    return app::CouldNotTell;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const auto parsed = app::parseCommandLine(argc, argv);
        if (const int* exitCode = std::get_if<int>(&parsed))
            return app::whenWritten(*exitCode);
        const auto& options = std::get<app::Options>(parsed);
        if (options.verb == app::Verb::Version)
            return app::whenWritten(app::runVersion(options));
        if (options.verb == app::Verb::Completion)
            return app::whenWritten(app::runCompletion(options));
        if (options.verb == app::Verb::Render && options.repoUrl.empty())
            if (const auto exitCode = app::runRenderFolder(options))
                return app::whenWritten(*exitCode);
        return becomeEngine(argv);
    } catch (const std::exception& error) {
        app::printError(std::string("an unexpected error: ") + error.what());
        return app::CouldNotTell;
    }
}

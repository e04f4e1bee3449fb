// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright-desktop: the same engine, in the same process, behind windows.
#include "app/commandline.h"
#include "app/console.h"
#include "app/control.h"
#include "app/platformbeside.h"
#include "app/runtime.h"
#include "widgets/desktop.h"

#include <QApplication>

#include <csignal>
#include <malloc.h>
#include <memory>
#include <utility>

int main(int argc, char** argv)
{
    mallopt(M_ARENA_MAX, 2);
    std::signal(SIGPIPE, SIG_IGN);
    const auto parsed = app::parseDesktopCommandLine(argc, argv);
    if (const int* exitCode = std::get_if<int>(&parsed))
        return *exitCode;
    const app::Options& options = std::get<app::Options>(parsed);

    int one = 1; // Qt sees the program's name only: the options are ours.
    QApplication application(one, argv);
    auto runtime = app::Runtime::start(options, app::Runtime::Access::ReadWrite);
    if (!runtime) {
        app::printError(runtime.error().text());
        return app::CouldNotTell;
    }
    gitops::Engine& engine = (*runtime)->engine();
    const auto control = app::ControlServer::start(engine, options.stateFolder);
    if (!control)
        app::printError(control.error().text());
    (*runtime)->addRoots();
    widgets::DesktopOptions desktop;
    desktop.theme = options.theme;
    desktop.deterministic = options.deterministic;
    desktop.beside = [beside = std::make_shared<app::PlatformBeside>(options)](
                         const core::PlatformInputPtr& answer) {
        core::PlatformInputPtr input = beside->input(answer);
        return widgets::PlatformBeside {std::move(input), beside->files()};
    };
    return widgets::runDesktop(engine, desktop);
}

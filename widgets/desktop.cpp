// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/desktop.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/platformfeed.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/mainwindow.h"
#include "widgets/settings.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QLocale>

#include <cstdio>

namespace widgets {

int runDesktop(gitops::Engine& engine, const DesktopOptions& options)
{
    if (const auto loaded = loadFonts(); !loaded) {
        std::fprintf(stderr, "wavewright-desktop: %s\n", loaded.error().text().c_str());
        return 70;
    }
    QApplication::setApplicationName(QStringLiteral("wavewright"));
    QApplication::setApplicationDisplayName(QStringLiteral("Wavewright"));
    QApplication::setWindowIcon(themedIcon(QStringLiteral("wavewright")));
    std::optional<core::WallTime> fixed;
    if (options.deterministic) {
        QLocale::setDefault(QLocale::c());
        qputenv("TZ", "UTC"); // times of day too
        QApplication::setCursorFlashTime(0);
        fixed = options.fixedTime.value_or(
            core::parseRfc3339("2026-01-01T00:00:00Z").value_or(core::WallTime()));
    }
    Settings settings(QString::fromStdString(options.settingsFile), options.deterministic);
    const auto asked = themeFromString(QString::fromStdString(options.theme));
    Theme theme(asked.value_or(settings.theme()));
    WallClock clock(fixed);
    EngineBridge bridge(engine);
    MainWindow window(bridge, clock, theme, settings);
    window.feed().setBeside(options.beside);
    window.restore(QString::fromStdString(options.application));
    window.show();
    return QApplication::exec();
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/stylesheet.h"

#include <QApplication>
#include <QStyleFactory>
#include <QToolTip>

namespace widgets {

QString toString(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light:
        return QStringLiteral("light");
    case ThemeChoice::Dark:
        return QStringLiteral("dark");
    case ThemeChoice::System:
        break;
    }
    return QStringLiteral("system");
}

std::optional<ThemeChoice> themeFromString(const QString& text)
{
    for (auto choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark})
        if (toString(choice) == text)
            return choice;
    return std::nullopt;
}

Theme::Theme(ThemeChoice choice)
    : m_platformPalette(QApplication::palette())
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setFont(textFont());
    QToolTip::setFont(textFont(kSmallSize));
    this->choose(choice);
}

void Theme::choose(ThemeChoice choice)
{
    m_choice = choice;
    const Colours& colours = isDark() ? darkColours() : lightColours();
    QApplication::setPalette(paletteOf(colours));
    qApp->setStyleSheet(styleSheetOf(colours));
}

bool Theme::isDark() const
{
    if (m_choice != ThemeChoice::System)
        return m_choice == ThemeChoice::Dark;
    return m_platformPalette.color(QPalette::Window).lightness()
        < m_platformPalette.color(QPalette::WindowText).lightness();
}

} // namespace widgets

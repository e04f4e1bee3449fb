// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/settings.h"

namespace widgets {

Settings::Settings(const QString& file, bool deterministic)
{
    if (deterministic)
        return;
    if (file.isEmpty())
        m_settings.emplace(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("wavewright"),
                           QStringLiteral("desktop"));
    else
        m_settings.emplace(file, QSettings::IniFormat);
    if (m_settings->value(QStringLiteral("version")).toInt() != kVersion) {
        m_settings->clear();
        m_settings->setValue(QStringLiteral("version"), kVersion);
    }
}

ThemeChoice Settings::theme() const
{
    return themeFromString(text(QStringLiteral("theme"))).value_or(ThemeChoice::System);
}

void Settings::setTheme(ThemeChoice theme)
{
    setText(QStringLiteral("theme"), toString(theme));
}

QByteArray Settings::blob(const QString& name) const
{
    return m_settings ? m_settings->value(name).toByteArray() : QByteArray();
}

void Settings::setBlob(const QString& name, const QByteArray& blob)
{
    if (m_settings)
        m_settings->setValue(name, blob);
}

QString Settings::text(const QString& name) const
{
    return m_settings ? m_settings->value(name).toString() : QString();
}

void Settings::setText(const QString& name, const QString& value)
{
    if (m_settings)
        m_settings->setValue(name, value);
}

} // namespace widgets

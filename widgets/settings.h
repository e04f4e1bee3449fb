// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>

#include <optional>

namespace widgets {

/// What the windows remember. Carries a version: what an older or newer Wavewright wrote is left
/// aside, never half understood. In deterministic mode nothing is read or written.
class Settings
{
public:
    static constexpr int kVersion = 1;

    /// file "" is the user's usual place.
    explicit Settings(const QString& file = {}, bool deterministic = false);

    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);
    QByteArray blob(const QString& name) const;
    void setBlob(const QString& name, const QByteArray& blob);
    QString text(const QString& name) const;
    void setText(const QString& name, const QString& value);
    bool isDeterministic() const { return !m_settings.has_value(); }

private:
    std::optional<QSettings> m_settings; ///< nullopt: nothing is remembered
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/renderer.h"

#include <QString>
#include <QStringList>

#include <map>
#include <string>
#include <vector>

namespace tests {

/// One platform of manifests/, as it renders.
class PlatformManifests
{
public:
    explicit PlatformManifests(QString name);

    const QString& name() const { return m_name; }
    QString folder() const; ///< on disk
    /// The folders below it that are overlays, relative to it.
    QStringList overlays() const;
    /// The overlays of apps/: the environments that the platform can be in.
    QStringList environments() const;

    /// Null, with a warning, when it does not render.
    gitops::RenderedPtr render(const QString& relative) const;
    /// Null when there is none. A generated name may be given without its digest.
    core::Json object(const QString& relative, const std::string& kind,
                      const std::string& name) const;
    /// The value at a JSON pointer of an object, as text: strings as they are, the rest compact;
    /// "<absent>" when there is none.
    std::string fact(const QString& relative, const std::string& kind, const std::string& name,
                     const std::string& pointer) const;

    /// A child Application of an environment.
    struct Child
    {
        std::string name;
        std::string wave;
        std::string nameSpace; ///< of its destination
        QString path; ///< relative to the platform's folder
    };
    std::vector<Child> children(const QString& environment) const;

private:
    QString m_name;
    mutable std::map<QString, gitops::RenderedPtr> m_rendered;
};

/// Text of the value at a JSON pointer; "<absent>".
std::string textAt(const core::Json& value, const std::string& pointer);
/// The platforms of manifests/ that have an App-of-Apps.
QStringList platformNames();

} // namespace tests

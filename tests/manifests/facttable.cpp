// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/manifests/facttable.h"

#include <QtTest/QTest>

#include <algorithm>

namespace tests {

void addFactColumns()
{
    for (const char* column : {"folder", "kind", "name", "pointer", "value"})
        QTest::addColumn<QString>(column);
}

void addFact(const char* folder, const char* kind, const char* name, const char* pointer,
             const char* value)
{
    QTest::addRow("%s %s/%s %s", folder, kind, name, pointer)
        << QString(folder) << QString(kind) << QString(name) << QString(pointer) << QString(value);
}

QString checkFact(const PlatformManifests& manifests)
{
    QFETCH(QString, folder);
    QFETCH(QString, kind);
    QFETCH(QString, name);
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    const std::string found =
        manifests.fact(folder, kind.toStdString(), name.toStdString(), pointer.toStdString());
    if (found == value.toStdString())
        return {};
    return QString("%1/%2 %3 is \"%4\", not \"%5\"")
        .arg(kind, name, pointer, QString::fromStdString(found), value);
}

qsizetype countOf(const PlatformManifests& manifests, const QString& folder,
                  const std::string& kind)
{
    const auto rendered = manifests.render(folder);
    return rendered ? std::ranges::count_if(rendered->manifests,
                                            [&](const core::ManifestPtr& manifest) {
                                                return manifest->key().kind == kind;
                                            })
                    : -1;
}

std::map<std::string, std::string> wavesOf(const PlatformManifests& manifests,
                                           const QString& environment)
{
    std::map<std::string, std::string> waves;
    for (const PlatformManifests::Child& child : manifests.children(environment))
        waves[child.name] = child.wave;
    return waves;
}

} // namespace tests

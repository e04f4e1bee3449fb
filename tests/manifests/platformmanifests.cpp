// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/manifests/platformmanifests.h"

#include "core/value/jsonpointer.h"
#include "gitops/git/filetree.h"

#include <QDir>
#include <QDirIterator>

namespace tests {

namespace {

const QString kManifests = QStringLiteral(PROJECT_ROOT_DIR "/manifests");

/// The name itself, or what a generator made of it: with a digest of ten letters behind.
bool isNamed(const std::string& found, const std::string& name)
{
    if (!found.starts_with(name))
        return false;
    const std::string_view rest = std::string_view(found).substr(name.size());
    return rest.empty()
        || (rest.size() == 11 && rest[0] == '-'
            && rest.find_first_not_of("bcdfghkmt2456789", 1) == std::string_view::npos);
}

} // namespace

PlatformManifests::PlatformManifests(QString name)
    : m_name(std::move(name))
{
}

QString PlatformManifests::folder() const
{
    return kManifests + "/" + m_name;
}

QStringList PlatformManifests::overlays() const
{
    QStringList list;
    QDirIterator files(folder(), {"kustomization.yaml"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString relative = QDir(folder()).relativeFilePath(QFileInfo(files.next()).path());
        if (relative.section('/', -2, -2) == "overlays")
            list << relative;
    }
    list.sort();
    return list;
}

QStringList PlatformManifests::environments() const
{
    return QDir(folder() + "/apps/overlays").entryList(QDir::Dirs | QDir::NoDotAndDotDot);
}

gitops::RenderedPtr PlatformManifests::render(const QString& relative) const
{
    if (const auto found = m_rendered.find(relative); found != m_rendered.end())
        return found->second;
    const auto tree = gitops::openDiskTree(folder().toStdString());
    if (!tree)
        return nullptr;
    gitops::RenderRequest request;
    request.tree = *tree;
    request.path = relative.toStdString();
    const auto rendered = gitops::render(request);
    if (!rendered)
        qWarning("%s", rendered.error().text().c_str());
    return m_rendered[relative] = rendered ? *rendered : nullptr;
}

core::Json PlatformManifests::object(const QString& relative, const std::string& kind,
                                     const std::string& name) const
{
    if (const auto rendered = render(relative))
        for (const core::ManifestPtr& manifest : rendered->manifests)
            if (manifest->key().kind == kind && isNamed(manifest->key().name, name))
                return manifest->value();
    return {};
}

std::string PlatformManifests::fact(const QString& relative, const std::string& kind,
                                    const std::string& name, const std::string& pointer) const
{
    return textAt(object(relative, kind, name), pointer);
}

std::vector<PlatformManifests::Child> PlatformManifests::children(const QString& environment) const
{
    std::vector<Child> list;
    const auto rendered = render("apps/overlays/" + environment);
    if (!rendered)
        return list;
    for (const core::ManifestPtr& manifest : rendered->manifests) {
        const core::Json value = manifest->value();
        const QString path = QString::fromStdString(textAt(value, "/spec/source/path"));
        list.push_back({manifest->key().name,
                        textAt(value, "/metadata/annotations/argocd.argoproj.io~1sync-wave"),
                        textAt(value, "/spec/destination/namespace"), path.section('/', 2)});
    }
    return list;
}

std::string textAt(const core::Json& value, const std::string& pointer)
{
    const auto path = core::JsonPointer::parse(pointer);
    const core::Json* found = path ? path->find(value) : nullptr;
    if (!found || found->is_null())
        return "<absent>";
    return found->is_string() ? std::string(found->get_string()) : core::toText(*found);
}

QStringList platformNames()
{
    QStringList names;
    for (const QString& name : QDir(kManifests).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        if (QDir(kManifests + "/" + name + "/apps/overlays").exists())
            names << name;
    return names;
}

} // namespace tests

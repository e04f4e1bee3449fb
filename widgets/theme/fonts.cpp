// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/fonts.h"

#include <QFontDatabase>
#include <QStringList>

namespace widgets {

namespace {

struct Face
{
    const char* file;
    const char* family;
};

constexpr Face kFaces[] = {
    {"Inter-Regular.otf", "Inter"},
    {"Inter-Medium.otf", "Inter"},
    {"Inter-SemiBold.otf", "Inter"},
    {"Inter-Bold.otf", "Inter"},
    {"JetBrainsMono-Regular.ttf", "JetBrains Mono"},
    {"JetBrainsMono-Bold.ttf", "JetBrains Mono"},
};

QFont pinned(const QString& family, int pixels, QFont::Weight weight)
{
    QFont font(family);
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(
        QFont::StyleStrategy(QFont::PreferAntialias | QFont::NoSubpixelAntialias));
    return font;
}

} // namespace

core::Result<void> loadFonts()
{
    static bool loaded = false;
    if (loaded)
        return {};
    for (const Face& face : kFaces) {
        const QString path = QStringLiteral(":/wavewright/fonts/") + QString::fromLatin1(face.file);
        const int id = QFontDatabase::addApplicationFont(path);
        if (!QFontDatabase::applicationFontFamilies(id).contains(QLatin1String(face.family)))
            return core::failure(core::ErrorCode::NotFound,
                                 std::string("the face ") + face.file
                                     + " is missing from this program or cannot be read");
    }
    loaded = true;
    return {};
}

QFont textFont(int pixels, QFont::Weight weight)
{
    return pinned(QStringLiteral("Inter"), pixels, weight);
}

QFont monoFont(int pixels, QFont::Weight weight)
{
    return pinned(QStringLiteral("JetBrains Mono"), pixels, weight);
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>

class QWidget;

namespace widgets {

class PlatformPage;
struct PageContext;

/// A page of the platform as rail, menu, command palette and history know it.
struct PlatformPageSpec
{
    const char* id; ///< "namespaces": in settings and history
    const char* title; ///< English, translated in the context widgets::PlatformPages
    const char* keys; ///< as in actions.cpp
    const char* icon; ///< of resources/icons
    PlatformPage* (*make)(const PageContext& context, QWidget* parent);

    QString translatedTitle() const;
};

/// All pages, in the order of the rail. To add one: a line in platformpages.cpp.
std::span<const PlatformPageSpec> platformPages();
/// Index of a page, -1 when there is none of that id.
int indexOfPage(const QString& id);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "widgets/pages/platformpage.h"

#include <QWidget>

#include <vector>

class QStackedWidget;

namespace widgets {

class Banner;
class PlatformFeed;
class Settings;

/// The pages of the platform with what they share: the feed, and a banner that says what is not
/// known. Pages are made when they are opened for the first time.
class PlatformArea : public QWidget
{
    Q_OBJECT

public:
    PlatformArea(const PageContext& context, Settings& settings, QWidget* parent = nullptr);

    void open(const QString& page, const QString& subject);
    void leave(); ///< nobody looks any more
    QString page() const { return m_page; } ///< "" when none is open
    QString subject() const;

    void activateFilter();
    void focusContent();
    void setOnlyFaults(bool only);
    void remember(); ///< puts the pages' states into the settings
    PlatformFeed& feed() const { return *m_feed; }

Q_SIGNALS:
    void placeChanged();
    void applicationRequested(const QString& name);
    void objectRequested(const QString& application, const core::ObjectKey& key);
    void manifestRequested(const QString& application, const core::ObjectKey& key);
    void pageRequested(const QString& page, const QString& subject);

private:
    PlatformPage* pageAt(int index);
    PlatformPage* current() const;
    void update();
    void updateBanner();

    const PageContext m_context;
    Settings& m_settings;
    PlatformFeed* m_feed;
    Banner* m_banner;
    QStackedWidget* m_stack;
    std::vector<PlatformPage*> m_pages; ///< as platformPages(); null until opened
    QString m_page;
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"

#include <QWidget>

namespace widgets {

class EmptyState;
class EngineBridge;
class WallClock;

/// What pages are made with; both outlive them.
struct PageContext
{
    EngineBridge& bridge;
    const WallClock& clock;
};

/// How far the reading of the platform is.
struct PlatformReading
{
    bool hasAnswer = false; ///< false: views are empty, which does not mean that there is nothing
    QString failure; ///< of the last question; "" after an answer

    bool operator==(const PlatformReading&) const = default;
};

/// A page of the platform: Namespaces, Tenants, Topics, Lineage. It draws views and says where a
/// person wants to go; the window goes there. Its name, key and icon stand in platformpages.cpp.
class PlatformPage : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// What to draw from now on; never null. Called only while the page is shown.
    virtual void setViews(const core::PlatformViewsPtr& views, const PlatformReading& reading) = 0;

    /// What is open within the page (a namespace, a tenant, a topic's id), "" for none: a step of
    /// back and forward.
    virtual QString subject() const { return {}; }
    virtual void open(const QString& subject) { Q_UNUSED(subject) }

    virtual void activateFilter() { }
    virtual void focusContent() { }
    virtual void setOnlyFaults(bool only) { Q_UNUSED(only) }
    /// What is remembered from one start to the next: filter, columns, which view.
    virtual QByteArray state() const { return {}; }
    virtual void restoreState(const QByteArray& state) { Q_UNUSED(state) }

Q_SIGNALS:
    void subjectChanged(); ///< by a person: the window remembers the place
    void applicationRequested(const QString& name);
    /// An object's row among its application's.
    void objectRequested(const QString& application, const core::ObjectKey& key);
    /// An object's manifest, desired and live.
    void manifestRequested(const QString& application, const core::ObjectKey& key);
    /// Another page of the platform, by its id in platformpages.cpp.
    void pageRequested(const QString& page, const QString& subject);

protected:
    /// Says in `empty` why nothing is shown where nothing was answered: not connected, not
    /// readable, or not yet read (`reads`: what for). False, and nothing said, where there was an
    /// answer.
    static bool describeUnanswered(EmptyState& empty, const PageContext& context,
                                   const PlatformReading& reading, const QString& icon,
                                   const QString& reads);
};

} // namespace widgets

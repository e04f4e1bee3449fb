// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/platformfeed.h"

#include "widgets/bridge/enginebridge.h"
#include "widgets/text/texts.h"

#include <algorithm>

namespace widgets {

namespace {

using std::chrono::milliseconds;

constexpr int kSlowness = int(PlatformFeed::kSlowInterval / PlatformFeed::kInterval);
constexpr int kMostPatience = 30; ///< intervals

bool isDue(const QElapsedTimer& since, milliseconds pause)
{
    return !since.isValid() || since.elapsed() >= pause.count();
}

} // namespace

PlatformFeed::PlatformFeed(EngineBridge& bridge, milliseconds interval, QObject* parent)
    : QObject(parent)
    , m_bridge(bridge)
    , m_interval(interval)
    , m_patience(interval)
    , m_viewer(std::make_shared<core::PlatformViewer>())
    , m_views(core::noViews())
{
    m_pool.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &PlatformFeed::look);
    connect(&m_bridge, &EngineBridge::snapshotChanged, this, [this] {
        m_dirty = true;
        look();
    });
}

PlatformFeed::~PlatformFeed()
{
    m_pool.waitForDone();
}

bool PlatformFeed::isBusy() const
{
    const bool waits = m_watched && m_dirty && !m_sincePlatform.isValid();
    return m_askingPlatform || m_askingTelemetry || m_computing || waits || !m_next.isEmpty();
}

void PlatformFeed::setWatched(bool watched)
{
    if (m_watched == watched)
        return;
    m_watched = watched;
    if (watched)
        look();
    else
        m_timer.stop();
}

void PlatformFeed::look()
{
    if (!m_watched)
        return;
    const milliseconds slow = m_interval * kSlowness;
    const milliseconds pause = m_dirty ? m_interval : m_unknown > 0 ? m_patience : slow;
    if (!m_askingPlatform && isDue(m_sincePlatform, pause))
        askPlatform();
    if (!m_askingTelemetry && isDue(m_sinceTelemetry, m_unmeasured ? slow : m_interval))
        askTelemetry();
    m_timer.start(m_interval);
}

void PlatformFeed::askPlatform()
{
    m_askingPlatform = true;
    m_dirty = false;
    m_sincePlatform.start();
    m_bridge.ask(core::query::Platform {}, this, [this](const core::Result<core::Answer>& answer) {
        m_askingPlatform = false;
        const auto* input = answer ? std::get_if<core::PlatformInputPtr>(&*answer) : nullptr;
        if (!input || !*input) {
            m_failure =
                answer ? tr("The engine's answer makes no sense.") : text(answer.error().text());
            Q_EMIT changed();
            return;
        }
        const std::size_t unknown = (*input)->unknownKinds.size();
        // What cannot be listed is not asked for each second.
        m_patience = unknown == m_unknown ? std::min(m_patience * 2, m_interval * kMostPatience)
                                          : m_interval;
        m_unknown = unknown;
        m_next.input = *input;
        compute();
    });
}

void PlatformFeed::askTelemetry()
{
    m_askingTelemetry = true;
    m_sinceTelemetry.start();
    m_bridge.ask(core::query::Telemetry {}, this, [this](const core::Result<core::Answer>& answer) {
        m_askingTelemetry = false;
        const auto* measured = answer ? std::get_if<core::TelemetryPtr>(&*answer) : nullptr;
        m_unmeasured = !measured || !*measured;
        m_next.measured = m_unmeasured
            ? std::pair(core::TelemetryPtr(),
                        answer ? std::string("The engine measures nothing.")
                               : answer.error().text())
            : std::pair(*measured, std::string());
        compute();
    });
}

void PlatformFeed::compute()
{
    if (m_computing || m_next.isEmpty())
        return;
    m_computing = true;
    const Work work = std::exchange(m_next, {});
    m_pool.start([this, work, viewer = m_viewer, beside = m_beside] {
        core::PlatformViewsPtr views;
        if (work.measured)
            views = viewer->measure(work.measured->first, work.measured->second);
        if (work.input && beside) {
            PlatformBeside all = beside(work.input);
            views = viewer->update(all.input, std::move(all.files));
        } else if (work.input) {
            views = viewer->update(work.input);
        }
        const bool isAnswer = work.input != nullptr;
        // The destructor waits for this, so that "this" is still there; a call that is queued by
        // then goes with it.
        QMetaObject::invokeMethod(
            this, [this, views, isAnswer] { deliver(views, isAnswer); }, Qt::QueuedConnection);
    });
}

void PlatformFeed::deliver(const core::PlatformViewsPtr& views, bool isAnswer)
{
    m_computing = false;
    bool isNew = views != m_views;
    m_views = views;
    if (isAnswer) {
        isNew = isNew || !m_hasAnswer || !m_failure.isEmpty();
        m_hasAnswer = true;
        m_failure.clear();
    }
    if (isNew)
        Q_EMIT changed();
    compute();
}

} // namespace widgets

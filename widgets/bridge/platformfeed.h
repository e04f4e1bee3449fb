// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/platformviews.h"
#include "widgets/bridge/platformbeside.h"

#include <QElapsedTimer>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace widgets {

class EngineBridge;

/// Keeps the views of the platform fresh while somebody looks at them: asks the engine when its
/// snapshot has changed, computes in a thread of its own, and hands immutable views to the GUI
/// thread. Nothing here waits, but the destructor, for the computation that is under way.
class PlatformFeed : public QObject
{
    Q_OBJECT

public:
    /// The least time between two questions of a kind.
    static constexpr std::chrono::milliseconds kInterval {1000};
    /// What no snapshot tells (an object that nobody declares): looked at so often.
    static constexpr std::chrono::milliseconds kSlowInterval {10'000};

    explicit PlatformFeed(EngineBridge& bridge, std::chrono::milliseconds interval = kInterval,
                          QObject* parent = nullptr);
    ~PlatformFeed() override;

    /// What is read beside the engine's answers from now on; null for nothing.
    void setBeside(PlatformBesideReader reader) { m_beside = std::move(reader); }
    /// Whether anybody looks; unwatched, nothing is asked.
    void setWatched(bool watched);

    core::PlatformViewsPtr views() const { return m_views; } ///< never null
    bool hasAnswer() const { return m_hasAnswer; } ///< false: views are still empty
    QString failure() const { return m_failure; } ///< of the last question; "" after an answer
    bool isBusy() const; ///< asking, computing, or about to

Q_SIGNALS:
    void changed(); ///< views, hasAnswer or failure

private:
    struct Work
    {
        core::PlatformInputPtr input;
        std::optional<std::pair<core::TelemetryPtr, std::string>> measured;
        bool isEmpty() const { return !input && !measured; }
    };

    void look();
    void askPlatform();
    void askTelemetry();
    void compute();
    void deliver(const core::PlatformViewsPtr& views, bool isAnswer);

    EngineBridge& m_bridge;
    std::chrono::milliseconds m_interval;
    QTimer m_timer;
    QElapsedTimer m_sincePlatform; ///< invalid: never asked
    QElapsedTimer m_sinceTelemetry;
    bool m_watched = false;
    bool m_dirty = true; ///< the snapshot has changed since the last question
    bool m_askingPlatform = false;
    bool m_askingTelemetry = false;
    bool m_computing = false;
    bool m_unmeasured = false; ///< the last answer was that nobody measures
    std::chrono::milliseconds m_patience; ///< with kinds that stay unknown
    std::size_t m_unknown = 0;
    Work m_next;
    PlatformBesideReader m_beside; ///< called in m_pool's one thread only
    std::shared_ptr<core::PlatformViewer> m_viewer; ///< used in m_pool's one thread only
    core::PlatformViewsPtr m_views;
    bool m_hasAnswer = false;
    QString m_failure;
    QThreadPool m_pool; ///< last: its thread ends first
};

} // namespace widgets

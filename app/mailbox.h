// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/event.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

namespace app {

/// What the main thread of a command waits for: events of the engine, a signal to stop, or time to
/// redraw.
struct StopRequested
{
    int signal = 0;
};
using Mail = std::variant<core::Event, StopRequested>;

/// Where other threads leave mail for the main thread. post may come from any thread; next from
/// one.
class Mailbox
{
public:
    void post(Mail mail);
    /// The next piece, or nullopt after timeout.
    std::optional<Mail> next(std::chrono::milliseconds timeout);

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<Mail> m_mail; ///< guarded by m_mutex
};

/// Turns SIGINT, SIGTERM and SIGHUP into mail. Make it before any other thread starts: it blocks
/// the signals for all of them. A second signal ends the process at once.
class SignalWatcher
{
public:
    explicit SignalWatcher(Mailbox& mailbox);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

private:
    std::jthread m_thread;
};

} // namespace app

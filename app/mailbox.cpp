// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mailbox.h"

#include <csignal>
#include <cstdlib>
#include <unistd.h>

namespace app {

void Mailbox::post(Mail mail)
{
    {
        std::lock_guard lock(m_mutex);
        m_mail.push_back(std::move(mail));
    }
    m_arrived.notify_one();
}

std::optional<Mail> Mailbox::next(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    if (!m_arrived.wait_for(lock, timeout, [this] { return !m_mail.empty(); }))
        return std::nullopt;
    Mail mail = std::move(m_mail.front());
    m_mail.pop_front();
    return mail;
}

SignalWatcher::SignalWatcher(Mailbox& mailbox)
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    m_thread = std::jthread([&mailbox, signals](const std::stop_token& stop) {
        bool asked = false;
        while (!stop.stop_requested()) {
            const timespec patience {0, 100'000'000};
            const int signal = sigtimedwait(&signals, nullptr, &patience);
            if (signal <= 0)
                continue;
            if (asked)
                _exit(128 + signal);
            asked = true;
            mailbox.post(StopRequested {signal});
        }
    });
}

SignalWatcher::~SignalWatcher() = default;

} // namespace app

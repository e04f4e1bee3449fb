// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/eventstream.h"

namespace gitops {

/// The mutex is held while the sink runs, so that the end of a subscription waits for it; it is
/// recursive, because a sink may end its own.
struct EventStream::Sink : Subscription
{
    std::recursive_mutex mutex;
    Engine::Sink call;

    void operator()(const core::Event& event)
    {
        std::scoped_lock lock(mutex);
        if (call)
            call(event);
    }
};

namespace {

class Ticket : public Subscription
{
public:
    explicit Ticket(std::function<void()> end)
        : m_end(std::move(end))
    {
    }
    ~Ticket() override { m_end(); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

private:
    std::function<void()> m_end;
};

} // namespace

EventStream::EventStream(const core::Clock& clock)
    : m_clock(clock)
{
}

EventStream::~EventStream() = default;

std::unique_ptr<Subscription> EventStream::subscribe(Engine::Sink sink)
{
    auto entry = std::make_shared<Sink>();
    entry->call = std::move(sink);
    {
        std::scoped_lock lock(m_mutex);
        m_sinks.push_back(entry);
    }
    return std::make_unique<Ticket>([entry] {
        std::scoped_lock lock(entry->mutex);
        entry->call = nullptr;
    });
}

void EventStream::send(decltype(core::Event::what) what)
{
    std::vector<std::shared_ptr<Sink>> sinks;
    {
        std::scoped_lock lock(m_mutex);
        std::erase_if(m_sinks, [](const auto& sink) { return sink.expired(); });
        for (const auto& sink : m_sinks)
            if (auto strong = sink.lock())
                sinks.push_back(std::move(strong));
    }
    const core::Event event {++m_number, m_clock.wallNow(), std::move(what)};
    for (const auto& sink : sinks)
        (*sink)(event);
}

} // namespace gitops

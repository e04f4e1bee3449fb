// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apicaller.h"

namespace gitops {

namespace {

constexpr int kMaxReads = 32;

bool isOverload(const core::Result<core::HttpResponse>& answer)
{
    if (answer)
        return answer->status == 429 || answer->status == 500 || answer->status >= 502;
    return answer.error().code == core::ErrorCode::Timeout
        || answer.error().code == core::ErrorCode::UnknownOutcome;
}

} // namespace

ApiCaller::ApiCaller(Transport& transport, core::Executor& executor, std::shared_ptr<Gate> gate)
    : m_transport(transport)
    , m_executor(executor)
    , m_gate(std::move(gate))
    // Different in every run; in the simulation, whose clock is its own, the same.
    , m_random(
          unsigned(executor.clock().steadyNow().time_since_epoch().count() % 2'147'483'646 + 1))
{
}

ApiCaller::Queue& ApiCaller::queueOf(RequestKind kind)
{
    return kind == RequestKind::Read ? m_reads : m_writes;
}

int ApiCaller::limitOf(const Queue& queue) const
{
    return &queue == &m_reads ? kMaxReads : queue.window.limit();
}

void ApiCaller::send(core::HttpRequest request, RequestKind kind, Handler done)
{
    if (m_stopped)
        return;
    const Number number = ++m_last;
    Call& call = m_calls[number];
    call.request = std::move(request);
    call.kind = kind;
    call.done = std::move(done);
    Queue& queue = queueOf(kind);
    queue.waiting.push_back(number);
    pump(queue);
}

void ApiCaller::pump(Queue& queue)
{
    while (!m_stopped && !queue.waiting.empty() && queue.underWay < limitOf(queue)) {
        const Number number = queue.waiting.front();
        queue.waiting.pop_front();
        start(number, m_calls.at(number));
    }
}

void ApiCaller::start(Number number, Call& call)
{
    ++queueOf(call.kind).underWay;
    ++call.attempt;
    call.sentAt = m_executor.clock().steadyNow();
    // The last try need not leave its body behind; earlier ones must.
    call.transportId = m_transport.send(
        call.request,
        [gate = m_gate, self = weak_from_this(), number](core::Result<core::HttpResponse> answer) {
            gate->post([self, number, answer = std::move(answer)]() mutable {
                if (const auto caller = self.lock())
                    caller->answered(number, std::move(answer));
            });
        });
}

void ApiCaller::learn(Queue& queue, const Call& call,
                      const core::Result<core::HttpResponse>& answer)
{
    const core::SteadyTime now = m_executor.clock().steadyNow();
    if (isOverload(answer))
        queue.window.overloaded(now);
    else if (answer)
        queue.window.succeeded(now, now - call.sentAt);
}

void ApiCaller::answered(Number number, core::Result<core::HttpResponse> answer)
{
    const auto it = m_calls.find(number);
    if (m_stopped || it == m_calls.end())
        return;
    Call& call = it->second;
    Queue& queue = queueOf(call.kind);
    --queue.underWay;
    call.transportId = 0;
    learn(queue, call, answer);
    if (const auto delay = retryDelay(call.kind, call.attempt, answer, m_random)) {
        call.timer = m_executor.postAt(m_executor.clock().steadyNow() + *delay,
                                       [self = weak_from_this(), number] {
                                           const auto caller = self.lock();
                                           if (!caller || !caller->m_calls.contains(number))
                                               return;
                                           Call& again = caller->m_calls.at(number);
                                           again.timer = 0;
                                           Queue& lane = caller->queueOf(again.kind);
                                           lane.waiting.push_front(number);
                                           caller->pump(lane);
                                       });
        pump(queue);
        return;
    }
    const Handler done = std::move(call.done);
    m_calls.erase(it);
    pump(queue);
    if (done)
        done(std::move(answer));
}

void ApiCaller::stop()
{
    m_stopped = true;
    for (auto& [number, call] : m_calls) {
        if (call.transportId)
            m_transport.cancel(call.transportId);
        if (call.timer)
            m_executor.cancel(call.timer);
    }
    m_calls.clear();
}

} // namespace gitops

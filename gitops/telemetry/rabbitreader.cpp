// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/rabbitreader.h"

#include <mutex>

namespace gitops {

/// One look at a time; the answers come on the transports' threads.
struct RabbitReader::Work : std::enable_shared_from_this<Work>
{
    Work(RabbitSampler made, core::WorkPool& workPool, const core::Clock& time)
        : sampler(std::move(made))
        , pool(workPool)
        , clock(time)
    {
    }

    void answered(std::size_t node, core::Result<core::HttpResponse> response);
    Reading look();

    std::vector<std::string> names; ///< of the nodes
    RabbitSampler sampler;
    core::WorkPool& pool;
    const core::Clock& clock;
    SubjectsPtr subjects;
    Handler done;

    std::mutex mutex;
    std::vector<core::Result<core::HttpResponse>> answers; ///< guarded by mutex while some lack
    std::size_t lacking = 0; ///< guarded by mutex
};

void RabbitReader::Work::answered(std::size_t node, core::Result<core::HttpResponse> response)
{
    {
        const std::lock_guard lock(mutex);
        answers[node] = std::move(response);
        if (--lacking > 0)
            return;
    }
    pool.run([self = shared_from_this()] { self->done(self->look()); });
}

Reading RabbitReader::Work::look()
{
    RabbitLook look;
    std::string problem;
    std::size_t good = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto body = bodyOf(std::move(answers[i]));
        const auto done_ = body ? look.read(*body) : std::unexpected(body.error());
        if (done_)
            ++good;
        else
            problem = names[i] + ": " + done_.error().message;
    }
    if (good == 0) {
        sampler.interrupt();
        return Reading::failed(clock.wallNow(), problem);
    }
    Reading reading = sampler.sample(look, clock.wallNow(), *subjects);
    if (!problem.empty())
        reading.message = problem;
    return reading;
}

RabbitReader::RabbitReader(std::string name, std::string cluster, std::vector<Node> nodes,
                           core::WorkPool& pool, const core::Clock& clock)
    : m_name(name)
    , m_work(
          std::make_shared<Work>(RabbitSampler(std::move(name), std::move(cluster)), pool, clock))
    , m_nodes(std::move(nodes))
{
    for (const Node& node : m_nodes)
        m_work->names.push_back(node.name);
}

void RabbitReader::read(SubjectsPtr subjects, Handler done)
{
    m_work->subjects = std::move(subjects);
    m_work->done = std::move(done);
    const std::size_t count = m_nodes.size();
    m_work->lacking = count;
    m_work->answers.assign(count, core::failure(core::ErrorCode::Internal, "not asked"));
    for (std::size_t i = 0; i < count; ++i) {
        core::HttpRequest request;
        request.target = rabbitTarget();
        request.headers = {{"Accept", "text/plain"}, {"Accept-Encoding", "gzip"}};
        m_nodes[i].fetch->fetch(std::move(request),
                                [work = m_work, i](core::Result<core::HttpResponse> answer) {
                                    work->answered(i, std::move(answer));
                                });
    }
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/rabbitreader.h"

#include "gitops/telemetry/rabbitsampler.h"

namespace gitops {

namespace {

/// The broker itself counts anew every five seconds.
constexpr std::chrono::milliseconds kInterval {10'000};

std::vector<std::string> namesOf(const std::vector<RabbitReader::Node>& nodes)
{
    std::vector<std::string> out;
    for (const RabbitReader::Node& node : nodes)
        out.push_back(node.name);
    return out;
}

/// Takes them out of the nodes, whose names stay.
std::vector<HttpFetchPtr> serversOf(std::vector<RabbitReader::Node>& nodes)
{
    std::vector<HttpFetchPtr> out;
    for (RabbitReader::Node& node : nodes)
        out.push_back(std::move(node.fetch));
    return out;
}

} // namespace

/// A question for each node.
class RabbitReader::NodesLook : public HttpReader::Look
{
public:
    NodesLook(RabbitSampler sampler, std::vector<std::string> names, const core::Clock& clock)
        : m_sampler(std::move(sampler))
        , m_names(std::move(names))
        , m_clock(clock)
    {
    }

    std::vector<Question> questions() override
    {
        std::vector<Question> out(m_names.size());
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i].server = i;
            out[i].request.target = rabbitTarget();
            out[i].request.headers = {{"Accept", "text/plain"}, {"Accept-Encoding", "gzip"}};
        }
        return out;
    }

    Reading take(Answers answers, const Subjects& subjects) override
    {
        RabbitLook look;
        std::string problem;
        std::size_t good = 0;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto body = bodyOf(std::move(answers[i]));
            const auto read = body ? look.read(*body) : std::unexpected(body.error());
            if (read)
                ++good;
            else
                problem = m_names[i] + ": " + read.error().message;
        }
        if (good == 0) {
            m_sampler.interrupt();
            return Reading::failed(m_clock.wallNow(), problem);
        }
        Reading reading = m_sampler.sample(look, m_clock.wallNow(), subjects);
        if (!problem.empty())
            reading.message = problem;
        return reading;
    }

private:
    RabbitSampler m_sampler;
    std::vector<std::string> m_names;
    const core::Clock& m_clock;
};

RabbitReader::RabbitReader(std::string name, const std::string& cluster, std::vector<Node> nodes,
                           core::WorkPool& pool, const core::Clock& clock)
    : HttpReader(name, kInterval,
                 std::make_shared<NodesLook>(RabbitSampler(name, cluster), namesOf(nodes), clock),
                 serversOf(nodes), pool)
{
}

} // namespace gitops

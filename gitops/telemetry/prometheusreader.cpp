// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusreader.h"

#include "gitops/telemetry/prometheusanswer.h"
#include "gitops/telemetry/prometheusfigures.h"
#include "gitops/telemetry/prometheusqueries.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::chrono::seconds kPast {3600};
constexpr std::size_t kPastPoints = 120;
constexpr std::size_t kLongestTarget = 6'000; ///< servers refuse longer ones
constexpr std::chrono::milliseconds kInterval {15'000};
constexpr std::chrono::milliseconds kUsualScrape {30'000};

core::HttpRequest requestOf(const std::string& path, const std::string& parameters)
{
    core::HttpRequest out;
    out.headers = {{"Accept", "application/json"}, {"Accept-Encoding", "gzip"}};
    out.target = path + "?" + parameters;
    if (out.target.size() > kLongestTarget) {
        out.method = "POST";
        out.target = path;
        out.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        out.body = parameters;
    }
    return out;
}

/// What a good answer holds; of a refusal, what Prometheus says in its envelope.
core::Result<std::string> envelopeOf(core::Result<core::HttpResponse> response)
{
    const bool isTold =
        response && (response->status == 400 || response->status == 422 || response->status == 503);
    if (isTold && response->body.starts_with('{'))
        return std::move(response->body);
    return bodyOf(std::move(response));
}

std::vector<HttpFetchPtr> listOf(HttpFetchPtr fetch)
{
    std::vector<HttpFetchPtr> out;
    out.push_back(std::move(fetch));
    return out;
}

} // namespace

/// The targets, the queries, and the first time the queries over the last hour.
class PrometheusReader::QueriesLook : public HttpReader::Look
{
public:
    QueriesLook(std::string name, std::string topics, const core::Clock& clock)
        : m_name(std::move(name))
        , m_topics(std::move(topics))
        , m_clock(clock)
    {
    }

    std::vector<Question> questions() override;
    Reading take(Answers answers, const Subjects& subjects) override;

private:
    std::string takeTargets(core::Result<core::HttpResponse> response);
    /// The first problem; figures of what was answered.
    std::string takeFigures(Answers& answers, std::size_t first, PrometheusFigures& figures,
                            std::size_t& good);

    const std::string m_name;
    const std::string m_topics;
    const core::Clock& m_clock;
    std::vector<PrometheusQuery> m_queries;
    std::vector<PrometheusTarget> m_targets;
    std::chrono::milliseconds m_scrape = kUsualScrape; ///< the longest at which it scrapes
    std::chrono::seconds m_step {0}; ///< of this look's past, 0 without one
    bool m_hasPast = false;
    std::string m_warning;
};

std::vector<HttpReader::Question> PrometheusReader::QueriesLook::questions()
{
    m_queries = prometheusQueries(rateWindow(m_scrape), m_topics);
    std::vector<Question> out;
    const auto ask = [&out](const std::string& path, const std::string& parameters) {
        out.push_back({0, requestOf(path, parameters)});
    };
    ask("/api/v1/targets", "state=active");
    for (const PrometheusQuery& query : m_queries)
        ask("/api/v1/query", "query=" + core::percentEncode(query.text));
    m_step = m_hasPast ? std::chrono::seconds(0) : rangeStep(kPast, m_scrape, kPastPoints);
    if (m_hasPast)
        return out;
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(m_clock.wallNow().time_since_epoch())
            .count();
    for (const PrometheusQuery& query : m_queries)
        ask("/api/v1/query_range",
            "query=" + core::percentEncode(query.text)
                + "&start=" + std::to_string(now - kPast.count()) + "&end=" + std::to_string(now)
                + "&step=" + std::to_string(m_step.count()));
    return out;
}

std::string PrometheusReader::QueriesLook::takeTargets(core::Result<core::HttpResponse> response)
{
    const auto body = envelopeOf(std::move(response));
    auto read = body ? readPrometheusTargets(*body) : std::unexpected(body.error());
    if (!read) {
        m_targets.clear(); // Thanos and Mimir have no targets: figures go on
        return read.error().message;
    }
    m_targets = std::move(*read);
    std::chrono::milliseconds longest {0};
    for (const PrometheusTarget& target : m_targets)
        if (target.interval <= std::chrono::minutes(5))
            longest = std::max(longest, target.interval);
    m_scrape = longest.count() > 0 ? longest : kUsualScrape;
    return {};
}

std::string PrometheusReader::QueriesLook::takeFigures(Answers& answers, std::size_t first,
                                                       PrometheusFigures& figures,
                                                       std::size_t& good)
{
    std::string problem;
    for (std::size_t i = 0; i < m_queries.size(); ++i) {
        const auto body = envelopeOf(std::move(answers[first + i]));
        const auto answer = body ? readPrometheusAnswer(*body) : std::unexpected(body.error());
        if (!answer) {
            if (problem.empty())
                problem = answer.error().message;
            continue;
        }
        ++good;
        if (!answer->warnings.empty())
            m_warning = answer->warnings.front();
        figures.add(m_queries[i], *answer);
    }
    return problem;
}

Reading PrometheusReader::QueriesLook::take(Answers answers, const Subjects& subjects)
{
    m_warning.clear();
    const std::string targetProblem = takeTargets(std::move(answers[0]));
    PrometheusFigures now(subjects, std::chrono::seconds(0));
    std::size_t good = 0;
    std::string problem = takeFigures(answers, 1, now, good);
    if (good == 0)
        return Reading::failed(m_clock.wallNow(), problem.empty() ? targetProblem : problem);
    Reading out;
    out.at = m_clock.wallNow();
    std::set<std::string> have;
    for (const core::Series& series : now.series()) {
        have.insert(series.key.subject);
        out.measurements.push_back({series.key, series.samples.back().value, false});
    }
    out.topics = now.topics(m_name);
    if (targetProblem.empty())
        out.reasons = reasonsFrom(m_targets, subjects, have);
    if (m_step.count() > 0) {
        PrometheusFigures past(subjects, m_step);
        std::size_t pastGood = 0;
        takeFigures(answers, 1 + m_queries.size(), past, pastGood);
        out.past = past.series();
        m_hasPast = pastGood > 0;
    }
    if (!problem.empty())
        out.message = problem;
    else if (!m_warning.empty())
        out.message = m_warning;
    else if (have.empty() && now.strangers() > 0)
        out.message = "its " + std::to_string(now.strangers())
            + " series are of no broker or integration of the manifests";
    else if (have.empty())
        out.message = "it has no series of Kafka, RabbitMQ or Camel K";
    return out;
}

PrometheusReader::PrometheusReader(std::string name, std::string topics, HttpFetchPtr fetch,
                                   core::WorkPool& pool, const core::Clock& clock)
    : HttpReader(name, kInterval, std::make_shared<QueriesLook>(name, std::move(topics), clock),
                 listOf(std::move(fetch)), pool)
{
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/prometheusreader.h"

#include "gitops/telemetry/prometheusanswer.h"
#include "gitops/telemetry/prometheusfigures.h"
#include "gitops/telemetry/prometheusqueries.h"

#include <algorithm>
#include <mutex>

namespace gitops {

namespace {

constexpr std::chrono::seconds kPast {3600};
constexpr std::size_t kPastPoints = 120;
constexpr std::size_t kLongestTarget = 6'000; ///< servers refuse longer ones
constexpr std::chrono::milliseconds kUsualInterval {30'000};

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

} // namespace

/// One look at a time; the answers come on the transport's thread.
struct PrometheusReader::Work : std::enable_shared_from_this<Work>
{
    Work(std::string source, std::string pattern, core::WorkPool& workPool, const core::Clock& time)
        : name(std::move(source))
        , topics(std::move(pattern))
        , pool(workPool)
        , clock(time)
    {
    }

    std::vector<core::HttpRequest> requests();
    void answered(std::size_t request, core::Result<core::HttpResponse> response);
    Reading look();
    std::string takeTargets(core::Result<core::HttpResponse> response);
    /// The first problem; figures of what was answered.
    std::string take(std::size_t first, PrometheusFigures& figures, std::size_t& good);

    const std::string name;
    const std::string topics;
    core::WorkPool& pool;
    const core::Clock& clock;
    SubjectsPtr subjects;
    Handler done;
    std::vector<PrometheusQuery> queries;
    std::vector<PrometheusTarget> targets;
    std::chrono::milliseconds interval = kUsualInterval; ///< the longest at which it scrapes
    std::chrono::seconds step {0}; ///< of this look's past, 0 without one
    bool hasPast = false;
    std::string warning;

    std::mutex mutex;
    std::vector<core::Result<core::HttpResponse>> answers; ///< guarded by mutex while some lack
    std::size_t lacking = 0; ///< guarded by mutex
};

/// The targets, the queries, and the first time the queries over the last hour.
std::vector<core::HttpRequest> PrometheusReader::Work::requests()
{
    queries = prometheusQueries(rateWindow(interval), topics);
    std::vector<core::HttpRequest> out;
    out.push_back(requestOf("/api/v1/targets", "state=active"));
    for (const PrometheusQuery& query : queries)
        out.push_back(requestOf("/api/v1/query", "query=" + core::percentEncode(query.text)));
    step = hasPast ? std::chrono::seconds(0) : rangeStep(kPast, interval, kPastPoints);
    if (hasPast)
        return out;
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock.wallNow().time_since_epoch())
            .count();
    for (const PrometheusQuery& query : queries)
        out.push_back(requestOf("/api/v1/query_range",
                                "query=" + core::percentEncode(query.text)
                                    + "&start=" + std::to_string(now - kPast.count())
                                    + "&end=" + std::to_string(now)
                                    + "&step=" + std::to_string(step.count())));
    return out;
}

void PrometheusReader::Work::answered(std::size_t request,
                                      core::Result<core::HttpResponse> response)
{
    {
        const std::lock_guard lock(mutex);
        answers[request] = std::move(response);
        if (--lacking > 0)
            return;
    }
    pool.run([self = shared_from_this()] { self->done(self->look()); });
}

std::string PrometheusReader::Work::takeTargets(core::Result<core::HttpResponse> response)
{
    const auto body = envelopeOf(std::move(response));
    auto read = body ? readPrometheusTargets(*body) : std::unexpected(body.error());
    if (!read) {
        targets.clear(); // Thanos and Mimir have no targets: figures go on
        return read.error().message;
    }
    targets = std::move(*read);
    std::chrono::milliseconds longest {0};
    for (const PrometheusTarget& target : targets)
        if (target.interval <= std::chrono::minutes(5))
            longest = std::max(longest, target.interval);
    interval = longest.count() > 0 ? longest : kUsualInterval;
    return {};
}

std::string PrometheusReader::Work::take(std::size_t first, PrometheusFigures& figures,
                                         std::size_t& good)
{
    std::string problem;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto body = envelopeOf(std::move(answers[first + i]));
        const auto answer = body ? readPrometheusAnswer(*body) : std::unexpected(body.error());
        if (!answer) {
            if (problem.empty())
                problem = answer.error().message;
            continue;
        }
        ++good;
        if (!answer->warnings.empty())
            warning = answer->warnings.front();
        figures.add(queries[i], *answer);
    }
    return problem;
}

Reading PrometheusReader::Work::look()
{
    warning.clear();
    const std::string targetProblem = takeTargets(std::move(answers[0]));
    PrometheusFigures now(*subjects, std::chrono::seconds(0));
    std::size_t good = 0;
    std::string problem = take(1, now, good);
    if (good == 0)
        return Reading::failed(clock.wallNow(), problem.empty() ? targetProblem : problem);
    Reading out;
    out.at = clock.wallNow();
    std::set<std::string> have;
    for (const core::Series& series : now.series()) {
        have.insert(series.key.subject);
        out.measurements.push_back({series.key, series.samples.back().value, false});
    }
    out.topics = now.topics(name);
    if (targetProblem.empty())
        out.reasons = reasonsFrom(targets, *subjects, have);
    if (step.count() > 0) {
        PrometheusFigures past(*subjects, step);
        std::size_t pastGood = 0;
        take(1 + queries.size(), past, pastGood);
        out.past = past.series();
        hasPast = pastGood > 0;
    }
    if (!problem.empty())
        out.message = problem;
    else if (!warning.empty())
        out.message = warning;
    else if (have.empty() && now.strangers() > 0)
        out.message = "its " + std::to_string(now.strangers())
            + " series are of no broker or integration of the manifests";
    else if (have.empty())
        out.message = "it has no series of Kafka, RabbitMQ or Camel K";
    return out;
}

PrometheusReader::PrometheusReader(std::string name, std::string topics, HttpFetchPtr fetch,
                                   core::WorkPool& pool, const core::Clock& clock)
    : m_name(std::move(name))
    , m_work(std::make_shared<Work>(m_name, std::move(topics), pool, clock))
    , m_fetch(std::move(fetch))
{
}

void PrometheusReader::read(SubjectsPtr subjects, Handler done)
{
    m_work->subjects = std::move(subjects);
    m_work->done = std::move(done);
    std::vector<core::HttpRequest> requests = m_work->requests();
    m_work->lacking = requests.size();
    m_work->answers.assign(requests.size(), core::failure(core::ErrorCode::Internal, "not asked"));
    for (std::size_t i = 0; i < requests.size(); ++i)
        m_fetch->fetch(std::move(requests[i]),
                       [work = m_work, i](core::Result<core::HttpResponse> answer) {
                           work->answered(i, std::move(answer));
                       });
}

} // namespace gitops

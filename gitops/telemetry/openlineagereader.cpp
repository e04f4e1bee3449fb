// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/openlineagereader.h"

#include "gitops/cluster/smallfile.h"
#include "gitops/telemetry/runevents.h"

namespace gitops {

namespace {

constexpr const char* kEvents = "/api/v1/events/lineage?limit=1000&sortDirection=desc";

} // namespace

struct OpenLineageReader::Work
{
    std::string source;
    const core::Clock& clock;

    Reading readingOf(const core::Result<std::string>& text) const
    {
        auto events = text ? readRunEvents(*text) : std::unexpected(text.error());
        if (!events)
            return Reading::failed(clock.wallNow(), events.error().text());
        Reading out;
        out.at = clock.wallNow();
        out.runs = std::move(events->runs);
        for (core::ObservedRun& run : out.runs)
            run.source = source;
        out.message = std::to_string(out.runs.size()) + " runs";
        if (events->skipped > 0)
            out.message += ", " + std::to_string(events->skipped) + " that are no run events";
        return out;
    }
};

OpenLineageReader::OpenLineageReader(const std::string& file, core::WorkPool& pool,
                                     const core::Clock& clock)
    : m_name("OpenLineage " + file)
    , m_file(file)
    , m_pool(pool)
    , m_work(std::make_shared<Work>(Work {m_name, clock}))
{
}

OpenLineageReader::OpenLineageReader(const std::string& url, HttpFetchPtr marquez,
                                     core::WorkPool& pool, const core::Clock& clock)
    : m_name("OpenLineage " + url)
    , m_pool(pool)
    , m_work(std::make_shared<Work>(Work {m_name, clock}))
    , m_fetch(std::move(marquez))
{
}

void OpenLineageReader::read(SubjectsPtr, Handler done)
{
    if (!m_fetch) {
        m_pool.run([work = m_work, file = m_file, done = std::move(done)] {
            done(work->readingOf(readSmallFile(file, RunEventLimits().bytes)));
        });
        return;
    }
    core::HttpRequest request;
    request.target = kEvents;
    request.headers = {{"Accept", "application/json"}, {"Accept-Encoding", "gzip"}};
    m_fetch->fetch(std::move(request),
                   [work = m_work, &pool = m_pool,
                    done = std::move(done)](core::Result<core::HttpResponse> response) mutable {
                       pool.run([work, done = std::move(done), body = bodyOf(std::move(response))] {
                           done(work->readingOf(body));
                       });
                   });
}

} // namespace gitops

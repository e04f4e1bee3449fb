// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/httpfetch.h"
#include "gitops/telemetry/telemetryreader.h"

#include <cstddef>
#include <vector>

namespace gitops {

/// A source that is asked over HTTP: all requests of one look at once, to one server or several,
/// and what they answered is read on the pool.
class HttpReader : public TelemetryReader
{
public:
    struct Question
    {
        std::size_t server = 0; ///< its place in the list
        core::HttpRequest request;
    };
    /// One for each question, in their order.
    using Answers = std::vector<core::Result<core::HttpResponse>>;

    /// What a source is asked, and what its answers mean. One look at a time.
    class Look
    {
    public:
        virtual ~Look() = default;
        /// On the service's strand.
        virtual std::vector<Question> questions() = 0;
        /// On the pool; the next look begins afterwards.
        virtual Reading take(Answers answers, const Subjects& subjects) = 0;
    };

    std::string name() const override { return m_name; }
    std::chrono::milliseconds interval() const override { return m_interval; }
    void setInterval(std::chrono::milliseconds interval) { m_interval = interval; }
    void read(SubjectsPtr subjects, Handler done) override;

protected:
    /// pool outlives the reader and what it posted.
    HttpReader(std::string name, std::chrono::milliseconds interval, std::shared_ptr<Look> look,
               std::vector<HttpFetchPtr> servers, core::WorkPool& pool);

private:
    struct Round;
    std::string m_name;
    std::chrono::milliseconds m_interval;
    core::WorkPool& m_pool;
    std::shared_ptr<Look> m_look; ///< with handlers and tasks
    std::vector<HttpFetchPtr> m_servers; ///< not with them: the last would end its own thread
};

} // namespace gitops

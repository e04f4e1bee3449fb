// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/httpreader.h"

#include <mutex>

namespace gitops {

/// What the questions of one look have in common until the last is answered; answers come on the
/// transports' threads.
struct HttpReader::Round : std::enable_shared_from_this<Round>
{
    std::shared_ptr<Look> look;
    SubjectsPtr subjects;
    Handler done;
    core::WorkPool* pool = nullptr;

    std::mutex mutex;
    Answers answers; ///< guarded by mutex while some lack
    std::size_t lacking = 0; ///< guarded by mutex

    void answered(std::size_t question, core::Result<core::HttpResponse> answer)
    {
        {
            const std::lock_guard lock(mutex);
            answers[question] = std::move(answer);
            if (--lacking > 0)
                return;
        }
        pool->run([self = shared_from_this()] {
            self->done(self->look->take(std::move(self->answers), *self->subjects));
        });
    }
};

HttpReader::HttpReader(std::string name, std::chrono::milliseconds interval,
                       std::shared_ptr<Look> look, std::vector<HttpFetchPtr> servers,
                       core::WorkPool& pool)
    : m_name(std::move(name))
    , m_interval(interval)
    , m_pool(pool)
    , m_look(std::move(look))
    , m_servers(std::move(servers))
{
}

void HttpReader::read(SubjectsPtr subjects, Handler done)
{
    std::vector<Question> questions = m_look->questions();
    auto round = std::make_shared<Round>();
    round->look = m_look;
    round->subjects = std::move(subjects);
    round->done = std::move(done);
    round->pool = &m_pool;
    round->lacking = questions.size();
    round->answers.assign(questions.size(), core::failure(core::ErrorCode::Internal, "not asked"));
    for (std::size_t i = 0; i < questions.size(); ++i)
        m_servers[questions[i].server]->fetch(std::move(questions[i].request),
                                              [round, i](core::Result<core::HttpResponse> answer) {
                                                  round->answered(i, std::move(answer));
                                              });
}

} // namespace gitops

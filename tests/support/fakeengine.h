// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/engine.h"

#include <map>
#include <mutex>
#include <vector>

namespace tests {

/// An engine that publishes what a test hands it, keeps what it is told, and answers from a table.
/// As the real one, it may be used from any thread and calls sinks in the caller's.
class FakeEngine : public gitops::Engine
{
public:
    core::SnapshotPtr snapshot() const override
    {
        std::lock_guard lock(m_mutex);
        return m_snapshot;
    }

    [[nodiscard]] std::unique_ptr<gitops::Subscription> subscribe(Sink sink) override
    {
        std::lock_guard lock(m_mutex);
        const int id = ++m_lastSink;
        m_sinks.emplace(id, std::move(sink));
        return std::make_unique<Ticket>(*this, id);
    }

    void submit(core::Command command, std::function<void(core::Result<void>)> done) override
    {
        core::Result<void> result;
        {
            std::lock_guard lock(m_mutex);
            m_commands.push_back(std::move(command));
            result = m_submitResult;
        }
        if (done)
            done(result);
    }

    void ask(core::Query query, std::function<void(core::Result<core::Answer>)> done) override
    {
        core::Result<core::Answer> answer =
            core::failure(core::ErrorCode::NotFound, "The object is not known.");
        Answerer answerer;
        {
            std::lock_guard lock(m_mutex);
            m_queries.push_back(query);
            answerer = m_answerer;
            if (const auto* manifests = std::get_if<core::query::Manifests>(&query)) {
                const auto found = m_manifests.find(manifests->key);
                if (found != m_manifests.end()) {
                    answer = core::Answer(found->second);
                    answerer = {};
                }
            } else if (std::holds_alternative<core::query::Platform>(query) && m_platform) {
                answer = core::Answer(m_platform);
                answerer = {};
            } else if (std::holds_alternative<core::query::Telemetry>(query) && m_telemetry) {
                answer = core::Answer(m_telemetry);
                answerer = {};
            }
        }
        done(answerer ? answerer(query) : answer);
    }

    /// Sets the snapshot and tells it to everybody.
    void publish(core::SnapshotPtr snapshot)
    {
        {
            std::lock_guard lock(m_mutex);
            m_snapshot = snapshot;
        }
        emitEvent(core::event::SnapshotPublished {snapshot}, snapshot->at);
    }

    template<class What>
    void emitEvent(What what, core::WallTime at)
    {
        std::map<int, Sink> sinks;
        core::Event event;
        {
            std::lock_guard lock(m_mutex);
            event = {++m_number, at, std::move(what)};
            sinks = m_sinks;
        }
        for (const auto& [id, sink] : sinks)
            sink(event);
    }

    /// What query::Platform and query::Telemetry answer.
    void setPlatform(core::PlatformInputPtr platform)
    {
        std::lock_guard lock(m_mutex);
        m_platform = std::move(platform);
    }
    void setTelemetry(core::TelemetryPtr telemetry)
    {
        std::lock_guard lock(m_mutex);
        m_telemetry = std::move(telemetry);
    }
    /// Asked about what the tables above do not have.
    using Answerer = std::function<core::Result<core::Answer>(const core::Query&)>;
    void setAnswerer(Answerer answerer)
    {
        std::lock_guard lock(m_mutex);
        m_answerer = std::move(answerer);
    }
    /// How many questions of a kind were asked.
    template<class Query>
    int asked() const
    {
        std::lock_guard lock(m_mutex);
        int count = 0;
        for (const core::Query& query : m_queries)
            count += std::holds_alternative<Query>(query) ? 1 : 0;
        return count;
    }

    void setManifests(const core::ObjectKey& key, core::ManifestsAnswer answer)
    {
        std::lock_guard lock(m_mutex);
        m_manifests[key] = std::move(answer);
    }
    void setSubmitResult(core::Result<void> result)
    {
        std::lock_guard lock(m_mutex);
        m_submitResult = std::move(result);
    }
    std::vector<core::Command> commands() const
    {
        std::lock_guard lock(m_mutex);
        return m_commands;
    }
    int sinkCount() const
    {
        std::lock_guard lock(m_mutex);
        return int(m_sinks.size());
    }

private:
    class Ticket : public gitops::Subscription
    {
    public:
        Ticket(FakeEngine& engine, int id)
            : m_engine(engine)
            , m_id(id)
        {
        }
        ~Ticket() override
        {
            std::lock_guard lock(m_engine.m_mutex);
            m_engine.m_sinks.erase(m_id);
        }

    private:
        FakeEngine& m_engine;
        int m_id;
    };

    mutable std::mutex m_mutex;
    // Guarded by m_mutex:
    core::SnapshotPtr m_snapshot = std::make_shared<core::Snapshot>();
    std::map<int, Sink> m_sinks;
    std::map<core::ObjectKey, core::ManifestsAnswer> m_manifests;
    core::PlatformInputPtr m_platform;
    core::TelemetryPtr m_telemetry;
    Answerer m_answerer;
    std::vector<core::Query> m_queries;
    std::vector<core::Command> m_commands;
    core::Result<void> m_submitResult;
    int m_lastSink = 0;
    std::uint64_t m_number = 0;
};

} // namespace tests

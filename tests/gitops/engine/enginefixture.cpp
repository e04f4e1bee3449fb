// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"

#include <QtGlobal>

namespace tests {

class EngineFixture::Git : public gitops::GitService
{
public:
    void resolve(const std::string&, const std::string&, const std::string& previous,
                 core::Executor& executor, Handler done) override
    {
        core::Result<gitops::Revision> found;
        if (lost) {
            found = std::unexpected(*lost);
        } else if (commits.empty()) {
            found = core::failure(core::ErrorCode::NotFound, "There is no commit.");
        } else {
            found = commits.back();
            found->descendsFromPrevious =
                previous.empty() || previous == found->commit.id || found->descendsFromPrevious;
        }
        executor.post([done, found] { done(found); });
    }
    std::vector<gitops::Revision> commits;
    std::optional<core::Error> lost;
};

void EngineFixture::Store::save(const std::string& name, std::string text, core::Executor& where,
                                SaveHandler done)
{
    if (delay.count() > 0)
        done = [&where, wait = delay, done = std::move(done)](core::Result<void> saved) {
            where.postAt(where.clock().steadyNow() + wait, [done, saved] { done(saved); });
        };
    MemoryStateStore::save(name, std::move(text), where, std::move(done));
}

EngineFixture::EngineFixture()
    : m_git(std::make_unique<Git>())
{
    auto made = gitops::practice::ApiServer::make(
        std::make_unique<gitops::practice::MemoryStorage>(), executor.clock(), {.seed = 7});
    if (!made)
        qFatal("%s", made.error().text().c_str());
    server = std::move(*made);
    server->setFaultHook(
        [this](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            if (m_byHand)
                return std::nullopt;
            const std::string target = request.target.substr(0, request.target.find('?'));
            const bool lease = target.find("/leases") != std::string::npos;
            if (request.method != "GET" && !lease)
                writes.push_back(
                    request.method + " " + target
                    + (request.target.find("dryRun=All") != std::string::npos ? " (dry run)" : ""));
            const bool watch = request.target.find("watch=") != std::string::npos;
            reads += request.method == "GET" && !lease && !watch;
            return fault ? fault(request) : std::nullopt;
        });
    options.leases = false;
    options.identity = "first";
    restart(options);
}

EngineFixture::~EngineFixture()
{
    stop();
}

void EngineFixture::stop()
{
    m_subscription.reset();
    m_engine.reset();
    executor.runUntilIdle();
    m_transport.reset();
}

void EngineFixture::restart(gitops::EngineOptions next)
{
    stop();
    options = std::move(next);
    m_transport = std::make_unique<MemoryTransport>(*server, executor);
    m_engine = std::make_unique<gitops::ReconcileEngine>(
        gitops::ReconcileEngine::Dependencies {executor, pool, *m_transport, *m_git, store,
                                               telemetry, remotes},
        options);
    m_subscription =
        m_engine->subscribe([this](const core::Event& event) { events.push_back(event); });
    executor.runUntilIdle();
}

void EngineFixture::commit(Files files, bool descends)
{
    gitops::Revision revision;
    const std::string number = std::to_string(m_git->commits.size() + 1);
    revision.commit.id = std::string(40 - number.size(), '0') + number;
    revision.commit.subject = "Commit " + number;
    revision.tree = gitops::makeMemoryTree(std::move(files));
    revision.descendsFromPrevious = descends;
    m_git->commits.push_back(std::move(revision));
    m_git->lost.reset();
}

void EngineFixture::loseGit(std::optional<core::Error> error)
{
    m_git->lost = std::move(error);
}

core::Application EngineFixture::application(const std::string& name) const
{
    core::Application app;
    app.name = name;
    app.source.repoUrl = "/repositories/" + name;
    app.source.path = name;
    app.destinationNamespace = "shop";
    app.automated = true;
    app.prune = true;
    app.selfHeal = true;
    return app;
}

void EngineFixture::add(const core::Application& application)
{
    m_engine->submit(core::command::AddApplication {application});
    executor.runUntilIdle();
}

core::Result<void> EngineFixture::submit(core::Command command)
{
    core::Result<void> result = core::failure(core::ErrorCode::Internal, "not answered");
    m_engine->submit(std::move(command),
                     [&](core::Result<void> done) { result = std::move(done); });
    executor.runUntilIdle();
    return result;
}

void EngineFixture::run(std::chrono::milliseconds time)
{
    for (auto step = std::chrono::milliseconds(1'000); time.count() > 0; time -= step) {
        step = std::min(step, time);
        executor.advance(step);
        server->tick();
    }
    executor.runUntilIdle();
}

bool EngineFixture::runUntil(const std::function<bool()>& condition,
                             std::chrono::milliseconds limit)
{
    const auto end = executor.clock().steadyNow() + limit;
    executor.runUntilIdle();
    while (!condition()) {
        if (executor.clock().steadyNow() > end)
            return false;
        executor.advance(std::chrono::milliseconds(50));
        server->tick();
    }
    return true;
}

bool EngineFixture::isSynced(const std::string& name)
{
    const core::ApplicationState* found = state(name);
    return found && found->sync == core::SyncState::Synced && found->revision
        && found->revision->id == m_git->commits.back().commit.id
        && (!found->operation || core::isCompleted(found->operation->phase));
}

const core::ApplicationState* EngineFixture::state(const std::string& name)
{
    static core::SnapshotPtr keep;
    keep = m_engine->snapshot();
    const auto found = keep->applications.find(name);
    return found == keep->applications.end() ? nullptr : found->second.get();
}

const core::Condition* EngineFixture::condition(const std::string& type, const std::string& name)
{
    if (const core::ApplicationState* found = state(name))
        for (const core::Condition& condition : found->conditions)
            if (condition.type == type)
                return &condition;
    return nullptr;
}

const core::ResourceState* EngineFixture::resource(const std::string& kind,
                                                   const std::string& objectName,
                                                   const std::string& name)
{
    if (const core::ApplicationState* found = state(name))
        for (const core::ResourceState& resource : found->resources)
            if (resource.key.kind == kind && resource.key.name == objectName)
                return &resource;
    return nullptr;
}

core::HttpResponse EngineFixture::request(const std::string& method, const std::string& target,
                                          const std::string& body, const std::string& contentType)
{
    m_byHand = true;
    const core::HttpResponse response =
        server->handle({.method = method,
                        .target = target,
                        .headers = {{"Content-Type", contentType}, {"Accept", "application/json"}},
                        .body = body});
    m_byHand = false;
    return response;
}

core::Json EngineFixture::get(const std::string& target)
{
    const core::HttpResponse response = request("GET", target);
    const auto parsed = core::parseJson(response.body);
    return response.status == 200 && parsed ? *parsed : core::Json(nullptr);
}

void EngineFixture::createNamespace(const std::string& name)
{
    request("POST", "/api/v1/namespaces",
            R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + name + "\"}}");
}

std::string EngineFixture::configMap(const std::string& name, const std::string& value,
                                     const std::string& extra)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n" + extra
        + "data:\n  value: \"" + value + "\"\n";
}

} // namespace tests

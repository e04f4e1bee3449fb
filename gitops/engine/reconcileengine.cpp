// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/reconcileengine.h"

#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/enginecontext.h"
#include "gitops/engine/enginefigures.h"
#include "gitops/engine/objectrouter.h"
#include "gitops/engine/platformview.h"
#include "gitops/engine/snapshotpublisher.h"
#include "gitops/engine/usesampler.h"
#include "gitops/health/health.h"

#include <map>
#include <set>
#include <vector>

namespace gitops {

struct ReconcileEngine::Private : ApplicationDirectory, std::enable_shared_from_this<Private>
{
    Private(Dependencies dependencies, EngineOptions engineOptions);
    ~Private() override;
    void start();

    // ApplicationDirectory
    ApplicationController* find(const std::string& name) override;
    bool isDeclaredElsewhere(const core::ObjectKey& key,
                             const std::string& application) const override;
    bool isGone(const std::string& name) const override { return gone.contains(name); }
    void declare(const std::string& application, const std::set<core::ObjectKey>& keys) override;
    core::Result<void> putChild(core::Application application) override;
    void removeChild(const std::string& name, bool cascade) override;
    void finished(const std::string& name) override;
    void mark(const std::string& application) override { publisher.mark(application); }

    void put(core::Application application, std::function<void(core::Result<void>)> done);
    void add(const core::Application& application, SavedState saved);
    void drop(const std::string& name, bool forget);
    void holdersChanged();
    void observe(const std::vector<LiveChange>& changes);
    void projectsChanged();
    void tellConnection();
    void run(core::Command command, const std::function<void(core::Result<void>)>& done);
    core::Result<core::Answer> find(const core::Query& query);
    core::PlatformInputPtr platform(const core::query::Platform& query, core::MeasuredUsePtr used);

    template<class Value>
    core::Result<ApplicationController*> controllerFor(const Value& value)
    {
        if (ApplicationController* found = find(value.application))
            return found;
        return core::failure(core::ErrorCode::NotFound,
                             "There is no application \"" + value.application + "\".", {},
                             core::Fault::User);
    }

    core::Executor& executor;
    StateStore& store;
    const EngineOptions options;
    std::shared_ptr<RenderCache> renders = std::make_shared<RenderCache>();
    EventStream events;
    SnapshotPublisher publisher;
    ApiClient api;
    LiveState live;
    ClusterKnowledge cluster;
    UseSampler use;
    EngineFigures figures;
    ControlNamespace controlNamespace;
    ObjectWriter writer;
    SourceWatcher sources;
    RemoteWatcher remotes;
    Projects projects;
    KindCustomizations customizations;
    ObjectRouter router;
    EngineContext context;
    std::map<std::string, std::unique_ptr<ApplicationController>> controllers;
    core::ClusterState told; ///< as the last event said
    std::set<std::string> gone; ///< taken away while they were ours to reconcile
    std::set<std::string> removeOnceLoaded; ///< children, with all that is theirs
    std::map<std::string, core::Application> loading; ///< their saved state is being read
    std::set<core::GroupKind> platformKinds; ///< that anybody asked for: one asker's stay another's
    Alive alive;
};

ReconcileEngine::Private::Private(Dependencies dependencies, EngineOptions engineOptions)
    : executor(dependencies.executor)
    , store(dependencies.store)
    , options(std::move(engineOptions))
    , events(executor.clock())
    , publisher(executor, events, options.publishInterval,
                [this](const std::string& name) {
                    ApplicationController* found = find(name);
                    return found ? found->buildState() : nullptr;
                })
    , api(dependencies.transport, executor)
    , live(
          api, executor, [this](const core::Json& object) { return customizations.judge(object); },
          options.live)
    , cluster(api, live, executor, options)
    , use(api, executor, dependencies.pool)
    , figures(executor, dependencies.telemetry,
              [this](const core::query::Platform& query) { return platform(query, nullptr); })
    , controlNamespace(api, cluster, options.controlNamespace)
    , writer(api, live, cluster, executor, options.parallelWrites)
    , sources(dependencies.git, executor, options)
    , remotes(dependencies.remotes, executor, options)
    , projects(options.projects, live, cluster)
    , customizations(options, api, live, cluster, executor)
    , router(live)
    , context {executor,
               dependencies.pool,
               api,
               live,
               store,
               options,
               events,
               cluster,
               controlNamespace,
               writer,
               sources,
               *this,
               renders,
               projects,
               customizations,
               remotes}
{
}

ReconcileEngine::Private::~Private()
{
    live.setObserver({});
    live.setKnowledgeObserver({});
    cluster.discoveryChanged = nullptr;
    cluster.knowledgeChanged = nullptr;
    cluster.stateChanged = nullptr;
    projects.changed = nullptr;
    customizations.changed = nullptr;
    controllers.clear();
}

void ReconcileEngine::Private::start()
{
    live.setObserver([this](const std::vector<LiveChange>& changes) { observe(changes); });
    live.setKnowledgeObserver([this](const core::GroupKind& kind, KindKnowledge knowledge) {
        cluster.observeKnowledge(kind, knowledge);
    });
    cluster.discoveryChanged = [this] {
        customizations.discoveryChanged();
        for (const auto& [name, controller] : controllers)
            controller->discoveryChanged();
    };
    cluster.knowledgeChanged = [this](const core::GroupKind& kind) {
        for (const auto& [name, controller] : controllers)
            controller->knowledgeChanged(kind);
    };
    projects.changed = [this] { projectsChanged(); };
    customizations.changed = [this] {
        executor.post(alive.guard([this] {
            for (const auto& [name, controller] : controllers)
                controller->customizationsChanged();
        }));
    };
    cluster.stateChanged = [this] {
        publisher.setCluster(cluster.state());
        tellConnection();
        for (const auto& [name, controller] : controllers)
            controller->connectionChanged();
    };
    publisher.setCluster(cluster.state());
    cluster.start();
    figures.keepMeasuring(options.measure);
}

/// Once for each change: a connection is told with the server's version, which comes on its own.
void ReconcileEngine::Private::tellConnection()
{
    using Connection = core::ClusterState::Connection;
    const core::ClusterState& now = cluster.state();
    const bool isSame = now.connection == told.connection && now.message == told.message;
    if (isSame || (now.connection == Connection::Connected && cluster.isVersionAwaited()))
        return;
    told = now;
    events.send(core::event::ConnectionChanged {now});
}

void ReconcileEngine::Private::observe(const std::vector<LiveChange>& changes)
{
    cluster.observe(changes);
    for (const LiveChange& change : changes) {
        const core::ObjectKey& key = (change.after ? change.after : change.before)->key;
        for (const std::string& name : router.directly(change))
            if (ApplicationController* controller = find(name))
                controller->liveChanged(key);
        customizations.observe(change);
        if (Projects::isProject(key.groupKind()))
            projectsChanged();
        if (key.kind == "Namespace" && key.group.empty())
            for (const auto& [name, controller] : controllers)
                controller->namespaceChanged(key);
        for (const std::string& name : router.byOwner(change))
            publisher.mark(name);
    }
}

/// After the turn that it happens in: an application may be in the middle of its own.
void ReconcileEngine::Private::projectsChanged()
{
    executor.post(alive.guard([this] {
        for (const auto& [name, controller] : controllers)
            controller->projectChanged();
    }));
}

ApplicationController* ReconcileEngine::Private::find(const std::string& name)
{
    const auto found = controllers.find(name);
    return found == controllers.end() ? nullptr : found->second.get();
}

bool ReconcileEngine::Private::isDeclaredElsewhere(const core::ObjectKey& key,
                                                   const std::string& application) const
{
    return router.isDeclaredElsewhere(key, application);
}

void ReconcileEngine::Private::declare(const std::string& application,
                                       const std::set<core::ObjectKey>& keys)
{
    router.declare(application, keys);
    holdersChanged();
}

/// What another application declares, or has left, decides who may write an object.
void ReconcileEngine::Private::holdersChanged()
{
    executor.post(alive.guard([this] {
        for (const auto& [name, controller] : controllers)
            controller->holdersChanged();
    }));
}

void ReconcileEngine::Private::put(core::Application application,
                                   std::function<void(core::Result<void>)> done)
{
    const std::string name = application.name;
    if (ApplicationController* known = find(name)) {
        known->setApplication(std::move(application));
        done({});
        return;
    }
    const bool isLoading = loading.contains(name);
    loading[name] = std::move(application);
    if (isLoading) {
        done({});
        return;
    }
    store.load("application/" + name, executor,
               alive.guard([this, name, done](core::Result<std::optional<std::string>> text) {
                   const auto waiting = loading.find(name);
                   if (waiting == loading.end())
                       return;
                   const core::Application wanted = std::move(waiting->second);
                   loading.erase(waiting);
                   SavedState saved;
                   if (text && *text) {
                       auto parsed = savedStateFromText(**text);
                       if (!parsed) {
                           done(std::unexpected(std::move(parsed.error())));
                           return;
                       }
                       saved = std::move(*parsed);
                   } else if (!text) {
                       done(std::unexpected(std::move(text.error())));
                       return;
                   }
                   add(wanted, std::move(saved));
                   done({});
               }));
}

void ReconcileEngine::Private::add(const core::Application& application, SavedState saved)
{
    const bool deleting = removeOnceLoaded.erase(application.name) > 0 || saved.deleting;
    auto controller =
        std::make_unique<ApplicationController>(context, application, std::move(saved));
    ApplicationController& added = *controller;
    controllers[application.name] = std::move(controller);
    gone.erase(application.name);
    if (deleting)
        added.beginRemoval();
    publisher.mark(application.name);
    if (!application.parent.empty())
        if (ApplicationController* parent = find(application.parent))
            parent->childChanged(application.name);
}

core::Result<void> ReconcileEngine::Private::putChild(core::Application application)
{
    const std::string name = application.name;
    const ApplicationController* known = find(name);
    const auto waiting = loading.find(name);
    const std::string* parent = known ? &known->application().parent
        : waiting != loading.end()    ? &waiting->second.parent
                                      : nullptr;
    if (parent && *parent != application.parent)
        return core::failure(core::ErrorCode::AlreadyExists,
                             "The application \"" + name + "\" is declared elsewhere, too"
                                 + (parent->empty() ? "." : " (by \"" + *parent + "\")."),
                             application.place, core::Fault::Repository);
    put(std::move(application), [this, name](core::Result<void> done) {
        if (!done)
            if (ApplicationController* child = find(name))
                child->wake();
    });
    return {};
}

void ReconcileEngine::Private::removeChild(const std::string& name, bool cascade)
{
    if (ApplicationController* child = find(name); child && cascade) {
        child->beginRemoval();
        return;
    }
    if (cascade && loading.contains(name)) {
        removeOnceLoaded.insert(name);
        return;
    }
    finished(name);
}

/// Taken down after the turn that asked for it.
void ReconcileEngine::Private::finished(const std::string& name)
{
    executor.post(alive.guard([this, name] {
        loading.erase(name);
        const ApplicationController* child = find(name);
        const std::string parent = child ? child->application().parent : std::string();
        drop(name, child && child->isBeingRemoved());
        for (const auto& [other, controller] : controllers)
            if (parent.empty() || other == parent)
                controller->childGone(name);
    }));
}

void ReconcileEngine::Private::drop(const std::string& name, bool forget)
{
    const auto found = controllers.find(name);
    if (found == controllers.end())
        return;
    if (found->second->isOurs())
        gone.insert(name);
    if (forget)
        found->second->forgetSaved();
    std::shared_ptr<ApplicationController> last = std::move(found->second);
    controllers.erase(found);
    publisher.mark(name);
    last->release([last] { });
    std::vector<std::string> orphans; // a parent that was taken away takes its children along
    for (const auto& [other, controller] : controllers)
        if (!forget && controller->application().parent == name)
            orphans.push_back(other);
    for (const std::string& orphan : orphans)
        drop(orphan, false);
}

void ReconcileEngine::Private::run(core::Command command,
                                   const std::function<void(core::Result<void>)>& done)
{
    if (auto* add = std::get_if<core::command::AddApplication>(&command)) {
        put(std::move(add->application), done);
        return;
    }
    core::Result<void> result = std::visit(
        [this](const auto& value) -> core::Result<void> {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, core::command::AddApplication>) {
                return {};
            } else {
                auto controller = controllerFor(value);
                if (!controller)
                    return std::unexpected(std::move(controller.error()));
                if constexpr (std::is_same_v<Value, core::command::RemoveApplication>) {
                    drop(value.application, false);
                    return {};
                } else {
                    return (*controller)->take(value);
                }
            }
        },
        command);
    done(std::move(result));
}

core::PlatformInputPtr ReconcileEngine::Private::platform(const core::query::Platform& query,
                                                          core::MeasuredUsePtr used)
{
    platformKinds.insert(query.kinds.begin(), query.kinds.end());
    watchPlatform(cluster, live, {platformKinds.begin(), platformKinds.end()});
    core::PlatformInputBuilder builder;
    for (const auto& [name, controller] : controllers)
        controller->describe(builder);
    addLive(cluster, live, query.kinds, builder);
    builder.input().use = std::move(used);
    core::PlatformInputPtr input = std::move(builder).build();
    return options.terraform.empty() ? input : core::withTerraform(*input, options.terraform);
}

core::Result<core::Answer> ReconcileEngine::Private::find(const core::Query& query)
{
    return std::visit(
        [this](const auto& value) -> core::Result<core::Answer> {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, core::query::Platform>) {
                return core::Answer {platform(value, use.use())};
            } else if constexpr (std::is_same_v<Value, core::query::Telemetry>) {
                return figures.now();
            } else if constexpr (std::is_same_v<Value, core::query::Samples>) {
                return core::failure(core::ErrorCode::Internal, "samples come later");
            } else {
                auto controller = controllerFor(value);
                if (!controller)
                    return std::unexpected(std::move(controller.error()));
                return (*controller)->answer(value);
            }
        },
        query);
}

ReconcileEngine::ReconcileEngine(Dependencies dependencies, EngineOptions options)
    : d(std::make_shared<Private>(std::move(dependencies), std::move(options)))
{
    d->executor.post([weak = std::weak_ptr(d)] {
        if (const auto self = weak.lock())
            self->start();
    });
}

ReconcileEngine::~ReconcileEngine()
{
    core::Executor& executor = d->executor;
    executor.post([last = std::move(d)]() mutable { last.reset(); });
}

core::SnapshotPtr ReconcileEngine::snapshot() const
{
    return d->publisher.current();
}

std::unique_ptr<Subscription> ReconcileEngine::subscribe(Sink sink)
{
    return d->events.subscribe(std::move(sink));
}

void ReconcileEngine::submit(core::Command command, std::function<void(core::Result<void>)> done)
{
    d->executor.post(
        [weak = std::weak_ptr(d), command = std::move(command), done = std::move(done)]() mutable {
            if (const auto self = weak.lock())
                self->run(std::move(command), done ? done : [](core::Result<void>) { });
        });
}

void ReconcileEngine::ask(core::Query query, std::function<void(core::Result<core::Answer>)> done)
{
    d->executor.post([weak = std::weak_ptr(d), query = std::move(query), done = std::move(done)] {
        const auto self = weak.lock();
        if (!self)
            return;
        if (const auto* samples = std::get_if<core::query::Samples>(&query))
            self->figures.samples(*samples, done);
        else
            done(self->find(query));
    });
}

void ReconcileEngine::release(std::function<void()> done)
{
    d->executor.post([weak = std::weak_ptr(d), done = std::move(done)] {
        const auto self = weak.lock();
        if (!self)
            return;
        auto left = std::make_shared<std::size_t>(self->controllers.size() + 1);
        const auto one = [left, done] {
            if (--*left == 0 && done)
                done();
        };
        for (const auto& [name, controller] : self->controllers)
            controller->release(one);
        one();
    });
}

} // namespace gitops

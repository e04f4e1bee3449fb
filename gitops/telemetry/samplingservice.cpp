// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/samplingservice.h"

#include "core/platform/lineagemodel.h"
#include "gitops/telemetry/downsample.h"
#include "gitops/telemetry/joinseries.h"
#include "gitops/telemetry/mergetelemetry.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace gitops {

namespace {

using State = core::TelemetrySource::State;

constexpr std::size_t kManySeries = 2'000;

} // namespace

struct SamplingService::Private : std::enable_shared_from_this<Private>
{
    /// A source with its reader.
    struct Entry
    {
        std::string key;
        std::unique_ptr<TelemetryReader> reader;
        SampleOrigin origin;
        SourceReport report;
        core::Executor::TimerId timer = 0;
        int failures = 0;
        bool isBusy = false;
    };
    using EntryPtr = std::shared_ptr<Entry>;

    Private(Dependencies given, Options chosen)
        : strand(given.strand)
        , pool(given.pool)
        , finder(std::move(given.finder))
        , history(std::move(given.history))
        , options(chosen)
        , store(chosen.limits)
    {
    }

    void start();
    void stop();
    void watchIdle();
    void takeSubjects(SubjectsPtr made);
    void makeSubjects(core::PlatformInputPtr platform);
    void findSources();
    void begin(const EntryPtr& entry);
    void take(const EntryPtr& entry, Reading reading);
    void schedule(const EntryPtr& entry);
    void publish();
    void samples(const core::query::Samples& query, const SamplesHandler& done);
    void keep();
    std::vector<core::Series> newSamples();

    template<class Function>
    auto later(Function function)
    {
        return [weak = weak_from_this(), function = std::move(function)](auto&&... arguments) {
            if (const auto self = weak.lock())
                function(*self, std::forward<decltype(arguments)>(arguments)...);
        };
    }

    core::Executor& strand;
    core::WorkPool& pool;
    const SourceFinder finder;
    const std::shared_ptr<SampleHistory> history; ///< null: only memory
    const Options options;

    // The strand's.
    SampleStore store;
    SubjectsPtr subjects = std::make_shared<Subjects>();
    std::vector<EntryPtr> entries;
    std::vector<core::TelemetrySource> missing;
    std::shared_ptr<core::LineageModel> model = std::make_shared<core::LineageModel>();
    core::PlatformInputPtr nextPlatform; ///< came while a graph was made
    bool isMakingGraph = false;
    core::SteadyTime lastKept {};
    core::SteadyTime lastPruned {};

    mutable std::mutex mutex;
    core::TelemetryPtr current = std::make_shared<core::Telemetry>(); ///< guarded by mutex
    core::SteadyTime lastAsked {}; ///< guarded by mutex
    core::SteadyTime lastPlatform {}; ///< guarded by mutex
    bool isRunning = false; ///< guarded by mutex
    bool wasObserved = false; ///< guarded by mutex
};

void SamplingService::Private::start()
{
    if (!isMakingGraph) { // else once the subjects have their names
        findSources();
        publish();
    }
    watchIdle();
}

void SamplingService::Private::stop()
{
    for (const EntryPtr& entry : entries)
        if (entry->timer != 0)
            strand.cancel(entry->timer);
    entries.clear();
    missing.clear();
    if (history)
        (void)history->add(newSamples());
}

void SamplingService::Private::watchIdle()
{
    const auto now = strand.clock().steadyNow();
    core::SteadyTime due;
    {
        const std::lock_guard lock(mutex);
        due = lastAsked + options.idle;
        if (due <= now)
            isRunning = false;
    }
    if (due <= now)
        return stop();
    strand.postAt(due, later([](Private& self) { self.watchIdle(); }));
}

void SamplingService::Private::makeSubjects(core::PlatformInputPtr platform)
{
    if (isMakingGraph) {
        nextPlatform = std::move(platform);
        return;
    }
    isMakingGraph = true;
    pool.run([weak = weak_from_this(), known = model, platform = std::move(platform),
              &executor = strand] {
        auto made = std::make_shared<Subjects>(platform, known->update(*platform));
        executor.post([weak, made = std::move(made)] {
            if (const auto self = weak.lock())
                self->takeSubjects(made);
        });
    });
}

void SamplingService::Private::takeSubjects(SubjectsPtr made)
{
    isMakingGraph = false;
    subjects = std::move(made);
    findSources();
    publish();
    if (nextPlatform)
        makeSubjects(std::exchange(nextPlatform, nullptr));
}

void SamplingService::Private::findSources()
{
    {
        const std::lock_guard lock(mutex);
        if (!isRunning)
            return;
    }
    std::vector<EntryPtr> kept;
    missing.clear();
    int rank = 0;
    for (FoundSource& found : finder(*subjects)) {
        if (!found.make) {
            missing.push_back(std::move(found.missing));
            continue;
        }
        const auto known = std::ranges::find(entries, found.key, &Entry::key);
        if (known != entries.end()) {
            (*known)->origin.rank = rank++;
            kept.push_back(*known);
            continue;
        }
        auto entry = std::make_shared<Entry>();
        entry->key = found.key;
        entry->reader = found.make();
        entry->origin = {entry->reader->name(), entry->reader->isSimulated(),
                         entry->reader->interval(), rank++};
        entry->report.source = {.state = State::Waiting,
                                .name = entry->origin.source,
                                .type = entry->reader->type(),
                                .message = "asked, no answer yet",
                                .lastSample = {}};
        kept.push_back(std::move(entry));
    }
    for (const EntryPtr& entry : entries)
        if (std::ranges::find(kept, entry) == kept.end() && entry->timer != 0)
            strand.cancel(entry->timer);
    entries = std::move(kept);
    for (const EntryPtr& entry : entries)
        if (!entry->isBusy && entry->timer == 0)
            begin(entry);
}

void SamplingService::Private::begin(const EntryPtr& entry)
{
    entry->isBusy = true;
    entry->timer = 0;
    entry->reader->read(
        subjects,
        [weak = weak_from_this(), to = std::weak_ptr(entry), &executor = strand](Reading reading) {
            executor.post([weak, to, reading = std::move(reading)]() mutable {
                const auto self = weak.lock();
                const auto known = to.lock();
                if (self && known)
                    self->take(known, std::move(reading));
            });
        });
}

void SamplingService::Private::take(const EntryPtr& entry, Reading reading)
{
    entry->isBusy = false;
    entry->failures = reading.state == State::Failed ? entry->failures + 1 : 0;
    store.add(entry->origin, reading);
    SourceReport& report = entry->report;
    report.source.state = reading.state;
    report.source.message = std::move(reading.message);
    if (!reading.measurements.empty())
        report.source.lastSample = reading.at;
    if (reading.state != State::Failed) {
        report.topics = std::move(reading.topics);
        report.runs = std::move(reading.runs);
    }
    report.reasons = std::move(reading.reasons);
    schedule(entry);
    publish();
    keep();
}

void SamplingService::Private::schedule(const EntryPtr& entry)
{
    auto wait = entry->origin.interval;
    for (int i = 1; i < entry->failures && wait < options.retryLimit; ++i)
        wait *= 2;
    wait = std::max(entry->origin.interval, std::min(wait, options.retryLimit));
    entry->timer = strand.postAt(strand.clock().steadyNow() + wait,
                                 later([to = std::weak_ptr(entry)](Private& self) {
                                     if (const auto known = to.lock())
                                         self.begin(known);
                                 }));
}

void SamplingService::Private::publish()
{
    const core::WallTime now = strand.clock().wallNow();
    std::vector<const SourceReport*> reports;
    for (const EntryPtr& entry : entries)
        reports.push_back(&entry->report);
    auto made = std::make_shared<core::Telemetry>(mergedTelemetry(reports, missing));
    made->at = now;
    made->latest = store.latest(now);
    const std::lock_guard lock(mutex);
    current = std::move(made);
}

/// What came since the last time, a sample for each interval.
std::vector<core::Series> SamplingService::Private::newSamples()
{
    std::vector<core::Series> series = store.takeNew();
    for (core::Series& each : series) {
        const auto span = each.samples.back().at - each.samples.front().at;
        const auto gaps = std::ranges::count_if(each.samples, &core::Sample::afterGap);
        const auto points = span / options.historyInterval + 1 + gaps;
        each.samples = downsampled(std::move(each.samples), std::size_t(points));
    }
    return series;
}

void SamplingService::Private::keep()
{
    const auto now = strand.clock().steadyNow();
    // Many series are kept less often: the store stays small.
    const auto interval =
        store.size() > kManySeries ? 5 * options.historyInterval : options.historyInterval;
    if (!history || now - lastKept < interval)
        return;
    lastKept = now;
    const bool prunes = now - lastPruned >= options.pruneInterval;
    if (prunes)
        lastPruned = now;
    pool.run([kept = history, series = newSamples(), prunes, at = strand.clock().wallNow()] {
        (void)kept->add(series); // a full disk costs figures of the past, nothing else
        if (prunes)
            (void)kept->prune(at);
    });
}

void SamplingService::Private::samples(const core::query::Samples& query,
                                       const SamplesHandler& done)
{
    auto fresh = store.of(query.subject, query.measures, query.from, query.to);
    pool.run([weak = weak_from_this(), kept = history, query, done, fresh = std::move(fresh),
              &executor = strand]() mutable {
        core::SamplesAnswer answer;
        answer.series = kept
            ? joinedSeries(kept->of(query.subject, query.measures, query.from, query.to),
                           std::move(fresh))
            : std::move(fresh);
        for (core::Series& series : answer.series)
            series.samples = downsampled(std::move(series.samples), query.maxPoints);
        executor.post([weak, done, answer = std::move(answer)]() mutable {
            if (weak.lock())
                done(std::move(answer));
        });
    });
}

SamplingService::SamplingService(Dependencies dependencies)
    : SamplingService(std::move(dependencies), Options())
{
}

SamplingService::SamplingService(Dependencies dependencies, Options options)
    : d(std::make_shared<Private>(std::move(dependencies), options))
{
}

SamplingService::~SamplingService()
{
    core::Executor& strand = d->strand;
    strand.post([last = std::move(d)]() mutable {
        last->stop();
        last.reset();
    });
}

core::TelemetryPtr SamplingService::telemetry()
{
    const std::lock_guard lock(d->mutex);
    d->lastAsked = d->strand.clock().steadyNow();
    if (!d->isRunning) {
        d->isRunning = true;
        d->strand.post(d->later([](Private& self) { self.start(); }));
    }
    return d->current;
}

void SamplingService::samples(core::query::Samples query, SamplesHandler done)
{
    d->strand.post(d->later([query = std::move(query), done = std::move(done)](Private& self) {
        self.samples(query, done);
    }));
}

void SamplingService::observe(core::PlatformInputPtr platform)
{
    {
        const std::lock_guard lock(d->mutex);
        d->lastPlatform = d->strand.clock().steadyNow();
        d->wasObserved = true;
    }
    d->strand.post(
        d->later([platform = std::move(platform)](Private& self) { self.makeSubjects(platform); }));
}

bool SamplingService::wantsPlatform() const
{
    const std::lock_guard lock(d->mutex);
    return !d->wasObserved
        || d->strand.clock().steadyNow() - d->lastPlatform >= d->options.platformInterval;
}

std::vector<core::GroupKind> SamplingService::kinds() const
{
    return {{"kafka.strimzi.io", "Kafka"},
            {"rabbitmq.com", "RabbitmqCluster"},
            {"monitoring.coreos.com", "Prometheus"},
            {"camel.apache.org", "Integration"}};
}

} // namespace gitops

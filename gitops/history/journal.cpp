// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/journal.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace gitops {

namespace {

constexpr std::uint64_t kMaxFileBytes = 256u << 20;
constexpr std::string_view kNewest = "events.jsonl";

std::string pathOf(const StateFolder& folder, int age)
{
    return folder.journalFolder() + '/'
        + (age == 0 ? std::string(kNewest) : "events." + std::to_string(age) + ".jsonl");
}

bool isKept(const core::Event& event)
{
    return !std::holds_alternative<core::event::SnapshotPublished>(event.what)
        && !std::holds_alternative<core::event::OperationProgressed>(event.what);
}

std::string lineOf(const core::Event& event, std::size_t limit)
{
    const core::Json json = core::toJson(event);
    std::string line = core::toText(json);
    if (line.size() > limit) {
        core::JsonObject head;
        for (const std::string_view name : {"type", "time", "application"})
            if (const core::Json* value = core::find(json, name))
                head[name] = *value;
        head["truncated"] = true;
        line = core::toText(head);
    }
    return line + '\n';
}

core::Json lossOf(std::uint64_t count)
{
    core::JsonObject out;
    out["type"] = "EventsLost";
    out["count"] = count;
    return out;
}

bool matches(const core::Json& event, const JournalQuery& query)
{
    if (!query.application.empty() && core::stringAt(event, {"application"}) != query.application)
        return false;
    if (!query.type.empty() && core::stringAt(event, {"type"}) != query.type)
        return false;
    if (!query.since)
        return true;
    const auto time = core::parseRfc3339(core::stringAt(event, {"time"}));
    return time && *time >= *query.since;
}

} // namespace

struct Journal::Shared
{
    const StateFolderPtr folder;
    core::WorkPool& pool;
    const JournalLimits limits;
    std::mutex mutex; ///< guards all below but the file
    std::condition_variable idle;
    std::deque<core::Event> waiting = {};
    std::uint64_t lost = 0;
    bool queued = false;
    bool running = false;
    bool closed = false;
    // Of the file; only the thread that has set running touches these.
    std::optional<std::uint64_t> size = {}; ///< nullopt: not looked at, or to be mended

    /// Leaves out a line that was cut, and learns the size.
    core::Result<void> mend()
    {
        const std::string path = pathOf(*folder, 0);
        const auto content = folder->disk().read(path, kMaxFileBytes);
        if (!content)
            return std::unexpected(content.error());
        const std::string text = content->value_or("");
        const std::size_t end = text.rfind('\n') + 1; // npos + 1 is 0
        if (end != text.size())
            if (core::Result<void> done = folder->disk().truncate(path, end); !done)
                return done;
        size = end;
        return {};
    }

    core::Result<void> rotate()
    {
        StateDisk& disk = folder->disk();
        core::Result<void> done = disk.remove(pathOf(*folder, limits.files - 1));
        for (int age = limits.files - 2; age >= 0 && done; --age) {
            const auto bytes = disk.size(pathOf(*folder, age));
            if (bytes && *bytes > 0)
                done = disk.rename(pathOf(*folder, age), pathOf(*folder, age + 1));
        }
        if (done)
            size = 0;
        return done;
    }

    core::Result<void> append(const std::string& text)
    {
        if (!folder->isWritable())
            return core::failure(core::ErrorCode::Unavailable,
                                 "The state folder is open for reading only.");
        if (!size)
            if (core::Result<void> mended = mend(); !mended)
                return mended;
        if (*size > 0 && *size + text.size() > limits.fileBytes)
            if (core::Result<void> done = rotate(); !done)
                return done;
        core::Result<void> written = folder->disk().append(pathOf(*folder, 0), text);
        if (written)
            *size += text.size();
        else
            size.reset(); // a part may be there
        return written;
    }

    void flush()
    {
        constexpr std::size_t kBatch = 500;
        std::unique_lock lock(mutex);
        idle.wait(lock, [this] { return !running; });
        running = true;
        bool good = true;
        while (good && (!waiting.empty() || lost > 0)) {
            const std::size_t count = std::min(waiting.size(), kBatch);
            const std::vector<core::Event> batch(waiting.begin(),
                                                 waiting.begin() + std::ptrdiff_t(count));
            waiting.erase(waiting.begin(), waiting.begin() + std::ptrdiff_t(count));
            const std::uint64_t missed = std::exchange(lost, 0);
            lock.unlock();
            std::string text;
            for (const core::Event& event : batch)
                text += lineOf(event, limits.lineBytes);
            if (missed > 0)
                text += core::toText(lossOf(missed)) + '\n';
            good = append(text).has_value();
            lock.lock();
            if (!good) { // they wait for room, before those that came meanwhile
                waiting.insert(waiting.begin(), batch.begin(), batch.end());
                lost += missed;
                while (waiting.size() > limits.waiting) {
                    waiting.pop_back();
                    ++lost;
                }
            }
        }
        running = false;
        idle.notify_all();
    }
};

Journal::Journal(StateFolderPtr folder, core::WorkPool& pool, JournalLimits limits)
    : m_shared(new Shared {
          .folder = std::move(folder), .pool = pool, .limits = limits, .mutex = {}, .idle = {}})
{
}

Journal::~Journal()
{
    {
        std::lock_guard lock(m_shared->mutex);
        m_shared->closed = true;
    }
    m_shared->flush();
}

void Journal::add(const core::Event& event)
{
    if (!isKept(event))
        return;
    {
        std::lock_guard lock(m_shared->mutex);
        if (m_shared->waiting.size() < m_shared->limits.waiting)
            m_shared->waiting.push_back(event);
        else
            ++m_shared->lost;
        if (m_shared->queued)
            return;
        m_shared->queued = true;
    }
    m_shared->pool.run([shared = m_shared] {
        {
            std::lock_guard lock(shared->mutex);
            shared->queued = false;
            if (shared->closed)
                return;
        }
        shared->flush();
    });
}

core::Result<std::vector<core::Json>> Journal::read(const StateFolder& folder,
                                                    const JournalQuery& query)
{
    std::vector<core::Json> newestFirst;
    const auto names = folder.disk().list(folder.journalFolder());
    if (!names)
        return std::unexpected(names.error());
    for (int age = 0; age <= int(names->size()) && newestFirst.size() < query.limit; ++age) {
        const auto content = folder.disk().read(pathOf(folder, age), kMaxFileBytes);
        if (!content)
            return std::unexpected(content.error());
        std::string_view rest = *content ? std::string_view(**content) : std::string_view();
        rest = rest.substr(0, rest.rfind('\n') + 1); // the last line may be half written
        while (!rest.empty() && newestFirst.size() < query.limit) {
            rest.remove_suffix(1);
            const std::size_t begin = rest.rfind('\n') + 1;
            auto event = core::parseJson(rest.substr(begin));
            if (event && event->is_object() && matches(*event, query))
                newestFirst.push_back(std::move(*event));
            rest = rest.substr(0, begin);
        }
    }
    std::ranges::reverse(newestFirst);
    return newestFirst;
}

} // namespace gitops

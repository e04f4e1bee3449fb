// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/watchhub.h"

#include <algorithm>

namespace gitops::practice {

namespace {

constexpr std::chrono::seconds kBookmarkInterval {60};

std::string eventLine(std::string_view event, std::string_view object)
{
    std::string line;
    line.reserve(object.size() + 40);
    line += R"({"type":")";
    line += event;
    line += R"(","object":)";
    line += object;
    return line += "}\n";
}

} // namespace

WatchHub::WatchHub(ObjectStore& store, const core::Clock& clock)
    : m_store(store)
    , m_clock(clock)
    , m_nextBookmarks(clock.steadyNow() + kBookmarkInterval)
{
}

WatchHub::WatchId WatchHub::open(WatchRequest request, std::shared_ptr<WatchSink> sink)
{
    const WatchId id = ++m_lastId;
    m_byStorage[request.type->storage].push_back(id);
    Watch& watch = m_watches.emplace(id, Watch {std::move(request), std::move(sink)}).first->second;
    if (watch.request.initialEvents) {
        sendInitial(watch);
    } else {
        std::vector<Line> lines;
        for (const ChangePtr& change :
             m_store.changesSince(watch.request.from, watch.request.type->storage)) {
            lines.clear();
            deliver(watch, *change, lines);
        }
    }
    return id;
}

void WatchHub::sendInitial(Watch& watch)
{
    const ResourceType& type = *watch.request.type;
    auto out = std::make_shared<std::string>();
    for (const StoredPtr& object : m_store.list(type.storage, watch.request.prefix).objects)
        if (watch.request.selector.matches(object->value()))
            *out += eventLine("ADDED",
                              presentObject(type, *object, watch.request.form, m_clock.wallNow()));
    if (watch.request.markInitialEnd)
        *out += bookmark(watch, true);
    if (!out->empty())
        watch.sink->data(out);
}

std::string WatchHub::bookmark(const Watch& watch, bool initialEnd) const
{
    const ResourceType& type = *watch.request.type;
    core::JsonObject metadata {{"resourceVersion", std::to_string(m_store.resourceVersion())}};
    if (initialEnd)
        metadata["annotations"] = core::JsonObject {{"k8s.io/initial-events-end", "true"}};
    const core::JsonObject object {{"kind", type.kind.kind},
                                   {"apiVersion", type.kind.apiVersion()},
                                   {"metadata", std::move(metadata)}};
    return eventLine("BOOKMARK", core::toText(object));
}

void WatchHub::close(WatchId id)
{
    const auto found = m_watches.find(id);
    if (found == m_watches.end())
        return;
    std::erase(m_byStorage[found->second.request.type->storage], id);
    m_watches.erase(found);
}

void WatchHub::finish(WatchId id)
{
    const auto found = m_watches.find(id);
    if (found == m_watches.end())
        return;
    const std::shared_ptr<WatchSink> sink = found->second.sink;
    close(id);
    sink->end();
}

void WatchHub::endAll()
{
    while (!m_watches.empty())
        finish(m_watches.begin()->first);
}

void WatchHub::failAll(const std::string& storage, const ApiError& error)
{
    const auto text =
        std::make_shared<const std::string>(eventLine("ERROR", core::toText(error.toStatus())));
    std::vector<WatchId> ids;
    for (const auto& [id, watch] : m_watches)
        if (storage.empty() || watch.request.type->storage == storage)
            ids.push_back(id);
    for (WatchId id : ids) {
        m_watches.at(id).sink->data(text);
        finish(id);
    }
}

void WatchHub::changed(const ChangePtr& change)
{
    const auto watchers = m_byStorage.find(change->storage);
    if (watchers == m_byStorage.end())
        return;
    std::vector<Line> lines;
    for (WatchId id : watchers->second)
        deliver(m_watches.at(id), *change, lines);
}

void WatchHub::deliver(Watch& watch, const Change& change, std::vector<Line>& lines)
{
    const WatchRequest& request = watch.request;
    if (!change.key.starts_with(request.prefix))
        return;
    bool now = change.type != ChangeType::Deleted;
    bool before = change.type != ChangeType::Added;
    if (!request.selector.isEmpty()) {
        now = now && request.selector.matches(change.object->value());
        before = before && request.selector.matches(change.previous->value());
    }
    if (!now && !before)
        return;
    const std::string_view event = now ? (before ? "MODIFIED" : "ADDED") : "DELETED";
    if (!now && change.type != ChangeType::Deleted) { // it left the selector: as it was in it
        core::Json last = change.previous->value();
        const StoredObject left(std::move(last), change.object->resourceVersion());
        watch.sink->data(std::make_shared<const std::string>(
            eventLine(event, presentObject(*request.type, left, request.form, m_clock.wallNow()))));
        return;
    }
    watch.sink->data(line(watch, event, *change.object, lines));
}

std::shared_ptr<const std::string> WatchHub::line(const Watch& watch, std::string_view event,
                                                  const StoredObject& object,
                                                  std::vector<Line>& lines)
{
    const WatchRequest& request = watch.request;
    for (const Line& known : lines)
        if (known.type == request.type.get() && known.form == request.form && known.event == event)
            return known.text;
    auto text = std::make_shared<const std::string>(
        eventLine(event, presentObject(*request.type, object, request.form, m_clock.wallNow())));
    lines.push_back({request.type.get(), request.form, event, text});
    return text;
}

core::SteadyTime WatchHub::tick(core::SteadyTime now)
{
    if (now >= m_nextBookmarks) {
        m_nextBookmarks = now + kBookmarkInterval;
        for (auto& [id, watch] : m_watches)
            if (watch.request.bookmarks)
                watch.sink->data(std::make_shared<const std::string>(bookmark(watch, false)));
    }
    std::vector<WatchId> due;
    core::SteadyTime next = m_nextBookmarks;
    for (auto& [id, watch] : m_watches) {
        if (watch.request.until <= now)
            due.push_back(id);
        else
            next = std::min(next, watch.request.until);
    }
    for (WatchId id : due) {
        Watch& watch = m_watches.at(id);
        if (watch.request.bookmarks)
            watch.sink->data(std::make_shared<const std::string>(bookmark(watch, false)));
        finish(id);
    }
    return next;
}

} // namespace gitops::practice

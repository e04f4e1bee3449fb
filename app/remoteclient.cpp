// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remoteclient.h"

#include "gitops/cluster/apiclient.h"

namespace app {

using gitops::practice::ApiError;
using gitops::practice::ObjectPtr;

namespace {

constexpr std::chrono::seconds kLookForKinds {2};
constexpr std::chrono::seconds kTryAgain {2};
const char* const kManager = "practice-controllers";

std::string text(const core::Json& object, std::string_view member)
{
    return std::string(core::stringAt(object, {"metadata", member}));
}

core::GroupKind kindOf(const core::Json& object)
{
    const core::GroupVersionKind kind = core::groupVersionKindOf(object);
    return {kind.group, kind.kind};
}

} // namespace

RemoteClient::RemoteClient(gitops::ClusterAccess& access)
    : m_access(access)
{
}

RemoteClient::~RemoteClient()
{
    m_access.stop();
    for (const auto& [kind, entry] : m_kinds)
        if (entry.watch != 0)
            m_access.transport().cancel(entry.watch);
    // Every watch says that it ended, and until then its handler may use this.
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::seconds(10), [this] {
        std::size_t ended = 0;
        for (const Arrived& each : m_arrived)
            ended += each.isEnd ? 1 : 0;
        std::size_t open = 0;
        for (const auto& [kind, entry] : m_kinds)
            open += entry.watch != 0 ? 1 : 0;
        return ended >= open;
    });
}

void RemoteClient::follow(const core::GroupKind& kind)
{
    m_kinds.try_emplace(kind);
}

ObjectPtr RemoteClient::get(const core::GroupKind& kind, std::string_view namespaceName,
                            std::string_view name) const
{
    const Kind& entry = m_kinds[kind]; // from now on it is followed
    const auto found = entry.objects.find({std::string(namespaceName), std::string(name)});
    return found == entry.objects.end() ? nullptr : found->second;
}

std::vector<ObjectPtr> RemoteClient::list(const core::GroupKind& kind,
                                          std::string_view namespaceName) const
{
    std::vector<ObjectPtr> out;
    for (const auto& [key, object] : m_kinds[kind].objects)
        if (namespaceName.empty() || key.first == namespaceName)
            out.push_back(object);
    return out;
}

RemoteClient::Kind* RemoteClient::served(const core::Json& object)
{
    Kind& entry = m_kinds[kindOf(object)];
    if (!entry.isServed)
        lookForKinds();
    return entry.isServed ? &entry : nullptr;
}

std::optional<core::Json> RemoteClient::write(const char* method, const std::string& target,
                                              const core::Json& body, const Refused& refused)
{
    core::HttpRequest request;
    request.method = method;
    request.target = target;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = core::toText(body);
    const auto response = m_access.send(std::move(request));
    if (!response) {
        m_problem = response.error().text();
        ++m_failures;
        return {};
    }
    auto answer = core::parseJson(response->body);
    if (response->status >= 200 && response->status < 300)
        return answer ? std::optional(std::move(*answer)) : std::nullopt;
    if (response->status != 404 && response->status != 409) // what is in the way shows itself
        ++m_failures;
    if (refused) {
        ApiError error;
        error.code = response->status;
        error.message = gitops::errorFromResponse(*response).message;
        if (answer)
            error.reason = core::stringAt(*answer, {"reason"});
        refused(error);
    }
    return {};
}

void RemoteClient::create(core::Json object, Refused refused)
{
    Kind* entry = served(object);
    if (!entry)
        return;
    const std::string target =
        entry->resource.path(text(object, "namespace"), {}) + "?fieldManager=" + kManager;
    if (const auto made = write("POST", target, object, refused))
        put(*entry, *made);
}

void RemoteClient::update(core::Json object, std::string_view subresource, Refused refused)
{
    Kind* entry = served(object);
    if (!entry)
        return;
    const bool hasSubresource =
        subresource.empty() || entry->resource.subresources.contains(std::string(subresource));
    const std::string target =
        entry->resource.path(text(object, "namespace"), text(object, "name"),
                             hasSubresource ? subresource : std::string_view())
        + "?fieldManager=" + kManager;
    if (const auto kept = write("PUT", target, object, refused))
        put(*entry, *kept);
}

void RemoteClient::remove(const core::Json& object, bool now, Refused refused)
{
    Kind* entry = served(object);
    if (!entry)
        return;
    core::JsonObject options {{"apiVersion", "v1"},
                              {"kind", "DeleteOptions"},
                              {"preconditions", core::JsonObject {{"uid", text(object, "uid")}}}};
    if (now)
        options["gracePeriodSeconds"] = 0;
    (void)write("DELETE", entry->resource.path(text(object, "namespace"), text(object, "name")),
                std::move(options), refused);
}

void RemoteClient::put(Kind& entry, const core::Json& object)
{
    const Key key {text(object, "namespace"), text(object, "name")};
    ObjectPtr& kept = entry.objects[key];
    if (kept && text(*kept, "resourceVersion") == text(object, "resourceVersion")
        && text(*kept, "uid") == text(object, "uid"))
        return; // our own write, which the watch brings as well
    core::JsonObject whole {{"apiVersion", entry.resource.kind.apiVersion()},
                            {"kind", entry.resource.kind.kind}};
    for (const auto& [member, value] : object.get_object())
        whole[member] = value;
    kept = std::make_shared<const core::Json>(std::move(whole));
    if (const ObjectPtr told = kept; m_listener)
        m_listener(*told, false);
}

void RemoteClient::forget(Kind& entry, const core::Json& object)
{
    const auto found = entry.objects.find({text(object, "namespace"), text(object, "name")});
    if (found == entry.objects.end())
        return;
    const ObjectPtr gone = found->second;
    entry.objects.erase(found);
    if (m_listener)
        m_listener(*gone, true);
}

void RemoteClient::lookForKinds()
{
    if (Clock::now() < m_nextLook)
        return;
    m_nextLook = Clock::now() + kLookForKinds;
    const auto discovery = gitops::discover(m_access);
    if (!discovery) {
        m_problem = discovery.error().text();
        return;
    }
    m_problem.clear();
    for (auto& [kind, entry] : m_kinds)
        if (const gitops::ApiResource* found = discovery->find(kind); found && !entry.isServed) {
            entry.resource = *found;
            entry.isServed = found->hasVerb("list") && found->hasVerb("watch");
        }
}

void RemoteClient::listAnew(const core::GroupKind& kind, Kind& entry)
{
    // The version of before the list: a watch from there misses nothing.
    const auto first = m_access.get(entry.resource.path({}, {}) + "?limit=1");
    const auto objects = first
        ? gitops::objectsOf(m_access, entry.resource, {})
        : core::Result<std::vector<core::Json>>(std::unexpected(first.error()));
    if (!objects) {
        m_problem = objects.error().text();
        entry.notBefore = Clock::now() + kTryAgain;
        entry.isServed = objects.error().code != core::ErrorCode::NotFound; // its CRD went
        return;
    }
    entry.version = core::stringAt(*first, {"metadata", "resourceVersion"});
    std::set<Key> there;
    for (const core::Json& object : *objects) {
        there.insert({text(object, "namespace"), text(object, "name")});
        put(entry, object);
    }
    for (const auto& [key, object] : std::map(entry.objects))
        if (!there.contains(key))
            forget(entry, *object);
    entry.isListed = true;
    startWatch(kind, entry);
}

void RemoteClient::startWatch(const core::GroupKind& kind, Kind& entry)
{
    entry.generation = ++m_generations;
    entry.frames = gitops::FrameReader();
    core::HttpRequest request;
    request.target = entry.resource.path({}, {})
        + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion="
        + entry.version;
    request.headers = {{"Accept", "application/json"}};
    const auto hand = [this, kind, generation = entry.generation](std::string bytes, bool isEnd) {
        const std::lock_guard lock(m_mutex);
        m_arrived.push_back({kind, generation, std::move(bytes), isEnd});
        m_changed.notify_all();
    };
    gitops::Transport::StreamHandler handler;
    handler.data = [hand](std::string_view bytes) { hand(std::string(bytes), false); };
    handler.end = [hand](std::optional<core::Error>) { hand({}, true); };
    entry.watch = m_access.transport().stream(std::move(request), std::move(handler));
}

void RemoteClient::event(Kind& entry, const core::Json& event)
{
    const std::string_view type = core::stringAt(event, {"type"});
    const core::Json* object = core::find(event, "object");
    if (!object || !object->is_object())
        return;
    if (type == "ERROR") { // too old, mostly
        entry.isListed = false;
        return;
    }
    if (const auto version = text(*object, "resourceVersion"); !version.empty())
        entry.version = version;
    if (type == "ADDED" || type == "MODIFIED")
        put(entry, *object);
    else if (type == "DELETED")
        forget(entry, *object);
}

void RemoteClient::arrived(Arrived arrived)
{
    Kind& entry = m_kinds[arrived.kind];
    if (arrived.generation != entry.generation)
        return;
    if (arrived.isEnd) {
        entry.watch = 0;
        entry.notBefore = Clock::now() + std::chrono::milliseconds(200);
        return;
    }
    for (const std::string_view line : entry.frames.feed(std::move(arrived.bytes)))
        if (const auto value = core::parseJson(line, {.bytes = 32u << 20, .depth = 200}))
            event(entry, *value);
}

void RemoteClient::run(Clock::time_point until)
{
    lookForKinds();
    std::vector<core::GroupKind> kinds; // following may add some
    for (const auto& [kind, entry] : m_kinds)
        kinds.push_back(kind);
    for (const core::GroupKind& kind : kinds) {
        Kind& entry = m_kinds[kind];
        if (!entry.isServed || entry.watch != 0 || Clock::now() < entry.notBefore)
            continue;
        if (entry.isListed)
            startWatch(kind, entry);
        else
            listAnew(kind, entry);
    }
    std::deque<Arrived> taken;
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, until, [this] { return !m_arrived.empty(); });
        taken.swap(m_arrived);
    }
    for (Arrived& each : taken)
        arrived(std::move(each));
}

} // namespace app

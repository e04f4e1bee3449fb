// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/practice/objectselector.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/presentation.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace gitops::practice {

/// Where a watch's lines go. Called on the server's thread, never inside a call of the sink's own.
class WatchSink
{
public:
    virtual ~WatchSink() = default;
    /// One or more whole lines; shared with the other watchers of the same thing.
    virtual void data(const std::shared_ptr<const std::string>& lines) = 0;
    /// The server closes the watch; nothing follows. Not called after WatchHub::close.
    virtual void end() = 0;
};

/// What one watcher asked for.
struct WatchRequest
{
    TypePtr type;
    std::string prefix; ///< of keys: "shop/" or ""
    ObjectSelector selector;
    Representation form;
    std::uint64_t from = 0; ///< changes after this resourceVersion
    bool initialEvents = false; ///< first all objects as ADDED
    bool markInitialEnd = false; ///< then the annotated bookmark (WatchList)
    bool bookmarks = false;
    core::SteadyTime until; ///< the server closes then
};

/// All open watches. Each line is encoded once per change, not per watcher. One thread.
class WatchHub
{
public:
    using WatchId = std::uint64_t; ///< never 0

    WatchHub(ObjectStore& store, const core::Clock& clock);

    /// The first lines go to the sink before this returns. The caller has made sure that the store
    /// knows all changes since request.from.
    WatchId open(WatchRequest request, std::shared_ptr<WatchSink> sink);
    void close(WatchId id);
    /// Ends every watch at once: a server that goes down, or a fault to test with.
    void endAll();
    /// Sends an ERROR event with this Status to every watch of a storage ("" for all), and ends it.
    void failAll(const std::string& storage, const ApiError& error);

    void changed(const ChangePtr& change);
    /// Ends what is due and sends bookmarks; returns when it wants to be called again.
    core::SteadyTime tick(core::SteadyTime now);
    std::size_t size() const { return m_watches.size(); }

private:
    struct Watch
    {
        WatchRequest request;
        std::shared_ptr<WatchSink> sink;
    };
    struct Line
    {
        const ResourceType* type;
        Representation form;
        std::string_view event;
        std::shared_ptr<const std::string> text;
    };

    void deliver(Watch& watch, const Change& change, std::vector<Line>& lines);
    std::shared_ptr<const std::string> line(const Watch& watch, std::string_view event,
                                            const StoredObject& object, std::vector<Line>& lines);
    std::string bookmark(const Watch& watch, bool initialEnd) const;
    void sendInitial(Watch& watch);
    void finish(WatchId id);

    ObjectStore& m_store;
    const core::Clock& m_clock;
    std::map<WatchId, Watch> m_watches;
    std::unordered_map<std::string, std::vector<WatchId>> m_byStorage;
    WatchId m_lastId = 0;
    core::SteadyTime m_nextBookmarks;
};

} // namespace gitops::practice

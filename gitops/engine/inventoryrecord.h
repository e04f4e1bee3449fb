// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/controlnamespace.h"

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace gitops {

/// The small record of an application in the control namespace: which kinds were ever applied, and
/// to which namespaces, written before the first apply of a new one, so that whoever comes next
/// knows where to look for what is to be pruned; the names of its child applications, so that what
/// one left behind is found again; and the origin of the application, so that another one of the
/// same name is noticed. On the engine's strand.
class InventoryRecord
{
public:
    InventoryRecord(ApiClient& api, ClusterKnowledge& cluster, ControlNamespace& controlNamespace,
                    core::Executor& executor, std::string application);
    ~InventoryRecord();

    /// Reads it, again and again until it is read; also after a write that failed, when what the
    /// server has is not known. changed follows.
    void load();
    /// Reads it once more: another one may have written it. Until then isReading().
    void readAgain();
    bool isReading() const { return m_readsAgain; }
    bool isLoaded() const { return m_loaded; }
    /// We have no right to it: the rest goes on without, and nothing is pruned.
    bool isRefused() const
    {
        return !m_loaded && m_error && m_error->code == core::ErrorCode::Forbidden;
    }
    /// Of a record of an older version: every kind in every namespace that it names.
    const KindPlaces& places() const { return m_places; }
    /// Names of the child applications that it ever declared.
    const std::set<std::string>& children() const { return m_children; }
    /// What the next writes name besides.
    void setChildren(std::set<std::string> names) { m_ownChildren = std::move(names); }
    bool namesChildren() const;
    /// What a record names.
    static KindPlaces placesIn(const core::Json& record);
    /// The server has it.
    bool exists() const { return !m_uid.empty(); }
    /// As the server has it; "" in records of older versions.
    const std::string& origin() const { return m_origin; }
    /// The origin of another application that applied under this name; "" without.
    const std::string& rival() const { return m_rival; }
    /// What the next writes say; an origin "": what the server has stays.
    void setOrigin(std::string origin, std::string rival)
    {
        m_ownOrigin = std::move(origin);
        m_ownRival = std::move(rival);
    }
    bool saysOrigin() const
    {
        return (m_ownOrigin.empty() || m_ownOrigin == m_origin) && m_ownRival == m_rival;
    }
    /// Why it cannot be read or written; then nothing may be pruned.
    const std::optional<core::Error>& error() const { return m_error; }

    bool covers(const KindPlaces& places) const;
    /// Makes sure that it names these, and our origin; done at once when it does. An error means:
    /// it does not, and retryable ones are worth another call.
    void cover(const KindPlaces& places, std::function<void(core::Result<void>)> done);
    /// The application is gone, and so are its objects.
    void remove();

    std::function<void()> changed;

private:
    /// It was read, but we have no right to write it.
    bool isReadOnly() const
    {
        return m_loaded && m_error && m_error->code == core::ErrorCode::Forbidden;
    }
    void loadLater();
    void take(core::Result<ApiObject> answer);
    void read(const core::Json& object);
    core::Json body() const;
    void write(std::function<void(core::Result<void>)> done, bool namespaceMade);
    void writeFailed(const core::Error& error);

    ApiClient& m_api;
    ClusterKnowledge& m_cluster;
    ControlNamespace& m_namespace;
    core::Executor& m_executor;
    const std::string m_application;
    const std::string m_name;
    bool m_loaded = false;
    bool m_loading = false; ///< or waits to ask again
    KindPlaces m_places;
    KindPlaces m_nextPlaces;
    std::set<std::string> m_children;
    std::set<std::string> m_ownChildren;
    std::string m_uid;
    std::string m_origin;
    std::string m_ownOrigin;
    std::string m_rival;
    std::string m_ownRival;
    bool m_readsAgain = false;
    bool m_isLate = false; ///< what is on its way was asked for before the need for it
    std::optional<core::Error> m_error;
    Alive m_alive;
};

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/interned.h"
#include "gitops/cluster/livestate.h"

#include <string_view>

namespace gitops {

/// Who an object is, without the work of reading it.
struct LiveIdentity
{
    core::ObjectKey key;
    std::string uid;
    std::string resourceVersion;
    bool endsInitialEvents = false; ///< a bookmark that says so
};

/// Makes what is kept of live objects out of their JSON text: open it, look at the identity, and
/// read it if that is news. Only health sees a value, which lives as long as the call.
/// All readers of a thread share their buffers: what one opened is gone when the next opens.
class LiveObjectReader
{
public:
    LiveObjectReader(const core::GroupVersionKind& kind, bool isNamespaced,
                     LiveState::HealthFunction health, InternTable<core::GroupKind>& ownerKinds);

    /// text needs kJsonPadding readable bytes behind it. False: no object, no JSON, or nested
    /// deeper than kMaxObjectDepth.
    bool open(std::string_view text);
    /// The same for a text without anything behind it.
    bool openCopy(std::string_view text);
    const LiveIdentity& identity() const { return m_identity; }
    /// isWanted: keep the manifest though nothing tracks the object. Null when it has no name.
    LiveObjectPtr read(bool isWanted);

private:
    struct Scratch;
    static Scratch& scratch();
    bool parse(std::string_view text);
    void readIdentity();
    void judge(LiveObject& out) const;
    void digest(LiveObject& out) const;

    const Interned<core::GroupVersionKind> m_kind;
    const std::string m_apiVersion;
    const bool m_isNamespaced;
    const LiveState::HealthFunction m_health;
    InternTable<core::GroupKind>& m_ownerKinds;
    LiveIdentity m_identity;
};

} // namespace gitops

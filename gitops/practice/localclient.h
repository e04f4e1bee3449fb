// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apiserver.h"
#include "gitops/practice/objectclient.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

#include <set>

namespace gitops::practice {

/// An ObjectClient on the server in the same process. Writes happen at once, under the name
/// "practice-controllers". One thread: the server's. The server must outlive it.
class LocalClient : public ObjectClient
{
public:
    explicit LocalClient(ApiServer& server);
    ~LocalClient() override;

    void follow(const core::GroupKind& kind) override;
    void setListener(Listener listener) override { m_listener = std::move(listener); }
    ObjectPtr get(const core::GroupKind& kind, std::string_view namespaceName,
                  std::string_view name) const override;
    std::vector<ObjectPtr> list(const core::GroupKind& kind,
                                std::string_view namespaceName) const override;
    void create(core::Json object, Refused refused = {}) override;
    void update(core::Json object, std::string_view subresource, Refused refused = {}) override;
    void remove(const core::Json& object, bool now, Refused refused = {}) override;

private:
    void changed(const Change& change);
    TypePtr typeOf(const core::GroupKind& kind) const;

    ApiServer& m_server;
    Listener m_listener;
    std::set<core::GroupKind> m_followed;
};

} // namespace gitops::practice

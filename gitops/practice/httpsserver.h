// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/practice/apiserver.h"
#include "gitops/practice/credentials.h"
#include "gitops/practice/localport.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace gitops::practice {

/// Serves an ApiServer over HTTPS (HTTP/1.1, keep-alive) on 127.0.0.1, to those who know the token.
/// It owns one thread, and all calls of the ApiServer happen on it; answers to writes leave only
/// after the group commit that makes them durable.
class HttpsServer
{
public:
    /// What else has to be done by the clock on the server's thread; returns when to be called
    /// again.
    using Tick = std::function<core::SteadyTime()>;

    /// port 0: a free one. Network: the port is taken.
    static core::Result<std::unique_ptr<HttpsServer>> start(ApiServer& server,
                                                            const Credentials& credentials,
                                                            std::uint16_t port, Tick tick = {},
                                                            Backends backends = {});
    /// Ends all connections and the thread.
    ~HttpsServer();

    std::uint16_t port() const;
    /// Runs task on the server's thread and waits for it. Never from that thread.
    void run(const std::function<void()>& task);
    std::size_t connectionCount() const;

private:
    struct Private;
    explicit HttpsServer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace gitops::practice

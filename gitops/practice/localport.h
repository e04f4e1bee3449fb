// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace gitops::practice {

/// What really answers for a pod or Service of the practice cluster: a port of 127.0.0.1 by
/// "namespace/name:port".
using Backends = std::map<std::string, std::uint16_t>;

/// A connection to a program on this machine. All on the thread of its io_context.
class LocalPort
{
public:
    /// What came; "" once: it ended, or never came about.
    using Data = std::function<void(std::string_view)>;

    static std::shared_ptr<LocalPort> connect(boost::asio::io_context& io, std::uint16_t port,
                                              Data data);
    virtual ~LocalPort() = default;
    virtual void send(std::string_view bytes) = 0;
    /// At once; nothing is told any more.
    virtual void close() = 0;
};

} // namespace gitops::practice

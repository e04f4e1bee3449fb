// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

/// The pod that a port-forward leads to, and the ports that its containers declare: the others
/// refuse connections. Of a pod that declares none (what simulated operators make) all answer.
struct ForwardedPod
{
    std::string name;
    std::set<std::uint16_t> ports;
    bool answersOn(std::uint16_t port) const { return ports.empty() || ports.contains(port); }
};

/// The far end of a port-forward without its connection: bytes in, bytes out. On a WebSocket each
/// piece is a binary message; on a plain connection the pieces follow each other.
class PodProtocol
{
public:
    using Pieces = std::vector<std::string>;

    /// Takes what is said without having been asked.
    using Push = std::function<void(Pieces)>;

    virtual ~PodProtocol() = default;
    /// First of all; push is not called inside the other calls.
    virtual void attach(Push) { }
    /// What is said first.
    virtual Pieces begin() = 0;
    virtual Pieces take(std::string_view bytes) = 0;
    /// Everything was said, or the other side makes no sense: close.
    virtual bool isOver() const = 0;
};

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/localport.h"
#include "gitops/practice/podprotocol.h"
#include "gitops/practice/practiceport.h"

namespace gitops::practice {

/// v4.channel.k8s.io for port-forwards: for the port at place i of the request, channel 2i has its
/// bytes and channel 2i+1 complaints, and both begin with its number in two bytes, the lower first.
class ChannelPorts : public PodProtocol
{
public:
    /// Connects to what runs behind a port; null: nothing does.
    using Connector =
        std::function<std::shared_ptr<LocalPort>(std::uint16_t port, LocalPort::Data data)>;

    ChannelPorts(ForwardedPod pod, const std::vector<std::uint16_t>& ports, Connector connect = {});
    ~ChannelPorts() override;

    void attach(Push push) override { m_push = std::move(push); }
    Pieces begin() override;
    Pieces take(std::string_view message) override;
    bool isOver() const override { return m_isBroken || m_open == 0; }

private:
    struct Port
    {
        std::uint16_t number = 0;
        PracticePort answers;
        std::shared_ptr<LocalPort> local = {}; ///< instead of answers
        bool isOpen = true;
    };
    void connect(std::size_t place);
    void end(Port& port);

    ForwardedPod m_pod;
    Connector m_connect;
    Push m_push;
    std::vector<Port> m_ports;
    std::size_t m_open = 0;
    bool m_isBroken = false;
};

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/channelports.h"

#include <fmt/format.h>

#include <utility>

namespace gitops::practice {

ChannelPorts::ChannelPorts(ForwardedPod pod, const std::vector<std::uint16_t>& ports,
                           Connector connect)
    : m_pod(std::move(pod))
    , m_connect(std::move(connect))
{
    for (const std::uint16_t port : ports)
        m_ports.push_back({.number = port, .answers = PracticePort(m_pod.name, port)});
    m_open = m_ports.size();
}

ChannelPorts::~ChannelPorts()
{
    for (const Port& port : m_ports)
        if (port.local)
            port.local->close();
}

void ChannelPorts::end(Port& port)
{
    if (std::exchange(port.isOpen, false))
        --m_open;
}

/// To the program that stands for the pod, where there is one.
void ChannelPorts::connect(std::size_t place)
{
    if (!m_connect)
        return;
    m_ports[place].local = m_connect(m_ports[place].number, [this, place](std::string_view bytes) {
        if (bytes.empty()) {
            end(m_ports[place]);
            m_push({});
        } else {
            m_push({char(2 * place) + std::string(bytes)});
        }
    });
}

PodProtocol::Pieces ChannelPorts::begin()
{
    Pieces out;
    for (std::size_t i = 0; i < m_ports.size(); ++i)
        for (const std::size_t channel : {2 * i, 2 * i + 1})
            out.push_back(
                {char(channel), char(m_ports[i].number & 0xff), char(m_ports[i].number >> 8)});
    for (std::size_t i = 0; i < m_ports.size(); ++i)
        if (!m_pod.answersOn(m_ports[i].number)) {
            out.push_back(char(2 * i + 1)
                          + fmt::format("connection refused: no container of pod {} declares port "
                                        "{}",
                                        m_pod.name, m_ports[i].number));
            end(m_ports[i]);
        } else {
            connect(i);
        }
    return out;
}

PodProtocol::Pieces ChannelPorts::take(std::string_view message)
{
    Pieces out;
    if (message.empty())
        return out;
    const std::size_t channel = static_cast<unsigned char>(message.front());
    if (channel / 2 >= m_ports.size() || channel % 2 != 0) {
        m_isBroken = channel / 2 >= m_ports.size();
        return out;
    }
    Port& port = m_ports[channel / 2];
    if (!port.isOpen)
        return out;
    if (port.local) {
        port.local->send(message.substr(1));
        return out;
    }
    if (std::string answer = port.answers.take(message.substr(1)); !answer.empty())
        out.push_back(char(channel) + answer);
    if (port.answers.isOver())
        end(port);
    return out;
}

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/practiceport.h"

#include <fmt/format.h>

namespace gitops::practice {

namespace {

constexpr std::size_t kLongestHead = 16u << 10;
constexpr std::string_view kMethods[] {"GET ",    "HEAD ",  "POST ",    "PUT ",
                                       "DELETE ", "PATCH ", "OPTIONS ", "CONNECT "};

/// Begins like a method of HTTP, or may still become one.
bool maybeHttp(std::string_view bytes)
{
    for (const std::string_view method : kMethods)
        if (bytes.starts_with(method) || method.starts_with(bytes))
            return true;
    return false;
}

bool isHttp(std::string_view bytes)
{
    for (const std::string_view method : kMethods)
        if (bytes.starts_with(method))
            return true;
    return false;
}

} // namespace

PracticePort::PracticePort(std::string pod, std::uint16_t port)
    : m_pod(std::move(pod))
    , m_port(port)
{
}

std::string PracticePort::sentence() const
{
    return fmt::format("practice cluster: nothing runs behind this port (pod {}, port {})\n", m_pod,
                       m_port);
}

std::string PracticePort::answer() const
{
    const std::string body = sentence();
    return fmt::format("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
                       "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                       body.size(), m_head.starts_with("HEAD ") ? "" : body);
}

std::string PracticePort::take(std::string_view bytes)
{
    if (m_isOver || bytes.empty())
        return {};
    if (m_kind == Kind::Echo)
        return std::string(bytes);
    m_head += bytes;
    if (m_kind == Kind::Unknown && isHttp(m_head))
        m_kind = Kind::Http;
    if (m_kind == Kind::Unknown && maybeHttp(m_head))
        return {};
    if (m_kind == Kind::Unknown) {
        m_kind = Kind::Echo;
        std::string said = sentence() + m_head;
        m_head.clear();
        return said;
    }
    if (m_head.find("\r\n\r\n") == std::string::npos && m_head.size() < kLongestHead)
        return {};
    m_isOver = true;
    return answer();
}

} // namespace gitops::practice

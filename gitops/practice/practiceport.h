// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gitops::practice {

/// What answers a connection to a port of a practice pod: nobody, and it says so. To a HTTP request
/// a 503 with one sentence; to anything else the same sentence as a line, and then an echo of what
/// is sent. One object for each connection.
class PracticePort
{
public:
    PracticePort(std::string pod, std::uint16_t port);

    /// What is answered to these bytes.
    std::string take(std::string_view bytes);
    /// Everything was said: the connection may be closed.
    bool isOver() const { return m_isOver; }

private:
    enum class Kind
    {
        Unknown,
        Http,
        Echo
    };
    std::string sentence() const;
    std::string answer() const;

    std::string m_pod;
    std::uint16_t m_port = 0;
    Kind m_kind = Kind::Unknown;
    std::string m_head; ///< of a request, as far as it came; 16 KiB at most
    bool m_isOver = false;
};

} // namespace gitops::practice

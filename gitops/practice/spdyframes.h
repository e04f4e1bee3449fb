// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

/// A frame of SPDY/3.1, as far as kubectl's streams use them.
struct SpdyFrame
{
    enum Type : std::uint16_t
    {
        Data = 0, ///< not a type on the wire: the control bit is off
        SynStream = 1,
        SynReply = 2,
        RstStream = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        Headers = 8,
        WindowUpdate = 9
    };
    static constexpr std::uint8_t kFin = 1;

    std::uint16_t type = Data;
    std::uint8_t flags = 0;
    std::uint32_t streamId = 0; ///< of data, SynStream, SynReply, RstStream, Headers
    std::string payload = {}; ///< of a control frame what follows length; of data the bytes
    bool isLast() const { return (flags & kFin) != 0; }
};

/// Cuts bytes into frames. A frame of more than 1 MiB, or of another version, is the end.
class SpdyReader
{
public:
    /// The frames that are whole by now.
    std::vector<SpdyFrame> feed(std::string_view bytes);
    bool isBroken() const { return m_isBroken; }

private:
    bool take(SpdyFrame& frame);
    std::string m_buffer;
    std::size_t m_read = 0;
    bool m_isBroken = false;
};

std::string spdyText(const SpdyFrame& frame);

/// Names (lower case) and values of one direction. SPDY compresses all headers of a connection as
/// one zlib stream with a dictionary that both know.
using SpdyHeaders = std::map<std::string, std::string>;

class SpdyInflater
{
public:
    SpdyInflater();
    ~SpdyInflater();
    /// nullopt: damaged, or more than 64 KiB; nothing can be read after that.
    std::optional<SpdyHeaders> read(std::string_view block);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

class SpdyDeflater
{
public:
    SpdyDeflater();
    ~SpdyDeflater();
    std::string write(const SpdyHeaders& headers);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gitops::practice

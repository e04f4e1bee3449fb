// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/spdysession.h"

#include <fmt/format.h>

#include <charconv>

namespace gitops::practice {

namespace {

constexpr std::size_t kMostStreams = 1'024;

std::string valueOf(const SpdyHeaders& headers, const std::string& name)
{
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::string dataFrame(std::uint32_t stream, std::string bytes, bool isLast)
{
    return spdyText({.flags = isLast ? SpdyFrame::kFin : std::uint8_t(0),
                     .streamId = stream,
                     .payload = std::move(bytes)});
}

/// The four bytes of a stream's id, as control frames begin.
std::string idBytes(std::uint32_t id)
{
    return {char(id >> 24 & 0x7f), char(id >> 16 & 0xff), char(id >> 8 & 0xff), char(id & 0xff)};
}

} // namespace

SpdySession::SpdySession(ForwardedPod pod)
    : m_pod(std::move(pod))
{
}

PodProtocol::Pieces SpdySession::take(std::string_view bytes)
{
    Pieces out;
    for (const SpdyFrame& each : m_reader.feed(bytes))
        if (!m_isOver)
            frame(each, out);
    m_isOver = m_isOver || m_reader.isBroken();
    return out;
}

void SpdySession::frame(const SpdyFrame& frame, Pieces& out)
{
    switch (frame.type) {
    case SpdyFrame::Data:
        return data(frame, out);
    case SpdyFrame::SynStream:
        return open(frame, out);
    case SpdyFrame::Ping:
        out.push_back(spdyText(frame)); // back as it came
        return;
    case SpdyFrame::RstStream:
        if (const auto found = m_streams.find(frame.streamId); found != m_streams.end()) {
            m_connections.erase(found->second.request);
            m_streams.erase(found);
        }
        return;
    case SpdyFrame::GoAway:
        m_isOver = true;
        return;
    default:
        return; // settings and windows, which nothing here depends on
    }
}

void SpdySession::open(const SpdyFrame& frame, Pieces& out)
{
    // Stream, associated stream, priority and slot: ten bytes before the headers.
    const auto headers = frame.payload.size() < 10
        ? std::nullopt
        : m_inflater.read(std::string_view(frame.payload).substr(10));
    if (!headers || frame.streamId == 0 || m_streams.size() >= kMostStreams
        || m_streams.contains(frame.streamId)) {
        m_isOver = true;
        return;
    }
    Stream stream;
    const std::string type = valueOf(*headers, "streamtype");
    const std::string port = valueOf(*headers, "port");
    stream.isError = type == "error";
    stream.request = valueOf(*headers, "requestid");
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), stream.port);
    if ((type != "error" && type != "data") || stream.port == 0 || error != std::errc()
        || end != port.data() + port.size()) {
        // REFUSED_STREAM
        out.push_back(spdyText({.type = SpdyFrame::RstStream,
                                .payload = idBytes(frame.streamId) + std::string("\0\0\0\3", 4)}));
        return;
    }
    m_streams[frame.streamId] = stream;
    out.push_back(spdyText(
        {.type = SpdyFrame::SynReply, .payload = idBytes(frame.streamId) + m_deflater.write({})}));
    join(frame.streamId, stream, out);
}

void SpdySession::join(std::uint32_t id, const Stream& stream, Pieces& out)
{
    const auto [it, isNew] = m_connections.try_emplace(
        stream.request, Connection {0, 0, PracticePort(m_pod.name, stream.port)});
    Connection& connection = it->second;
    (stream.isError ? connection.error : connection.data) = id;
    if (connection.error == 0 || connection.data == 0 || m_pod.answersOn(stream.port))
        return;
    const std::uint32_t error = connection.error;
    out.push_back(dataFrame(error,
                            fmt::format("connection refused: no container of pod {} declares port "
                                        "{}",
                                        m_pod.name, stream.port),
                            true));
    m_streams.erase(error);
    finish(connection.data, out);
}

void SpdySession::data(const SpdyFrame& frame, Pieces& out)
{
    const auto stream = m_streams.find(frame.streamId);
    if (stream == m_streams.end() || stream->second.isError)
        return;
    const auto connection = m_connections.find(stream->second.request);
    if (connection == m_connections.end())
        return;
    if (std::string answer = connection->second.answers.take(frame.payload); !answer.empty())
        out.push_back(dataFrame(frame.streamId, std::move(answer), false));
    if (connection->second.answers.isOver() || frame.isLast())
        finish(frame.streamId, out);
}

/// Ends both streams from our side.
void SpdySession::finish(std::uint32_t dataStream, Pieces& out)
{
    const auto stream = m_streams.find(dataStream);
    if (stream == m_streams.end())
        return;
    out.push_back(dataFrame(dataStream, {}, true));
    const auto connection = m_connections.find(stream->second.request);
    if (connection != m_connections.end()) {
        if (m_streams.erase(connection->second.error) > 0)
            out.push_back(dataFrame(connection->second.error, {}, true));
        m_connections.erase(connection);
    }
    m_streams.erase(dataStream);
}

} // namespace gitops::practice

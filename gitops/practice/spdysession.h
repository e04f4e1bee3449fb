// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/podprotocol.h"
#include "gitops/practice/practiceport.h"
#include "gitops/practice/spdyframes.h"

#include <map>

namespace gitops::practice {

/// The server's end of kubectl port-forward: SPDY/3.1 with portforward.k8s.io on it. For each local
/// connection kubectl opens a pair of streams, error and data, that name the port and a request;
/// both are answered, and bytes of the data stream lead to the port. No flow control: kubectl's
/// library has none either.
class SpdySession : public PodProtocol
{
public:
    explicit SpdySession(ForwardedPod pod);

    Pieces begin() override { return {}; }
    Pieces take(std::string_view bytes) override;
    bool isOver() const override { return m_isOver; }

private:
    struct Stream
    {
        bool isError = false;
        std::uint16_t port = 0;
        std::string request;
    };
    struct Connection
    {
        std::uint32_t error = 0; ///< stream ids, 0 while not there
        std::uint32_t data = 0;
        PracticePort answers;
    };
    void frame(const SpdyFrame& frame, Pieces& out);
    void open(const SpdyFrame& frame, Pieces& out);
    void join(std::uint32_t id, const Stream& stream, Pieces& out);
    void data(const SpdyFrame& frame, Pieces& out);
    void finish(std::uint32_t dataStream, Pieces& out);

    ForwardedPod m_pod;
    SpdyReader m_reader;
    SpdyInflater m_inflater;
    SpdyDeflater m_deflater;
    std::map<std::uint32_t, Stream> m_streams;
    std::map<std::string, Connection> m_connections; ///< by the request's name
    bool m_isOver = false;
};

} // namespace gitops::practice

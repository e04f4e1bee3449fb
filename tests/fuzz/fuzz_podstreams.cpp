// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what a client of a practice pod sends: SPDY frames, channel messages, a HTTP head,
// and a protobuf body.
#include "gitops/practice/channelports.h"
#include "gitops/practice/protobuf.h"
#include "gitops/practice/spdysession.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const std::size_t cut = size ? data[0] % size : 0;
    gitops::practice::SpdySession session({"pod", {80}});
    gitops::practice::ChannelPorts channels({"pod", {80, 81}}, {80, 81, 82});
    (void)channels.begin();
    for (const std::string& piece : {text.substr(0, cut), text.substr(cut)}) {
        (void)session.take(piece);
        (void)channels.take(piece);
    }
    (void)gitops::practice::jsonFromProtobuf(text);
    (void)gitops::practice::jsonFromProtobuf(std::string("k8s\0", 4) + text);
    return 0;
}

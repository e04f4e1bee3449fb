// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a LIST's body and as a watch's lines, read as LiveState reads them. What the reader
// keeps must agree with the general JSON reader wherever both can read.
#include "core/value/json.h"
#include "gitops/cluster/framereader.h"
#include "gitops/cluster/jsonslices.h"
#include "gitops/cluster/liveobjectreader.h"
#include "gitops/health/health.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void read(gitops::LiveObjectReader& reader, std::string_view text)
{
    if (!reader.open(text))
        return;
    const gitops::LiveObjectPtr object = reader.read(true);
    if (!object)
        return;
    // What was kept can be read again, and says the same.
    if (!reader.openCopy(*object->manifest))
        std::abort();
    const gitops::LiveObjectPtr again = reader.read(false);
    if (!again || again->digest != object->digest || again->key != object->key)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    gitops::InternTable<core::GroupKind> owners;
    gitops::LiveObjectReader reader({"apps", "v1", "Deployment"}, true, &gitops::assessHealth,
                                    owners);
    std::string body(data, data + size);
    body.reserve(size + gitops::kJsonPadding);
    if (const auto list = gitops::sliceList(body))
        for (const std::string_view item : list->items)
            read(reader, item);
    gitops::FrameReader frames(1 << 16);
    const std::size_t cut = size ? data[0] % size : 0;
    for (const std::string& piece : {body.substr(0, cut), body.substr(cut)}) {
        for (const std::string_view line : frames.feed(piece))
            if (const auto frame = gitops::sliceFrame(line))
                read(reader, frame->object);
        frames.releaseLines();
    }
    return 0;
}

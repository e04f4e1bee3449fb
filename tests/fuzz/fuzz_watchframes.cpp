// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as answers of an API server: a list, its discovery, an error, and a watch in two cuts.
#include "gitops/cluster/apierror.h"
#include "gitops/cluster/discoveryreader.h"
#include "gitops/cluster/framereader.h"
#include "gitops/cluster/jsonbody.h"
#include "gitops/cluster/liveobjectreader.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const core::HttpResponse response {422, {{"Warning", text}, {"Retry-After", text}}, text};
    (void)gitops::errorFromResponse(response, false);
    (void)gitops::errorFromResponse(response, true);
    (void)gitops::warningsOf(response.headers);
    gitops::FrameReader frames(1 << 16);
    const std::size_t cut = size ? data[0] % size : 0;
    for (const std::string& piece : {text.substr(0, cut), text.substr(cut)})
        for (const std::string_view frame : frames.feed(piece)) {
            auto value = gitops::parseBody(frame);
            if (!value)
                continue;
            gitops::Discovery discovery;
            gitops::readAggregated(*value, discovery);
            gitops::readLegacyResources(*value, {"apps", "v1"}, discovery);
            (void)gitops::readLegacyVersions(*value);
        }
    return 0;
}

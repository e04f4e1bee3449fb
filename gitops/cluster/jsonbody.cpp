// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/jsonbody.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

namespace gitops {

core::Result<core::Json> parseBody(std::string_view text)
{
    try {
        unsigned char stack[4096];
        boost::json::parse_options options;
        options.max_depth = 100;
        boost::json::parser parser({}, options, stack);
        const std::size_t firstBlock = std::max<std::size_t>(text.size() * 2, 512);
        parser.reset(boost::json::make_shared_resource<boost::json::monotonic_resource>(
            std::min<std::size_t>(firstBlock, 1u << 20)));
        boost::json::error_code error;
        parser.write(text.data(), text.size(), error);
        if (!error)
            return parser.release();
        const bool isDepth = error == boost::json::error::too_deep;
        return core::failure(isDepth ? core::ErrorCode::LimitExceeded : core::ErrorCode::Invalid,
                             isDepth ? "the answer is nested too deeply" : "the answer is no JSON",
                             {}, core::Fault::Cluster);
    } catch (const std::exception&) {
        return core::failure(core::ErrorCode::LimitExceeded, "the answer does not fit in memory",
                             {}, core::Fault::Cluster);
    }
}

} // namespace gitops

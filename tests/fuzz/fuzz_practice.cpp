// SPDX-License-Identifier: GPL-3.0-or-later
// The practice cluster's API server: the first line is a method and a target, the rest a body.
#include "gitops/practice/apiserver.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

struct StillClock : core::Clock
{
    core::SteadyTime steadyNow() const override { return core::SteadyTime(std::chrono::hours(1)); }
    core::WallTime wallNow() const override { return core::WallTime(std::chrono::hours(500'000)); }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const StillClock clock;
    static const auto server = gitops::practice::ApiServer::make(
        std::make_unique<gitops::practice::MemoryStorage>(), clock, {.history = 100, .seed = 1});
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t lineEnd = text.find('\n');
    const std::string_view line = text.substr(0, lineEnd);
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || !server)
        return 0;
    core::HttpRequest request;
    request.method = line.substr(0, blank);
    request.target = line.substr(blank + 1);
    if (lineEnd != std::string_view::npos)
        request.body = text.substr(lineEnd + 1);
    for (const char* type :
         {"application/json", "application/apply-patch+yaml",
          "application/strategic-merge-patch+json", "application/json-patch+json"}) {
        request.headers = {{"Content-Type", type}};
        (void)(*server)->handle(request);
    }
    return 0;
}

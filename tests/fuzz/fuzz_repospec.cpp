// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remoteurl.h"
#include "gitops/render/kustomize/repospec.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view entry(reinterpret_cast<const char*>(data), size);
    (void)gitops::kustomize::isWebUrl(entry);
    const auto spec = gitops::kustomize::parseRepoSpec(entry);
    if (!spec)
        return 0;
    if (spec->cloneUrl.empty() || !gitops::normalisedPath(spec->path))
        std::abort(); // a path that leaves its repository is none
    (void)spec->address().shown();
    (void)gitops::parseRemoteUrl(spec->cloneUrl);
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that decide what is read from a repository: paths, URLs, revisions, version ranges.
#include "gitops/git/filetree.h"
#include "gitops/git/remoteurl.h"
#include "gitops/git/revisionselect.h"
#include "gitops/git/semver.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto path = gitops::normalisedPath(text);
    if (path && (("/" + *path + "/").find("/../") != std::string::npos || path->starts_with('/')))
        std::abort();
    const std::size_t half = size / 2;
    const auto joined = gitops::joinedPath(text.substr(0, half), text.substr(half));
    if (joined && ("/" + *joined + "/").find("/../") != std::string::npos)
        std::abort();
    (void)gitops::parseRemoteUrl(text);
    (void)gitops::mappedUrl(text, {{text.substr(0, half), text.substr(half)}});
    const auto version = gitops::SemVersion::parse(text);
    const auto range = gitops::SemVersionRange::parse(text);
    if (version && range)
        std::abort(); // a plain version is a name
    if (range)
        (void)range->matches(gitops::SemVersion {1, 2, 3, "rc.1"});
    (void)gitops::selectRevision(
        text,
        {{"refs/tags/" + text, std::string(40, 'a'), {}}, {"HEAD", {}, "refs/heads/" + text}});
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Two objects, split at the first zero byte: what a repository declares and what a server says.
// Whatever they hold, a comparison ends, and its changes name paths.
#include "gitops/diff/differ.h"
#include "gitops/diff/jqpath.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = std::min(text.find('\0'), text.size());
    const auto left = core::parseJson(text.substr(0, cut));
    const auto right = core::parseJson(text.substr(cut == text.size() ? cut : cut + 1));
    if (const auto path = gitops::JqPath::parse(text.substr(0, cut)); path && right)
        static_cast<void>(path->select(*right));
    if (!left || !right)
        return 0;
    const auto desired = core::Manifest::make(*left);
    if (!desired)
        return 0;
    for (const auto& change : gitops::compare(**desired, &*right).diff.changes)
        if (change.path.empty() || change.path.front() != '/')
            std::abort();
    static_cast<void>(gitops::compareWithDryRun(**desired, *right, *right));
    static_cast<void>(gitops::displayYaml(&*left, &*right));
    return 0;
}

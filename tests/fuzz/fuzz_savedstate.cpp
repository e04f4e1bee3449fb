// SPDX-License-Identifier: GPL-3.0-or-later
// What the state folder gives back after a crash, a full disk or somebody's editor: never a crash,
// and what was read is written and read again as the same.
#include "gitops/engine/savedstate.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const auto state = gitops::savedStateFromText(text);
    if (!state)
        return 0;
    const auto again = gitops::savedStateFromText(gitops::toText(*state));
    if (!again || gitops::toText(*again) != gitops::toText(*state))
        std::abort();
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Any JSON is an object to be judged.
#include "gitops/health/health.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto object = core::parseJson({reinterpret_cast<const char*>(data), size},
                                        {.bytes = 1u << 20, .depth = 100});
    if (object && gitops::assessHealth(*object).message.size() > 100'000)
        std::abort();
    return 0;
}

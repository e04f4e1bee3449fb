// SPDX-License-Identifier: GPL-3.0-or-later
// managedFields as a server might send them: what is read is written back the same.
#include "core/schema/managedfields.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto json = core::parseJson({reinterpret_cast<const char*>(data), size});
    const auto managed = json ? core::ManagedFields::parse(*json)
                              : core::Result<core::ManagedFields>(core::ManagedFields());
    if (!managed)
        return 0;
    const auto again = core::ManagedFields::parse(managed->toJson());
    if (!again || !again->isEqualIgnoringTimes(*managed))
        std::abort();
    return 0;
}

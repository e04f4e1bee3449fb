// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/applicationreader.h"
#include "gitops/application/projectreader.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto value = core::parseJson({reinterpret_cast<const char*>(data), size});
    if (!value)
        return 0;
    std::vector<std::string> warnings;
    (void)gitops::readApplication(*value, {}, &warnings);
    (void)gitops::readProject(*value, {}, &warnings);
    return 0;
}

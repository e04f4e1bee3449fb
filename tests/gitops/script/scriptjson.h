// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

extern "C" {
#include <jv.h>
}

#include <string>

namespace tests {

inline jv jsonValue(const std::string& text)
{
    return jv_parse_sized(text.data(), int(text.size()));
}

/// With sorted keys. Consumes the value.
inline std::string jsonText(jv value)
{
    jv text = jv_dump_string(value, JV_PRINT_SORTED);
    std::string result(jv_string_value(text));
    jv_free(text);
    return result;
}

} // namespace tests

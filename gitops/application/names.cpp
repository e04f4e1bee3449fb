// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/names.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

namespace {

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isPart(std::string_view text)
{
    return !text.empty() && isAlphanumeric(text.front()) && isAlphanumeric(text.back())
        && std::ranges::all_of(text, [](char c) { return isAlphanumeric(c) || c == '-'; });
}

} // namespace

bool isObjectName(std::string_view text)
{
    return text.size() <= 253 && std::ranges::all_of(core::split(text, '.'), isPart);
}

bool isLabelName(std::string_view text)
{
    return text.size() <= 63 && isPart(text);
}

std::string labelNameFrom(std::string_view text)
{
    std::string out;
    for (const char c : core::toLower(text)) {
        if (isAlphanumeric(c))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    out.resize(std::min<std::size_t>(out.size(), 63));
    while (out.ends_with('-'))
        out.pop_back();
    return out;
}

} // namespace gitops

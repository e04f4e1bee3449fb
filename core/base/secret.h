// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace core {

/// A token, password or key. It has no stream operator and no formatter, so it cannot be printed by
/// accident; reveal() is the only way in, and its callers are few and looked at. Overwritten when
/// destroyed.
class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string value)
        : m_value(std::move(value))
    {
    }
    ~Secret();
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    Secret(Secret&&) = default;
    Secret& operator=(Secret&&) = default;

    bool isEmpty() const { return m_value.empty(); }
    const std::string& reveal() const { return m_value; }
    bool operator==(const Secret&) const = default;

private:
    std::string m_value;
};

} // namespace core

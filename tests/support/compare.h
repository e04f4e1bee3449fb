// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest/qtestcase.h>

#include <concepts>
#include <string>
#include <string_view>

namespace QTest {

/// QCOMPARE for types that bring a toString of their own which answers with text (core::ErrorCode,
/// core::Health). Qt Test would take that function for one of its own, which answer with char*.
template<class T>
    requires requires(const T& value) {
        { toString(value) } -> std::convertible_to<std::string_view>;
    } && (!std::convertible_to<decltype(toString(std::declval<const T&>())), const char*>)
inline bool qCompare(const T& value, const T& wanted, const char* actual, const char* expected,
                     const char* file, int line)
{
    const auto text = [](const T& one) {
        return qstrdup(std::string(std::string_view(toString(one))).c_str());
    };
    return compare_helper(
        value == wanted, "Compared values are not the same", [&] { return text(value); },
        [&] { return text(wanted); }, actual, expected, file, line);
}

} // namespace QTest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace core {

/// What a scalar is, or is said to be by its tag.
enum class YamlTag : std::uint8_t
{
    Null,
    Bool,
    Int,
    Float,
    String,
    Timestamp,
    Binary,
    Merge, ///< a plain "<<"
    Map,
    Sequence,
};

/// By which rules unquoted scalars get their type.
enum class YamlSchema : std::uint8_t
{
    Resources, ///< as Kustomize reads resources: 1.2's booleans, 1.1's octals, dates (go-yaml v3)
    Yaml11, ///< as kubectl and kustomization.yaml are read: yes, no, on, off, y, n too (go-yaml v2)
};

using YamlNumber = std::variant<std::int64_t, std::uint64_t, double>;

/// The type of an unquoted scalar. Pure; linear in the text.
YamlTag resolvePlain(std::string_view text, YamlSchema schema);
/// The number that a scalar resolved as Int or Float stands for: any base, underscores, infinities.
/// nullopt for text that is no number.
std::optional<YamlNumber> parseYamlNumber(std::string_view text);
/// Whether a scalar resolved as Bool says true.
bool isYamlTrue(std::string_view text);
/// An unquoted date or time in RFC 3339, as Go prints it; nullopt when it is none.
std::optional<std::string> normalisedTimestamp(std::string_view text);

/// A number as it leaves Kustomize: integral values as integers, others in Go's shortest 'g' form.
/// Infinities and NaN must not come here.
void appendYamlNumber(std::string& out, const YamlNumber& number);

} // namespace core

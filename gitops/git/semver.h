// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// A version as Argo CD reads it from a tag (Masterminds/semver, not strict): "v1.2.3-rc.1+build";
/// a leading v, the minor and the patch may be absent. Build metadata plays no part.
struct SemVersion
{
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t patch = 0;
    std::string preRelease;

    static std::optional<SemVersion> parse(std::string_view text);
    std::strong_ordering operator<=>(const SemVersion& other) const;
    bool operator==(const SemVersion& other) const { return (*this <=> other) == 0; }
};

/// A range over versions in Argo CD's grammar: "1.2.*", ">=1 <2", "^1.2", "~1.2", "1.2 - 1.4",
/// "1.x || 3.x", "*". Pre-releases match only terms that name one ("*-0", ">=1.2.0-0").
class SemVersionRange
{
public:
    /// nullopt when the text is no range, and also when it is a plain version ("1.2", "v1.2.3"):
    /// that is a name, not a range.
    static std::optional<SemVersionRange> parse(std::string_view text);
    bool matches(const SemVersion& version) const;

private:
    enum class Operator
    {
        Equal,
        NotEqual,
        Greater,
        GreaterOrEqual,
        Less,
        LessOrEqual,
        Tilde,
        Caret
    };
    struct Term
    {
        Operator op = Operator::Equal;
        SemVersion version;
        bool anyMinor = false; ///< only the major (or nothing) is given
        bool anyPatch = false; ///< only major and minor are given
        bool any = false; ///< not even the major is given: "*"
        bool isPartial() const { return any || anyMinor || anyPatch; }
        bool matches(const SemVersion& candidate) const;
        bool matchesTilde(const SemVersion& candidate) const;
        bool matchesCaret(const SemVersion& candidate) const;
        bool differs(const SemVersion& candidate) const;
    };
    using Terms = std::vector<Term>; ///< all must match

    static std::optional<Term> parseTerm(std::string_view& rest);
    static std::optional<Terms> parseTerms(std::string_view text);

    std::vector<Terms> m_alternatives;
};

} // namespace gitops

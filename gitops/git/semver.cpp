// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/semver.h"

#include "core/base/strings.h"

#include <algorithm>
#include <charconv>

namespace gitops {

namespace {

constexpr std::size_t kMaxTextBytes = 256;
constexpr std::size_t kMaxTerms = 64;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isIdentifier(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, isDigit);
}

std::optional<std::uint64_t> takeNumber(std::string_view& rest)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc() || end == rest.data())
        return std::nullopt;
    rest.remove_prefix(std::size_t(end - rest.data()));
    return value;
}

/// "rc.1" from "-rc.1" or "+build": dotted identifiers behind a mark. "" when the mark is not
/// there, nullopt when nothing good is behind it.
std::optional<std::string_view> takeLabel(std::string_view& rest, char mark)
{
    if (!rest.starts_with(mark))
        return std::string_view();
    rest.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest.size() && (isIdentifier(rest[end]) || rest[end] == '.'))
        ++end;
    const std::string_view label = rest.substr(0, end);
    rest.remove_prefix(end);
    for (std::string_view part : core::split(label, '.'))
        if (part.empty() || (mark == '-' && part.size() > 1 && part[0] == '0' && isNumber(part)))
            return std::nullopt;
    return label;
}

std::strong_ordering compareIdentifiers(std::string_view a, std::string_view b)
{
    const bool aNumber = isNumber(a);
    const bool bNumber = isNumber(b);
    if (aNumber != bNumber)
        return aNumber ? std::strong_ordering::less : std::strong_ordering::greater;
    if (aNumber && a.size() != b.size())
        return a.size() <=> b.size(); // no leading zeros
    return a.compare(b) <=> 0;
}

std::strong_ordering comparePreReleases(std::string_view a, std::string_view b)
{
    if (a.empty() || b.empty())
        return b.size() <=> a.size(); // a release comes after its pre-releases
    const auto aParts = core::split(a, '.');
    const auto bParts = core::split(b, '.');
    for (std::size_t i = 0; i < std::min(aParts.size(), bParts.size()); ++i)
        if (const auto order = compareIdentifiers(aParts[i], bParts[i]); order != 0)
            return order;
    return aParts.size() <=> bParts.size();
}

bool takeWildcard(std::string_view& rest)
{
    if (rest.empty() || (rest[0] != 'x' && rest[0] != 'X' && rest[0] != '*'))
        return false;
    rest.remove_prefix(1);
    return true;
}

void skipBlanks(std::string_view& rest)
{
    while (rest.starts_with(' ') || rest.starts_with('\t'))
        rest.remove_prefix(1);
}

} // namespace

std::optional<SemVersion> SemVersion::parse(std::string_view text)
{
    if (text.size() > kMaxTextBytes)
        return std::nullopt;
    if (text.starts_with('v'))
        text.remove_prefix(1);
    SemVersion out;
    std::uint64_t* const numbers[] = {&out.major, &out.minor, &out.patch};
    for (std::size_t i = 0; i < 3; ++i) {
        if (i > 0 && !text.starts_with('.'))
            break;
        text.remove_prefix(i > 0 ? 1 : 0);
        const std::optional<std::uint64_t> number = takeNumber(text);
        if (!number)
            return std::nullopt;
        *numbers[i] = *number;
    }
    const auto preRelease = takeLabel(text, '-');
    const auto build = preRelease ? takeLabel(text, '+') : std::nullopt;
    if (!build || !text.empty())
        return std::nullopt;
    out.preRelease = *preRelease;
    return out;
}

std::strong_ordering SemVersion::operator<=>(const SemVersion& other) const
{
    if (const auto order = major <=> other.major; order != 0)
        return order;
    if (const auto order = minor <=> other.minor; order != 0)
        return order;
    if (const auto order = patch <=> other.patch; order != 0)
        return order;
    return comparePreReleases(preRelease, other.preRelease);
}

std::optional<SemVersionRange::Term> SemVersionRange::parseTerm(std::string_view& rest)
{
    static constexpr std::pair<std::string_view, Operator> operators[] = {
        {"!=", Operator::NotEqual},
        {">=", Operator::GreaterOrEqual},
        {"=>", Operator::GreaterOrEqual},
        {"<=", Operator::LessOrEqual},
        {"=<", Operator::LessOrEqual},
        {"~>", Operator::Tilde},
        {"=", Operator::Equal},
        {">", Operator::Greater},
        {"<", Operator::Less},
        {"~", Operator::Tilde},
        {"^", Operator::Caret},
    };
    Term term;
    for (const auto& [text, op] : operators)
        if (rest.starts_with(text)) {
            term.op = op;
            rest.remove_prefix(text.size());
            break;
        }
    skipBlanks(rest);
    if (rest.starts_with('v'))
        rest.remove_prefix(1);
    std::uint64_t* const numbers[] = {&term.version.major, &term.version.minor,
                                      &term.version.patch};
    bool* const wildcards[] = {&term.any, &term.anyMinor, &term.anyPatch};
    bool open = false; // what follows a wildcard does not count
    for (std::size_t i = 0; i < 3; ++i) {
        if (i > 0 && !rest.starts_with('.')) {
            *wildcards[i] = !open;
            break;
        }
        rest.remove_prefix(i > 0 ? 1 : 0);
        if (takeWildcard(rest)) {
            *wildcards[i] = *wildcards[i] || !open;
            open = true;
            continue;
        }
        const std::optional<std::uint64_t> number = takeNumber(rest);
        if (!number)
            return std::nullopt;
        if (!open)
            *numbers[i] = *number;
    }
    const auto preRelease = takeLabel(rest, '-');
    if (!preRelease || !takeLabel(rest, '+'))
        return std::nullopt;
    term.version.preRelease = *preRelease;
    return term;
}

std::optional<SemVersionRange::Terms> SemVersionRange::parseTerms(std::string_view text)
{
    Terms out;
    text = core::trimmed(text);
    bool hyphen = false; // the term that comes is the upper end of "a - b"
    while (!text.empty()) {
        std::optional<Term> term = parseTerm(text);
        if (!term || out.size() >= kMaxTerms)
            return std::nullopt;
        if (hyphen) {
            if (term->op != Operator::Equal || out.back().op != Operator::Equal)
                return std::nullopt;
            out.back().op = Operator::GreaterOrEqual;
            term->op = Operator::LessOrEqual;
            hyphen = false;
        }
        out.push_back(std::move(*term));
        const std::size_t before = text.size();
        skipBlanks(text);
        if (text.empty())
            break;
        const bool blank = text.size() != before;
        if (text.starts_with(',')) {
            text.remove_prefix(1);
            skipBlanks(text);
            if (text.empty())
                return std::nullopt;
        } else if (blank && text.starts_with("- ")) {
            hyphen = true;
            text.remove_prefix(2);
            skipBlanks(text);
        } else if (!blank) {
            return std::nullopt;
        }
    }
    if (out.empty() || hyphen)
        return std::nullopt;
    return out;
}

std::optional<SemVersionRange> SemVersionRange::parse(std::string_view text)
{
    if (text.size() > kMaxTextBytes || SemVersion::parse(text))
        return std::nullopt;
    SemVersionRange range;
    while (true) {
        const std::size_t bars = text.find("||");
        std::optional<Terms> terms = parseTerms(text.substr(0, bars));
        if (!terms)
            return std::nullopt;
        range.m_alternatives.push_back(std::move(*terms));
        if (bars == std::string_view::npos)
            return range;
        text.remove_prefix(bars + 2);
    }
}

bool SemVersionRange::matches(const SemVersion& version) const
{
    return std::ranges::any_of(m_alternatives, [&](const Terms& terms) {
        return std::ranges::all_of(terms, [&](const Term& term) { return term.matches(version); });
    });
}

bool SemVersionRange::Term::matches(const SemVersion& candidate) const
{
    if (!candidate.preRelease.empty() && version.preRelease.empty())
        return false;
    switch (op) {
    case Operator::Equal:
        return isPartial() ? matchesTilde(candidate) : candidate == version;
    case Operator::NotEqual:
        return differs(candidate);
    case Operator::Greater:
        if (!isPartial() || candidate.major != version.major)
            return candidate > version;
        return anyPatch && candidate.minor > version.minor;
    case Operator::GreaterOrEqual:
        return candidate >= version;
    case Operator::Less:
        return candidate < version;
    case Operator::LessOrEqual:
        if (!isPartial() || candidate.major != version.major)
            return any || candidate <= version;
        return any || anyMinor || candidate.minor <= version.minor;
    case Operator::Tilde:
        return matchesTilde(candidate);
    case Operator::Caret:
        return matchesCaret(candidate);
    }
    return false;
}

bool SemVersionRange::Term::matchesTilde(const SemVersion& candidate) const
{
    if (any)
        return candidate >= version;
    return candidate >= version && candidate.major == version.major
        && (anyMinor || candidate.minor == version.minor);
}

bool SemVersionRange::Term::matchesCaret(const SemVersion& candidate) const
{
    if (candidate < version)
        return false;
    if (any)
        return true;
    if (version.major > 0 || anyMinor)
        return candidate.major == version.major;
    if (candidate.major != 0)
        return false;
    if (version.minor > 0 || anyPatch)
        return candidate.minor == version.minor;
    return candidate.minor == 0 && candidate.patch == version.patch;
}

bool SemVersionRange::Term::differs(const SemVersion& candidate) const
{
    if (any)
        return false;
    if (anyMinor)
        return candidate.major != version.major;
    if (anyPatch)
        return candidate.major != version.major || candidate.minor != version.minor;
    return candidate != version;
}

} // namespace gitops

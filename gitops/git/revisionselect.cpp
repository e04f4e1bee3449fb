// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/revisionselect.h"

#include "core/base/strings.h"
#include "gitops/git/semver.h"

#include <algorithm>
#include <optional>

namespace gitops {

namespace {

constexpr std::size_t kMaxRevisionBytes = 250;
constexpr std::string_view kRefs = "refs/";
constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";

bool isHex(std::string_view text)
{
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::unexpected<core::Error> notFound(std::string message)
{
    return core::failure(core::ErrorCode::NotFound, std::move(message), {}, core::Fault::User);
}

std::unexpected<core::Error> invalid(std::string message)
{
    return core::failure(core::ErrorCode::Invalid, std::move(message), {}, core::Fault::User);
}

const GitReference* named(const std::vector<GitReference>& references, std::string_view name)
{
    const auto it = std::ranges::find(references, name, &GitReference::name);
    return it == references.end() ? nullptr : &*it;
}

const GitReference* highestTag(const std::vector<GitReference>& references,
                               const SemVersionRange& range)
{
    const GitReference* best = nullptr;
    SemVersion highest;
    for (const GitReference& reference : references) {
        if (!reference.name.starts_with(kTags))
            continue;
        std::optional<SemVersion> version =
            SemVersion::parse(std::string_view(reference.name).substr(kTags.size()));
        if (!version || !range.matches(*version) || (best != nullptr && *version <= highest))
            continue;
        best = &reference;
        highest = std::move(*version);
    }
    return best;
}

core::Result<SelectedRevision> head(const std::vector<GitReference>& references)
{
    const GitReference* reference = named(references, "HEAD");
    if (reference != nullptr && reference->id.empty() && !reference->target.empty())
        reference = named(references, std::string(reference->target));
    if (reference == nullptr || reference->id.empty())
        return notFound("The repository has no default branch with a commit on it.");
    return SelectedRevision {
        .name = "HEAD", .reference = reference->name, .id = reference->id, .commit = {}};
}

} // namespace

bool isCommitId(std::string_view text)
{
    return text.size() == 40 && isHex(text);
}

core::Result<void> checkRevision(std::string_view revision)
{
    const auto isBad = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\' || c == '?'
            || c == '[' || c == ':';
    };
    if (revision.size() > kMaxRevisionBytes)
        return invalid("The revision is longer than 250 bytes.");
    if (std::ranges::any_of(revision, isBad) || revision.find("..") != std::string_view::npos
        || revision.find("@{") != std::string_view::npos
        || revision.find("//") != std::string_view::npos || revision.starts_with('-')
        || revision.starts_with('/') || !core::isValidUtf8(revision))
        return invalid("\"" + core::sanitised(revision)
                       + "\" cannot be the name of a branch, a tag or a commit.");
    return {};
}

core::Result<SelectedRevision> selectReference(std::string_view reference,
                                               const std::vector<GitReference>& references)
{
    if (core::Result<void> checked = checkRevision(reference); !checked)
        return std::unexpected(std::move(checked.error()));
    const std::string text(core::trimmed(reference));
    if (text.empty() || text == "HEAD")
        return head(references);
    const std::string lower = core::toLower(text);
    if (isCommitId(lower))
        return SelectedRevision {.name = text, .reference = {}, .id = {}, .commit = lower};
    for (const std::string_view prefix : {std::string_view(), kRefs, kTags, kHeads}) {
        if (prefix.empty() && !text.starts_with(kRefs))
            continue;
        const GitReference* found = named(references, std::string(prefix) + text);
        if (found != nullptr && !found->id.empty())
            return SelectedRevision {
                .name = text, .reference = found->name, .id = found->id, .commit = {}};
    }
    if (text.size() >= 7 && text.size() < 40 && isHex(lower))
        return SelectedRevision {.name = text, .reference = {}, .id = {}, .commit = lower};
    return notFound("There is no branch, tag or commit \"" + core::sanitised(text) + "\".");
}

core::Result<SelectedRevision> selectRevision(std::string_view revision,
                                              const std::vector<GitReference>& references)
{
    if (core::Result<void> checked = checkRevision(revision); !checked)
        return std::unexpected(std::move(checked.error()));
    const std::string text(core::trimmed(revision));
    if (text.empty() || text == "HEAD")
        return head(references);
    const std::string lower = core::toLower(text);
    if (isCommitId(lower))
        return SelectedRevision {.name = text, .reference = {}, .id = {}, .commit = lower};
    const std::optional<SemVersionRange> range = SemVersionRange::parse(text);
    if (range)
        if (const GitReference* tag = highestTag(references, *range))
            return SelectedRevision {.name = tag->name.substr(kTags.size()),
                                     .reference = tag->name,
                                     .id = tag->id,
                                     .commit = {}};
    for (const std::string_view prefix : {kHeads, kTags, std::string_view()}) {
        if (prefix.empty() && !text.starts_with("refs/"))
            continue;
        const GitReference* reference = named(references, std::string(prefix) + text);
        if (reference != nullptr && !reference->id.empty())
            return SelectedRevision {
                .name = text, .reference = reference->name, .id = reference->id, .commit = {}};
    }
    if (text.size() >= 7 && text.size() < 40 && isHex(lower))
        return SelectedRevision {.name = text, .reference = {}, .id = {}, .commit = lower};
    if (range)
        return notFound("No tag is in the range \"" + core::sanitised(text) + "\".");
    return notFound("There is no branch, tag or commit \"" + core::sanitised(text) + "\".");
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/explanation.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

namespace {

bool isMeant(const core::ObjectKey& key, const std::string& object)
{
    return object.empty() || object == key.name || object == key.kind + '/' + key.name;
}

bool isAtOrBelow(const std::string& pointer, const std::string& field)
{
    return field.empty() || pointer == field || pointer.starts_with(field + '/');
}

std::string who(const FieldChange& change)
{
    std::string text;
    switch (change.kind) {
    case FieldChange::Kind::Made:
        text = "made by ";
        break;
    case FieldChange::Kind::Added:
        text = "added by ";
        break;
    case FieldChange::Kind::Changed:
        text = "changed by ";
        break;
    case FieldChange::Kind::Removed:
        text = "removed by ";
        break;
    }
    return text + change.by + (change.file.empty() ? " at the end" : " of " + change.file);
}

/// Changes by field, in the order in which fields were first touched.
std::vector<std::pair<std::string, std::vector<const FieldChange*>>>
byField(const std::vector<FieldChange>& changes, const std::string& field)
{
    std::vector<std::pair<std::string, std::vector<const FieldChange*>>> fields;
    std::map<std::string, std::size_t> known;
    for (const FieldChange& change : changes) {
        if (change.kind == FieldChange::Kind::Made || !isAtOrBelow(change.pointer, field))
            continue;
        const auto [at, isNew] = known.emplace(change.pointer, fields.size());
        if (isNew)
            fields.push_back({change.pointer, {}});
        fields[at->second].second.push_back(&change);
    }
    std::sort(fields.begin(), fields.end());
    return fields;
}

std::string placeText(const core::Place& place)
{
    return place.file.empty() ? "" : " (" + place.text() + ')';
}

void explain(std::string& out, const core::Manifest& manifest,
             const std::vector<FieldChange>& changes, const std::string& field)
{
    out += core::sanitised(manifest.key().text()) + placeText(manifest.origin()) + '\n';
    for (const FieldChange& change : changes)
        if (change.kind == FieldChange::Kind::Made)
            out += "  " + who(change) + '\n';
    const auto fields = byField(changes, field);
    for (const auto& [pointer, list] : fields) {
        const bool isGone = list.back()->kind == FieldChange::Kind::Removed;
        out += "  " + core::sanitised(pointer)
            + (isGone ? std::string() : placeText(manifest.origin(pointer))) + '\n';
        for (const FieldChange* change : list)
            out += "    " + who(*change) + '\n';
    }
    if (fields.empty() && !field.empty())
        out += "  " + core::sanitised(field) + placeText(manifest.origin(field))
            + "\n    touched by no transformer\n";
}

} // namespace

std::string explanationOf(const Rendered& rendered, const ExplanationRequest& request)
{
    std::string out;
    for (std::size_t i = 0; i < rendered.manifests.size(); ++i) {
        const core::Manifest& manifest = *rendered.manifests[i];
        if (isMeant(manifest.key(), request.object))
            explain(out, manifest,
                    i < rendered.changes.size() ? rendered.changes[i] : std::vector<FieldChange>(),
                    request.field);
    }
    return out;
}

} // namespace gitops

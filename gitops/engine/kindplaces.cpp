// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/kindplaces.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops {

void addPlaces(KindPlaces& to, const KindPlaces& from)
{
    for (const auto& [kind, places] : from)
        to[kind].insert(places.begin(), places.end());
}

bool includesPlaces(const KindPlaces& all, const KindPlaces& some)
{
    return std::ranges::all_of(some, [&](const auto& entry) {
        const auto found = all.find(entry.first);
        return found != all.end() && std::ranges::includes(found->second, entry.second);
    });
}

KindPlaces placesOf(const std::set<core::GroupKind>& kinds, const std::set<std::string>& namespaces)
{
    KindPlaces places;
    for (const core::GroupKind& kind : kinds)
        places[kind] = namespaces;
    return places;
}

std::string toText(const KindPlaces& places)
{
    std::string text;
    for (const auto& [kind, namespaces] : places) {
        text += (text.empty() ? "" : "\n") + kind.group + "/" + kind.kind;
        for (const std::string& each : namespaces)
            if (!each.empty())
                text += " " + each;
    }
    return text;
}

KindPlaces kindPlacesFromText(std::string_view text)
{
    KindPlaces places;
    for (const std::string_view line : core::split(text, '\n')) {
        const std::vector<std::string_view> words = core::split(line, ' ');
        const auto slash = words.empty() ? line.npos : words.front().find('/');
        if (slash == line.npos || slash + 1 == words.front().size())
            continue;
        std::set<std::string>& namespaces = places[{std::string(words.front().substr(0, slash)),
                                                    std::string(words.front().substr(slash + 1))}];
        for (std::size_t i = 1; i < words.size(); ++i)
            if (!words[i].empty())
                namespaces.emplace(words[i]);
    }
    return places;
}

} // namespace gitops

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace gitops {

/// Where objects of kinds may be: namespaces, "" for objects of the cluster scope.
using KindPlaces = std::map<core::GroupKind, std::set<std::string>>;

void addPlaces(KindPlaces& to, const KindPlaces& from);
/// All kinds and places of the second are in the first.
bool includesPlaces(const KindPlaces& all, const KindPlaces& some);
/// Every kind in every namespace: all that is known where only both sets are.
KindPlaces placesOf(const std::set<core::GroupKind>& kinds,
                    const std::set<std::string>& namespaces);

/// "apps/Deployment one two", a line for each kind.
std::string toText(const KindPlaces& places);
/// Lines that say nothing are left out.
KindPlaces kindPlacesFromText(std::string_view text);

} // namespace gitops

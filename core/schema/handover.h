// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/schema/managedfields.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace core {

/// What managedFields become when the fields of some managers (of the object itself, not of its
/// subresources) are given to the apply entry of another one, so that its next apply removes what
/// it does not name. One API version at a time: that of the new owner's entry, else of the newest
/// entry that is given away; paths of other versions may mean other fields and stay where they are.
/// nullopt: those managers have nothing to give.
/// Source: client-go, util/csaupgrade; kubernetes.io, Server-Side Apply, "Upgrading from
/// client-side apply to server-side apply".
std::optional<ManagedFields> handedOver(ManagedFields fields, const std::set<std::string>& from,
                                        std::string_view to);

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/handover.h"

#include <algorithm>

namespace core {

namespace {

using Operation = ManagedFieldsEntry::Operation;

bool gives(const ManagedFieldsEntry& entry, const std::set<std::string>& from, std::string_view to)
{
    return entry.subresource.empty() && from.contains(entry.manager) && entry.manager != to;
}

} // namespace

std::optional<ManagedFields> handedOver(ManagedFields fields, const std::set<std::string>& from,
                                        std::string_view to)
{
    const ManagedFieldsEntry* newest = nullptr;
    for (const ManagedFieldsEntry& entry : fields.entries())
        if (gives(entry, from, to) && (!newest || newest->time < entry.time))
            newest = &entry;
    if (!newest)
        return std::nullopt;
    const ManagedFieldsEntry* before = fields.find(to, Operation::Apply);
    ManagedFieldsEntry owner = before ? *before : *newest;
    owner.manager = to;
    owner.operation = Operation::Apply;
    bool isGiven = false;
    const auto take = [&](const ManagedFieldsEntry& entry) {
        if (!gives(entry, from, to) || entry.apiVersion != owner.apiVersion)
            return false;
        owner.fields = owner.fields.united(entry.fields);
        owner.time = std::max(owner.time, entry.time);
        isGiven = true;
        return true;
    };
    std::erase_if(fields.entries(), take);
    if (!isGiven)
        return std::nullopt;
    std::erase_if(fields.entries(),
                  [&](const ManagedFieldsEntry& entry) { return entry.isSameOwnerAs(owner); });
    fields.entries().push_back(std::move(owner));
    fields.sort();
    return fields;
}

} // namespace core

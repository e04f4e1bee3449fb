// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/mergepatch.h"

namespace core {

void applyMergePatch(Json& target, const Json& patch)
{
    const JsonObject* changes = patch.if_object();
    if (!changes) {
        target = patch;
        return;
    }
    if (!target.is_object())
        target = JsonObject {};
    JsonObject& object = target.get_object();
    for (const auto& [key, value] : *changes) {
        if (value.is_null()) {
            if (const auto at = object.find(key); at != object.end())
                object.stable_erase(at);
        } else {
            applyMergePatch(object[key], value);
        }
    }
}

Json makeMergePatch(const Json& from, const Json& to)
{
    const JsonObject* before = from.if_object();
    const JsonObject* after = to.if_object();
    if (!before || !after)
        return to;
    JsonObject patch;
    for (const auto& member : *before)
        if (!after->contains(member.key()))
            patch[member.key()] = nullptr;
    for (const auto& [key, value] : *after) {
        const Json* old = before->if_contains(key);
        if (value.is_null() || (old && isEqual(*old, value)))
            continue;
        patch[key] = old ? makeMergePatch(*old, value) : value;
    }
    return patch;
}

} // namespace core

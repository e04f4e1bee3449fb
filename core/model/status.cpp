// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/status.h"

#include <algorithm>

namespace core {

std::string_view toString(Health health)
{
    switch (health) {
    case Health::Healthy:
        return "Healthy";
    case Health::Suspended:
        return "Suspended";
    case Health::Progressing:
        return "Progressing";
    case Health::Missing:
        return "Missing";
    case Health::Degraded:
        return "Degraded";
    case Health::Unknown:
        return "Unknown";
    }
    return "Unknown";
}

std::string_view toString(SyncState state)
{
    switch (state) {
    case SyncState::Synced:
        return "Synced";
    case SyncState::OutOfSync:
        return "OutOfSync";
    case SyncState::Unknown:
        return "Unknown";
    }
    return "Unknown";
}

std::optional<Health> healthFromString(std::string_view text)
{
    for (Health health : {Health::Healthy, Health::Suspended, Health::Progressing, Health::Missing,
                          Health::Degraded, Health::Unknown})
        if (text == toString(health))
            return health;
    return std::nullopt;
}

Health worse(Health a, Health b)
{
    return std::max(a, b);
}

} // namespace core

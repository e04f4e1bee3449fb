// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/metricsserver.h"

#include <fmt/format.h>

#include <array>

namespace app {

namespace {

std::string escaped(const std::string& value)
{
    std::string out;
    for (char c : value) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == '"')
            out += '\\';
        out += c;
    }
    return out;
}

void addHeading(std::string& out, const char* name, const char* help)
{
    out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
}

} // namespace

std::string metricsText(const core::Snapshot& snapshot)
{
    std::string out;
    addHeading(out, "wavewright_cluster_connected", "1 while the cluster answers.");
    out += fmt::format(
        "wavewright_cluster_connected{{server=\"{}\"}} {}\n", escaped(snapshot.cluster.server),
        snapshot.cluster.connection == core::ClusterState::Connection::Connected ? 1 : 0);
    addHeading(out, "wavewright_app_info",
               "One for each application, with its sync and health status.");
    for (const auto& [name, state] : snapshot.applications)
        out += fmt::format("wavewright_app_info{{name=\"{}\",repo=\"{}\",sync_status=\"{}\",health_"
                           "status=\"{}\",revision=\"{}\"}} 1\n",
                           escaped(name), escaped(state->spec.source.repoUrl),
                           core::toString(state->sync), core::toString(state->health),
                           state->revision ? state->revision->id : "");
    addHeading(out, "wavewright_app_resources", "Objects of an application by sync status.");
    for (const auto& [name, state] : snapshot.applications) {
        std::array<int, 3> counts {};
        for (const core::ResourceState& resource : state->resources)
            if (resource.declared || resource.requiresPrune)
                ++counts[std::size_t(resource.sync)];
        for (core::SyncState sync :
             {core::SyncState::Synced, core::SyncState::OutOfSync, core::SyncState::Unknown})
            out += fmt::format("wavewright_app_resources{{name=\"{}\",sync_status=\"{}\"}} {}\n",
                               escaped(name), core::toString(sync), counts[std::size_t(sync)]);
    }
    addHeading(out, "wavewright_app_awaiting_confirmation", "Prunes that wait for a person.");
    for (const auto& [name, state] : snapshot.applications)
        out += fmt::format("wavewright_app_awaiting_confirmation{{name=\"{}\"}} {}\n",
                           escaped(name), state->awaitingConfirmation.size());
    return out;
}

} // namespace app

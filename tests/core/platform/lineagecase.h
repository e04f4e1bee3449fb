// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"
#include "core/value/yamlreader.h"

#include <QtTest/QTest>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// Manifests of a YAML text, with their places in "input.yaml".
inline std::vector<core::ManifestPtr> manifestsOf(std::string_view text)
{
    std::vector<core::ManifestPtr> out;
    core::YamlTree tree;
    const auto documents = core::readYaml(tree, text, "input.yaml");
    if (!documents) {
        qWarning("%s", documents.error().text().c_str());
        return out;
    }
    for (const core::YamlNode* document : *documents) {
        core::YamlOrigins origins;
        const auto value = core::toJson(tree, *document, &origins);
        auto manifest = value ? core::Manifest::make(*value, std::move(origins))
                              : std::unexpected(value.error());
        if (manifest)
            out.push_back(*manifest);
        else
            qWarning("%s", manifest.error().text().c_str());
    }
    return out;
}

inline core::PlatformInputPtr inputOf(const std::vector<core::ManifestPtr>& manifests)
{
    core::PlatformInputBuilder builder;
    for (const core::ManifestPtr& manifest : manifests)
        builder.declare({manifest, "app", 1, ""});
    return std::move(builder).build();
}

inline core::LineageGraphPtr lineageOf(std::string_view text)
{
    return core::makeLineage(*inputOf(manifestsOf(text)));
}

/// "from --reads--> to  declared", sorted; "<-reads->" where the direction is not told.
inline std::vector<std::string> edgesOf(const core::LineageGraph& graph)
{
    std::vector<std::string> out;
    for (const core::LineageEdge& edge : graph.edges()) {
        const std::string relation(core::toString(edge.relation));
        out.push_back(graph.node(edge.from).id()
                      + (edge.bothWays ? " <-" + relation + "-> " : " --" + relation + "--> ")
                      + graph.node(edge.to).id() + "  "
                      + std::string(core::toString(edge.strongest())));
    }
    std::ranges::sort(out);
    return out;
}

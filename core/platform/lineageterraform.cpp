// SPDX-License-Identifier: GPL-3.0-or-later
// Services of Terraform's layer, as nodes that addresses of the world lead to.
#include "core/platform/lineagetemplate.h"
#include "core/platform/lineageuri.h"
#include "core/platform/lineagewriter.h"

namespace core {

void readTerraformService(LineageWriter& out)
{
    const std::string& kind = out.manifest.key().kind;
    const bool isStore =
        kind == "Database" || kind == "Cache" || kind == "Storage" || kind == "Broker";
    LineageNodeFact node {.type = isStore ? LineageNodeType::Store : LineageNodeType::Service,
                          .system = std::string(stringAt(out.object, {"spec", "system"})),
                          .layer = "infrastructure",
                          .place = out.place("")};
    for (const char* key : {"type", "address", "version", "size"})
        if (const std::string_view text = stringAt(out.object, {"spec", key}); !text.empty())
            node.attributes.emplace(key, text);
    for (const FoundValue& host : valuesAt(out.object, "/spec/hosts/*"))
        out.facts.outside.push_back(host.text());
    if (isStore)
        out.facts.system = node.system;
    const std::string system = node.system;
    node.label = std::string(stringAt(out.object, {"spec", "name"}));
    if (node.label.empty())
        node.label = out.manifest.key().name;
    out.add(std::move(node));
    for (const FoundValue& bucket : valuesAt(out.object, "/spec/buckets/*"))
        out.add(LineageNodeFact {.end = {.type = LineageEnd::Type::Data,
                                         .system = system,
                                         .host = "object:" + out.manifest.key().group + "/" + kind
                                             + "//" + out.manifest.key().name,
                                         .name = bucket.text()},
                                 .type = LineageNodeType::Dataset,
                                 .system = system,
                                 .place = out.place(bucket.pointer)});
}

} // namespace core

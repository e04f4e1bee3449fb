// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/origin.h"

#include "core/base/strings.h"

namespace gitops::kustomize {

std::string Origin::text() const
{
    std::string out;
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty())
            out += std::string(key) + ": " + value + '\n';
    };
    add("path", path);
    add("repo", repo);
    add("ref", ref);
    add("configuredIn", configuredIn);
    if (!kind.empty()) {
        out += "configuredBy:\n";
        add("  apiVersion", apiVersion);
        add("  kind", kind);
        add("  name", name);
        add("  namespace", namespaceName);
    }
    return out;
}

std::string originList(const std::vector<OriginPtr>& origins)
{
    std::string out;
    for (const OriginPtr& origin : origins) {
        const std::string text = origin->text();
        bool isFirst = true;
        for (std::string_view line : core::split(text, '\n')) {
            if (line.empty())
                continue;
            out.append(isFirst ? "- " : "  ").append(line).append(1, '\n');
            isFirst = false;
        }
    }
    return out;
}

} // namespace gitops::kustomize

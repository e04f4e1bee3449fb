// SPDX-License-Identifier: GPL-3.0-or-later
// A kustomization and a patch from outside, over manifests that are in order. The input's first
// line "---" that is doubled parts the two.
#include "gitops/render/renderer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = std::min(text.find("\n---\n---\n"), text.size());
    const auto tree = gitops::makeMemoryTree(
        {{"kustomization.yaml", text.substr(0, cut)},
         {"patch.yaml", cut < text.size() ? text.substr(cut + 9) : "a: b\n"},
         {"web.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
          "    spec:\n      containers: [{name: a, image: app:1, env: [{name: X, value: y}]}]\n"},
         {"config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n"},
         {"base/kustomization.yaml", "resources: [config.yaml]\nnamePrefix: b-\n"},
         {"base/config.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"}});
    const auto rendered = gitops::render({.tree = tree, .path = "", .source = {}});
    return rendered && (*rendered)->manifests.size() > 1'000'000 ? 1 : 0;
}

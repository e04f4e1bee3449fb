// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a kubeconfig: read, merge, resolve every context.
#include "gitops/cluster/kubeconfig.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    auto file = gitops::KubeconfigFile::parse(text, "/nonexistent/folder/config");
    if (!file)
        return 0;
    const auto merged = gitops::Kubeconfig::merge({std::move(*file)});
    for (const gitops::KubeconfigContext& context : merged->contexts())
        (void)merged->connection(context.name);
    return 0;
}

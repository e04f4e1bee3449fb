// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terraformfiles.h"

#include "app/settings.h"
#include "app/textfile.h"

namespace app {

namespace {

core::Result<core::TerraformLayer> layerOf(const std::string& file)
{
    const auto text = readTextFile(file, 64u << 20);
    if (!text)
        return std::unexpected(text.error());
    return core::readTerraform(*text, file);
}

} // namespace

core::Result<std::vector<std::string>> terraformFileNames(const Options& options)
{
    if (!options.terraform.empty())
        return options.terraform;
    auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    return std::move(settings->terraform);
}

core::Result<std::vector<core::TerraformLayer>> terraformLayers(const Options& options)
{
    const auto files = terraformFileNames(options);
    if (!files)
        return std::unexpected(files.error());
    std::vector<core::TerraformLayer> out;
    for (const std::string& file : *files) {
        auto layer = layerOf(file);
        if (!layer)
            return std::unexpected(std::move(layer.error()));
        out.push_back(std::move(*layer));
    }
    return out;
}

std::vector<core::TerraformLayer> terraformLayersOrGaps(const std::vector<std::string>& files)
{
    std::vector<core::TerraformLayer> out;
    for (const std::string& file : files) {
        auto layer = layerOf(file);
        if (layer) {
            out.push_back(std::move(*layer));
            continue;
        }
        core::TerraformLayer gap;
        gap.file = file;
        gap.gaps = {"A layer below the cluster is left out: " + layer.error().text()};
        out.push_back(std::move(gap));
    }
    return out;
}

core::Result<core::PlatformInputPtr> withTerraformLayers(const Options& options,
                                                         core::PlatformInputPtr input)
{
    const auto layers = terraformLayers(options);
    if (!layers)
        return std::unexpected(layers.error());
    return layers->empty() ? std::move(input) : core::withTerraform(*input, *layers);
}

} // namespace app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terraformfiles.h"

#include "app/settings.h"
#include "app/textfile.h"

namespace app {

core::Result<std::vector<core::TerraformLayer>> terraformLayers(const Options& options)
{
    std::vector<std::string> files = options.terraform;
    if (files.empty()) {
        const auto settings = readSettings(options.configFile);
        if (!settings)
            return std::unexpected(settings.error());
        files = settings->terraform;
    }
    std::vector<core::TerraformLayer> out;
    for (const std::string& file : files) {
        const auto text = readTextFile(file, 64u << 20);
        if (!text)
            return std::unexpected(text.error());
        auto layer = core::readTerraform(*text, file);
        if (!layer)
            return std::unexpected(std::move(layer.error()));
        out.push_back(std::move(*layer));
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

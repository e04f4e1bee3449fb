// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright environments: what differs between overlays or revisions.
#include "core/platform/environments.h"

#include "app/commands.h"
#include "app/console.h"
#include "app/platformsource.h"
#include "app/terraformfiles.h"
#include "core/base/strings.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

using core::EnvironmentDifference;

constexpr std::size_t kShownWidth = 120;

void printDifference(const EnvironmentDifference& difference, const std::vector<std::string>& names)
{
    const std::string what = difference.key.text()
        + (difference.field.empty() ? " is not everywhere" : "  " + difference.field);
    const std::string why =
        difference.isIntended() ? "  (intended: " + difference.intendedBy + ")" : "";
    std::puts(
        coloured(core::sanitised(what + why), difference.isIntended() ? Colour::Grey : Colour::Bold)
            .c_str());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const EnvironmentDifference::Side& side = difference.sides[i];
        const std::string value = !side.known ? "(not known)"
            : !side.present                   ? "(not there)"
            : difference.field.empty()        ? "there"
                                              : side.value;
        const std::string place = side.place.file.empty()
            ? ""
            : "  " + side.place.file + ":" + std::to_string(side.place.line);
        std::printf("  %s: %s%s\n", names[i].c_str(),
                    core::sanitised(cutTo(value, kShownWidth)).c_str(),
                    core::sanitised(place).c_str());
    }
}

core::Result<std::vector<core::Environment>> load(const Options& options, bool& isWhole)
{
    std::vector<core::Environment> out;
    const auto layers = options.terraform.empty()
        ? core::Result<std::vector<core::TerraformLayer>> {}
        : terraformLayers(options);
    if (!layers)
        return std::unexpected(layers.error());
    for (const std::string& path : options.paths) {
        auto input = options.repoUrl.empty() ? loadDeclaredPlatform(options, path)
                                             : loadRevision(options, path);
        if (!input)
            return std::unexpected(std::move(input.error()));
        if (out.size() < layers->size()) // the first file belongs to the first environment
            input = core::withTerraform(**input, {(*layers)[out.size()]});
        if ((*input)->objects.empty() && !(*input)->gaps.empty())
            return core::failure(core::ErrorCode::NotFound, path + ": " + (*input)->gaps.front());
        isWhole = reportGaps(**input) && isWhole;
        out.push_back({path, *input});
    }
    return out;
}

} // namespace

int runEnvironments(const Options& options)
{
    std::vector<core::IntendedDifference> intended;
    for (const std::string& text : options.intended) {
        auto rule = core::IntendedDifference::parse(text);
        if (!rule) {
            printError("--intended \"" + text + "\" is not KIND/NAME:FIELD");
            return Usage;
        }
        intended.push_back(std::move(*rule));
    }
    if (options.paths.size() < 2) {
        printError("name at least two folders or revisions to compare");
        return Usage;
    }
    if (!options.terraform.empty() && options.terraform.size() != options.paths.size()) {
        printError("--terraform is wanted once for each environment, in their order");
        return Usage;
    }
    bool isWhole = true;
    const auto environments = load(options, isWhole);
    if (!environments) {
        printError(environments.error().text());
        return CouldNotTell;
    }
    const core::EnvironmentComparison comparison =
        core::compareEnvironments(*environments, intended);
    const auto unintended =
        std::ranges::count_if(comparison.differences,
                              [](const EnvironmentDifference& each) { return !each.isIntended(); });
    if (options.format == Format::Json) {
        std::puts(core::toText(core::toJson(comparison)).c_str());
    } else {
        for (const bool isIntended : {false, true})
            for (const EnvironmentDifference& each : comparison.differences)
                if (each.isIntended() == isIntended)
                    printDifference(each, comparison.names);
        std::printf("%zu objects, %zu the same everywhere, %zd differences, %zd more intended",
                    comparison.objects, comparison.same, std::ptrdiff_t(unintended),
                    std::ptrdiff_t(comparison.differences.size()) - std::ptrdiff_t(unintended));
        if (comparison.unknown > 0)
            std::printf(", %zu not known everywhere", comparison.unknown);
        std::puts("");
    }
    return !isWhole ? CouldNotTell : unintended > 0 ? No : Yes;
}

} // namespace app

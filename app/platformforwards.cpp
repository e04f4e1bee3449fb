// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformforwards.h"

#include "app/applicationfiles.h"
#include "app/platformsource.h"
#include "app/settings.h"
#include "core/base/strings.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace app {

namespace {

namespace fs = std::filesystem;

/// The application and all that descend from it.
std::set<std::string> familyOf(const core::PlatformInput& input, const std::string& root)
{
    std::set<std::string> out;
    for (const core::PlatformApplication& application : input.applications)
        if (application.name == root)
            out.insert(root);
    for (std::size_t before = 0; before != out.size();) {
        before = out.size();
        for (const core::PlatformApplication& application : input.applications)
            if (out.contains(application.parent))
                out.insert(application.name);
    }
    return out;
}

std::unexpected<core::Error> unknown(const core::PlatformInput& input, const std::string& platform)
{
    std::string known;
    for (const core::PlatformApplication& application : input.applications)
        if (application.parent.empty())
            known += (known.empty() ? "" : ", ") + application.name;
    return core::failure(core::ErrorCode::NotFound,
                         "there is no application \"" + core::sanitised(platform) + "\""
                             + (known.empty() ? "" : "; there is " + known),
                         {}, core::Fault::User);
}

core::Result<void> addForwards(const core::Declaration& declaration,
                               std::vector<gitops::PortForward>& out)
{
    const core::Manifest& manifest = *declaration.manifest;
    if (manifest.text().find(gitops::kPortForwardAnnotation) == std::string::npos)
        return {};
    const core::Json value = manifest.value();
    const auto text =
        core::stringAt(value, {"metadata", "annotations", gitops::kPortForwardAnnotation});
    if (text.empty())
        return {};
    const core::ObjectKey& key = manifest.key();
    auto forwards = gitops::parsePortForwards(text, key.kind, key.name, key.namespaceName);
    if (!forwards) {
        core::Error error = std::move(forwards.error());
        error.place = manifest.origin("/metadata/annotations/wavewright.dev~1port-forward");
        error.place.object = key.text();
        return std::unexpected(std::move(error));
    }
    out.insert(out.end(), forwards->begin(), forwards->end());
    return {};
}

/// Where a platform's own Application stands, "" when nowhere.
std::string applicationFile(const std::string& platform)
{
    std::error_code ignored;
    for (const fs::path& folder : {fs::path(platform), fs::path("manifests") / platform})
        if (const fs::path file = folder / "application.yaml"; fs::is_regular_file(file, ignored))
            return file.string();
    return {};
}

} // namespace

core::Result<std::vector<gitops::PortForward>> portForwardsOf(const core::PlatformInput& input,
                                                              const std::string& platform)
{
    const std::set<std::string> family = familyOf(input, platform);
    if (family.empty())
        return unknown(input, platform);
    std::vector<gitops::PortForward> out;
    for (const core::PlatformObject& object : input.objects)
        for (const core::Declaration& declaration : object.declared)
            if (family.contains(declaration.application))
                if (auto added = addForwards(declaration, out); !added)
                    return std::unexpected(std::move(added.error()));
    std::ranges::sort(out, {}, &gitops::PortForward::localPort);
    const auto twice = std::ranges::adjacent_find(out, {}, &gitops::PortForward::localPort);
    if (twice != out.end() && *twice != *std::next(twice))
        return core::failure(core::ErrorCode::Invalid,
                             "two port-forwards have the local port "
                                 + std::to_string(twice->localPort) + ": " + twice->text() + " and "
                                 + std::next(twice)->text(),
                             {}, core::Fault::Repository);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

core::Result<std::vector<gitops::PortForward>> loadPortForwards(const Options& options)
{
    Options asked = options;
    asked.practice = false; // Git alone says which ones there are
    asked.context.clear();
    asked.kubeconfig.clear();
    std::string name = options.platform;
    if (asked.files.empty() && asked.path.empty()) {
        const auto settings = readSettings(asked.configFile);
        if (!settings)
            return std::unexpected(settings.error());
        if (const std::string file = applicationFile(options.platform); !file.empty())
            asked.files = {file};
        else if (settings->applications.empty())
            return core::failure(
                core::ErrorCode::NotFound,
                "nothing says what \"" + core::sanitised(options.platform)
                    + "\" is: there is neither -f nor --path, no application in the configuration, "
                      "and no application.yaml in a folder of this name or in manifests/",
                {}, core::Fault::User);
    }
    const auto settings = readSettings(asked.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    const auto roots = loadApplications(asked, *settings);
    if (!roots)
        return std::unexpected(roots.error());
    // A folder stands for the one application in it, whatever that is called.
    if (roots->size() == 1)
        name = roots->front().name;
    const auto input = loadPlatform(asked);
    if (!input)
        return std::unexpected(input.error());
    reportGaps(**input);
    auto forwards = portForwardsOf(**input, name);
    if (forwards && forwards->empty())
        return core::failure(core::ErrorCode::NotFound,
                             "no object of \"" + core::sanitised(name)
                                 + "\" declares a port-forward (annotation "
                                 + std::string(gitops::kPortForwardAnnotation) + ")",
                             {}, core::Fault::User);
    return forwards;
}

} // namespace app

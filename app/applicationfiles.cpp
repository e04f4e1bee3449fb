// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/applicationfiles.h"

#include "app/console.h"
#include "app/textfile.h"
#include "core/value/yamlreader.h"
#include "gitops/application/applicationreader.h"

#include <algorithm>
#include <filesystem>

namespace app {

namespace {

namespace fs = std::filesystem;

/// The files that -f FILE means: itself, or the YAML and JSON files of a folder, sorted.
core::Result<std::vector<std::string>> filesOf(const std::string& path)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return std::vector<std::string> {path};
    std::vector<std::string> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
        const std::string extension = entry.path().extension().string();
        if (entry.is_regular_file(error)
            && (extension == ".yaml" || extension == ".yml" || extension == ".json"))
            files.push_back(entry.path().string());
    }
    if (error)
        return core::failure(core::ErrorCode::Disk, error.message(), {.file = path},
                             core::Fault::User);
    std::ranges::sort(files);
    return files;
}

constexpr std::string_view kArgo = "argoproj.io/";

/// The documents of a file that are of a kind.
core::Result<std::vector<core::Json>>
documentsOf(const std::string& file, std::string_view apiVersionPrefix, std::string_view kind)
{
    const auto text = readTextFile(file);
    if (!text)
        return std::unexpected(text.error());
    auto documents = core::parseYamlDocuments(*text, file);
    if (!documents)
        return std::unexpected(documents.error());
    std::erase_if(*documents, [&](const core::Json& document) {
        return core::stringAt(document, {"kind"}) != kind
            || !core::stringAt(document, {"apiVersion"}).starts_with(apiVersionPrefix);
    });
    return documents;
}

core::Result<void> readFile(const std::string& file, std::vector<core::Application>& out)
{
    const auto documents = documentsOf(file, kArgo, "Application");
    if (!documents)
        return std::unexpected(documents.error());
    for (const core::Json& document : *documents) {
        auto application = gitops::readApplication(document, {.file = file});
        if (!application)
            return std::unexpected(application.error());
        const auto sameName = [&](const core::Application& each) {
            return each.name == application->name;
        };
        if (std::ranges::any_of(out, sameName))
            return core::failure(core::ErrorCode::Invalid,
                                 "the application \"" + application->name + "\" is declared twice",
                                 {.file = file}, core::Fault::User);
        out.push_back(std::move(*application));
    }
    return {};
}

/// What Argo CD would make applications of and Wavewright does not: said, not passed over.
void nameUnsupported(const std::string& file)
{
    const auto sets = documentsOf(file, kArgo, "ApplicationSet");
    if (!sets)
        return; // told by who reads the applications
    for (const core::Json& set : *sets)
        printError(file + ": the ApplicationSet \""
                   + std::string(core::stringAt(set, {"metadata", "name"}))
                   + "\" is left out: Wavewright makes no applications of ApplicationSets");
}

struct Declared
{
    std::string file;
    core::Json object;
};

/// What the files that the command is about declare of a kind.
core::Result<std::vector<Declared>> declaredIn(const Options& options, const Settings& settings,
                                               std::string_view apiVersionPrefix,
                                               std::string_view kind)
{
    std::vector<Declared> out;
    const bool fromSettings = options.files.empty() && options.path.empty();
    for (const std::string& path : fromSettings ? settings.applications : options.files) {
        const auto files = filesOf(path);
        if (!files)
            return std::unexpected(files.error());
        for (const std::string& file : *files) {
            auto documents = documentsOf(file, apiVersionPrefix, kind);
            if (!documents)
                return std::unexpected(documents.error());
            for (core::Json& document : *documents)
                out.push_back({file, std::move(document)});
        }
    }
    return out;
}

/// Keeps those that were named; a name that is none of them is an error.
core::Result<std::vector<core::Application>> chosen(std::vector<core::Application> all,
                                                    const Options& options)
{
    if (options.applications.empty())
        return all;
    std::vector<core::Application> out;
    for (const std::string& name : options.applications) {
        const auto found = std::ranges::find(all, name, &core::Application::name);
        if (found == all.end())
            return core::failure(core::ErrorCode::NotFound,
                                 "there is no application \"" + name + "\" among those given", {},
                                 core::Fault::User);
        out.push_back(*found);
    }
    return out;
}

} // namespace

core::Result<std::vector<core::Application>> loadApplications(const Options& options,
                                                              const Settings& settings)
{
    std::vector<core::Application> applications;
    const bool fromSettings = options.files.empty() && options.path.empty();
    for (const std::string& path : fromSettings ? settings.applications : options.files) {
        const auto files = filesOf(path);
        if (!files)
            return std::unexpected(files.error());
        for (const std::string& file : *files) {
            if (auto done = readFile(file, applications); !done)
                return std::unexpected(done.error());
            nameUnsupported(file);
        }
    }
    if (!options.path.empty()) {
        auto application = gitops::applicationFromPath(options.path, options.name);
        if (!application)
            return std::unexpected(application.error());
        application->destinationNamespace = options.namespaceName;
        application->prune = options.prune;
        applications.push_back(std::move(*application));
    }
    if (applications.empty())
        return core::failure(
            core::ErrorCode::NotFound,
            "there is no application: name one with -f FILE or --path FOLDER, or list files under "
            "\"applications\" in "
                + options.configFile,
            {}, core::Fault::User);
    return chosen(std::move(applications), options);
}

core::Result<std::vector<gitops::Project>> loadProjects(const Options& options,
                                                        const Settings& settings)
{
    const auto declared = declaredIn(options, settings, kArgo, "AppProject");
    if (!declared)
        return std::unexpected(declared.error());
    std::vector<gitops::Project> projects;
    for (const auto& [file, document] : *declared) {
        auto project = gitops::readProject(document, {.file = file});
        if (!project)
            return std::unexpected(project.error());
        if (std::ranges::count(projects, project->name, &gitops::Project::name) > 0)
            return core::failure(core::ErrorCode::Invalid,
                                 "the project \"" + project->name + "\" is declared twice",
                                 {.file = file}, core::Fault::User);
        projects.push_back(std::move(*project));
    }
    return projects;
}

core::Result<std::optional<gitops::Customizations>> loadCustomizations(const Options& options,
                                                                       const Settings& settings)
{
    const auto declared = declaredIn(options, settings, "v1", "ConfigMap");
    if (!declared)
        return std::unexpected(declared.error());
    std::optional<gitops::Customizations> found;
    for (const auto& [file, document] : *declared) {
        if (!gitops::isCustomizationsMap(document))
            continue;
        if (found)
            return core::failure(core::ErrorCode::Invalid, "argocd-cm is declared twice",
                                 {.file = file}, core::Fault::User);
        found = gitops::readCustomizations(document);
    }
    return found;
}

std::string scriptsProgram()
{
    std::error_code error;
    const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
    const fs::path beside = here / "wavewright-scripts";
    return fs::exists(beside, error)
        ? beside.string()
        : (here.parent_path() / "libexec/wavewright/wavewright-scripts").string();
}

} // namespace app

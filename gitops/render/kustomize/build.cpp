// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/build.h"

#include "core/base/strings.h"
#include "core/value/yamlwriter.h"
#include "gitops/render/kustomize/crds.h"
#include "gitops/render/kustomize/finish.h"
#include "gitops/render/kustomize/history.h"
#include "gitops/render/kustomize/openapischema.h"
#include "gitops/render/kustomize/overlay.h"
#include "gitops/render/kustomize/plugin.h"
#include "gitops/render/kustomize/transformers.h"
#include "gitops/render/kustomize/vars.h"

#include <optional>

namespace gitops::kustomize {

namespace {

using core::YamlNode;
using Done = core::Result<void>;

/// What a layer hands to the one above it.
struct Layer
{
    ResourceMap resources;
    TransformerConfig config;
    std::vector<Var> vars;
};

class Builder
{
public:
    explicit Builder(BuildContext& context)
        : m_context(context)
    {
    }

    core::Result<Kustomization> load(Folder& folder)
    {
        auto text = folder.readKustomizationFile();
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto kustomization =
            readKustomization(m_context.yaml, *text, folder.filePath(), m_context.warnings);
        if (kustomization)
            if (auto done = setSchema(folder, *kustomization); !done)
                return std::unexpected(std::move(done.error()));
        return kustomization;
    }

    Done accumulate(Layer& into, const Folder& folder, const Kustomization& kustomization)
    {
        for (const Text& entry : kustomization.resources)
            if (auto done = addResource(into, folder, entry); !done)
                return done;
        if (m_context.remotes.isWaiting())
            return lookAhead(into, folder, kustomization);
        for (const Text& entry : kustomization.configurations)
            if (auto done = addConfig(into, folder, entry, &readTransformerConfig); !done)
                return done;
        for (const Text& entry : kustomization.crds)
            if (auto done = addConfig(into, folder, entry, &readCrds); !done)
                return done;
        if (auto done = generate(into, folder, kustomization); !done)
            return done;
        for (const Text& entry : kustomization.components)
            if (auto done = addComponent(into, folder, entry); !done)
                return done;
        if (auto done = transformLayer(folder, into.resources, kustomization, into.config); !done)
            return done;
        if (auto done = runPlugins(folder, into.resources, kustomization.transformers,
                                   &runTransformerPlugin);
            !done)
            return done;
        if (auto done = validate(folder, into.resources, kustomization.validators); !done)
            return done;
        if (auto done = bindVars(m_context, into.resources, kustomization.vars); !done)
            return done;
        return mergeVars(into, kustomization.vars);
    }

private:
    /// Something has to be fetched first: finds what else does, and leaves the rest.
    Done lookAhead(Layer& into, const Folder& folder, const Kustomization& kustomization)
    {
        for (const Text& entry : kustomization.components)
            if (auto done = addComponent(into, folder, entry); !done)
                return done;
        return {};
    }

    /// The first schema that a build meets counts for all of it.
    Done setSchema(const Folder& folder, const Kustomization& kustomization)
    {
        const Text& path = kustomization.openApiPath;
        const Text& version = kustomization.openApiVersion;
        if (m_isSchemaChosen || (path.isEmpty() && version.isEmpty()))
            return {};
        if (!path.isEmpty() && !version.isEmpty())
            return m_context.invalid("openapi has either a path or a version, not both", path.from);
        m_isSchemaChosen = true;
        if (path.isEmpty())
            return version.value == "v1.21.2"
                ? Done()
                : m_context.invalid("the only OpenAPI version that is built in is 'v1.21.2'",
                                    version.from);
        auto text = folder.read(path);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto schema = OpenApiSchema::read(m_context.yaml, *text, folder.pathOf(path));
        if (!schema)
            return std::unexpected(std::move(schema.error()));
        m_schema = *schema;
        m_scopes.emplace(m_schema->scopes());
        m_context.schema = MergeSchema(m_schema);
        return {};
    }

    Done generate(Layer& into, const Folder& folder, const Kustomization& kustomization)
    {
        for (const auto& [kind, generators] :
             {std::pair {"ConfigMapGenerator", &kustomization.configMaps},
              std::pair {"SecretGenerator", &kustomization.secrets}})
            for (const Generator& generator : *generators) {
                if (auto done = runGenerator(folder, into.resources, generator,
                                             kustomization.generatorOptions,
                                             folder.configured("builtin", kind));
                    !done)
                    return done;
                if (m_context.history)
                    m_context.history->note(into.resources, kind, folder.filePath());
            }
        auto done =
            runPlugins(folder, into.resources, kustomization.generators, &runGeneratorPlugin);
        if (m_context.history)
            m_context.history->note(into.resources, "generators", folder.filePath());
        return done;
    }

    Done mergeVars(Layer& into, const std::vector<Var>& vars)
    {
        for (const Var& var : vars) {
            for (const Var& known : into.vars)
                if (known.name == var.name)
                    return m_context.invalid("the var '" + var.name + "' is there already",
                                             var.from);
            into.vars.push_back(var);
        }
        return {};
    }

    /// Of configurations or of crds: they say the same things in other words.
    Done addConfig(Layer& into, const Folder& folder, const Text& entry,
                   decltype(&readTransformerConfig) read)
    {
        auto text = folder.read(entry);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto config = read(m_context.yaml, *text, folder.pathOf(entry));
        if (!config)
            return std::unexpected(std::move(config.error()));
        auto merged = mergeConfig(into.config, *config);
        if (!merged)
            merged.error().place = m_context.placeOf(entry.from);
        return merged;
    }

    Done addResource(Layer& into, const Folder& folder, const Text& entry)
    {
        if (folder.isElsewhere(entry))
            return addRemote(into, folder, entry);
        auto found = folder.find(entry);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (found->type == TreeEntry::Type::Directory)
            return addFolder(into, folder.enter(entry), entry);
        if (found->type == TreeEntry::Type::Submodule)
            return m_context.invalid("'" + entry.value + "' is a Git submodule, which is not read",
                                     entry.from);
        auto text = folder.read(entry);
        if (!text)
            return std::unexpected(std::move(text.error()));
        return addText(into, folder, entry, *text);
    }

    Done addText(Layer& into, const Folder& folder, const Text& entry, const std::string& text)
    {
        auto resources = readResources(m_context, text, folder.pathOf(entry));
        if (!resources)
            return std::unexpected(std::move(resources.error()));
        return addRead(into, folder, entry, *resources);
    }

    Done addRead(Layer& into, const Folder& folder, const Text& entry,
                 const std::vector<ResourcePtr>& resources)
    {
        if (m_context.keepsOrigins)
            for (const ResourcePtr& resource : resources)
                resource->origin = folder.originOf(entry);
        auto done = appendAll(into.resources, resources, entry);
        if (m_context.history)
            m_context.history->see(into.resources);
        return done;
    }

    /// A URL is tried as a file first, then as a repository, as Kustomize does; not where it can
    /// only be a repository, or is known as one.
    Done addRemote(Layer& into, const Folder& folder, const Text& entry)
    {
        const auto spec = parseRepoSpec(entry.value);
        std::string asFile;
        if (isWebUrl(entry.value)
            && !(spec && (spec->isCertain || m_context.remotes.isAtHand(spec->address())))) {
            const auto file = folder.fetched(
                {.kind = RemoteAddress::Kind::File, .url = entry.value, .reference = {}}, entry);
            if (file && !*file)
                return {};
            const auto resources = file
                ? readResources(m_context, (*file)->text, folder.pathOf(entry))
                : std::unexpected(file.error());
            if (resources)
                return addRead(into, folder, entry, *resources);
            if (!spec)
                return std::unexpected(resources.error());
            asFile = resources.error().message;
        }
        const auto content = folder.fetched(spec->address(), entry);
        if (content)
            return *content ? addFolder(into, folder.enterRemote(entry, *spec, **content), entry)
                            : Done();
        core::Error error = content.error();
        if (!asFile.empty() && asFile != error.message)
            error.message += " (as a file: " + asFile + ")";
        return std::unexpected(std::move(error));
    }

    Done addFolder(Layer& into, core::Result<Folder> entered, const Text& entry)
    {
        if (!entered)
            return std::unexpected(std::move(entered.error()));
        auto kustomization = load(*entered);
        if (!kustomization)
            return std::unexpected(std::move(kustomization.error()));
        if (kustomization->isComponent)
            return m_context.invalid(
                "'" + entry.value + "' is a Component: it belongs under 'components'", entry.from);
        Layer layer;
        if (auto done = accumulate(layer, *entered, *kustomization); !done)
            return done;
        if (auto done = appendAll(into.resources, layer.resources.all(), entry); !done)
            return done;
        if (auto done = mergeConfig(into.config, layer.config); !done)
            return done;
        return mergeVars(into, layer.vars);
    }

    /// The folder that a component stands in; nothing when it has to be fetched first.
    core::Result<std::optional<Folder>> componentFolder(const Folder& folder, const Text& entry)
    {
        if (!folder.isElsewhere(entry)) {
            auto found = folder.find(entry);
            if (!found)
                return std::unexpected(std::move(found.error()));
            if (found->type != TreeEntry::Type::Directory)
                return m_context.invalid("the component '" + entry.value + "' is no folder",
                                         entry.from);
            return folder.enter(entry);
        }
        const auto spec = parseRepoSpec(entry.value);
        if (!spec)
            return m_context.invalid("the component '" + core::sanitised(entry.value)
                                         + "' is no URL of a folder in a repository",
                                     entry.from);
        auto content = folder.fetched(spec->address(), entry);
        if (!content)
            return std::unexpected(std::move(content.error()));
        if (!*content)
            return std::nullopt;
        return folder.enterRemote(entry, *spec, **content);
    }

    Done addComponent(Layer& into, const Folder& folder, const Text& entry)
    {
        auto entered = componentFolder(folder, entry);
        if (!entered)
            return std::unexpected(std::move(entered.error()));
        if (!*entered)
            return {};
        auto kustomization = load(**entered);
        if (!kustomization)
            return std::unexpected(std::move(kustomization.error()));
        if (!kustomization->isComponent)
            return m_context.invalid(
                "'" + entry.value + "' is no Component: it belongs under 'resources'", entry.from);
        return accumulate(into, **entered, *kustomization);
    }

    Done appendAll(ResourceMap& into, const std::vector<ResourcePtr>& resources, const Text& entry)
    {
        for (const ResourcePtr& resource : resources) {
            if (into.append(resource))
                continue;
            return m_context.invalid(resource->id().text() + " of '" + entry.value
                                         + "' is there already",
                                     resource->node()->line > 0 ? resource->node() : entry.from);
        }
        return {};
    }

    /// The line in the file of the first line of a text that stands in it.
    static int firstLineOf(const Text& text)
    {
        if (!text.from)
            return 1;
        const bool isBlock = text.from->style == YamlNode::Style::Literal
            || text.from->style == YamlNode::Style::Folded;
        return text.from->line + (isBlock ? 1 : 0);
    }

    /// The configurations of plugins: those written in place first, then those of files and
    /// folders.
    core::Result<std::vector<ResourcePtr>> plugins(const Folder& folder,
                                                   const std::vector<Text>& entries)
    {
        Layer configs;
        std::vector<const Text*> paths;
        for (const Text& entry : entries) {
            const bool isPath = entry.value.find(':') == std::string::npos;
            auto inlined = isPath
                ? core::Result<std::vector<ResourcePtr>>()
                : readResources(m_context, entry.value, folder.filePath(), firstLineOf(entry));
            if (isPath || !inlined) {
                paths.push_back(&entry);
                continue;
            }
            for (const ResourcePtr& config : *inlined)
                config->origin = folder.originOf({folder.fileName()});
            if (auto done = appendAll(configs.resources, *inlined, entry); !done)
                return std::unexpected(std::move(done.error()));
        }
        for (const Text* path : paths)
            if (auto done = addResource(configs, folder, *path); !done)
                return std::unexpected(std::move(done.error()));
        return configs.resources.all();
    }

    Done runPlugins(const Folder& folder, ResourceMap& resources, const std::vector<Text>& entries,
                    Done (*run)(const Folder&, ResourceMap&, const Resource&))
    {
        if (entries.empty())
            return {};
        auto configs = plugins(folder, entries);
        if (!configs)
            return std::unexpected(std::move(configs.error()));
        for (const ResourcePtr& config : *configs)
            if (auto done = run(folder, resources, *config); !done)
                return done;
        return {};
    }

    /// Validators are transformers that change nothing but the label validated-by.
    Done validate(const Folder& folder, ResourceMap& resources, const std::vector<Text>& entries)
    {
        if (entries.empty())
            return {};
        const std::string before = withoutValidatedBy(resources);
        if (auto done = runPlugins(folder, resources, entries, &runTransformerPlugin); !done)
            return done;
        if (withoutValidatedBy(resources) != before)
            return m_context.invalid("a validator changed an object, which it must not",
                                     entries.front().from);
        return {};
    }

    std::string withoutValidatedBy(const ResourceMap& resources)
    {
        std::string text;
        for (const ResourcePtr& resource : resources.all()) {
            YamlNode* copy = m_context.yaml.copy(*resource->node());
            if (YamlNode* labels = copy->findPath({"metadata", "labels"}))
                if (labels->remove("validated-by") && labels->size() == 0)
                    copy->find("metadata")->remove("labels");
            core::appendYaml(text, *copy);
            text += "---\n";
        }
        return text;
    }

    BuildContext& m_context;
    bool m_isSchemaChosen = false;
    std::shared_ptr<OpenApiSchema> m_schema;
    std::optional<CustomScopes> m_scopes;
};

} // namespace

core::Result<std::vector<ResourcePtr>> build(BuildContext& context, std::string_view path,
                                             const core::KustomizeOptions& overlay)
{
    auto folder = Folder::root(context, path);
    if (!folder)
        return std::unexpected(std::move(folder.error()));
    Builder builder(context);
    auto kustomization = builder.load(*folder);
    if (!kustomization)
        return std::unexpected(std::move(kustomization.error()));
    if (auto done = layOver(*folder, *kustomization, overlay); !done)
        return std::unexpected(std::move(done.error()));
    context.keepsOrigins = kustomization->asksFor("originAnnotations")
        || kustomization->asksFor("transformerAnnotations");
    Layer layer;
    ResourceMap& resources = layer.resources;
    if (auto done = builder.accumulate(layer, *folder, *kustomization); !done)
        return std::unexpected(std::move(done.error()));
    if (context.remotes.isWaiting())
        return core::failure(core::ErrorCode::Unavailable,
                             "what it needs from elsewhere is being fetched",
                             {.file = folder->filePath()}, core::Fault::Git);
    if (auto done = addHashSuffixes(context, resources); !done)
        return std::unexpected(std::move(done.error()));
    const auto note = [&](const char* by) {
        if (context.history)
            context.history->note(resources, by, "");
    };
    note("HashTransformer");
    if (auto done = fixNameReferences(context, resources, layer.config); !done)
        return std::unexpected(std::move(done.error()));
    note("name references");
    if (auto done = resolveVars(context, resources, layer.vars, layer.config.varReferences); !done)
        return std::unexpected(std::move(done.error()));
    note("vars");
    std::vector<ResourcePtr> kept;
    for (const ResourcePtr& resource : resources.all())
        if (!isLocalConfig(*resource))
            kept.push_back(resource);
    resources.setAll(std::move(kept));
    sortResources(resources, kustomization->sortOptions);
    for (const ResourcePtr& resource : resources.all())
        finishObject(context, *resource, *kustomization);
    return resources.all();
}

} // namespace gitops::kustomize

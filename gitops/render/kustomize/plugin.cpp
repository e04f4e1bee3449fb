// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/plugin.h"

#include "core/base/strings.h"
#include "gitops/render/kustomize/history.h"
#include "gitops/render/kustomize/itemreader.h"
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>
#include <functional>

namespace gitops::kustomize {

namespace {

using core::YamlNode;
using Done = core::Result<void>;

/// Reads the configuration of one plugin and runs it.
class Plugin
{
public:
    Plugin(const Folder& folder, ResourceMap& resources, const Resource& config)
        : m_folder(folder)
        , m_context(folder.context())
        , m_resources(resources)
        , m_config(*config.node())
        , m_in(m_context.yaml, FieldDecoder::Rules::Plugin)
        , m_items(m_in)
        , m_origin(originOf(config))
    {
    }

    Done generate()
    {
        const std::string_view kind = m_config.textAt("kind");
        if (kind == "ConfigMapGenerator" || kind == "SecretGenerator")
            return generator(kind == "SecretGenerator");
        if (kind == "IAMPolicyGenerator")
            return policy();
        return isTransformer(kind)
            ? m_context.invalid("the " + std::string(kind) + " is no generator", &m_config)
            : unknown();
    }

    Done transform()
    {
        const std::string_view kind = m_config.textAt("kind");
        for (const auto& [name, run] : kTransformers)
            if (name == kind)
                return finished((this->*run)());
        return kind.ends_with("Generator")
            ? m_context.invalid("the " + std::string(kind) + " is no transformer", &m_config)
            : unknown();
    }

private:
    using Run = Done (Plugin::*)();
    static const std::vector<std::pair<std::string_view, Run>> kTransformers;

    static bool isTransformer(std::string_view kind)
    {
        return std::any_of(kTransformers.begin(), kTransformers.end(),
                           [&](const auto& known) { return known.first == kind; });
    }

    OriginPtr originOf(const Resource& config) const
    {
        if (!m_context.keepsOrigins || !config.origin)
            return nullptr;
        Origin origin = *config.origin;
        origin.configuredIn = std::exchange(origin.path, "");
        origin.apiVersion = m_config.textAt("apiVersion");
        origin.kind = config.id().gvk.kind;
        origin.name = config.id().name;
        origin.namespaceName = config.id().namespaceName;
        return std::make_shared<const Origin>(std::move(origin));
    }

    Done unknown() const
    {
        return m_context.invalid("there is no builtin plugin '"
                                     + core::sanitised(m_config.textAt("kind")) + "'",
                                 &m_config);
    }

    Done finished(Done done) const
    {
        if (done)
            noteTransformation(m_context, m_resources, m_origin);
        if (done && m_context.history)
            m_context.history->note(m_resources, m_config.textAt("kind"), m_folder.filePath());
        m_resources.dropEmpty();
        return done;
    }

    /// Reads fields; what else stands in the configuration counts for nothing.
    Done read(const std::vector<FieldDecoder::Field>& fields)
    {
        m_in.fields(m_config, "", fields);
        return m_in.hasFailed() ? Done(std::unexpected(m_in.takeError())) : Done();
    }

    FieldDecoder::Field specs(std::vector<FieldSpec>& into)
    {
        return {"fieldSpecs", [this, &into](const YamlNode& list) {
                    m_in.items(list, "fieldSpecs", [&](const YamlNode& item) {
                        into.push_back(m_in.fieldSpec(item, "fieldSpecs"));
                    });
                }};
    }
    FieldDecoder::Field text(std::string_view name, Text& into)
    {
        return {name, [this, name, &into](const YamlNode& n) { into = m_in.text(n, name); }};
    }

    // Generators.

    Done generator(bool isSecret)
    {
        Generator generator = m_items.generator(m_config, isSecret);
        if (m_in.hasFailed())
            return std::unexpected(m_in.takeError());
        if (const YamlNode* meta = m_config.find("metadata")) {
            if (generator.name.empty())
                generator.name = meta->textAt("name");
            if (generator.namespaceName.empty())
                generator.namespaceName = meta->textAt("namespace");
        }
        return runGenerator(m_folder, m_resources, generator, {}, m_origin);
    }

    /// A service account that stands for one of Google's cloud.
    Done policy()
    {
        std::string cloud, project, account, name, space;
        const auto string = [this](std::string_view field, std::string& into) {
            return FieldDecoder::Field {
                field, [this, field, &into](const YamlNode& n) { into = m_in.string(n, field); }};
        };
        auto done = read({string("cloud", cloud),
                          {"serviceAccount",
                           [&](const YamlNode& n) {
                               m_in.fields(n, "serviceAccount",
                                           {string("name", account), string("projectId", project)});
                           }},
                          {"kubernetesService", [&](const YamlNode& n) {
                               m_in.fields(n, "kubernetesService",
                                           {string("name", name), string("namespace", space)});
                           }}});
        if (!done)
            return done;
        if (cloud != "gke")
            return m_context.invalid("an IAMPolicyGenerator knows the cloud 'gke' only", &m_config);
        core::YamlTree& tree = m_context.yaml;
        YamlNode* object = tree.newMapping();
        tree.setString(*object, "apiVersion", "v1", &m_config);
        tree.setString(*object, "kind", "ServiceAccount", &m_config);
        YamlNode* meta = tree.mappingAt(*object, "metadata");
        tree.setString(*tree.mappingAt(*meta, "annotations"), "iam.gke.io/gcp-service-account",
                       account + '@' + project + ".iam.gserviceaccount.com", &m_config);
        tree.setString(*meta, "name", name, &m_config);
        if (!space.empty())
            tree.setString(*meta, "namespace", space, &m_config);
        auto made = std::make_shared<Resource>(object);
        made->origin = m_origin;
        return absorbGenerated(m_context, m_resources, std::move(made), &m_config);
    }

    // Transformers.

    Done pairs(std::string_view field)
    {
        Pairs pairs;
        std::vector<FieldSpec> where;
        auto done =
            read({{field, [&](const YamlNode& n) { pairs = m_in.pairs(n, field); }}, specs(where)});
        return done ? setPairs(m_context, m_resources, pairs, where) : done;
    }
    Done annotations() { return pairs("annotations"); }
    Done labels() { return pairs("labels"); }

    Done hash() { return addHashSuffixes(m_context, m_resources); }

    Done imageTag()
    {
        Image image;
        std::vector<FieldSpec> where;
        auto done = read(
            {{"imageTag", [&](const YamlNode& n) { image = m_items.image(n); }}, specs(where)});
        return done ? setImages(m_context, m_resources, {image}, where) : done;
    }

    Done namespaceName()
    {
        NamespaceRule rule;
        std::string subjects;
        auto done =
            read({{"metadata",
                   [&](const YamlNode& n) {
                       m_in.fields(n, "metadata", {text("namespace", rule.name)});
                   }},
                  {"unsetOnly",
                   [&](const YamlNode& n) { rule.unsetOnly = m_in.boolean(n, "unsetOnly"); }},
                  {"setRoleBindingSubjects",
                   [&](const YamlNode& n) { subjects = m_in.string(n, "setRoleBindingSubjects"); }},
                  specs(rule.specs)});
        if (!done)
            return done;
        if (subjects == "allServiceAccounts")
            rule.subjects = NamespaceRule::Subjects::AllServiceAccounts;
        else if (subjects == "none")
            rule.subjects = NamespaceRule::Subjects::None;
        else if (!subjects.empty() && subjects != "defaultOnly")
            return m_context.invalid("setRoleBindingSubjects must be 'defaultOnly', "
                                     "'allServiceAccounts' or 'none', not '"
                                         + core::sanitised(subjects) + "'",
                                     &m_config);
        return setNamespace(m_context, m_resources, rule);
    }

    Done affixes(bool takesPrefix, bool takesSuffix)
    {
        Text prefix;
        Text suffix;
        std::vector<FieldSpec> where;
        auto done = read({text("prefix", prefix), text("suffix", suffix), specs(where)});
        if (done && where.empty() && !m_config.find("fieldSpecs"))
            return m_context.invalid("the plugin needs fieldSpecs: where names stand", &m_config);
        if (done && takesPrefix)
            done = addNamePrefix(m_context, m_resources, prefix, where);
        if (done && takesSuffix)
            done = addNameSuffix(m_context, m_resources, suffix, where);
        return done;
    }
    Done prefix() { return affixes(true, false); }
    Done suffix() { return affixes(false, true); }
    Done prefixAndSuffix() { return affixes(true, true); }

    Done patch()
    {
        const Patch patch = m_items.patch(m_config, "");
        if (m_in.hasFailed())
            return std::unexpected(m_in.takeError());
        return applyPatch(m_folder, m_resources, patch);
    }

    Done json6902()
    {
        Patch patch {.from = &m_config};
        auto done = read(
            {text("path", patch.path),
             text("jsonOp", patch.text),
             {"target", [&](const YamlNode& n) { patch.target = m_items.selector(n, "target"); }}});
        return done ? applyJson6902(m_folder, m_resources, patch) : done;
    }

    Done strategicMerge()
    {
        std::vector<Text> paths;
        Text patches;
        auto done = read({{"paths", [&](const YamlNode& n) { paths = m_in.texts(n, "paths"); }},
                          text("patches", patches)});
        if (!done)
            return done;
        if (paths.empty() && patches.isEmpty())
            return m_context.invalid("the plugin needs 'paths' or 'patches'", &m_config);
        if (!patches.isEmpty())
            paths.push_back(patches);
        for (const Text& entry : paths) {
            if (done = applyStrategicMerge(m_folder, m_resources, entry); !done)
                return done;
            m_resources.dropEmpty();
        }
        return {};
    }

    Done replicas()
    {
        Replica replica;
        std::vector<FieldSpec> where;
        auto done = read(
            {{"replica", [&](const YamlNode& n) { replica = m_items.replica(n); }}, specs(where)});
        return done ? setReplica(m_context, m_resources, replica, where) : done;
    }

    Done replacements()
    {
        std::vector<Replacement> list;
        auto done = read({{"replacements", [&](const YamlNode& n) {
                               m_in.items(n, "replacements", [&](const YamlNode& item) {
                                   list.push_back(m_items.replacement(item));
                               });
                           }}});
        for (std::size_t i = 0; done && i < list.size(); ++i)
            done = applyReplacement(m_folder, m_resources, list[i]);
        return done;
    }

    Done valueAdd() { return addValue(m_folder, m_resources, m_config); }

    const Folder& m_folder;
    BuildContext& m_context;
    ResourceMap& m_resources;
    const YamlNode& m_config;
    FieldDecoder m_in;
    ItemReader m_items;
    OriginPtr m_origin;
};

const std::vector<std::pair<std::string_view, Plugin::Run>> Plugin::kTransformers {
    {"AnnotationsTransformer", &Plugin::annotations},
    {"HashTransformer", &Plugin::hash},
    {"ImageTagTransformer", &Plugin::imageTag},
    {"LabelTransformer", &Plugin::labels},
    {"NamespaceTransformer", &Plugin::namespaceName},
    {"PatchJson6902Transformer", &Plugin::json6902},
    {"PatchStrategicMergeTransformer", &Plugin::strategicMerge},
    {"PatchTransformer", &Plugin::patch},
    {"PrefixSuffixTransformer", &Plugin::prefixAndSuffix},
    {"PrefixTransformer", &Plugin::prefix},
    {"SuffixTransformer", &Plugin::suffix},
    {"ReplacementTransformer", &Plugin::replacements},
    {"ReplicaCountTransformer", &Plugin::replicas},
    {"ValueAddTransformer", &Plugin::valueAdd},
};

/// What is not built in would run a program, which nothing from a repository may.
Done refuseOthers(const BuildContext& context, const Resource& config)
{
    const Gvk& gvk = config.id().gvk;
    if (gvk.group.empty() && gvk.version == "builtin")
        return {};
    const YamlNode* function =
        config.node()->findPath({"metadata", "annotations", "config.kubernetes.io/function"});
    const std::string what = function && function->text.find("container") != std::string_view::npos
        ? "runs a container"
        : "runs a program";
    return core::failure(core::ErrorCode::Unsupported,
                         "the plugin " + core::sanitised(gvk.kind) + " ("
                             + core::sanitised(config.id().name) + ") " + what
                             + ", which Wavewright never does for a repository; only builtin "
                               "plugins are run",
                         context.placeOf(config.node()), core::Fault::Repository);
}

} // namespace

core::Result<void> runGeneratorPlugin(const Folder& folder, ResourceMap& resources,
                                      const Resource& config)
{
    if (auto good = refuseOthers(folder.context(), config); !good)
        return good;
    return Plugin(folder, resources, config).generate();
}

core::Result<void> runTransformerPlugin(const Folder& folder, ResourceMap& resources,
                                        const Resource& config)
{
    if (auto good = refuseOthers(folder.context(), config); !good)
        return good;
    return Plugin(folder, resources, config).transform();
}

} // namespace gitops::kustomize

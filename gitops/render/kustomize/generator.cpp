// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/render/kustomize/selection.h"
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;

namespace {

struct KeyValue
{
    std::string key;
    std::string value;
    core::Place place; ///< of the value
};

class Sources
{
public:
    Sources(const Folder& folder, const Generator& generator)
        : m_folder(folder)
        , m_generator(generator)
    {
    }

    core::Result<std::vector<KeyValue>> read()
    {
        for (const auto& [list, add] : {std::pair {&m_generator.envs, &Sources::addEnvFile},
                                        std::pair {&m_generator.literals, &Sources::addLiteral},
                                        std::pair {&m_generator.files, &Sources::addFile}})
            for (const Text& source : *list)
                if (auto done = (this->*add)(source); !done)
                    return std::unexpected(std::move(done.error()));
        std::stable_sort(m_pairs.begin(), m_pairs.end(),
                         [](const KeyValue& a, const KeyValue& b) { return a.key < b.key; });
        for (std::size_t i = 1; i < m_pairs.size(); ++i)
            if (m_pairs[i].key == m_pairs[i - 1].key)
                return context().invalid("the generator '" + m_generator.name
                                             + "' repeats the key '" + m_pairs[i].key + "'",
                                         m_generator.from);
        return std::move(m_pairs);
    }

private:
    BuildContext& context() const { return m_folder.context(); }

    core::Result<void> addEnvFile(const Text& source)
    {
        auto text = m_folder.read(source);
        if (!text)
            return std::unexpected(std::move(text.error()));
        core::Place place {.file = m_folder.pathOf(source)};
        for (std::string_view line : core::split(*text, '\n')) {
            ++place.line;
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (!core::isValidUtf8(line))
                return core::failure(core::ErrorCode::Invalid, "the line is not valid UTF-8", place,
                                     core::Fault::Repository);
            if (place.line == 1 && line.starts_with("\xEF\xBB\xBF"))
                line.remove_prefix(3);
            line.remove_prefix(std::min(line.find_first_not_of(" \t\v\f\r"), line.size()));
            if (line.empty() || line[0] == '#')
                continue;
            const std::size_t equals = std::min(line.find('='), line.size());
            m_pairs.push_back({std::string(line.substr(0, equals)),
                               std::string(line.substr(std::min(equals + 1, line.size()))), place});
        }
        return {};
    }

    core::Result<void> addLiteral(const Text& source)
    {
        const std::size_t equals = source.value.find('=');
        if (equals == 0 || equals == std::string::npos)
            return context().invalid("a literal must read key=value", source.from);
        std::string value = source.value.substr(equals + 1);
        if (value.size() >= 2 && value.front() == value.back()
            && (value[0] == '"' || value[0] == '\''))
            value = value.substr(1, value.size() - 2);
        m_pairs.push_back(
            {source.value.substr(0, equals), std::move(value), context().placeOf(source.from)});
        return {};
    }

    core::Result<void> addFile(const Text& source)
    {
        const auto count = std::count(source.value.begin(), source.value.end(), '=');
        if (count > 1 || source.value.starts_with('=') || source.value.ends_with('='))
            return context().invalid("a file must read path or key=path", source.from);
        const std::size_t equals = source.value.find('=');
        const Text path {equals == std::string::npos ? source.value
                                                     : source.value.substr(equals + 1),
                         source.from};
        const std::string key = equals == std::string::npos
            ? path.value.substr(path.value.rfind('/') + 1)
            : source.value.substr(0, equals);
        auto text = m_folder.read(path);
        if (!text)
            return std::unexpected(std::move(text.error()));
        m_pairs.push_back({key, std::move(*text), {.file = m_folder.pathOf(path), .line = 1}});
        return {};
    }

    const Folder& m_folder;
    const Generator& m_generator;
    std::vector<KeyValue> m_pairs;
};

/// Base64 in lines of 70 characters; one line that is shorter has no line end.
std::string wrappedBase64(std::string_view bytes)
{
    constexpr std::size_t kLine = 70;
    const std::string plain = core::base64Encode(bytes);
    if (plain.size() < kLine)
        return plain;
    std::string wrapped;
    for (std::size_t i = 0; i < plain.size(); i += kLine)
        wrapped.append(plain, i, kLine).append(1, '\n');
    return wrapped;
}

class Maker
{
public:
    Maker(BuildContext& context, const Generator& generator)
        : m_tree(context.yaml)
        , m_generator(generator)
    {
    }

    ResourcePtr make(const std::vector<KeyValue>& pairs, const GeneratorOptions& options)
    {
        YamlNode* object = m_tree.newMapping();
        place(*object);
        set(*object, "apiVersion", "v1");
        set(*object, "kind", m_generator.isSecret ? "Secret" : "ConfigMap");
        YamlNode* meta = m_tree.newMapping();
        place(*meta);
        m_tree.set(*object, "metadata", meta);
        set(*meta, "name", m_generator.name);
        if (!m_generator.namespaceName.empty())
            set(*meta, "namespace", m_generator.namespaceName);
        if (m_generator.isSecret)
            set(*object, "type", m_generator.type.empty() ? "Opaque" : m_generator.type);
        // A Secret has data even when there is none.
        if (m_generator.isSecret)
            place(*m_tree.mappingAt(*object, "data"));
        for (const KeyValue& pair : pairs)
            addData(*object, pair);
        addPairs(*meta, "labels", options.labels);
        addPairs(*meta, "annotations", options.annotations);
        if (options.immutable) {
            YamlNode* immutable = m_tree.newScalar("true", core::YamlTag::Bool);
            place(*immutable);
            m_tree.set(*object, "immutable", immutable);
        }
        auto resource = std::make_shared<Resource>(object);
        resource->needsHash = !options.disableNameSuffixHash;
        resource->behavior = m_generator.behavior;
        return resource;
    }

private:
    void place(YamlNode& node) const
    {
        if (!m_generator.from)
            return;
        node.file = m_generator.from->file;
        node.line = m_generator.from->line;
        node.column = m_generator.from->column;
    }
    void set(YamlNode& mapping, std::string_view key, std::string_view value)
    {
        m_tree.setString(mapping, key, value, m_generator.from);
    }
    void addPairs(YamlNode& meta, std::string_view name, const Pairs& pairs)
    {
        for (const auto& [key, text] : pairs)
            m_tree.setString(*m_tree.mappingAt(meta, name), key, text.value, text.from);
    }
    void addData(YamlNode& object, const KeyValue& pair)
    {
        const bool isBinary = m_generator.isSecret || !core::isValidUtf8(pair.value);
        const std::string_view field = isBinary && !m_generator.isSecret ? "binaryData" : "data";
        YamlNode* value = m_tree.newScalar(isBinary ? wrappedBase64(pair.value) : pair.value);
        if (value->text.find('\n') != std::string_view::npos)
            value->style = YamlNode::Style::Literal;
        value->line = pair.place.line;
        value->column = pair.place.column;
        if (value->line > 0) {
            if (pair.place.file != m_file) {
                m_file = pair.place.file;
                m_fileNumber = m_tree.addFile(m_file);
            }
            value->file = m_fileNumber;
        }
        m_tree.set(*m_tree.mappingAt(object, field), pair.key, value);
    }

    core::YamlTree& m_tree;
    const Generator& m_generator;
    std::string m_file;
    std::uint32_t m_fileNumber = 0;
};

/// The local pairs, and the common ones that they lack.
Pairs joined(const Pairs& local, const Pairs& common)
{
    Pairs result = local;
    for (const auto& pair : common)
        if (std::none_of(local.begin(), local.end(),
                         [&](const auto& known) { return known.first == pair.first; }))
            result.push_back(pair);
    std::sort(result.begin(), result.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return result;
}

/// Puts entries of an older mapping into the newer, which wins.
void mergeMapping(core::YamlTree& tree, YamlNode& holder, std::string_view name,
                  const YamlNode* older)
{
    if (!older || !older->isMapping() || older->size() == 0)
        return;
    YamlNode* newer = tree.mappingAt(holder, name);
    for (std::size_t i = 0; newer && i < older->size(); ++i) {
        if (newer->find(older->key(i)->text) || !older->value(i)->isScalar())
            continue;
        YamlNode* value = tree.copy(*older->value(i));
        value->tag = core::YamlTag::String;
        tree.append(*newer, tree.copy(*older->key(i)), value);
    }
}

void absorb(core::YamlTree& tree, Resource& newer, const Resource& older)
{
    const YamlNode* oldMeta = older.metadata();
    YamlNode* meta = newer.metadata();
    mergeMapping(tree, *meta, "labels", oldMeta->find("labels"));
    mergeMapping(tree, *meta, "annotations", oldMeta->find("annotations"));
    if (newer.behavior == Behavior::Merge) {
        mergeMapping(tree, *newer.node(), "data", older.node()->find("data"));
        mergeMapping(tree, *newer.node(), "binaryData", older.node()->find("binaryData"));
    }
    tree.set(*meta, "name", tree.copy(*oldMeta->find("name")));
    if (const YamlNode* space = oldMeta->find("namespace"))
        tree.set(*meta, "namespace", tree.copy(*space));
    else
        meta->remove("namespace");
    newer.takeHistoryFrom(older);
}

} // namespace

core::Result<void> absorbGenerated(BuildContext& context, ResourceMap& resources, ResourcePtr made,
                                   const YamlNode* from)
{
    const std::vector<std::size_t> found = resources.findByAnyId(made->id());
    const bool wantsOther =
        made->behavior == Behavior::Merge || made->behavior == Behavior::Replace;
    if (found.empty()) {
        if (wantsOther)
            return context.invalid("there is no " + made->id().text() + " to merge with or replace",
                                   from);
        resources.append(std::move(made));
        return {};
    }
    if (!wantsOther)
        return context.invalid(made->id().text()
                                   + " exists already; its generator's behavior must be 'merge' "
                                     "or 'replace'",
                               from);
    if (found.size() > 1)
        return context.invalid("several objects could be meant by " + made->id().text(), from);
    absorb(context.yaml, *made, *resources.all()[found[0]]);
    resources.replace(found[0], std::move(made));
    return {};
}

core::Result<void> runGenerator(const Folder& folder, ResourceMap& resources,
                                const Generator& generator, const GeneratorOptions& common,
                                OriginPtr origin)
{
    BuildContext& context = folder.context();
    if (generator.name.empty())
        return context.invalid("a generator needs a name", generator.from);
    auto pairs = Sources(folder, generator).read();
    if (!pairs)
        return std::unexpected(std::move(pairs.error()));
    const GeneratorOptions options {.labels = joined(generator.options.labels, common.labels),
                                    .annotations =
                                        joined(generator.options.annotations, common.annotations),
                                    .disableNameSuffixHash = generator.options.disableNameSuffixHash
                                        || common.disableNameSuffixHash,
                                    .immutable = generator.options.immutable || common.immutable};
    ResourcePtr made = Maker(context, generator).make(*pairs, options);
    made->origin = std::move(origin);
    return absorbGenerated(context, resources, std::move(made), generator.from);
}

} // namespace gitops::kustomize

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/merge.h"

#include "core/base/strings.h"
#include "gitops/render/kustomize/mergeschema.h"

#include <algorithm>
#include <string>
#include <vector>

namespace gitops::kustomize {

namespace {

using core::YamlNode;
using Values = std::vector<std::string_view>;
using Keys = std::vector<std::string_view>;

constexpr std::string_view kDirective = "$patch";

enum class Directive
{
    Merge,
    Replace,
    Delete
};

bool isMissing(const YamlNode* node)
{
    return !node || node->isNull();
}

/// Finds, replaces and removes items of a list by their keys, as kyaml's ElementSetter does: items
/// that are null or empty mappings fall out on the way.
class Elements
{
public:
    Elements(core::YamlTree& tree, YamlNode& list)
        : m_tree(tree)
        , m_list(list)
    {
    }

    /// Puts element in the place of the items with these keys, or at the end. nullptr removes them.
    void set(const Keys& keys, const Values& values, YamlNode* element)
    {
        bool isFound = false;
        std::uint32_t kept = 0;
        for (std::uint32_t i = 0; i < m_list.count; ++i) {
            YamlNode* item = m_list.item(i);
            if (item->isNull() || (item->isMapping() && item->count == 0))
                continue;
            if (!matches(*item, keys, values)) {
                m_list.children[kept++] = item;
                continue;
            }
            isFound = true;
            if (element)
                m_list.children[kept++] = element;
        }
        m_list.count = kept;
        if (element && !isFound)
            m_tree.append(m_list, element);
    }

    static bool matches(const YamlNode& item, const Keys& keys, const Values& values)
    {
        if (keys.empty())
            return item.isScalar() && item.text == values[0];
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const YamlNode* field = item.find(keys[i]);
            if (!field || (!values[i].empty() && field->text != values[i]))
                return false;
        }
        return item.isMapping();
    }

private:
    core::YamlTree& m_tree;
    YamlNode& m_list;
};

class Merger
{
public:
    Merger(core::YamlTree& tree, const MergeSchema& schema)
        : m_tree(tree)
        , m_schema(schema)
    {
    }

    core::Result<YamlNode*> merge(YamlNode* object, YamlNode* patch, SchemaPlace place,
                                  const ListMerge& list)
    {
        const YamlNode* kind = !isMissing(object) ? object : !isMissing(patch) ? patch : nullptr;
        if (!kind || kind->isMapping()) {
            if (auto same = checkType(YamlNode::Type::Mapping, object, patch); !same)
                return std::unexpected(std::move(same.error()));
            return mergeMappings(object, patch, place);
        }
        if (auto same = checkType(kind->type, object, patch); !same)
            return std::unexpected(std::move(same.error()));
        if (kind->isSequence() && list.isMerged)
            return mergeLists(object, patch, list);
        return patch ? patch : object;
    }

private:
    core::Result<void> checkType(YamlNode::Type type, const YamlNode* object,
                                 const YamlNode* patch) const
    {
        for (const YamlNode* node : {object, patch})
            if (!isMissing(node) && node->type != type)
                return core::failure(
                    core::ErrorCode::Invalid,
                    "a patch cannot put a mapping, list or scalar in the place of another",
                    placeOf(patch ? *patch : *node), core::Fault::Repository);
        return {};
    }

    core::Place placeOf(const YamlNode& node) const
    {
        return {.file = m_tree.fileName(node.file), .line = node.line, .column = node.column};
    }

    core::Result<Directive> directiveNamed(const YamlNode& node) const
    {
        if (node.text == "delete")
            return Directive::Delete;
        if (node.text == "replace")
            return Directive::Replace;
        if (node.text == "merge")
            return Directive::Merge;
        return core::failure(core::ErrorCode::Invalid,
                             "unknown patch directive '$patch: " + core::sanitised(node.text) + "'",
                             placeOf(node), core::Fault::Repository);
    }

    /// Takes the directive out of the patch.
    core::Result<Directive> takeDirective(YamlNode* patch) const
    {
        if (!patch)
            return Directive::Merge;
        if (patch->isMapping()) {
            const YamlNode* node = patch->find(kDirective);
            if (!node)
                return Directive::Merge;
            auto directive = directiveNamed(*node);
            if (directive)
                patch->remove(kDirective);
            return directive;
        }
        if (!patch->isSequence())
            return Directive::Merge;
        for (std::uint32_t i = 0; i < patch->count; ++i) {
            const YamlNode* node = patch->item(i)->find(kDirective);
            if (!node)
                continue;
            if (patch->item(i)->size() > 1)
                return Directive::Merge;
            auto directive = directiveNamed(*node);
            if (directive)
                patch->removeAt(i);
            return directive;
        }
        return Directive::Merge;
    }

    core::Result<YamlNode*> mergeMappings(YamlNode* object, YamlNode* patch, SchemaPlace place)
    {
        YamlNode* result = object;
        if (isMissing(object)) {
            if (patch && patch->isMapping()) {
                auto directive = takeDirective(patch);
                if (directive && *directive == Directive::Delete)
                    return nullptr;
            }
            // A null that is spelled out in the object stays.
            if (!patch)
                return object && !object->text.empty() ? object : nullptr;
            result = patch;
        } else if (patch) {
            if (patch->isNull())
                return nullptr;
            auto directive = takeDirective(patch);
            if (!directive)
                return std::unexpected(std::move(directive.error()));
            if (*directive == Directive::Delete)
                return nullptr;
            if (*directive == Directive::Replace)
                result = patch;
        }
        if (result->isNull())
            return result;
        if (place == kNoSchema)
            place = ownSchema(result, patch);
        return mergeFields(*result, patch, place);
    }

    /// An object inside an object is merged by its own type.
    SchemaPlace ownSchema(const YamlNode* object, const YamlNode* patch) const
    {
        for (const YamlNode* node : {object, patch}) {
            if (isMissing(node))
                continue;
            const std::string_view kind = node->textAt("kind");
            const std::string_view apiVersion = node->textAt("apiVersion");
            if (kind.empty() || apiVersion.empty())
                continue;
            if (const SchemaPlace place = m_schema.of(makeGvk(apiVersion, kind));
                place != kNoSchema)
                return place;
        }
        return kNoSchema;
    }

    core::Result<YamlNode*> mergeFields(YamlNode& object, YamlNode* patch, SchemaPlace place)
    {
        // Fields of the object first, then those that only the patch has: their order in the tree
        // means nothing.
        std::vector<std::string_view> names;
        names.reserve(object.size());
        for (std::size_t i = 0; i < object.size(); ++i)
            names.push_back(object.key(i)->text);
        if (patch && patch != &object)
            for (std::size_t i = 0; i < patch->size(); ++i)
                if (!object.find(patch->key(i)->text))
                    names.push_back(patch->key(i)->text);
        for (std::string_view name : names) {
            YamlNode* own = object.find(name);
            const std::size_t theirs = patch ? patch->indexOf(name) : YamlNode::npos;
            YamlNode* their = theirs == YamlNode::npos ? nullptr : patch->value(theirs);
            auto merged =
                merge(own, their, m_schema.field(place, name), m_schema.list(place, name));
            if (!merged)
                return merged;
            setField(object, name, own, *merged,
                     theirs == YamlNode::npos ? nullptr : patch->key(theirs));
        }
        return &object;
    }

    void setField(YamlNode& object, std::string_view name, YamlNode* own, YamlNode* value,
                  YamlNode* patchKey)
    {
        const bool isKeptNull =
            value && value->isNull() && value == own && !value->text.empty() && !patchKey;
        if (!value || (value->isNull() && !isKeptNull)) {
            object.remove(name);
            return;
        }
        if (value == own)
            return;
        if (!own) {
            m_tree.append(object, patchKey, value);
            return;
        }
        // Kustomize keeps the quotes of the old value, so a number in the place of a quoted one
        // becomes a string.
        value->style = own->style;
        if (value->isScalar() && value->style != YamlNode::Style::Plain)
            value->tag = core::YamlTag::String;
        const std::size_t index = object.indexOf(name);
        object.children[2 * index + 1] = value;
        if (patchKey)
            object.children[2 * index] = patchKey;
    }

    // ---- lists ----

    static void collectValues(const YamlNode* list, const Keys& keys, std::vector<Values>& values)
    {
        if (isMissing(list))
            return;
        for (std::uint32_t i = 0; i < list->count; ++i) {
            Values found;
            if (keys.empty()) {
                found.push_back(list->item(i)->text);
            } else {
                for (std::string_view key : keys)
                    found.push_back(list->item(i)->textAt(key));
            }
            if (std::find(values.begin(), values.end(), found) == values.end())
                values.push_back(std::move(found));
        }
    }

    /// Of several keys, items may lack some: those that agree where both have one are the same.
    static void joinValues(std::vector<Values>& all)
    {
        for (Values& a : all) {
            for (Values& b : all) {
                Values joined;
                if (!agree(a, b, joined))
                    continue;
                a = joined;
                b = joined;
            }
        }
    }

    static bool agree(const Values& a, const Values& b, Values& joined)
    {
        bool haveCommon = false;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a[i] == b[i])
                haveCommon = true;
            else if (!a[i].empty() && !b[i].empty())
                return false;
            joined.push_back(a[i].empty() ? b[i] : a[i]);
        }
        return haveCommon;
    }

    /// Keeps the keys that at least one of the items has.
    static void dropUnusedKeys(const std::vector<Values>& all, Keys& keys, Values& values)
    {
        if (keys.size() < 2)
            return;
        std::vector<bool> used(keys.size());
        for (const Values& item : all)
            for (std::size_t i = 0; i < item.size(); ++i)
                used[i] = used[i] || !item[i].empty();
        if (std::find(used.begin(), used.end(), true) == used.end())
            return;
        Keys usedKeys;
        Values usedValues;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!used[i])
                continue;
            usedKeys.push_back(keys[i]);
            usedValues.push_back(values[i]);
        }
        keys = std::move(usedKeys);
        values = std::move(usedValues);
    }

    static YamlNode* findItem(YamlNode* list, const std::vector<Values>& own, Keys keys,
                              Values values)
    {
        if (isMissing(list))
            return nullptr;
        dropUnusedKeys(own, keys, values);
        for (std::uint32_t i = 0; i < list->count; ++i)
            if (Elements::matches(*list->item(i), keys, values))
                return list->item(i);
        return nullptr;
    }

    core::Result<YamlNode*> mergeLists(YamlNode* object, YamlNode* patch, const ListMerge& list)
    {
        YamlNode* result = object;
        if (isMissing(object)) {
            if (!patch)
                return nullptr;
            if (auto directive = takeDirective(patch); !directive)
                return std::unexpected(std::move(directive.error()));
            result = patch;
        } else if (patch) {
            if (patch->isNull())
                return nullptr;
            auto directive = takeDirective(patch);
            if (!directive)
                return std::unexpected(std::move(directive.error()));
            if (*directive == Directive::Delete)
                return nullptr;
            if (*directive == Directive::Replace)
                result = patch;
        }
        return mergeItems(*result, patch, list);
    }

    core::Result<YamlNode*> mergeItems(YamlNode& object, YamlNode* patch, const ListMerge& list)
    {
        std::vector<Values> all;
        collectValues(patch, list.keys, all);
        collectValues(&object, list.keys, all);
        if (list.keys.size() > 1)
            joinValues(all);
        YamlNode* added = m_tree.newSequence();
        added->file = object.file;
        added->line = object.line;
        added->column = object.column;
        Keys keys = list.keys;
        for (const Values& item : all) {
            keys = list.keys;
            Values values = item;
            dropUnusedKeys(all, keys, values);
            YamlNode* own = findItem(&object, {values}, keys, values);
            YamlNode* their = findItem(patch, {values}, keys, values);
            core::Result<YamlNode*> merged = their ? their : own;
            if (!keys.empty())
                merged = merge(own, their, list.item, {});
            if (!merged)
                return merged;
            if (isMissing(*merged) || ((*merged)->isMapping() && (*merged)->count == 0)) {
                Elements(m_tree, object).set(keys, values, nullptr);
                continue;
            }
            for (std::size_t i = 0; i < keys.size(); ++i)
                if (!(*merged)->find(keys[i]) && !values[i].empty())
                    setKey(**merged, keys[i], values[i]);
            Elements(m_tree, *added).set(keys, values, *merged);
        }
        appendRest(*added, object, keys);
        return added;
    }

    void setKey(YamlNode& item, std::string_view key, std::string_view value)
    {
        m_tree.set(item, key,
                   m_tree.newScalar(value, core::resolvePlain(value, core::YamlSchema::Resources)));
    }

    /// The object's own items follow, each in the place of its likeness if that is there already;
    /// with several keys at the end instead.
    void appendRest(YamlNode& added, const YamlNode& object, const Keys& keys)
    {
        for (std::uint32_t i = 0; i < object.count; ++i) {
            YamlNode* item = object.item(i);
            Values values;
            bool hasAllKeys = true;
            if (keys.empty()) {
                values.push_back(item->text);
            } else {
                for (std::string_view key : keys) {
                    const YamlNode* field = item->find(key);
                    hasAllKeys = hasAllKeys && field;
                    values.push_back(field ? field->text : std::string_view());
                }
            }
            if (!hasAllKeys) {
                if (std::find(added.children, added.children + added.count, item)
                    == added.children + added.count)
                    m_tree.append(added, item);
                continue;
            }
            Elements elements(m_tree, added);
            if (keys.size() > 1)
                elements.set(keys, values, nullptr);
            elements.set(keys, values, item);
        }
    }

    core::YamlTree& m_tree;
    const MergeSchema& m_schema;
};

} // namespace

core::Result<YamlNode*> mergePatch(core::YamlTree& tree, const MergeSchema& schema,
                                   YamlNode& object, YamlNode& patch)
{
    const SchemaPlace place =
        schema.of(makeGvk(object.textAt("apiVersion"), object.textAt("kind")));
    return Merger(tree, schema).merge(&object, &patch, place, {});
}

} // namespace gitops::kustomize

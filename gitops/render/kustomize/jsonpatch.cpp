// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/jsonpatch.h"

#include "core/base/strings.h"
#include "core/value/yamlemitter.h"
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/buildcontext.h"
#include "gitops/render/kustomize/foldedtext.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace gitops::kustomize {

namespace {

using core::Result;
using core::YamlNode;
using core::YamlTag;

/// A pointer's last step: what holds the value, and under which name.
struct Target
{
    YamlNode* holder = nullptr;
    std::string key;
};

class Patcher
{
public:
    Patcher(core::YamlTree& tree, YamlNode& object)
        : m_tree(tree)
        , m_object(object)
    {
    }

    Result<void> apply(const YamlNode& operation)
    {
        m_operation = &operation;
        if (!operation.isMapping())
            return invalid("an operation of a JSON patch must be a mapping");
        const std::string_view op = operation.textAt("op");
        const YamlNode* path = operation.find("path");
        if (!path || !path->isScalar())
            return invalid("an operation of a JSON patch has no path");
        m_path = path->text;
        if (op == "add")
            return add(target(m_path), value());
        if (op == "remove")
            return remove(target(m_path));
        if (op == "replace")
            return replace(target(m_path));
        if (op == "test")
            return test(target(m_path));
        if (op == "move" || op == "copy")
            return moveOrCopy(op == "move");
        return invalid("'" + core::sanitised(op) + "' is no operation of a JSON patch");
    }

private:
    std::unexpected<core::Error> invalid(std::string message) const
    {
        return core::failure(core::ErrorCode::Invalid, std::move(message),
                             {.file = m_tree.fileName(m_operation->file),
                              .line = m_operation->line,
                              .column = m_operation->column},
                             core::Fault::Repository);
    }
    std::unexpected<core::Error> missing(std::string_view path) const
    {
        return invalid("the JSON patch does not apply: the object has no " + core::sanitised(path));
    }

    YamlNode* value()
    {
        const YamlNode* found = m_operation->find("value");
        return found ? m_tree.copy(*found) : m_tree.newScalar("null", YamlTag::Null);
    }

    /// nullopt when the way there is not.
    std::optional<Target> target(std::string_view path) const
    {
        if (path.empty() || path[0] != '/')
            return std::nullopt;
        std::vector<std::string> parts;
        for (std::string_view part : core::split(path.substr(1), '/')) {
            std::string plain;
            for (std::size_t i = 0; i < part.size(); ++i) {
                if (part[i] == '~' && i + 1 < part.size()
                    && (part[i + 1] == '0' || part[i + 1] == '1'))
                    plain += part[++i] == '0' ? '~' : '/';
                else
                    plain += part[i];
            }
            parts.push_back(std::move(plain));
        }
        YamlNode* node = &m_object;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            node = child(*node, parts[i]);
            if (!node || node->isScalar())
                return std::nullopt;
        }
        return Target {node, parts.back()};
    }

    static std::optional<std::int64_t> indexOf(std::string_view key)
    {
        std::int64_t index = 0;
        if (key.starts_with('+'))
            key.remove_prefix(1);
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
        if (error != std::errc() || end != key.data() + key.size() || key.empty())
            return std::nullopt;
        return index;
    }

    /// An existing item's index; negative ones count from the end.
    static std::optional<std::size_t> itemIndex(const YamlNode& list, std::string_view key)
    {
        auto index = indexOf(key);
        if (index && *index < 0)
            *index += list.count;
        if (!index || *index < 0 || *index >= std::int64_t(list.count))
            return std::nullopt;
        return std::size_t(*index);
    }

    static YamlNode* child(const YamlNode& node, std::string_view key)
    {
        if (node.isMapping())
            return node.find(key);
        const auto index = node.isSequence() ? itemIndex(node, key) : std::nullopt;
        return index ? node.item(*index) : nullptr;
    }

    Result<void> add(const std::optional<Target>& where, YamlNode* added)
    {
        if (!where)
            return missing(m_path);
        const auto levels = std::count(m_path.begin(), m_path.end(), '/');
        if (levels > kMostLevels || added->isDeeperThan(kMostLevels - int(levels))
            || m_tree.nodeCount() > kMostNodes)
            return core::failure(
                core::ErrorCode::LimitExceeded,
                "the JSON patch makes the object too deep or too large",
                {.file = m_tree.fileName(m_operation->file), .line = m_operation->line},
                core::Fault::Repository);
        YamlNode& holder = *where->holder;
        if (holder.isMapping()) {
            m_tree.set(holder, where->key, added);
            return {};
        }
        if (where->key == "-") {
            m_tree.append(holder, added);
            return {};
        }
        auto index = indexOf(where->key);
        const auto end = std::int64_t(holder.count);
        if (index && *index < 0)
            *index += end + 1;
        if (!index || *index < 0 || *index > end)
            return missing(m_path);
        m_tree.insert(holder, std::size_t(*index), added);
        return {};
    }

    Result<void> remove(const std::optional<Target>& where)
    {
        if (!where || !child(*where->holder, where->key))
            return missing(m_path);
        if (where->holder->isMapping())
            where->holder->remove(where->key);
        else
            where->holder->removeAt(*itemIndex(*where->holder, where->key));
        return {};
    }

    Result<void> replace(const std::optional<Target>& where)
    {
        // A mapping need not have the key: the library that Kustomize uses adds it.
        if (!where || (where->holder->isSequence() && !child(*where->holder, where->key)))
            return missing(m_path);
        const auto levels = std::count(m_path.begin(), m_path.end(), '/');
        if (levels > kMostLevels)
            return missing(m_path);
        if (where->holder->isMapping())
            m_tree.set(*where->holder, where->key, value());
        else
            where->holder->item(*itemIndex(*where->holder, where->key)) = value();
        return {};
    }

    Result<void> test(const std::optional<Target>& where)
    {
        const YamlNode* found = where ? child(*where->holder, where->key) : nullptr;
        const YamlNode* wanted = m_operation->find("value");
        const bool isNullWanted = !wanted || wanted->isNull();
        if (!found || found->isNull()) {
            if (isNullWanted && where)
                return {};
        } else if (!isNullWanted) {
            const auto a = core::toJson(m_tree, *found);
            const auto b = core::toJson(m_tree, *wanted);
            if (a && b && core::isEqual(*a, *b))
                return {};
        }
        return invalid("the test of the JSON patch at " + core::sanitised(m_path) + " failed");
    }

    Result<void> moveOrCopy(bool isMove)
    {
        const YamlNode* from = m_operation->find("from");
        const std::string_view path = from && from->isScalar() ? from->text : std::string_view();
        const auto source = target(path);
        YamlNode* found = source ? child(*source->holder, source->key) : nullptr;
        if (!found)
            return missing(path);
        if (isMove) {
            if (auto removed = remove(source); !removed)
                return removed;
        } else {
            found = m_tree.copy(*found);
        }
        return add(target(m_path), found);
    }

    core::YamlTree& m_tree;
    YamlNode& m_object;
    const YamlNode* m_operation = nullptr;
    std::string_view m_path;
};

/// Kustomize takes the object through JSON and YAML on the way, which has effects: quotes stay only
/// where they are needed, integers beyond 2^53 lose their last digits, dates become strings.
void passThroughJson(core::YamlTree& tree, YamlNode& node)
{
    for (std::uint32_t i = 0; i < node.count; ++i)
        passThroughJson(tree, *node.children[i]);
    if (!node.isScalar())
        return;
    if (node.tag == YamlTag::Timestamp) {
        if (const auto time = core::normalisedTimestamp(node.text))
            node.text = tree.store(*time);
        node.tag = YamlTag::String;
    }
    if (node.tag == YamlTag::Null) {
        node.text = "null";
    } else if (node.tag == YamlTag::Int && node.text.size() > 15) {
        const auto number = core::parseYamlNumber(node.text);
        std::string text;
        if (number) {
            core::appendYamlNumber(
                text, std::visit([](auto value) { return static_cast<double>(value); }, *number));
            node.text = tree.store(text);
            node.tag = core::resolvePlain(node.text, core::YamlSchema::Resources);
        }
    }
    const bool isPlain =
        node.tag != YamlTag::String || core::YamlEmitter::isWrittenPlain(node.text);
    node.style = isPlain ? YamlNode::Style::Plain : YamlNode::Style::DoubleQuoted;
}

} // namespace

core::Result<void> applyJsonPatch(core::YamlTree& tree, YamlNode& object,
                                  const YamlNode& operations)
{
    refold(tree, object);
    Patcher patcher(tree, object);
    for (std::uint32_t i = 0; i < operations.count; ++i)
        if (auto applied = patcher.apply(*operations.item(i)); !applied)
            return applied;
    passThroughJson(tree, object);
    return {};
}

} // namespace gitops::kustomize

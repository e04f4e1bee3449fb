// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamlscalar.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core {

class YamlTree;

/// One node of a YamlTree. The tree owns it and all that it points to. A scalar keeps its spelling:
/// it is typed by its tag only when it is emitted or converted.
struct YamlNode
{
    enum class Type : std::uint8_t
    {
        Scalar,
        Mapping,
        Sequence
    };
    enum class Style : std::uint8_t
    {
        Plain,
        SingleQuoted,
        DoubleQuoted,
        Literal,
        Folded
    };

    Type type = Type::Scalar;
    Style style = Style::Plain;
    YamlTag tag = YamlTag::String; ///< resolved already
    std::uint32_t file = 0; ///< see YamlTree::fileName
    std::int32_t line = 0; ///< from 1; 0 when it stands in no file
    std::int32_t column = 0; ///< from 1
    std::uint32_t count = 0; ///< children: of a mapping key, value, key, value
    std::uint32_t capacity = 0;
    YamlNode** children = nullptr;
    std::string_view text; ///< of a scalar

    bool isScalar() const { return type == Type::Scalar; }
    bool isMapping() const { return type == Type::Mapping; }
    bool isSequence() const { return type == Type::Sequence; }
    bool isNull() const { return type == Type::Scalar && tag == YamlTag::Null; }
    bool isString() const { return type == Type::Scalar && tag == YamlTag::String; }

    /// Entries of a mapping, items of a sequence.
    std::size_t size() const { return isMapping() ? count / 2 : count; }
    YamlNode* key(std::size_t entry) const { return children[2 * entry]; }
    YamlNode* value(std::size_t entry) const { return children[2 * entry + 1]; }
    YamlNode*& item(std::size_t index) const { return children[index]; }

    /// The entry of a mapping with that key, or npos; npos too when this is no mapping.
    std::size_t indexOf(std::string_view key) const;
    /// The value of a mapping's entry, or nullptr.
    YamlNode* find(std::string_view key) const;
    /// find along several keys.
    YamlNode* findPath(std::initializer_list<std::string_view> keys) const;
    /// The text of the scalar at a key, or "".
    std::string_view textAt(std::string_view key) const;
    /// Whether collections are inside each other more than that many levels.
    bool isDeeperThan(int levels) const;
    /// Takes an entry or item out; the others keep their order.
    void removeAt(std::size_t index);
    bool remove(std::string_view key);

    static constexpr std::size_t npos = ~std::size_t(0);
};

/// An arena of YAML nodes and their text: nodes live as long as the tree, at one place, and are
/// changed by one thread at a time. Nothing is freed before the tree is.
class YamlTree
{
public:
    YamlTree();
    ~YamlTree();
    YamlTree(const YamlTree&) = delete;
    YamlTree& operator=(const YamlTree&) = delete;

    /// Files get numbers in the order they come; 0 is "" (no file).
    std::uint32_t addFile(std::string name);
    const std::string& fileName(std::uint32_t file) const { return m_files[file]; }
    std::size_t nodeCount() const { return m_nodeCount; }

    /// A copy of the bytes that lives as long as the tree.
    std::string_view store(std::string_view text);

    YamlNode* newScalar(std::string_view text, YamlTag tag = YamlTag::String);
    YamlNode* newMapping();
    YamlNode* newSequence();
    /// Deep; places are kept.
    YamlNode* copy(const YamlNode& node);

    void append(YamlNode& sequence, YamlNode* item);
    void insert(YamlNode& sequence, std::size_t index, YamlNode* item);
    /// Adds an entry without looking for the key.
    void append(YamlNode& mapping, YamlNode* key, YamlNode* value);
    /// Replaces the value of the key, or adds an entry.
    void set(YamlNode& mapping, std::string_view key, YamlNode* value);
    /// As set with a string scalar; keeps the place of `from` when given.
    void setString(YamlNode& mapping, std::string_view key, std::string_view value,
                   const YamlNode* from = nullptr);
    /// The mapping at a key, made (also in place of a null) when it is not there; nullptr when
    /// something else stands there.
    YamlNode* mappingAt(YamlNode& mapping, std::string_view key);

private:
    YamlNode* newNode();
    void* allocate(std::size_t bytes, std::size_t alignment);
    void reserve(YamlNode& node, std::size_t count);

    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
    std::byte* m_next = nullptr;
    std::byte* m_end = nullptr;
    std::size_t m_nodeCount = 0;
    std::vector<std::string> m_files {""};
};

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamltree.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace core {

namespace {

constexpr std::size_t kFirstBlock = 16u << 10;
constexpr std::size_t kLargestBlock = 1u << 20;

} // namespace

std::size_t YamlNode::indexOf(std::string_view key) const
{
    if (!isMapping())
        return npos;
    for (std::uint32_t i = 0; i < count; i += 2)
        if (children[i]->text == key && children[i]->isScalar())
            return i / 2;
    return npos;
}

YamlNode* YamlNode::find(std::string_view key) const
{
    const std::size_t index = indexOf(key);
    return index == npos ? nullptr : value(index);
}

YamlNode* YamlNode::findPath(std::initializer_list<std::string_view> keys) const
{
    const YamlNode* node = this;
    YamlNode* found = nullptr;
    for (std::string_view key : keys) {
        found = node->find(key);
        if (!found)
            return nullptr;
        node = found;
    }
    return found;
}

std::string_view YamlNode::textAt(std::string_view key) const
{
    const YamlNode* node = find(key);
    return node && node->isScalar() && !node->isNull() ? node->text : std::string_view();
}

bool YamlNode::isDeeperThan(int levels) const
{
    if (isScalar())
        return false;
    if (levels == 0)
        return true;
    return std::any_of(children, children + count,
                       [&](const YamlNode* child) { return child->isDeeperThan(levels - 1); });
}

void YamlNode::removeAt(std::size_t index)
{
    const std::size_t width = isMapping() ? 2 : 1;
    YamlNode** first = children + index * width;
    std::copy(first + width, children + count, first);
    count -= std::uint32_t(width);
}

bool YamlNode::remove(std::string_view key)
{
    const std::size_t index = indexOf(key);
    if (index == npos)
        return false;
    removeAt(index);
    return true;
}

YamlTree::YamlTree() = default;
YamlTree::~YamlTree() = default;

std::uint32_t YamlTree::addFile(std::string name)
{
    m_files.push_back(std::move(name));
    return std::uint32_t(m_files.size() - 1);
}

void* YamlTree::allocate(std::size_t bytes, std::size_t alignment)
{
    const auto address = reinterpret_cast<std::uintptr_t>(m_next);
    const std::size_t padding = (alignment - address % alignment) % alignment;
    if (!m_next || std::size_t(m_end - m_next) < bytes + padding) {
        const std::size_t grown = kFirstBlock << std::min<std::size_t>(m_blocks.size(), 6);
        const std::size_t size = std::max(std::min(grown, kLargestBlock), bytes);
        // A large piece gets a block of its own and leaves the current one in use.
        if (bytes > kLargestBlock / 4 && m_next) {
            auto own = std::make_unique_for_overwrite<std::byte[]>(bytes);
            void* place = own.get();
            m_blocks.push_back(std::move(own));
            return place;
        }
        m_blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
        m_next = m_blocks.back().get();
        m_end = m_next + size;
        void* place = m_next;
        m_next += bytes;
        return place;
    }
    void* place = m_next + padding;
    m_next += padding + bytes;
    return place;
}

std::string_view YamlTree::store(std::string_view text)
{
    if (text.empty())
        return {};
    auto* bytes = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
}

YamlNode* YamlTree::newNode()
{
    ++m_nodeCount;
    return new (allocate(sizeof(YamlNode), alignof(YamlNode))) YamlNode;
}

YamlNode* YamlTree::newScalar(std::string_view text, YamlTag tag)
{
    YamlNode* node = newNode();
    node->text = store(text);
    node->tag = tag;
    return node;
}

YamlNode* YamlTree::newMapping()
{
    YamlNode* node = newNode();
    node->type = YamlNode::Type::Mapping;
    node->tag = YamlTag::Map;
    return node;
}

YamlNode* YamlTree::newSequence()
{
    YamlNode* node = newNode();
    node->type = YamlNode::Type::Sequence;
    node->tag = YamlTag::Sequence;
    return node;
}

YamlNode* YamlTree::copy(const YamlNode& node)
{
    YamlNode* made = newNode();
    *made = node;
    made->children = nullptr;
    made->capacity = 0;
    made->count = 0;
    reserve(*made, node.count);
    for (std::uint32_t i = 0; i < node.count; ++i)
        made->children[i] = copy(*node.children[i]);
    made->count = node.count;
    return made;
}

void YamlTree::reserve(YamlNode& node, std::size_t count)
{
    if (count <= node.capacity)
        return;
    const std::size_t capacity = std::max<std::size_t>(count, node.capacity * 2);
    auto** children =
        static_cast<YamlNode**>(allocate(capacity * sizeof(YamlNode*), alignof(YamlNode*)));
    std::copy(node.children, node.children + node.count, children);
    node.children = children;
    node.capacity = std::uint32_t(capacity);
}

void YamlTree::append(YamlNode& sequence, YamlNode* item)
{
    reserve(sequence, sequence.count + 1);
    sequence.children[sequence.count++] = item;
}

void YamlTree::insert(YamlNode& sequence, std::size_t index, YamlNode* item)
{
    append(sequence, item);
    std::rotate(sequence.children + index, sequence.children + sequence.count - 1,
                sequence.children + sequence.count);
}

void YamlTree::append(YamlNode& mapping, YamlNode* key, YamlNode* value)
{
    reserve(mapping, mapping.count + 2);
    mapping.children[mapping.count++] = key;
    mapping.children[mapping.count++] = value;
}

void YamlTree::set(YamlNode& mapping, std::string_view key, YamlNode* value)
{
    const std::size_t index = mapping.indexOf(key);
    if (index != YamlNode::npos) {
        mapping.children[2 * index + 1] = value;
        return;
    }
    YamlNode* name = newScalar(key);
    name->file = value->file;
    name->line = value->line;
    name->column = value->column;
    append(mapping, name, value);
}

void YamlTree::setString(YamlNode& mapping, std::string_view key, std::string_view value,
                         const YamlNode* from)
{
    YamlNode* node = newScalar(value);
    if (from) {
        node->file = from->file;
        node->line = from->line;
        node->column = from->column;
    }
    set(mapping, key, node);
}

YamlNode* YamlTree::mappingAt(YamlNode& mapping, std::string_view key)
{
    YamlNode* found = mapping.find(key);
    if (found && !found->isNull())
        return found->isMapping() ? found : nullptr;
    YamlNode* made = newMapping();
    set(mapping, key, made);
    return made;
}

} // namespace core

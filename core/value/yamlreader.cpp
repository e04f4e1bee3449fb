// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"

#include "core/base/strings.h"
#include "core/value/yamltext.h"

#include <yaml.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

namespace core {

namespace {

std::unexpected<Error> limitPassed(std::string message, Place place)
{
    return failure(ErrorCode::LimitExceeded, std::move(message), std::move(place),
                   Fault::Repository);
}

std::unexpected<Error> invalid(std::string message, Place place)
{
    return failure(ErrorCode::Invalid, std::move(message), std::move(place), Fault::Repository);
}

/// Builds the nodes of one chunk from libyaml's events.
class ChunkReader
{
public:
    ChunkReader(YamlTree& tree, std::uint32_t file, const YamlChunk& chunk,
                const YamlReadOptions& options, std::size_t& aliasNodes, std::size_t firstNode)
        : m_tree(tree)
        , m_file(file)
        , m_chunk(chunk)
        , m_options(options)
        , m_aliasNodes(aliasNodes)
        , m_firstNode(firstNode)
    {
        m_ready = yaml_parser_initialize(&m_parser) == 1;
        const std::string_view text = chunk.text.empty() ? "" : chunk.text; // libyaml needs a place
        if (m_ready)
            yaml_parser_set_input_string(
                &m_parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }
    ~ChunkReader()
    {
        if (m_ready)
            yaml_parser_delete(&m_parser);
    }
    ChunkReader(const ChunkReader&) = delete;
    ChunkReader& operator=(const ChunkReader&) = delete;

    /// The first document, or nullptr when there is none.
    Result<YamlNode*> read()
    {
        if (!m_ready)
            return failure(ErrorCode::LimitExceeded, "no memory for the YAML parser");
        for (;;) {
            yaml_event_t event;
            if (yaml_parser_parse(&m_parser, &event) == 0)
                return parserError();
            const bool atEnd = event.type == YAML_STREAM_END_EVENT;
            auto handled = take(event);
            yaml_event_delete(&event);
            if (!handled)
                return std::unexpected(std::move(handled.error()));
            if (atEnd)
                return m_root;
        }
    }

private:
    struct Frame
    {
        YamlNode* node = nullptr;
        YamlNode* key = nullptr; ///< of a mapping: waits for its value
        std::string anchor;
        std::size_t nodesBefore = 0;
        int height = 1;
    };
    struct Anchor
    {
        YamlNode* node = nullptr; ///< nullptr while it is still open
        std::size_t size = 0;
        int height = 0;
    };

    Place placeOf(const yaml_mark_t& mark) const
    {
        return {.file = m_tree.fileName(m_file),
                .line = int(mark.line) + 1 + m_chunk.line,
                .column = int(mark.column) + 1};
    }
    Place placeOf(const YamlNode& node) const
    {
        return {.file = m_tree.fileName(node.file), .line = node.line, .column = node.column};
    }

    std::unexpected<Error> parserError() const
    {
        std::string message = m_parser.problem ? m_parser.problem : "not readable as YAML";
        if (m_parser.context)
            message += std::string(" ") + m_parser.context;
        if (m_parser.error == YAML_MEMORY_ERROR)
            return limitPassed("no memory to read the YAML text", placeOf(m_parser.mark));
        if (m_parser.error == YAML_READER_ERROR) {
            yaml_mark_t mark = m_parser.mark;
            const auto upTo = std::min(m_parser.problem_offset, m_chunk.text.size());
            mark.line = std::size_t(std::count(m_chunk.text.begin(),
                                               m_chunk.text.begin() + std::ptrdiff_t(upTo), '\n'));
            mark.column = 0;
            return invalid("not valid YAML: " + message, placeOf(mark));
        }
        return invalid("not valid YAML: " + message, placeOf(m_parser.problem_mark));
    }

    Result<void> take(const yaml_event_t& event)
    {
        switch (event.type) {
        case YAML_DOCUMENT_START_EVENT:
            ++m_documents;
            m_anchors.clear();
            return {};
        case YAML_SCALAR_EVENT:
            return takeScalar(event);
        case YAML_ALIAS_EVENT:
            return takeAlias(event);
        case YAML_MAPPING_START_EVENT:
            return open(m_tree.newMapping(), event, event.data.mapping_start.anchor);
        case YAML_SEQUENCE_START_EVENT:
            return open(m_tree.newSequence(), event, event.data.sequence_start.anchor);
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
            return close();
        default:
            return {};
        }
    }

    void setPlace(YamlNode& node, const yaml_event_t& event) const
    {
        node.file = m_file;
        node.line = int(event.start_mark.line) + 1 + m_chunk.line;
        node.column = int(event.start_mark.column) + 1;
    }

    Result<void> open(YamlNode* node, const yaml_event_t& event, const yaml_char_t* anchor)
    {
        setPlace(*node, event);
        if (int(m_stack.size()) >= m_options.limits.depth)
            return limitPassed("mappings and lists are nested more than "
                                   + std::to_string(m_options.limits.depth) + " levels deep",
                               placeOf(*node));
        auto placed = place(node);
        if (!placed)
            return placed;
        Frame frame {.node = node, .nodesBefore = m_tree.nodeCount() - 1};
        if (anchor) {
            frame.anchor = reinterpret_cast<const char*>(anchor);
            m_anchors[frame.anchor] = {};
        }
        m_stack.push_back(std::move(frame));
        return {};
    }

    Result<void> close()
    {
        Frame frame = std::move(m_stack.back());
        m_stack.pop_back();
        if (!m_stack.empty())
            m_stack.back().height = std::max(m_stack.back().height, frame.height + 1);
        if (frame.node->isMapping()) {
            auto finished = finishMapping(*frame.node);
            if (!finished)
                return finished;
        }
        if (!frame.anchor.empty())
            m_anchors[frame.anchor] = {frame.node, m_tree.nodeCount() - frame.nodesBefore,
                                       frame.height};
        return {};
    }

    Result<void> takeScalar(const yaml_event_t& event)
    {
        const auto& scalar = event.data.scalar;
        const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
        YamlNode* node = m_tree.newScalar(text);
        setPlace(*node, event);
        switch (scalar.style) {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE:
            node->style = YamlNode::Style::SingleQuoted;
            break;
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
            node->style = YamlNode::Style::DoubleQuoted;
            break;
        case YAML_LITERAL_SCALAR_STYLE:
            node->style = YamlNode::Style::Literal;
            break;
        case YAML_FOLDED_SCALAR_STYLE:
            node->style = YamlNode::Style::Folded;
            break;
        default:
            break;
        }
        auto tagged = setTag(*node, scalar.tag);
        if (!tagged)
            return tagged;
        if (scalar.anchor)
            m_anchors[reinterpret_cast<const char*>(scalar.anchor)] = {node, 1, 0};
        return place(node);
    }

    Result<void> setTag(YamlNode& node, const yaml_char_t* explicitTag) const
    {
        const bool isPlain = node.style == YamlNode::Style::Plain;
        if (!explicitTag) {
            node.tag = isPlain ? resolvePlain(node.text, m_options.schema) : YamlTag::String;
            // The older rules know dates only to leave them as they are.
            if (node.tag == YamlTag::Timestamp && m_options.schema == YamlSchema::Yaml11)
                node.tag = YamlTag::String;
            return {};
        }
        constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
        std::string_view tag = reinterpret_cast<const char*>(explicitTag);
        if (!tag.starts_with(kPrefix)) {
            node.tag = YamlTag::String;
            return {};
        }
        tag.remove_prefix(kPrefix.size());
        const YamlTag found = resolvePlain(node.text, m_options.schema);
        const auto require = [&](YamlTag wanted, bool matches) -> Result<void> {
            if (!matches)
                return invalid("the value does not fit its tag !!" + std::string(tag),
                               placeOf(node));
            node.tag = wanted;
            return {};
        };
        if (tag == "int")
            return require(YamlTag::Int, found == YamlTag::Int);
        if (tag == "float")
            return require(YamlTag::Float, found == YamlTag::Float || found == YamlTag::Int);
        if (tag == "bool")
            return require(YamlTag::Bool, found == YamlTag::Bool);
        if (tag == "null")
            return require(YamlTag::Null, found == YamlTag::Null);
        if (tag == "timestamp")
            return require(YamlTag::Timestamp, found == YamlTag::Timestamp);
        node.tag = tag == "binary" ? YamlTag::Binary : YamlTag::String;
        return {};
    }

    Result<void> takeAlias(const yaml_event_t& event)
    {
        const std::string name = reinterpret_cast<const char*>(event.data.alias.anchor);
        const Place at = placeOf(event.start_mark);
        const auto found = m_anchors.find(name);
        if (found == m_anchors.end())
            return invalid("the alias *" + name + " has no anchor", at);
        const Anchor& anchor = found->second;
        if (!anchor.node)
            return invalid("the alias *" + name + " stands inside its own anchor", at);
        m_aliasNodes += anchor.size;
        if (m_aliasNodes > m_options.limits.aliasNodes)
            return limitPassed("aliases expand to more than "
                                   + std::to_string(m_options.limits.aliasNodes) + " nodes",
                               at);
        if (int(m_stack.size()) + anchor.height > m_options.limits.depth)
            return limitPassed("mappings and lists are nested more than "
                                   + std::to_string(m_options.limits.depth) + " levels deep",
                               at);
        if (!m_stack.empty())
            m_stack.back().height = std::max(m_stack.back().height, anchor.height + 1);
        return place(m_tree.copy(*anchor.node));
    }

    /// Puts a node where the next one belongs.
    Result<void> place(YamlNode* node)
    {
        if (m_tree.nodeCount() - m_firstNode > m_options.limits.nodes)
            return limitPassed("the YAML text has more than "
                                   + std::to_string(m_options.limits.nodes) + " nodes",
                               placeOf(*node));
        if (m_stack.empty()) {
            if (m_documents <= 1)
                m_root = node;
            else if (!node->isNull())
                return invalid("a second document begins here without a line \"---\"",
                               placeOf(*node));
            return {};
        }
        Frame& frame = m_stack.back();
        if (frame.node->isSequence()) {
            m_tree.append(*frame.node, node);
        } else if (!frame.key) {
            if (!node->isScalar())
                return invalid("a mapping key must be a scalar", placeOf(*node));
            frame.key = node;
        } else {
            m_tree.append(*frame.node, frame.key, node);
            frame.key = nullptr;
        }
        return {};
    }

    Result<void> finishMapping(YamlNode& mapping)
    {
        bool hasMerge = false;
        for (std::size_t i = 0; i < mapping.size(); ++i)
            hasMerge = hasMerge || mapping.key(i)->tag == YamlTag::Merge;
        if (hasMerge) {
            auto merged = mergeInto(mapping);
            if (!merged)
                return merged;
        }
        return m_options.lastKeyWins ? dropEarlierKeys(mapping) : refuseEqualKeys(mapping);
    }

    /// Replaces "<<" entries by the entries of what they name that the mapping lacks.
    Result<void> mergeInto(YamlNode& mapping)
    {
        std::vector<YamlNode*> sources;
        for (std::size_t i = 0; i < mapping.size();) {
            if (mapping.key(i)->tag != YamlTag::Merge) {
                ++i;
                continue;
            }
            YamlNode* value = mapping.value(i);
            if (value->isSequence())
                sources.insert(sources.end(), value->children, value->children + value->count);
            else
                sources.push_back(value);
            mapping.removeAt(i);
        }
        std::unordered_set<std::string_view> known;
        for (std::size_t i = 0; i < mapping.size(); ++i)
            known.insert(mapping.key(i)->text);
        for (YamlNode* source : sources) {
            if (!source->isMapping())
                return invalid("\"<<\" wants a mapping or a list of mappings", placeOf(*source));
            for (std::size_t i = 0; i < source->size(); ++i)
                if (known.insert(source->key(i)->text).second)
                    m_tree.append(mapping, source->key(i), source->value(i));
        }
        return {};
    }

    std::unexpected<Error> equalKeys(const YamlNode& first, const YamlNode& second) const
    {
        return invalid("mapping key \"" + sanitised(second.text) + "\" already defined at line "
                           + std::to_string(first.line),
                       placeOf(second));
    }

    Result<void> refuseEqualKeys(const YamlNode& mapping)
    {
        constexpr std::size_t kFew = 12;
        const std::size_t size = mapping.size();
        if (size <= kFew) {
            for (std::size_t i = 1; i < size; ++i)
                for (std::size_t j = 0; j < i; ++j)
                    if (mapping.key(i)->text == mapping.key(j)->text)
                        return equalKeys(*mapping.key(j), *mapping.key(i));
            return {};
        }
        std::unordered_map<std::string_view, const YamlNode*> seen;
        seen.reserve(size);
        for (std::size_t i = 0; i < size; ++i) {
            const auto [known, isNew] = seen.emplace(mapping.key(i)->text, mapping.key(i));
            if (!isNew)
                return equalKeys(*known->second, *mapping.key(i));
        }
        return {};
    }

    Result<void> dropEarlierKeys(YamlNode& mapping)
    {
        std::unordered_map<std::string_view, std::size_t> last;
        for (std::size_t i = 0; i < mapping.size(); ++i)
            last[mapping.key(i)->text] = i;
        if (last.size() == mapping.size())
            return {};
        std::uint32_t kept = 0;
        for (std::size_t i = 0; i < mapping.size(); ++i) {
            if (last[mapping.key(i)->text] != i)
                continue;
            YamlNode* key = mapping.key(i);
            mapping.children[kept + 1] = mapping.value(i);
            mapping.children[kept] = key;
            kept += 2;
        }
        mapping.count = kept;
        return {};
    }

    YamlTree& m_tree;
    std::uint32_t m_file;
    const YamlChunk& m_chunk;
    const YamlReadOptions& m_options;
    std::size_t& m_aliasNodes;
    std::size_t m_firstNode;
    yaml_parser_t m_parser {};
    bool m_ready = false;
    int m_documents = 0;
    YamlNode* m_root = nullptr;
    std::vector<Frame> m_stack;
    std::unordered_map<std::string, Anchor> m_anchors;
};

} // namespace

Result<std::vector<YamlNode*>> readYaml(YamlTree& tree, std::string_view text,
                                        const std::string& file, const YamlReadOptions& options)
{
    auto checked = checkYamlText(text, file, options.limits);
    if (!checked)
        return std::unexpected(std::move(checked.error()));
    std::string unixText;
    if (text.find('\r') != std::string_view::npos) {
        unixText = withUnixLineEnds(text);
        text = unixText;
    }
    auto chunks = splitYamlDocuments(text, file, options.firstLine);
    if (!chunks)
        return std::unexpected(std::move(chunks.error()));
    const std::uint32_t number = tree.addFile(file);
    std::size_t aliasNodes = 0;
    const std::size_t firstNode = tree.nodeCount();
    std::vector<YamlNode*> documents;
    for (const YamlChunk& chunk : *chunks) {
        auto root = ChunkReader(tree, number, chunk, options, aliasNodes, firstNode).read();
        if (!root)
            return std::unexpected(std::move(root.error()));
        if (*root && !(*root)->isNull())
            documents.push_back(*root);
    }
    return documents;
}

} // namespace core

// SPDX-License-Identifier: GPL-3.0-or-later
// Between the YAML tree and core::Json.
#include "core/base/strings.h"
#include "core/value/yamlreader.h"

#include <boost/json.hpp>

#include <cmath>

namespace core {

namespace {

class Converter
{
public:
    Converter(const YamlTree& tree, YamlOrigins* origins, std::string_view leaveOut)
        : m_tree(tree)
        , m_origins(origins)
        , m_leaveOut(leaveOut)
    {
    }

    Result<Json> convert(const YamlNode& node)
    {
        if (m_origins && node.line > 0)
            m_origins->emplace(m_pointer, placeOf(node));
        if (node.isMapping())
            return mapping(node);
        if (node.isSequence())
            return sequence(node);
        return scalar(node);
    }

private:
    Place placeOf(const YamlNode& node) const
    {
        return {.file = m_tree.fileName(node.file), .line = node.line, .column = node.column};
    }

    void push(std::string_view part)
    {
        m_pointer += '/';
        for (char c : part) {
            if (c == '~')
                m_pointer += "~0";
            else if (c == '/')
                m_pointer += "~1";
            else
                m_pointer += c;
        }
    }

    Result<Json> mapping(const YamlNode& node)
    {
        JsonObject object;
        object.reserve(node.size());
        const std::size_t length = m_pointer.size();
        for (std::size_t i = 0; i < node.size(); ++i) {
            const YamlNode& key = *node.key(i);
            YamlOrigins* origins = m_origins;
            if (m_origins) {
                push(key.text);
                // A field's place is that of its key.
                if (key.line > 0 && node.value(i)->line > 0 && key.file == node.value(i)->file)
                    m_origins->emplace(m_pointer, placeOf(key));
                if (!m_leaveOut.empty() && key.text == m_leaveOut)
                    m_origins = nullptr;
            }
            auto value = convert(*node.value(i));
            m_origins = origins;
            m_pointer.resize(length);
            if (!value)
                return value;
            object[keyText(key)] = std::move(*value);
        }
        return object;
    }

    Result<Json> sequence(const YamlNode& node)
    {
        JsonArray array;
        array.reserve(node.size());
        const std::size_t length = m_pointer.size();
        for (std::size_t i = 0; i < node.size(); ++i) {
            if (m_origins)
                push(std::to_string(i));
            auto value = convert(*node.item(i));
            m_pointer.resize(length);
            if (!value)
                return value;
            array.push_back(std::move(*value));
        }
        return array;
    }

    Result<Json> scalar(const YamlNode& node) const
    {
        switch (node.tag) {
        case YamlTag::Null:
            return Json(nullptr);
        case YamlTag::Bool:
            return Json(isYamlTrue(node.text));
        case YamlTag::Int:
        case YamlTag::Float:
            return number(node);
        case YamlTag::Timestamp:
            return text(normalisedTimestamp(node.text).value_or(std::string(node.text)));
        case YamlTag::Binary:
            return text(base64Decode(node.text).value_or(std::string(node.text)));
        default:
            return text(node.text);
        }
    }

    static Json text(std::string_view value) { return Json(JsonString(value)); }

    Result<Json> number(const YamlNode& node) const
    {
        const auto parsed = parseYamlNumber(node.text);
        if (!parsed)
            return text(node.text);
        if (const auto* value = std::get_if<std::int64_t>(&*parsed))
            return Json(*value);
        if (const auto* value = std::get_if<std::uint64_t>(&*parsed))
            return Json(*value);
        const double value = std::get<double>(*parsed);
        if (!std::isfinite(value))
            return failure(ErrorCode::Invalid, "infinities and NaN cannot be sent to a cluster",
                           placeOf(node), Fault::Repository);
        return Json(value);
    }

    static std::string keyText(const YamlNode& key)
    {
        std::string result;
        if (key.tag == YamlTag::Bool)
            return isYamlTrue(key.text) ? "true" : "false";
        if (key.tag == YamlTag::Int || key.tag == YamlTag::Float) {
            const auto parsed = parseYamlNumber(key.text);
            const auto* real = parsed ? std::get_if<double>(&*parsed) : nullptr;
            if (parsed && (!real || std::isfinite(*real))) {
                appendYamlNumber(result, *parsed);
                return result;
            }
        }
        return std::string(key.text);
    }

    const YamlTree& m_tree;
    YamlOrigins* m_origins;
    std::string_view m_leaveOut;
    std::string m_pointer;
};

YamlNode* numberNode(YamlTree& tree, const YamlNumber& number)
{
    std::string text;
    appendYamlNumber(text, number);
    return tree.newScalar(text, resolvePlain(text, YamlSchema::Resources));
}

} // namespace

Result<Json> toJson(const YamlTree& tree, const YamlNode& node, YamlOrigins* origins,
                    std::string_view leaveOut)
{
    return Converter(tree, origins, leaveOut).convert(node);
}

YamlNode* fromJson(YamlTree& tree, const Json& value)
{
    switch (value.kind()) {
    case boost::json::kind::null:
        return tree.newScalar("null", YamlTag::Null);
    case boost::json::kind::bool_:
        return tree.newScalar(value.get_bool() ? "true" : "false", YamlTag::Bool);
    case boost::json::kind::int64:
        return numberNode(tree, value.get_int64());
    case boost::json::kind::uint64:
        return numberNode(tree, value.get_uint64());
    case boost::json::kind::double_:
        if (!std::isfinite(value.get_double()))
            return tree.newScalar("null", YamlTag::Null);
        return numberNode(tree, value.get_double());
    case boost::json::kind::string:
        return tree.newScalar({value.get_string().data(), value.get_string().size()});
    case boost::json::kind::array: {
        YamlNode* sequence = tree.newSequence();
        for (const Json& item : value.get_array())
            tree.append(*sequence, fromJson(tree, item));
        return sequence;
    }
    case boost::json::kind::object: {
        YamlNode* mapping = tree.newMapping();
        for (const auto& member : value.get_object())
            tree.append(*mapping, tree.newScalar({member.key().data(), member.key().size()}),
                        fromJson(tree, member.value()));
        return mapping;
    }
    }
    return tree.newScalar("null", YamlTag::Null);
}

Result<std::vector<Json>> parseYamlDocuments(std::string_view text, const std::string& file,
                                             const YamlReadOptions& options)
{
    YamlTree tree;
    auto documents = readYaml(tree, text, file, options);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    std::vector<Json> values;
    values.reserve(documents->size());
    for (const YamlNode* document : *documents) {
        auto value = toJson(tree, *document);
        if (!value)
            return std::unexpected(std::move(value.error()));
        values.push_back(std::move(*value));
    }
    return values;
}

Result<Json> parseYaml(std::string_view text, const std::string& file,
                       const YamlReadOptions& options)
{
    auto documents = parseYamlDocuments(text, file, options);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (documents->size() > 1)
        return failure(ErrorCode::Invalid, "one YAML document is wanted, several are here",
                       {.file = file}, Fault::Repository);
    return documents->empty() ? Json(nullptr) : std::move(documents->front());
}

} // namespace core

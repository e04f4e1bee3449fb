// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/fielddecoder.h"

#include "core/base/strings.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;
using core::YamlTag;

void FieldDecoder::fail(const YamlNode& node, std::string message, core::ErrorCode code)
{
    if (m_error)
        return;
    m_error = core::Error {
        .code = code,
        .message = std::move(message),
        .place = {.file = m_tree.fileName(node.file), .line = node.line, .column = node.column},
        .fault = core::Fault::Repository};
}

void FieldDecoder::wrongType(const YamlNode& node, std::string_view name, std::string_view wanted)
{
    std::string found = "a mapping";
    if (node.isSequence())
        found = "a list";
    else if (node.isScalar())
        found = node.tag == YamlTag::Bool                            ? "a boolean"
            : node.tag == YamlTag::Int || node.tag == YamlTag::Float ? "a number"
                                                                     : "a string";
    fail(node,
         "'" + std::string(name) + "' must be " + std::string(wanted) + ", not " + found
             + (node.isScalar() && node.tag != YamlTag::String ? " (put it in quotes)" : ""));
}

void FieldDecoder::fields(const YamlNode& node, std::string_view where,
                          const std::vector<Field>& fields)
{
    if (node.isNull())
        return;
    if (!node.isMapping())
        return wrongType(node, where, "a mapping");
    for (std::size_t i = 0; i < node.size(); ++i) {
        const YamlNode& key = *node.key(i);
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
            return core::equalsIgnoringCase(field.name, key.text);
        });
        if (found == fields.end() && m_rules == Rules::Plugin)
            continue;
        if (found == fields.end()) {
            std::string message = "unknown field '" + core::sanitised(key.text) + "'";
            if (!where.empty())
                message += " in " + std::string(where);
            std::size_t best = 3;
            std::string_view near;
            for (const Field& field : fields) {
                const std::size_t distance = core::editDistance(field.name, key.text);
                if (distance < best) {
                    best = distance;
                    near = field.name;
                }
            }
            if (!near.empty())
                message += "; did you mean '" + std::string(near) + "'?";
            return fail(key, std::move(message));
        }
        if (!node.value(i)->isNull())
            found->read(*node.value(i));
    }
}

void FieldDecoder::items(const YamlNode& node, std::string_view name,
                         const std::function<void(const YamlNode&)>& read)
{
    if (node.isNull())
        return;
    if (!node.isSequence())
        return wrongType(node, name, "a list");
    for (std::size_t i = 0; i < node.count; ++i)
        read(*node.item(i));
}

Text FieldDecoder::text(const YamlNode& node, std::string_view name)
{
    if (node.isNull())
        return {};
    if (m_rules == Rules::Plugin && node.isScalar()) {
        if (node.tag == YamlTag::Bool)
            return {core::isYamlTrue(node.text) ? "true" : "false", &node};
        if (node.tag == YamlTag::Int || node.tag == YamlTag::Float) {
            std::string number;
            if (const auto value = core::parseYamlNumber(node.text))
                core::appendYamlNumber(number, *value);
            return {std::move(number), &node};
        }
        return {std::string(node.text), &node};
    }
    if (!node.isScalar() || (node.tag != YamlTag::String && node.tag != YamlTag::Merge)) {
        wrongType(node, name, "a string");
        return {};
    }
    return {std::string(node.text), &node};
}

std::string FieldDecoder::string(const YamlNode& node, std::string_view name)
{
    return text(node, name).value;
}

bool FieldDecoder::boolean(const YamlNode& node, std::string_view name)
{
    if (node.isNull())
        return false;
    if (!node.isScalar() || node.tag != YamlTag::Bool) {
        wrongType(node, name, "true or false");
        return false;
    }
    return core::isYamlTrue(node.text);
}

std::int64_t FieldDecoder::integer(const YamlNode& node, std::string_view name)
{
    if (node.isNull())
        return 0;
    const auto number = node.isScalar() && node.tag == YamlTag::Int
        ? core::parseYamlNumber(node.text)
        : std::nullopt;
    const auto* value = number ? std::get_if<std::int64_t>(&*number) : nullptr;
    if (!value) {
        wrongType(node, name, "an integer");
        return 0;
    }
    return *value;
}

std::vector<Text> FieldDecoder::texts(const YamlNode& node, std::string_view name)
{
    std::vector<Text> result;
    items(node, name, [&](const YamlNode& item) { result.push_back(text(item, name)); });
    return result;
}

std::vector<std::string> FieldDecoder::strings(const YamlNode& node, std::string_view name)
{
    std::vector<std::string> result;
    items(node, name, [&](const YamlNode& item) { result.push_back(string(item, name)); });
    return result;
}

Pairs FieldDecoder::pairs(const YamlNode& node, std::string_view name)
{
    Pairs result;
    if (node.isNull())
        return result;
    if (!node.isMapping()) {
        wrongType(node, name, "a mapping of strings");
        return result;
    }
    for (std::size_t i = 0; i < node.size(); ++i) {
        const YamlNode& key = *node.key(i);
        // What YAML 1.1 takes for a boolean is a boolean's name here too.
        const std::string keyText = key.tag == YamlTag::Bool
            ? (core::isYamlTrue(key.text) ? "true" : "false")
            : std::string(key.text);
        const std::string where = std::string(name) + "." + keyText;
        Text value = text(*node.value(i), where);
        if (!value.from)
            value.from = node.value(i);
        result.emplace_back(keyText, std::move(value));
    }
    std::sort(result.begin(), result.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return result;
}

FieldSpec FieldDecoder::fieldSpec(const YamlNode& node, std::string_view name)
{
    Gvk gvk;
    std::string path;
    bool create = false;
    fields(node, name,
           {{"path", [&](const YamlNode& n) { path = string(n, "path"); }},
            {"group", [&](const YamlNode& n) { gvk.group = string(n, "group"); }},
            {"version", [&](const YamlNode& n) { gvk.version = string(n, "version"); }},
            {"kind", [&](const YamlNode& n) { gvk.kind = string(n, "kind"); }},
            {"create", [&](const YamlNode& n) { create = boolean(n, "create"); }}});
    return makeFieldSpec(path, std::move(gvk), create);
}

} // namespace gitops::kustomize

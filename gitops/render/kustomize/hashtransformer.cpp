// SPDX-License-Identifier: GPL-3.0-or-later
// The suffixes of generated names: Kustomize's hash over the data (api/hasher).
#include "core/base/digest.h"
#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/foldedtext.h"
#include "gitops/render/kustomize/transformers.h"

#include <boost/json.hpp>

#include <algorithm>
#include <vector>

namespace gitops::kustomize {

namespace {

using core::Json;

void appendEscaped(std::string& out, unsigned codePoint)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += kDigits[(codePoint >> shift) & 0xF];
}

/// A string as Go's encoding/json writes it, with its care for HTML.
void appendString(std::string& out, std::string_view text)
{
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '"' || c == '\\')
            out.append(1, '\\').append(1, text[i]);
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\b')
            out += "\\b";
        else if (c == '\f')
            out += "\\f";
        else if (c < 0x20 || c == '<' || c == '>' || c == '&')
            appendEscaped(out, c);
        else if (text.substr(i).starts_with("\u2028") || text.substr(i).starts_with("\u2029")) {
            appendEscaped(out, text[i + 2] == '\xA8' ? 0x2028 : 0x2029);
            i += 2;
        } else
            out += text[i];
    }
    out += '"';
}

void appendJson(std::string& out, const Json& value)
{
    if (const auto* text = value.if_string())
        return appendString(out, {text->data(), text->size()});
    if (const auto* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            out += i > 0 ? "," : "";
            appendJson(out, (*array)[i]);
        }
        out += ']';
        return;
    }
    if (const auto* object = value.if_object()) {
        std::vector<std::string_view> keys;
        for (const auto& member : *object)
            keys.emplace_back(member.key().data(), member.key().size());
        std::sort(keys.begin(), keys.end());
        out += '{';
        for (std::size_t i = 0; i < keys.size(); ++i) {
            out += i > 0 ? "," : "";
            appendString(out, keys[i]);
            out += ':';
            appendJson(out, object->at(keys[i]));
        }
        out += '}';
        return;
    }
    out += core::toText(value);
}

/// A member of the hashed text: the field's value, "" where there is none.
core::Result<Json> member(core::YamlTree& tree, const core::YamlNode& object, std::string_view name)
{
    const core::YamlNode* node = object.find(name);
    if (!node)
        return Json("");
    if (node->isScalar())
        return Json(core::JsonString(node->text));
    core::YamlNode* copy = tree.copy(*node);
    refold(tree, *copy);
    return core::toJson(tree, *copy);
}

core::Result<std::string> hashSuffix(core::YamlTree& tree, const core::YamlNode& object)
{
    const bool isSecret = object.textAt("kind") == "Secret";
    core::JsonObject hashed;
    hashed["kind"] = isSecret ? "Secret" : "ConfigMap";
    // Kustomize looks the name up where it is not, so it never counts.
    hashed["name"] = "";
    for (std::string_view name : {std::string_view("data"), std::string_view("type"),
                                  std::string_view(isSecret ? "stringData" : "binaryData")}) {
        if (name == "type" && !isSecret)
            continue;
        auto value = member(tree, object, name);
        if (!value)
            return std::unexpected(std::move(value.error()));
        if ((name == "stringData" || name == "binaryData") && !value->is_object())
            continue;
        hashed[name] = std::move(*value);
    }
    std::string text;
    appendJson(text, hashed);
    std::string hash = core::sha256(text).hex().substr(0, 10);
    // No vowels and no look-alikes.
    for (char& c : hash) {
        switch (c) {
        case '0':
            c = 'g';
            break;
        case '1':
            c = 'h';
            break;
        case '3':
            c = 'k';
            break;
        case 'a':
            c = 'm';
            break;
        case 'e':
            c = 't';
            break;
        default:
            break;
        }
    }
    return hash;
}

} // namespace

core::Result<void> addHashSuffixes(BuildContext& context, ResourceMap& resources)
{
    for (const ResourcePtr& resource : resources.all()) {
        if (!resource->needsHash)
            continue;
        auto hash = hashSuffix(context.yaml, *resource->node());
        if (!hash)
            return std::unexpected(std::move(hash.error()));
        core::YamlNode* name = resource->metadata()->find("name");
        resource->storePreviousId();
        setStringText(context.yaml, *name, resource->id().name + '-' + *hash, nullptr);
        resource->refresh();
    }
    resources.idsChanged();
    return {};
}

} // namespace gitops::kustomize

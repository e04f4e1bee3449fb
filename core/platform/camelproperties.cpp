// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/camelproperties.h"

#include "core/base/strings.h"
#include "core/platform/lineagetemplate.h"

#include <string_view>
#include <utility>

namespace core {

namespace {

/// Reads lines "name=value" of a properties file.
void addProperties(std::string_view text, CamelProperties& out)
{
    for (std::string_view line : split(text.substr(0, 1u << 20), '\n')) {
        line = trimmed(line);
        const std::size_t equals = line.find_first_of("=:");
        if (!line.empty() && line.front() != '#' && equals != line.npos)
            out.emplace(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
    }
}

void addConfigMap(const LineageWriter& out, std::string_view name, CamelProperties& properties)
{
    const ManifestPtr map = out.configMap(name.substr(0, name.find('/')));
    if (!map)
        return;
    const Json value = map->value();
    for (const FoundValue& found : valuesAt(value, "/data/*")) {
        const std::string key = found.pointer.substr(found.pointer.rfind('/') + 1);
        if (key.ends_with(".properties"))
            addProperties(found.text(), properties);
        else
            properties.emplace(key, found.text());
    }
}

} // namespace

CamelProperties camelProperties(LineageWriter& out)
{
    CamelProperties properties;
    for (const std::string_view list :
         {"/spec/traits/camel/properties/*", "/spec/integration/traits/camel/properties/*"})
        for (const FoundValue& found : valuesAt(out.object, list))
            addProperties(found.text(), properties);
    for (const FoundValue& found : valuesAt(out.object, "/spec/configuration/*")) {
        const std::string_view type = stringAt(*found.value, {"type"});
        if (type == "property")
            addProperties(stringAt(*found.value, {"value"}), properties);
        else if (type == "configmap")
            addConfigMap(out, stringAt(*found.value, {"value"}), properties);
    }
    for (const std::string_view list :
         {"/spec/traits/mount/configs/*", "/spec/traits/mount/resources/*"})
        for (const FoundValue& found : valuesAt(out.object, list))
            if (const std::string text = found.text(); text.starts_with("configmap:"))
                addConfigMap(out, std::string_view(text).substr(10), properties);
            else if (text.starts_with("secret:")) // its name alone
                out.facts.secrets.push_back(text.substr(7, text.find('/') - 7));
    return properties;
}

std::expected<std::string, std::string> withProperties(std::string text,
                                                       const CamelProperties& properties)
{
    for (int round = 0; round < 20; ++round) {
        const std::size_t open = text.find("{{");
        const std::size_t close = open == text.npos ? open : text.find("}}", open);
        if (close == text.npos)
            return text;
        std::string name = text.substr(open + 2, close - open - 2);
        const std::size_t colon = name.find(':');
        // "{{?name}}": left out where nobody sets it.
        const bool isOptional = name.starts_with('?');
        const auto found = properties.find(name.substr(isOptional, colon - isOptional));
        if (isOptional && found == properties.end()) {
            text = text.substr(0, open) + text.substr(close + 2);
            continue;
        }
        if (found == properties.end() && (colon == name.npos || name.starts_with("secret:")))
            return std::unexpected(std::move(name));
        const std::string value =
            found != properties.end() ? found->second : name.substr(colon + 1);
        text = text.substr(0, open) + value + text.substr(close + 2);
    }
    return std::unexpected(std::string("a property of itself"));
}

} // namespace core

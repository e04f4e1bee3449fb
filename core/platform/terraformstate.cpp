// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/terraformstate.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::size_t kMaxBytes = 64u << 20;
constexpr std::size_t kMaxResources = 100'000;
constexpr int kMaxModules = 50;

bool isSecretName(std::string_view name)
{
    static constexpr std::array<std::string_view, 8> words {
        "password", "secret", "token", "private_key", "credential", "access_key", "auth", "env"};
    const std::string lower = toLower(name);
    return std::ranges::any_of(words, [&](std::string_view word) {
        return word == "env" ? lower == word : lower.find(word) != std::string::npos;
    });
}

/// Takes out of value what sensitive marks with true ("show -json").
void dropMarked(Json& value, const Json& sensitive, int depth)
{
    if (depth > 100)
        return;
    if (value.is_object() && sensitive.is_object()) {
        for (const auto& [key, mark] : sensitive.get_object()) {
            Json* member = find(value, key);
            if (!member)
                continue;
            if (mark.is_bool() && mark.get_bool())
                value.get_object().erase(key);
            else
                dropMarked(*member, mark, depth + 1);
        }
    } else if (value.is_array() && sensitive.is_array()) {
        const std::size_t size = std::min(value.get_array().size(), sensitive.get_array().size());
        for (std::size_t i = 0; i < size; ++i) {
            const Json& mark = sensitive.get_array()[i];
            if (mark.is_bool() && mark.get_bool())
                value.get_array()[i] = nullptr;
            else
                dropMarked(value.get_array()[i], mark, depth + 1);
        }
    }
}

/// Takes out what a path of a state's sensitive_attributes leads to: a list of steps {type, value}.
void dropPath(Json& value, const JsonArray& path)
{
    Json* at = &value;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Json* step = path[i].is_object() ? find(path[i], "value") : nullptr;
        if (step && step->is_object())
            step = find(*step, "value"); // {"value": 0, "type": "number"}
        if (!step)
            return;
        const bool isLast = i + 1 == path.size();
        if (step->is_string() && at->is_object()) {
            Json* next = find(*at, step->get_string());
            if (!next)
                return;
            if (isLast)
                at->get_object().erase(step->get_string());
            else
                at = next;
        } else if (step->is_int64() && at->is_array()) {
            const auto index = step->get_int64();
            if (index < 0 || std::size_t(index) >= at->get_array().size())
                return;
            Json& next = at->get_array()[std::size_t(index)];
            if (isLast)
                next = nullptr;
            else
                at = &next;
        } else {
            return;
        }
    }
}

std::string textOf(const Json* value)
{
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

class Reader
{
public:
    Reader(std::string_view text, const Json& root)
        : m_text(text)
        , m_root(root)
    {
    }

    /// False where it is neither a state nor the output of show.
    bool read(TerraformState& out)
    {
        m_out = &out;
        out.version = stringAt(m_root, {"terraform_version"});
        if (const Json* values = find(m_root, "values"))
            return readValues(*values);
        if (const Json* planned = find(m_root, "planned_values"))
            return readValues(*planned);
        const Json* version = find(m_root, "version");
        if (!version || !version->is_int64() || !find(m_root, "resources"))
            return find(m_root, "format_version") != nullptr; // an empty state is shown so
        if (version->get_int64() != 4)
            out.gaps.push_back("The state file has version " + std::to_string(version->get_int64())
                               + "; only version 4 is known.");
        readOutputs(find(m_root, "outputs"));
        for (const Json& resource : listOf(find(m_root, "resources")))
            readStateResource(resource);
        return true;
    }

private:
    static const JsonArray& listOf(const Json* value)
    {
        static const JsonArray none;
        return value && value->is_array() ? value->get_array() : none;
    }

    bool readValues(const Json& values)
    {
        readOutputs(find(values, "outputs"));
        if (const Json* module = find(values, "root_module"))
            readModule(*module, 0);
        return values.is_object();
    }

    void readModule(const Json& module, int depth)
    {
        if (depth > kMaxModules) {
            m_out->gaps.push_back("Modules deeper than 50 were not read.");
            return;
        }
        for (const Json& resource : listOf(find(module, "resources"))) {
            if (stringAt(resource, {"mode"}) == "data")
                continue;
            const Json* values = find(resource, "values");
            Json clean = values && values->is_object() ? *values : Json(JsonObject {});
            if (const Json* sensitive = find(resource, "sensitive_values"))
                dropMarked(clean, *sensitive, 0);
            const std::string address(stringAt(resource, {"address"}));
            add(address, std::string(stringAt(resource, {"type"})), values, std::move(clean),
                lineOf("\"" + address + "\""));
        }
        for (const Json& child : listOf(find(module, "child_modules")))
            readModule(child, depth + 1);
    }

    void readStateResource(const Json& resource)
    {
        if (stringAt(resource, {"mode"}) == "data")
            return;
        const std::string module(stringAt(resource, {"module"}));
        const std::string type(stringAt(resource, {"type"}));
        const std::string name(stringAt(resource, {"name"}));
        const std::string address = (module.empty() ? "" : module + ".") + type + "." + name;
        const int line = lineOf("\"type\": \"" + type + "\"");
        for (const Json& instance : listOf(find(resource, "instances"))) {
            const Json* values = find(instance, "attributes");
            Json clean = values && values->is_object() ? *values : Json(JsonObject {});
            for (const Json& path : listOf(find(instance, "sensitive_attributes")))
                if (path.is_array())
                    dropPath(clean, path.get_array());
            std::string index;
            if (const Json* key = find(instance, "index_key"))
                index = key->is_string() ? "[\"" + textOf(key) + "\"]"
                    : key->is_int64()    ? "[" + std::to_string(key->get_int64()) + "]"
                                         : "";
            add(address + index, type, values, std::move(clean), line);
        }
    }

    void add(std::string address, std::string type, const Json* values, Json clean, int line)
    {
        if (type.empty() || address.empty())
            return;
        if (m_out->resources.size() >= kMaxResources) {
            if (m_out->gaps.empty() || m_out->gaps.back() != kTooMany)
                m_out->gaps.emplace_back(kTooMany);
            return;
        }
        TerraformResource out {std::move(address), std::move(type), {}, {}, line};
        if (values && values->is_object())
            for (const auto& [key, value] : values->get_object())
                if (isSecretName(key) || !find(clean, key)) {
                    clean.get_object().erase(key);
                    if (!value.is_null())
                        out.hidden.emplace_back(key);
                }
        if (const std::string region = regionOf(clean); !region.empty())
            clean.get_object()["_region"] = region;
        out.values = std::move(clean);
        m_out->resources.push_back(std::move(out));
    }

    /// AWS resources tell their region in their ARN, if at all.
    static std::string regionOf(const Json& values)
    {
        for (const char* key : {"bucket_regional_domain_name", "arn"}) {
            const auto parts = split(stringAt(values, {key}), key[0] == 'a' ? ':' : '.');
            if (key[0] == 'a' && parts.size() > 3)
                return std::string(parts[3]);
            if (key[0] == 'b' && parts.size() > 3 && parts[1] == "s3")
                return std::string(parts[2]);
        }
        return {};
    }

    void readOutputs(const Json* outputs)
    {
        if (!outputs || !outputs->is_object())
            return;
        for (const auto& [key, output] : outputs->get_object()) {
            if (!output.is_object() || boolAt(output, {"sensitive"}) || isSecretName(key))
                continue;
            const std::string text = textOf(find(output, "value"));
            if (!text.empty() && text.size() < 4'096 && m_out->outputs.size() < 1'000)
                m_out->outputs.emplace(key, text);
        }
    }

    /// The line of the next place where a text stands; resources come in the file's order.
    int lineOf(const std::string& text)
    {
        const std::size_t found = m_text.find(text, m_at);
        if (found == m_text.npos)
            return m_line;
        m_line += int(std::ranges::count(m_text.substr(m_at, found - m_at), '\n'));
        m_at = found;
        return m_line;
    }

    static constexpr std::string_view kTooMany =
        "More than 100,000 resources; the rest was not read.";
    std::string_view m_text;
    const Json& m_root;
    TerraformState* m_out = nullptr;
    std::size_t m_at = 0;
    int m_line = 1;
};

} // namespace

Result<TerraformState> readTerraformState(std::string_view text, const std::string& file)
{
    if (text.size() > kMaxBytes)
        return failure(ErrorCode::Invalid, "the file is larger than 64 MiB", {.file = file},
                       Fault::User);
    const auto root = parseJson(text, {.bytes = kMaxBytes, .depth = 200});
    if (!root || !root->is_object())
        return failure(ErrorCode::Invalid,
                       "this is neither a Terraform state nor the output of terraform show -json",
                       root ? Place {.file = file}
                            : Place {.file = file, .line = root.error().place.line},
                       Fault::User);
    TerraformState out;
    if (!Reader(text, *root).read(out))
        return failure(ErrorCode::Invalid,
                       "this is neither a Terraform state nor the output of terraform show -json",
                       {.file = file}, Fault::User);
    return out;
}

} // namespace core

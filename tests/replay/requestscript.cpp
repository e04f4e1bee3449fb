// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/requestscript.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"

#include <algorithm>
#include <cctype>

namespace tests {

namespace {

using core::ErrorCode;
using core::failure;
using Words = std::map<std::string, std::string, std::less<>>;

const Words& contentTypes()
{
    static const Words words {
        {"apply", "application/apply-patch+yaml"},
        {"json", "application/json-patch+json"},
        {"merge", "application/merge-patch+json"},
        {"strategic", "application/strategic-merge-patch+json"},
        {"yaml", "application/yaml"},
    };
    return words;
}

const Words& acceptedTypes()
{
    static const Words words {
        {"table", "application/json;as=Table;v=v1;g=meta.k8s.io"},
        {"partial", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"},
        {"partials", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"},
        {"discovery", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"},
    };
    return words;
}

std::string meaning(const Words& words, std::string_view word)
{
    const auto found = words.find(word);
    return found == words.end() ? std::string(word) : found->second;
}

std::string textOf(const core::Json& value)
{
    return value.is_string() ? std::string(value.get_string()) : core::toText(value);
}

void readHeaders(const core::Json& given, RequestStep& step)
{
    if (const core::Json* body = core::find(given, "body"))
        step.body = core::toText(*body);
    if (const core::Json* text = core::find(given, "text"))
        step.body = textOf(*text);
    if (const core::Json* as = core::find(given, "as"))
        step.headers.emplace_back("Content-Type", meaning(contentTypes(), textOf(*as)));
    else if (!step.body.empty())
        step.headers.emplace_back("Content-Type", "application/json");
    const core::Json* accept = core::find(given, "accept");
    step.headers.emplace_back(
        "Accept", accept ? meaning(acceptedTypes(), textOf(*accept)) : "application/json");
}

core::Result<RequestStep> readStep(const core::Json& given, const core::Place& place)
{
    static const std::vector<std::string_view> known {"do",   "body",  "text",   "as",  "accept",
                                                      "save", "until", "events", "hide"};
    if (!given.is_object())
        return failure(ErrorCode::Invalid, "a step is no mapping", place);
    for (const auto& [key, value] : given.get_object())
        if (std::ranges::find(known, std::string_view(key)) == known.end())
            return failure(ErrorCode::Invalid, "a step does not know the word " + std::string(key),
                           place);
    RequestStep step;
    step.what = core::stringAt(given, {"do"});
    const std::size_t blank = step.what.find(' ');
    if (blank == std::string::npos)
        return failure(ErrorCode::Invalid, "a step needs \"do: METHOD PATH\"", place);
    step.method = step.what.substr(0, blank);
    step.target = step.what.substr(blank + 1);
    readHeaders(given, step);
    if (const core::Json* save = core::find(given, "save"); save && save->is_object())
        for (const auto& [name, pointer] : save->get_object())
            step.save[std::string(name)] = textOf(pointer);
    if (const core::Json* until = core::find(given, "until"); until && until->is_object())
        step.until = until->get_object();
    step.events = int(core::integerAt(given, {"events"}, -1));
    if (const core::Json* hide = core::find(given, "hide"); hide && hide->is_array())
        for (const core::Json& pointer : hide->get_array())
            step.hide.push_back(textOf(pointer));
    return step;
}

} // namespace

core::Result<std::vector<RequestScript>> readScripts(std::string_view text, const std::string& file)
{
    const auto read = core::parseYaml(text, file);
    if (!read)
        return std::unexpected(read.error());
    if (!read->is_object())
        return failure(ErrorCode::Invalid, "a file of scripts is a mapping of names",
                       {.file = file});
    std::vector<RequestScript> scripts;
    for (const auto& [name, steps] : read->get_object()) {
        RequestScript script {file, std::string(name), {}};
        const core::Place place {.file = file, .object = script.name};
        if (!steps.is_array() || steps.get_array().empty())
            return failure(ErrorCode::Invalid, "a script is a list of steps", place);
        for (const core::Json& given : steps.get_array()) {
            auto step = readStep(given, place);
            if (!step)
                return std::unexpected(std::move(step).error());
            script.steps.push_back(std::move(*step));
        }
        scripts.push_back(std::move(script));
    }
    return scripts;
}

std::string withVariables(std::string_view text,
                          const std::map<std::string, std::string>& variables)
{
    static const std::map<std::string, std::string> paths {
        {"core", "/api/v1/namespaces/$ns"},
        {"apps", "/apis/apps/v1/namespaces/$ns"},
        {"batch", "/apis/batch/v1/namespaces/$ns"},
        {"crds", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"},
    };
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t dollar = std::min(text.find('$', at), text.size());
        out += text.substr(at, dollar - at);
        std::size_t end = dollar + 1;
        while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])))
            ++end;
        at = std::min(end, text.size());
        if (dollar == text.size())
            break;
        const std::string name(text.substr(dollar + 1, end - dollar - 1));
        if (const auto value = variables.find(name); value != variables.end())
            out += value->second;
        else if (const auto path = paths.find(name); path != paths.end())
            out += withVariables(path->second, variables);
        else
            out += text.substr(dollar, end - dollar);
    }
    return out;
}

} // namespace tests

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/variables.h"

namespace gitops {

namespace {

bool isNameStart(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isName(char c)
{
    return isNameStart(c) || (c >= '0' && c <= '9');
}

/// "$NAME" and "${NAME}", as a shell would; a dollar before anything else stays.
std::string expanded(const std::string& text, const std::map<std::string, std::string>& variables)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '$' || at + 1 >= text.size()) {
            out += text[at];
            continue;
        }
        std::string name;
        const char next = text[at + 1];
        if (next == '$') {
            out += '$';
            ++at;
            continue;
        }
        if (next == '{' && text.find('}', at) != std::string::npos) {
            const std::size_t end = text.find('}', at);
            name = text.substr(at + 2, end - at - 2);
            at = end;
        } else if (isNameStart(next)) {
            while (at + 1 < text.size() && isName(text[at + 1]))
                name += text[++at];
        } else {
            out += '$';
            continue;
        }
        const auto known = variables.find(name);
        out += known == variables.end() ? "" : known->second;
    }
    return out;
}

} // namespace

std::map<std::string, std::string> renderVariables(const core::Application& application,
                                                   const std::string& commit)
{
    return {{"ARGOCD_APP_NAME", application.name},
            {"ARGOCD_APP_NAMESPACE", application.destinationNamespace},
            {"ARGOCD_APP_PROJECT_NAME", application.project},
            {"ARGOCD_APP_REVISION", commit},
            {"ARGOCD_APP_REVISION_SHORT", commit.substr(0, 7)},
            {"ARGOCD_APP_REVISION_SHORT_8", commit.substr(0, 8)},
            {"ARGOCD_APP_SOURCE_REPO_URL", application.source.repoUrl},
            {"ARGOCD_APP_SOURCE_PATH", application.source.path},
            {"ARGOCD_APP_SOURCE_TARGET_REVISION", application.source.targetRevision}};
}

RenderRequest withVariables(RenderRequest request)
{
    if (request.variables.empty())
        return request;
    core::KustomizeOptions& options = request.source.kustomize;
    for (std::string& image : options.images)
        image = expanded(image, request.variables);
    for (auto& [name, value] : options.commonLabels)
        value = expanded(value, request.variables);
    if (options.commonAnnotationsEnvsubst)
        for (auto& [name, value] : options.commonAnnotations)
            value = expanded(value, request.variables);
    request.variables.clear();
    return request;
}

} // namespace gitops

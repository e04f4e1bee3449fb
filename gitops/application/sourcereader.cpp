// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/sourcereader.h"

#include "core/base/strings.h"

#include <charconv>

namespace gitops {

namespace {

void readReplicas(FieldReader& kustomize, core::KustomizeOptions& out)
{
    for (FieldReader entry : kustomize.objects("replicas")) {
        const std::string name = entry.text("name");
        if (name.empty())
            entry.error("name", "is missing");
        std::optional<std::int64_t> count;
        const core::Json* value = entry.value("count");
        if (value != nullptr && value->is_string()) { // Argo CD's int-or-string
            const std::string_view digits = value->get_string();
            std::int64_t number = -1;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), number);
            if (error == std::errc() && end == digits.data() + digits.size())
                count = number;
            else
                entry.error("count", "must be a whole number");
        } else {
            count = entry.integer("count");
            if (value == nullptr)
                entry.error("count", "is missing");
        }
        if (count && (*count < 0 || *count > 1'000'000'000))
            entry.error("count", "must not be negative, nor above a thousand million");
        else if (count)
            out.replicas.emplace_back(name, int(*count));
    }
}

void readKustomize(FieldReader kustomize, core::KustomizeOptions& out)
{
    out.namePrefix = kustomize.text("namePrefix");
    out.nameSuffix = kustomize.text("nameSuffix");
    out.namespaceName = kustomize.text("namespace");
    out.images = kustomize.texts("images");
    out.commonLabels = kustomize.textMap("commonLabels");
    out.commonAnnotations = kustomize.textMap("commonAnnotations");
    out.components = kustomize.texts("components");
    readReplicas(kustomize, out);
    for (FieldReader patch : kustomize.objects("patches")) {
        patch.warnOfOthers({"path", "patch", "target", "options"});
        if (patch.text("path").empty() && patch.text("patch").empty())
            patch.error("patch", "is missing, and so is path");
    }
    if (const core::Json* patches = kustomize.value("patches"); patches && patches->is_array())
        for (const core::Json& patch : patches->get_array())
            out.patches.push_back(core::toText(patch));
    out.forceCommonLabels = kustomize.flag("forceCommonLabels", false);
    out.forceCommonAnnotations = kustomize.flag("forceCommonAnnotations", false);
    out.commonAnnotationsEnvsubst = kustomize.flag("commonAnnotationsEnvsubst", false);
    out.labelWithoutSelector = kustomize.flag("labelWithoutSelector", false);
    out.labelIncludeTemplates = kustomize.flag("labelIncludeTemplates", false);
    out.ignoreMissingComponents = kustomize.flag("ignoreMissingComponents", false);
    if (kustomize.has("version"))
        kustomize.warning("version", "has no effect; Wavewright renders as Kustomize 5 does");
    kustomize.warnOfOthers(
        {"namePrefix", "nameSuffix", "namespace", "images", "commonLabels", "commonAnnotations",
         "components", "replicas", "patches", "forceCommonLabels", "forceCommonAnnotations",
         "commonAnnotationsEnvsubst", "labelWithoutSelector", "labelIncludeTemplates",
         "ignoreMissingComponents", "version", "kubeVersion", "apiVersions"});
}

void readDirectory(FieldReader directory, core::DirectoryOptions& out)
{
    out.recurse = directory.flag("recurse", false);
    out.include = directory.text("include");
    out.exclude = directory.text("exclude");
    out.disableExtensionFilter = directory.flag("disableExtensionFilter", false);
    FieldReader jsonnet = directory.object("jsonnet");
    for (const std::string_view name : {"extVars", "tlas", "libs"})
        if (const core::Json* value = jsonnet.value(name);
            value && (!value->is_array() || !value->get_array().empty()))
            jsonnet.unsupported(name, "asks for jsonnet, which Wavewright does not run");
    directory.warnOfOthers({"recurse", "include", "exclude", "jsonnet", "disableExtensionFilter"});
}

void refuseOtherSources(FieldReader& spec, FieldReader& source)
{
    if (const core::Json* sources = spec.value("sources");
        sources && !(sources->is_array() && sources->get_array().empty()))
        spec.unsupported("sources", "asks for several sources, which Wavewright does not do yet");
    if (spec.has("sourceHydrator"))
        spec.unsupported("sourceHydrator", "asks for the source hydrator, which Wavewright lacks");
    if (!source.text("chart").empty())
        source.unsupported("chart",
                           "asks for a chart of a Helm repository, which Wavewright does not do");
    if (source.has("helm"))
        source.unsupported("helm", "asks for Helm, which Wavewright does not do yet");
    if (source.has("plugin"))
        source.unsupported("plugin", "asks for a plugin; Wavewright runs no plugins");
    if (!source.text("ref").empty())
        source.unsupported("ref", "belongs to several sources, which Wavewright does not do yet");
}

} // namespace

void readSource(FieldReader& spec, core::ApplicationSource& out)
{
    FieldReader source = spec.object("source");
    refuseOtherSources(spec, source);
    if (!source.isPresent()) {
        if (!spec.has("sources") && !spec.has("sourceHydrator"))
            spec.error("source", "is missing");
        return;
    }
    out.repoUrl = source.text("repoURL");
    out.path = source.text("path");
    out.targetRevision = source.text("targetRevision", "HEAD");
    if (out.targetRevision.empty())
        out.targetRevision = "HEAD";
    if (out.repoUrl.empty())
        source.error("repoURL", "is missing");
    if (!source.has("path") && !source.has("chart"))
        source.error("path", "is missing");
    if (out.path.starts_with('/'))
        source.error("path", "must be relative to the repository");
    readKustomize(source.object("kustomize"), out.kustomize);
    readDirectory(source.object("directory"), out.directory);
    source.warnOfOthers({"repoURL", "path", "targetRevision", "kustomize", "directory", "chart",
                         "helm", "plugin", "ref", "name"});
}

} // namespace gitops

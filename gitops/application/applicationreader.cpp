// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/applicationreader.h"

#include "core/base/strings.h"
#include "gitops/application/fieldreader.h"
#include "gitops/application/names.h"
#include "gitops/application/sourcereader.h"
#include "gitops/application/syncpolicyreader.h"

namespace gitops {

namespace {

void readMetadata(FieldReader metadata, core::Application& out)
{
    out.name = metadata.text("name");
    if (out.name.empty())
        metadata.error("name", "is missing");
    else if (!isObjectName(out.name))
        metadata.error("name", "must consist of lower case letters, digits, '-' and '.'");
    out.namespaceName = metadata.text("namespace", "argocd");
    if (!isLabelName(out.namespaceName))
        metadata.error("namespace", "must consist of lower case letters, digits and '-'");
    out.labels = metadata.textMap("labels");
    out.annotations = metadata.textMap("annotations");
    out.finalizers = metadata.texts("finalizers");
}

void readDestination(FieldReader spec, core::Application& out)
{
    FieldReader destination = spec.object("destination");
    out.destinationServer = destination.text("server");
    out.destinationName = destination.text("name");
    out.destinationNamespace = destination.text("namespace");
    destination.warnOfOthers({"server", "name", "namespace"});
    if (!out.destinationServer.empty() && !out.destinationName.empty())
        spec.error("destination", "has both a server and a name; give one");
    if (out.destinationServer.empty() && out.destinationName.empty())
        spec.error("destination", "needs a server or a name");
    if (!out.destinationNamespace.empty() && !isLabelName(out.destinationNamespace))
        destination.error("namespace", "must consist of lower case letters, digits and '-'");
}

void readIgnoreDifferences(FieldReader spec, core::Application& out)
{
    for (FieldReader entry : spec.objects("ignoreDifferences")) {
        core::IgnoreDifference rule;
        rule.group = entry.text("group");
        rule.kind = entry.text("kind");
        rule.name = entry.text("name");
        rule.namespaceName = entry.text("namespace");
        rule.jsonPointers = entry.texts("jsonPointers");
        rule.jqPathExpressions = entry.texts("jqPathExpressions");
        rule.managedFieldsManagers = entry.texts("managedFieldsManagers");
        entry.warnOfOthers({"group", "kind", "name", "namespace", "jsonPointers",
                            "jqPathExpressions", "managedFieldsManagers"});
        if (rule.kind.empty())
            entry.error("kind", "is missing");
        for (const std::string& pointer : rule.jsonPointers)
            if (!pointer.starts_with('/'))
                entry.error("jsonPointers",
                            "has \"" + core::sanitised(pointer) + "\", which must begin with '/'");
        if (rule.jsonPointers.empty() && rule.jqPathExpressions.empty()
            && rule.managedFieldsManagers.empty())
            entry.warning("kind", "is given without fields to ignore");
        out.ignoreDifferences.push_back(std::move(rule));
    }
}

} // namespace

core::Result<core::Application> readApplication(const core::Json& object, core::Place place,
                                                std::vector<std::string>* warnings)
{
    FieldProblems problems;
    core::Application out;
    FieldReader root(&object, "", problems);
    readMetadata(root.object("metadata"), out);
    FieldReader spec = root.object("spec");
    if (!spec.isPresent())
        root.error("spec", "is missing");
    out.project = spec.text("project", "default");
    if (spec.isPresent()) {
        readSource(spec, out.source);
        readDestination(spec, out);
        readSyncPolicy(spec, out);
        readIgnoreDifferences(spec, out);
    }
    spec.warnOfOthers({"project", "source", "sources", "sourceHydrator", "destination",
                       "syncPolicy", "ignoreDifferences", "info", "revisionHistoryLimit"});
    if (place.object.empty() && !out.name.empty())
        place.object = "Application " + core::sanitised(out.namespaceName + '/' + out.name);
    out.place = place;
    if (warnings != nullptr)
        warnings->insert(warnings->end(), problems.warnings.begin(), problems.warnings.end());
    if (!problems.errors.empty())
        return core::failure(core::ErrorCode::Invalid, sentence(problems.errors), place,
                             core::Fault::Repository);
    if (!problems.unsupported.empty())
        return core::failure(core::ErrorCode::Unsupported, sentence(problems.unsupported), place,
                             core::Fault::Repository);
    return out;
}

std::optional<core::Result<core::Application>> applicationOf(const core::Manifest& manifest,
                                                             std::vector<std::string>* warnings)
{
    if (manifest.kind().group != "argoproj.io" || manifest.kind().kind != "Application")
        return std::nullopt;
    return readApplication(manifest.value(), manifest.origin(), warnings);
}

} // namespace gitops

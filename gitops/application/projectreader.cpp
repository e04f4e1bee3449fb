// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/projectreader.h"

#include "core/base/strings.h"
#include "core/base/time.h"
#include "gitops/application/cronschedule.h"
#include "gitops/application/fieldreader.h"
#include "gitops/application/glob.h"
#include "gitops/application/names.h"
#include "gitops/application/syncwindows.h"

namespace gitops {

namespace {

std::vector<Project::Resource> readResources(FieldReader& spec, std::string_view name)
{
    std::vector<Project::Resource> out;
    for (FieldReader entry : spec.objects(name)) {
        Project::Resource resource {entry.text("group"), entry.text("kind"), entry.text("name")};
        if (resource.kind.empty())
            entry.error("kind", "is missing");
        entry.warnOfOthers({"group", "kind", "name"});
        out.push_back(std::move(resource));
    }
    return out;
}

std::vector<Project::SyncWindow> readSyncWindows(FieldReader& spec)
{
    std::vector<Project::SyncWindow> out;
    for (FieldReader entry : spec.objects("syncWindows")) {
        const std::string kind = entry.text("kind");
        if (kind != "allow" && kind != "deny")
            entry.error("kind", "must be allow or deny");
        Project::SyncWindow window {.allow = kind == "allow",
                                    .schedule = entry.text("schedule"),
                                    .duration = entry.text("duration"),
                                    .applications = entry.texts("applications"),
                                    .namespaces = entry.texts("namespaces"),
                                    .clusters = entry.texts("clusters"),
                                    .manualSync = entry.flag("manualSync", false),
                                    .timeZone = entry.text("timeZone"),
                                    .andOperator = entry.flag("andOperator", false),
                                    .syncOverrun = entry.flag("syncOverrun", false)};
        if (window.schedule.empty())
            entry.error("schedule", "is missing");
        else if (const auto schedule = CronSchedule::parse(window.schedule); !schedule)
            entry.error("schedule", "is wrong: " + schedule.error().message);
        if (window.duration.empty())
            entry.error("duration", "is missing");
        else if (const auto length = core::parseDuration(window.duration);
                 !length || length->count() <= 0)
            entry.error("duration", "must be a duration like 1h30m");
        if (!isTimeZone(window.timeZone))
            entry.error("timeZone", "is no time zone that is known here");
        entry.warnOfOthers({"kind", "schedule", "duration", "applications", "namespaces",
                            "clusters", "manualSync", "timeZone", "andOperator", "syncOverrun",
                            "description"});
        out.push_back(std::move(window));
    }
    return out;
}

std::optional<Project::OrphanedResources> readOrphaned(FieldReader& spec)
{
    if (!spec.has("orphanedResources"))
        return std::nullopt;
    FieldReader entry = spec.object("orphanedResources");
    Project::OrphanedResources out {.warn = entry.flag("warn", false)};
    for (FieldReader ignored : entry.objects("ignore")) {
        out.ignore.push_back({ignored.text("group"), ignored.text("kind"), ignored.text("name")});
        ignored.warnOfOthers({"group", "kind", "name"});
    }
    entry.warnOfOthers({"warn", "ignore"});
    return out;
}

/// A glob that cannot be followed would forbid or permit something else than what was meant.
void checkGlob(FieldReader& reader, std::string_view name, std::string_view pattern)
{
    if (pattern.starts_with('!'))
        pattern.remove_prefix(1);
    if (!isProjectGlob(pattern))
        reader.error(name, "has a pattern that cannot be read: " + core::sanitised(pattern));
}

bool isEmptyList(const core::Json* value)
{
    return value == nullptr || (value->is_array() && value->get_array().empty());
}

} // namespace

core::Result<Project> readProject(const core::Json& object, core::Place place,
                                  std::vector<std::string>* warnings)
{
    FieldProblems problems;
    FieldReader root(&object, "", problems);
    FieldReader metadata = root.object("metadata");
    FieldReader spec = root.object("spec");
    Project out;
    out.name = metadata.text("name");
    out.namespaceName = metadata.text("namespace", "argocd");
    if (!isObjectName(out.name))
        metadata.error("name", "must consist of lower case letters, digits, '-' and '.'");
    if (!spec.isPresent())
        root.error("spec", "is missing");
    out.sourceRepos = spec.texts("sourceRepos");
    for (const std::string& pattern : out.sourceRepos)
        checkGlob(spec, "sourceRepos", pattern);
    out.sourceNamespaces = spec.texts("sourceNamespaces");
    for (FieldReader entry : spec.objects("destinations")) {
        out.destinations.push_back(
            {entry.text("server"), entry.text("name"), entry.text("namespace")});
        checkGlob(entry, "server", out.destinations.back().server);
        checkGlob(entry, "name", out.destinations.back().name);
        checkGlob(entry, "namespace", out.destinations.back().namespaceName);
        entry.warnOfOthers({"server", "name", "namespace"});
    }
    out.clusterResourceWhitelist = readResources(spec, "clusterResourceWhitelist");
    out.clusterResourceBlacklist = readResources(spec, "clusterResourceBlacklist");
    if (spec.has("namespaceResourceWhitelist"))
        out.namespaceResourceWhitelist = readResources(spec, "namespaceResourceWhitelist");
    out.namespaceResourceBlacklist = readResources(spec, "namespaceResourceBlacklist");
    out.syncWindows = readSyncWindows(spec);
    out.orphanedResources = readOrphaned(spec);
    for (const std::string_view name : {"signatureKeys", "sourceIntegrity"})
        if (!isEmptyList(spec.value(name)))
            spec.unsupported(name, "asks for signed commits, which Wavewright cannot check yet");
    if (!isEmptyList(spec.value("destinationServiceAccounts")))
        spec.unsupported("destinationServiceAccounts",
                         "asks for impersonation, which Wavewright does not do");
    for (const std::string_view name : {"roles", "permitOnlyProjectScopedClusters"})
        if (spec.has(name))
            spec.warning(name, "has no effect in Wavewright");
    spec.warnOfOthers({"description", "sourceRepos", "sourceNamespaces", "destinations",
                       "clusterResourceWhitelist", "clusterResourceBlacklist",
                       "namespaceResourceWhitelist", "namespaceResourceBlacklist", "syncWindows",
                       "roles", "signatureKeys", "sourceIntegrity", "destinationServiceAccounts",
                       "permitOnlyProjectScopedClusters", "orphanedResources"});
    if (place.object.empty() && !out.name.empty())
        place.object = "AppProject " + core::sanitised(out.name);
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

} // namespace gitops

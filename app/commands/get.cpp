// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright get and events: objects of any kind, and what happened to them, as the server has it.
#include "app/clusterverb.h"
#include "app/commands.h"
#include "app/console.h"
#include "core/base/strings.h"
#include "core/base/time.h"
#include "gitops/cluster/clusterobjects.h"

#include <cstdio>

namespace app {

namespace {

/// "deployment/web" and "deployment web" are the same.
core::Result<std::pair<std::string, std::string>> kindAndName(const std::vector<std::string>& words)
{
    if (words.size() == 2 && words[0].find('/') == std::string::npos)
        return std::pair(words[0], words[1]);
    if (words.size() == 1) {
        const std::size_t slash = words[0].find('/');
        return std::pair(words[0].substr(0, slash),
                         slash == std::string::npos ? "" : words[0].substr(slash + 1));
    }
    return core::failure(core::ErrorCode::Invalid, "say KIND, KIND NAME or KIND/NAME", {},
                         core::Fault::User);
}

core::Result<gitops::ApiResource> lookUp(gitops::ClusterAccess& access, const std::string& kind)
{
    const auto discovery = gitops::discover(access);
    if (!discovery)
        return std::unexpected(discovery.error());
    return gitops::resourceNamed(*discovery, kind);
}

int printTable(gitops::ClusterAccess& access, const gitops::ApiResource& resource,
               const gitops::ObjectSelection& selection)
{
    const auto objects = gitops::tableOf(access, resource, selection);
    if (!objects)
        return exitWith(objects.error());
    const bool hasNamespaces = resource.namespaced && selection.namespaceName.empty();
    std::vector<std::vector<std::string>> rows(1);
    if (hasNamespaces)
        rows[0].push_back("NAMESPACE");
    for (const auto& column : objects->columns)
        if (column.priority == 0) {
            std::string name = core::sanitised(column.name);
            for (char& c : name)
                c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
            rows[0].push_back(name);
        }
    for (const auto& row : objects->rows) {
        std::vector<std::string>& out = rows.emplace_back();
        if (hasNamespaces)
            out.push_back(core::sanitised(row.namespaceName));
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (objects->columns[i].priority == 0)
                out.push_back(core::sanitised(row.cells[i]));
    }
    if (objects->rows.empty()) {
        printError("there are no " + resource.plural
                   + (selection.namespaceName.empty() ? "" : " in " + selection.namespaceName));
        return No;
    }
    std::fputs(table(rows).c_str(), stdout);
    return Yes;
}

} // namespace

int runGet(const Options& options)
{
    const auto asked = kindAndName(options.words);
    if (!asked) {
        printError(asked.error().text());
        return Usage;
    }
    const auto access = openCluster(options);
    if (!access)
        return exitWith(access.error());
    const auto resource = lookUp(**access, asked->first);
    if (!resource)
        return exitWith(resource.error());
    gitops::ObjectSelection selection {resource->namespaced ? namespaceOf(options, **access) : "",
                                       asked->second, options.selector};
    if (!selection.name.empty() && resource->namespaced && selection.namespaceName.empty()) {
        printError("an object is asked for by its name in one namespace; leave -A out");
        return Usage;
    }
    if (options.format == Format::Text)
        return printTable(**access, *resource, selection);
    auto objects = gitops::objectsOf(**access, *resource, selection);
    if (!objects)
        return exitWith(objects.error());
    if (!selection.name.empty()) {
        printValue(objects->front(), options.format);
        return Yes;
    }
    core::JsonArray items;
    for (core::Json& object : *objects)
        items.push_back(std::move(object));
    const bool isEmpty = items.empty();
    printValue(
        core::JsonObject {{"apiVersion", "v1"}, {"kind", "List"}, {"items", std::move(items)}},
        options.format);
    return isEmpty ? No : Yes;
}

int runEvents(const Options& options)
{
    std::pair<std::string, std::string> about;
    if (!options.words.empty()) {
        const auto asked = kindAndName(options.words);
        if (!asked || asked->second.empty()) {
            printError("say KIND NAME or KIND/NAME, or nothing for all events");
            return Usage;
        }
        about = *asked;
    }
    const auto access = openCluster(options);
    if (!access)
        return exitWith(access.error());
    std::string space = namespaceOf(options, **access);
    if (!about.first.empty()) {
        const auto resource = lookUp(**access, about.first);
        if (!resource)
            return exitWith(resource.error());
        about.first = resource->kind.kind;
        if (!resource->namespaced)
            space.clear(); // those of a node stand in some namespace
    }
    const auto events = gitops::eventsOf(**access, space, about.first, about.second);
    if (!events)
        return exitWith(events.error());
    if (options.format == Format::Json) {
        core::JsonArray list;
        for (const gitops::ObjectEvent& event : *events)
            list.push_back(core::JsonObject {{"lastSeen", event.lastSeen},
                                             {"type", event.type},
                                             {"reason", event.reason},
                                             {"object", event.object},
                                             {"source", event.source},
                                             {"count", event.count},
                                             {"message", event.message}});
        printValue(core::JsonObject {{"events", std::move(list)}}, options.format);
        return Yes;
    }
    std::vector<std::vector<std::string>> rows {
        {"LAST SEEN", "TYPE", "REASON", "OBJECT", "COUNT", "MESSAGE"}};
    const auto now = std::chrono::system_clock::now();
    for (const gitops::ObjectEvent& event : *events) {
        const auto when = core::parseRfc3339(event.lastSeen);
        rows.push_back(
            {when ? core::describeAge(std::chrono::duration_cast<std::chrono::seconds>(now - *when))
                  : "-",
             event.type == "Warning" ? coloured("Warning", Colour::Yellow)
                                     : core::sanitised(event.type),
             core::sanitised(event.reason), core::sanitised(event.object),
             std::to_string(event.count), core::sanitised(event.message)});
    }
    std::fputs(table(rows).c_str(), stdout);
    return Yes;
}

} // namespace app

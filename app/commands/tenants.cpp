// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright tenants: quotas, isolation, rights, and what reaches what.
#include "app/commands.h"
#include "app/console.h"
#include "app/lineagefiles.h"
#include "app/platformsource.h"
#include "core/base/strings.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/platformjson.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

using core::Reach;
using core::TenantView;

std::string quotaText(const TenantView& tenant)
{
    std::string out;
    for (const core::QuotaLine& line : tenant.total)
        if (line.resource == "requests.cpu" || line.resource == "requests.memory"
            || line.resource == "pods") {
            const std::string text = line.resource + " "
                + (line.used ? line.used->canonical() + "→" : "") + line.pending.canonical() + "/"
                + line.hard.canonical();
            out += (out.empty() ? "" : ", ")
                + (line.isExceeded() ? coloured(text + " !", Colour::Red) : text);
        }
    return out.empty() ? "none" : out;
}

void printTable(const std::vector<TenantView>& tenants)
{
    std::vector<std::vector<std::string>> rows {
        {"TENANT", "NAMESPACES", "ISOLATION", "QUOTA (AFTER SYNC/HARD)", "KNOWN BY"}};
    for (const TenantView& tenant : tenants)
        rows.push_back(
            {core::sanitised(tenant.name), core::join(tenant.namespaces, ", "),
             std::to_string(tenant.passed()) + "/" + std::to_string(tenant.checks.size()),
             quotaText(tenant), core::sanitised(tenant.knownBy)});
    std::fputs(table(rows).c_str(), stdout);
}

void printOne(const TenantView& tenant)
{
    std::puts(coloured(core::sanitised(tenant.name), Colour::Bold).c_str());
    std::printf("namespaces    %s (%s)\n", core::join(tenant.namespaces, ", ").c_str(),
                core::sanitised(tenant.knownBy).c_str());
    for (const std::string& owner : tenant.owners)
        std::printf("owner         %s\n", core::sanitised(owner).c_str());
    if (!tenant.state.empty())
        std::printf("state         %s\n", core::sanitised(tenant.state).c_str());
    std::printf("quota         %s\n", quotaText(tenant).c_str());
    for (const std::string& topic : tenant.usedTopics)
        std::printf("uses          %s\n", core::sanitised(topic).c_str());
    for (const std::string& topic : tenant.permittedTopics)
        std::printf("may use       %s\n", core::sanitised(topic).c_str());
    std::puts("\nIsolation");
    for (const core::IsolationCheck& check : tenant.checks)
        std::printf("  %s  %s\n",
                    coloured(check.ok ? "✓" : "✗", check.ok ? Colour::Green : Colour::Red).c_str(),
                    core::sanitised(check.text).c_str());
    std::puts("\nRights");
    for (const core::Grant& grant : tenant.grants) {
        std::printf("  %s%s, by %s to %s\n", core::sanitised(grant.subject.text()).c_str(),
                    grant.namespaceName.empty() ? " in the whole cluster"
                                                : (" in " + grant.namespaceName).c_str(),
                    core::sanitised(grant.binding.text()).c_str(),
                    core::sanitised(grant.role.text()).c_str());
        if (!grant.isKnown)
            std::puts("    the role's rules are not known");
        for (const core::RbacRule& rule : grant.rules)
            std::printf("    %s\n", core::sanitised(rule.text()).c_str());
    }
}

std::string signOfReach(const core::ReachCell& cell)
{
    const std::string more = cell.isMixed ? "*" : "";
    switch (cell.reach) {
    case Reach::Allowed:
        return coloured("yes" + more, Colour::Green);
    case Reach::Denied:
        return coloured("no" + more, Colour::Red);
    case Reach::Depends:
        break;
    }
    return coloured("depends" + more, Colour::Yellow);
}

/// Targets down, tenants across: there are more targets than tenants.
void printMatrix(const core::ReachMatrix& matrix, const std::vector<std::string>& shown)
{
    std::vector<std::vector<std::string>> rows {{"REACHES"}};
    std::vector<const core::ReachRow*> columns;
    for (const core::ReachRow& row : matrix.rows)
        if (std::ranges::find(shown, row.tenant) != shown.end()) {
            columns.push_back(&row);
            rows.front().push_back(row.namespaceName);
        }
    for (std::size_t i = 0; i < matrix.targets.size(); ++i) {
        std::vector<std::string> line {core::sanitised(matrix.targets[i].title)};
        for (const core::ReachRow* row : columns)
            line.push_back(signOfReach(row->cells[i]));
        rows.push_back(std::move(line));
    }
    std::puts("");
    std::fputs(table(rows).c_str(), stdout);
}

void printReasons(const core::ReachMatrix& matrix, const std::string& tenant)
{
    std::puts("\nWhy");
    for (const core::ReachRow& row : matrix.rows)
        for (std::size_t i = 0; row.tenant == tenant && i < row.cells.size(); ++i) {
            std::printf("  %s: %s: %s\n", core::sanitised(matrix.targets[i].title).c_str(),
                        std::string(core::toString(row.cells[i].reach)).c_str(),
                        core::sanitised(row.cells[i].verdict.reason()).c_str());
            for (const core::ReachSource& source : row.cells[i].exceptions)
                std::printf("    but %s: %s: %s\n", core::sanitised(source.title).c_str(),
                            std::string(core::toString(source.verdict.reach)).c_str(),
                            core::sanitised(source.verdict.reason()).c_str());
        }
}

} // namespace

int runTenants(const Options& options)
{
    const auto input = loadPlatform(options);
    if (!input) {
        printError(input.error().text());
        return CouldNotTell;
    }
    const bool isWhole = reportGaps(**input);
    const core::PlatformModel model(*input);
    const core::TenantRules rules {options.tenantLabel, options.tenantPattern};
    std::vector<TenantView> tenants = core::tenantViews(model, rules);
    core::addTopics(tenants, *core::makeLineage(**input, lineageFiles(options, **input)));
    const core::ReachMatrix matrix = core::reachMatrix(model, core::tenantSpaces(model, rules));
    if (!options.only.empty())
        std::erase_if(tenants, [&](const TenantView& view) { return view.name != options.only; });
    std::vector<std::string> shown;
    for (const TenantView& tenant : tenants)
        shown.push_back(tenant.name);
    if (options.format == Format::Json) {
        core::JsonArray list;
        for (const TenantView& tenant : tenants)
            list.push_back(core::toJson(tenant));
        std::puts(core::toText(core::JsonObject {{"tenants", std::move(list)},
                                                 {"reachability", core::toJson(matrix)}})
                      .c_str());
    } else if (options.only.empty()) {
        printTable(tenants);
        printMatrix(matrix, shown);
    } else if (!tenants.empty()) {
        printOne(tenants.front());
        printMatrix(matrix, shown);
        printReasons(matrix, options.only);
    }
    if (!options.only.empty() && tenants.empty()) {
        printError("there is no tenant \"" + options.only + "\"");
        return No;
    }
    return isWhole ? Yes : CouldNotTell;
}

} // namespace app

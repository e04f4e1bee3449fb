// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright health FILE: judges the objects in a file as the engine would; an argocd-cm among them
// says how kinds are customized.
#include "app/applicationfiles.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/textfile.h"
#include "core/base/strings.h"
#include "core/object/identity.h"
#include "core/value/yamlreader.h"
#include "gitops/engine/kindcustomizations.h"
#include "gitops/engine/scriptchild.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

struct Judged
{
    core::ObjectKey key;
    core::HealthAssessment health;
};

struct Judge
{
    gitops::Customizations customizations;
    gitops::ScriptChild scripts {scriptsProgram()};
};

void judge(const core::Json& object, Judge& by, std::vector<Judged>& out)
{
    const core::Json* items = core::find(object, "items");
    if (core::stringAt(object, {"kind"}).ends_with("List") && items && items->is_array()) {
        for (const core::Json& item : items->get_array())
            judge(item, by, out);
        return;
    }
    out.push_back(
        {core::objectKeyOf(object), gitops::judgeHealth(object, by.customizations, &by.scripts)});
}

std::string statusText(const core::HealthAssessment& health)
{
    return health.status ? std::string(core::toString(*health.status)) : "-";
}

void print(const std::vector<Judged>& judged, Format format)
{
    core::JsonArray list;
    std::vector<std::vector<std::string>> rows {{"OBJECT", "HEALTH", "MESSAGE"}};
    for (const Judged& each : judged) {
        const auto colour = each.health.status ? colourOf(*each.health.status) : Colour::Grey;
        rows.push_back({core::sanitised(each.key.text()), coloured(statusText(each.health), colour),
                        core::sanitised(each.health.message)});
        core::JsonObject item {{"group", each.key.group},
                               {"kind", each.key.kind},
                               {"namespace", each.key.namespaceName},
                               {"name", each.key.name},
                               {"message", each.health.message}};
        item["health"] = each.health.status ? core::Json(core::toString(*each.health.status))
                                            : core::Json(nullptr);
        list.push_back(std::move(item));
    }
    if (format == Format::Json)
        std::puts(core::toText(list).c_str());
    else
        std::fputs(table(rows).c_str(), stdout);
}

} // namespace

int runHealth(const Options& options)
{
    const auto text = readTextFile(options.file);
    if (!text) {
        printError(text.error().text());
        return CouldNotTell;
    }
    const auto documents = core::parseYamlDocuments(*text, options.file);
    if (!documents) {
        printError(documents.error().text());
        return CouldNotTell;
    }
    std::vector<Judged> judged;
    Judge by;
    for (const core::Json& document : *documents)
        if (gitops::isCustomizationsMap(document))
            by.customizations = gitops::readCustomizations(document);
    for (const std::string& problem : by.customizations.problems)
        printError(problem);
    for (const core::Json& document : *documents)
        judge(document, by, judged);
    print(judged, options.format);
    const auto has = [&](auto... health) {
        return std::ranges::any_of(judged, [&](const Judged& each) {
            return each.health.status && ((*each.health.status == health) || ...);
        });
    };
    using core::Health;
    if (has(Health::Degraded, Health::Missing, Health::Progressing, Health::Suspended))
        return No;
    return has(Health::Unknown) ? CouldNotTell : Yes;
}

} // namespace app

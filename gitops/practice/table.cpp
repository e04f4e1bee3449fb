// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/table.h"

#include "core/base/strings.h"
#include "gitops/practice/jsonpath.h"

namespace gitops::practice {

namespace {

core::Json customCell(const PrinterColumn& column, const core::Json& object, core::WallTime now)
{
    const std::vector<const core::Json*> found = valuesAt(object, column.path);
    if (found.empty() || found.front()->is_null())
        return nullptr;
    if (column.type == "date") {
        if (!found.front()->is_string())
            return "<unknown>";
        const auto time = core::parseRfc3339(std::string_view(found.front()->get_string()));
        return time ? core::Json(core::describeAge(
                          std::chrono::duration_cast<std::chrono::seconds>(now - *time)))
                    : core::Json("<invalid>");
    }
    if (found.size() == 1 && (column.type != "string" || found.front()->is_string()))
        return *found.front();
    std::string text;
    for (const core::Json* each : found)
        text += (text.empty() ? "" : ",")
            + (each->is_string() ? std::string(each->get_string()) : core::toText(*each));
    return core::Json(text);
}

TableColumn nameColumn()
{
    return {"Name",
            "string",
            0,
            [](const core::Json& object, core::WallTime) {
                return core::Json(core::stringAt(object, {"metadata", "name"}));
            },
            "name",
            "Name must be unique within a namespace."};
}

TableColumn ageColumn()
{
    return {
        "Age",
        "string",
        0,
        [](const core::Json& object, core::WallTime now) { return core::Json(ageOf(object, now)); },
        "",
        "CreationTimestamp is a timestamp representing the server time when this object was "
        "created."};
}

std::vector<TableColumn> columnsOf(const ResourceType& type)
{
    std::vector<TableColumn> columns {nameColumn()};
    if (type.custom && !type.custom->columns.empty()) {
        for (const PrinterColumn& column : type.custom->columns)
            columns.push_back({column.name, column.type, column.priority,
                               [&column](const core::Json& object, core::WallTime now) {
                                   return customCell(column, object, now);
                               },
                               column.format, column.description});
        return columns;
    }
    const std::vector<TableColumn>& own = builtinColumns({type.kind.group, type.kind.kind});
    bool ageSeen = false;
    for (const TableColumn& column : own) {
        if (column.priority > 0 && !ageSeen) { // wide columns stand after the age
            columns.push_back(ageColumn());
            ageSeen = true;
        }
        columns.push_back(column);
        ageSeen = ageSeen || column.name == "Age" || column.name == "Created At";
    }
    if (!ageSeen)
        columns.push_back(ageColumn());
    return columns;
}

core::Json rowObject(const StoredObject& object, const ResourceType& type,
                     Representation::Include include)
{
    if (include == Representation::Include::Object)
        return objectValue(type, object);
    return core::JsonObject {{"kind", "PartialObjectMetadata"},
                             {"apiVersion", "meta.k8s.io/v1"},
                             {"metadata", *core::find(object.value(), "metadata")}};
}

} // namespace

std::string ageOf(const core::Json& object, core::WallTime now)
{
    const auto created =
        core::parseRfc3339(core::stringAt(object, {"metadata", "creationTimestamp"}));
    return created
        ? core::describeAge(std::chrono::duration_cast<std::chrono::seconds>(now - *created))
        : "<unknown>";
}

core::Json makeTable(const ResourceType& type, const std::vector<const StoredObject*>& objects,
                     core::JsonObject metadata, Representation::Include include, core::WallTime now)
{
    const std::vector<TableColumn> columns = columnsOf(type);
    core::JsonArray definitions;
    for (const TableColumn& column : columns)
        definitions.push_back(core::JsonObject {{"name", column.name},
                                                {"type", column.type},
                                                {"format", column.format},
                                                {"description", column.description},
                                                {"priority", column.priority}});
    core::JsonArray rows;
    for (const StoredObject* object : objects) {
        core::JsonArray cells;
        for (const TableColumn& column : columns)
            cells.push_back(column.cell(object->value(), now));
        core::JsonObject row {{"cells", std::move(cells)}};
        if (include != Representation::Include::None)
            row["object"] = rowObject(*object, type, include);
        rows.push_back(std::move(row));
    }
    return core::JsonObject {{"kind", "Table"},
                             {"apiVersion", "meta.k8s.io/v1"},
                             {"metadata", std::move(metadata)},
                             {"columnDefinitions", std::move(definitions)},
                             {"rows", std::move(rows)}};
}

} // namespace gitops::practice

// SPDX-License-Identifier: GPL-3.0-or-later
// Golden cases: tests/data/diff/<case>/{desired.yaml, live.yaml, expected.json} and, where a case
// asks for them, predicted.yaml (the answer of a dry-run) and context.json.
#include "core/schema/apply.h"
#include "core/value/yamlreader.h"
#include "gitops/diff/differ.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QtTest/QTest>

#include <optional>

using core::FieldChange;
using core::Json;

namespace {

const QString kCases = QStringLiteral(TEST_DATA_DIR "/diff");

std::optional<std::string> textOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().toStdString();
}

std::optional<Json> yamlOf(const QString& path)
{
    const auto text = textOf(path);
    const auto value = text ? core::parseYaml(*text, "") : core::Result<Json>(Json());
    return text && value ? std::optional(*value) : std::nullopt;
}

core::ManifestPtr manifestOf(const QString& path)
{
    core::YamlTree tree;
    const auto documents = core::readYaml(tree, textOf(path).value_or(""), "desired.yaml");
    if (!documents || documents->empty())
        return nullptr;
    core::YamlOrigins origins;
    const auto value = core::toJson(tree, *documents->front(), &origins);
    const auto made = value ? core::Manifest::make(*value, origins)
                            : core::Result<core::ManifestPtr>(core::ManifestPtr());
    return made ? *made : nullptr;
}

std::vector<std::string> strings(const Json& value, std::string_view name)
{
    std::vector<std::string> result;
    if (const Json* list = core::find(value, name))
        for (const Json& item : list->get_array())
            result.emplace_back(item.get_string());
    return result;
}

std::vector<core::IgnoreDifference> ignoreOf(const Json& context)
{
    std::vector<core::IgnoreDifference> result;
    if (const Json* list = core::find(context, "ignore"))
        for (const Json& rule : list->get_array())
            result.push_back({.group = std::string(core::stringAt(rule, {"group"})),
                              .kind = std::string(core::stringAt(rule, {"kind"})),
                              .name = std::string(core::stringAt(rule, {"name"})),
                              .jsonPointers = strings(rule, "jsonPointers"),
                              .jqPathExpressions = strings(rule, "jqPathExpressions"),
                              .managedFieldsManagers = strings(rule, "managedFieldsManagers")});
    return result;
}

std::string_view nameOf(FieldChange::Type type)
{
    constexpr std::string_view kNames[] = {"Missing", "Different", "Undeclared", "NotOurs"};
    return kNames[int(type)];
}

std::string_view nameOf(core::ResourceDiff::Verdict verdict)
{
    constexpr std::string_view kNames[] = {"Same", "Different", "MissingLive", "Extra",
                                           "CouldNotTell"};
    return kNames[int(verdict)];
}

Json jsonOf(const FieldChange& change)
{
    core::JsonObject result {{"type", nameOf(change.type)},   {"path", change.path},
                             {"display", change.display},     {"desired", change.desired},
                             {"live", change.live},           {"author", nullptr},
                             {"origin", change.origin.text()}};
    if (change.author)
        result["author"] = core::JsonObject {
            {"manager", change.author->manager},
            {"operation", change.author->operation},
            {"subresource", change.author->subresource},
            {"when", change.author->when ? core::formatRfc3339(*change.author->when) : ""}};
    return result;
}

/// Only what the expectation names, so that a case says what it is about.
Json restricted(const Json& actual, const Json& expected)
{
    core::JsonObject result;
    for (const auto& [name, value] : expected.get_object())
        if (const Json* member = core::find(actual, name))
            result.emplace(name, *member);
    return result;
}

} // namespace

class TestDiffer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void golden_data()
    {
        QTest::addColumn<QString>("folder");
        const QStringList names = QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QVERIFY(names.size() >= 40);
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << kCases + "/" + name;
    }
    void golden()
    {
        QFETCH(QString, folder);
        const core::ManifestPtr desired = manifestOf(folder + "/desired.yaml");
        QVERIFY(desired);
        const auto live = yamlOf(folder + "/live.yaml");
        const auto predicted = yamlOf(folder + "/predicted.yaml");
        const auto expected = core::parseJson(textOf(folder + "/expected.json").value_or(""));
        QVERIFY(expected);
        const Json settings =
            core::parseJson(textOf(folder + "/context.json").value_or("{}")).value_or(Json());
        const auto ignore = ignoreOf(settings);
        gitops::DiffContext context;
        context.ignore = ignore;
        if (const Json* keys = core::find(settings, "listKeys"))
            context.listKeys = [keys](const core::GroupKind&, std::string_view path) {
                const auto names = strings(*keys, path);
                return names.empty() ? core::ListKeys {}
                                     : core::ListKeys {core::ListKeys::Type::Map, names};
            };

        gitops::Comparison comparison;
        if (predicted)
            comparison.diff = gitops::compareWithDryRun(*desired, *live, *predicted, context);
        else
            comparison = gitops::compare(*desired, live ? &*live : nullptr, context);

        core::JsonArray changes;
        const core::JsonArray& wanted = core::find(*expected, "changes")->get_array();
        for (std::size_t i = 0; i < comparison.diff.changes.size(); ++i) {
            const Json change = jsonOf(comparison.diff.changes[i]);
            changes.push_back(i < wanted.size() ? restricted(change, wanted[i]) : change);
        }
        QVERIFY2(core::isEqual(Json(changes), Json(wanted)),
                 core::toPrettyText(Json(changes)).c_str());
        QCOMPARE(std::string(nameOf(comparison.diff.verdict)),
                 std::string(core::stringAt(*expected, {"verdict"})));
        QCOMPARE(comparison.needsDryRun, core::boolAt(*expected, {"needsDryRun"}));
        QCOMPARE(comparison.diff.reason, std::string(core::stringAt(*expected, {"reason"})));
        QCOMPARE(comparison.diff.key.text(), desired->key().text());
    }

    /// What a server makes of an apply is no difference, whatever the object.
    void whatWasAppliedIsSame()
    {
        const QStringList names = QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        int compared = 0;
        for (const QString& name : names) {
            const core::ManifestPtr desired = manifestOf(kCases + "/" + name + "/desired.yaml");
            QVERIFY(desired);
            const auto live = yamlOf(kCases + "/" + name + "/live.yaml");
            const core::BuiltinTypeSchema schema(desired->key().groupKind());
            if (core::stringAt(desired->value(), {"kind"}) == "Secret"
                || (live
                    && core::stringAt(*live, {"apiVersion"})
                        != core::stringAt(desired->value(), {"apiVersion"})))
                continue; // stringData becomes data, versions are converted: the server's matters
            for (const bool create : {true, false}) {
                const bool isCustom = !core::builtinKind(desired->key().groupKind());
                if (!create && (!live || isCustom))
                    continue; // the keys of a custom kind's lists would need its schema
                const auto outcome =
                    core::applyServerSide(create ? nullptr : &*live, desired->value(), schema,
                                          {.manager = "wavewright", .force = true});
                if (!outcome)
                    continue;
                const auto again = gitops::compare(*desired, &outcome->object);
                for (const FieldChange& change : again.diff.changes)
                    QVERIFY2(false, (name.toStdString() + ": " + change.path).c_str());
                ++compared;
            }
        }
        QVERIFY(compared > 60);
    }

    void smallObjectsAreFast()
    {
        const QString folder = kCases + "/containers-align-by-name";
        const core::ManifestPtr desired = manifestOf(folder + "/desired.yaml");
        const auto live = yamlOf(folder + "/live.yaml");
        QVERIFY(desired && live);
        QBENCHMARK
        {
            const auto comparison = gitops::compare(*desired, &*live);
            QVERIFY(comparison.diff.changes.size() == 1);
        }
    }
};

WW_TEST_CLASS(TestDiffer)
#include "tst_differ.moc"

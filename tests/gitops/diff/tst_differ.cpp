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
#include <random>

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

/// Small random Deployments: values, labels, keyed and plain lists that meet each other often.
class Generator
{
public:
    explicit Generator(unsigned seed)
        : m_random(seed)
    {
    }
    int below(int limit) { return std::uniform_int_distribution<>(0, limit - 1)(m_random); }

    Json object()
    {
        core::JsonObject metadata {{"name", "d"}, {"namespace", "shop"}};
        add(metadata, "labels", map({"x", "y"}));
        core::JsonArray finalizers;
        for (const char* name : {"a.io/a", "b.io/b"})
            if (below(3) == 0)
                finalizers.emplace_back(name);
        if (!finalizers.empty())
            metadata.emplace("finalizers", finalizers);
        core::JsonObject spec {{"replicas", below(3)}};
        add(spec, "selector", map({"app", "tier"}));
        core::JsonArray containers;
        for (const char* name : {"a", "b", "c"})
            if (below(2))
                containers.push_back(container(name));
        if (!containers.empty())
            spec.emplace(
                "template",
                core::JsonObject {{"spec", core::JsonObject {{"containers", containers}}}});
        return core::JsonObject {{"apiVersion", "apps/v1"},
                                 {"kind", "Deployment"},
                                 {"metadata", metadata},
                                 {"spec", spec}};
    }

private:
    static void add(core::JsonObject& object, const char* name, core::JsonObject value)
    {
        if (!value.empty())
            object.emplace(name, std::move(value));
    }
    core::JsonObject map(std::initializer_list<const char*> names)
    {
        core::JsonObject result;
        for (const char* name : names)
            if (below(2))
                result.emplace(name, "v" + std::to_string(below(3)));
        return result;
    }
    Json container(const char* name)
    {
        core::JsonObject result {{"name", name}};
        if (below(2))
            result.emplace("image", "i:" + std::to_string(below(3)));
        if (below(3) == 0)
            result.emplace("args", core::JsonArray {"a" + std::to_string(below(2))});
        core::JsonArray ports;
        for (const int port : {80, 443})
            if (below(3) == 0)
                ports.push_back(core::JsonObject {{"containerPort", port},
                                                  {"name", "p" + std::to_string(below(2))}});
        if (!ports.empty())
            result.emplace("ports", ports);
        return result;
    }
    std::mt19937 m_random;
};

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
        QCOMPARE(comparison.needsListKeys, core::boolAt(*expected, {"needsListKeys"}));
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

    /// Whatever others did to an object: it is Same exactly when a forced apply would change
    /// nothing, not even an owner. Two pieces of code that know nothing of each other agree.
    void sameExactlyWhenAnApplyChangesNothing()
    {
        const core::BuiltinTypeSchema schema({"apps", "Deployment"});
        int same = 0;
        int different = 0;
        for (unsigned seed = 0; seed < 400; ++seed) {
            Generator random(seed);
            Json desired = random.object();
            std::optional<Json> live;
            for (int step = random.below(4) + 1; step > 0; --step) {
                const core::WriteOptions options {
                    .manager = step % 2 == 0 ? "kubectl-edit" : "wavewright",
                    .time = core::WallTime(std::chrono::seconds(1'760'000'000 - step)),
                    .force = true};
                const Json written = random.below(2) ? desired : random.object();
                if (options.manager == "wavewright" || random.below(2)) {
                    const auto outcome =
                        core::applyServerSide(live ? &*live : nullptr, written, schema, options);
                    QVERIFY(outcome && outcome->conflicts.empty());
                    live = outcome->object;
                } else {
                    live = core::updateTracked(live ? &*live : nullptr, written, schema, options);
                }
            }
            const auto manifest = core::Manifest::make(desired);
            QVERIFY(manifest);
            const auto comparison = gitops::compare(**manifest, &*live);
            const auto applied = core::applyServerSide(&*live, desired, schema,
                                                       {.manager = "wavewright", .force = true});
            QVERIFY(applied);
            const bool isSame = comparison.diff.verdict == core::ResourceDiff::Verdict::Same;
            QVERIFY2(isSame == !applied->isChanged,
                     (std::to_string(seed) + "\n" + core::toPrettyText(desired)
                      + core::toPrettyText(*live))
                         .c_str());
            ++(isSame ? same : different);
            const auto after = gitops::compare(**manifest, &applied->object);
            QVERIFY(after.diff.verdict == core::ResourceDiff::Verdict::Same);
            // The answer of a dry-run agrees about what will change.
            const auto predicted = gitops::compareWithDryRun(**manifest, *live, applied->object);
            QVERIFY(isSame == (predicted.verdict == core::ResourceDiff::Verdict::Same));
        }
        QVERIFY2(same > 50 && different > 50, std::to_string(same).c_str());
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

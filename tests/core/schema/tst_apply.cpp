// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/apply.h"
#include "core/schema/typedvalue.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QtTest/QTest>

#include <algorithm>
#include <map>
#include <optional>
#include <random>

using core::Json;
using core::JsonObject;
using core::ManagedFields;

namespace {

const Json& cases()
{
    static const Json loaded = [] {
        QFile file(TEST_DATA_DIR "/schema/apply.json");
        if (!file.open(QIODevice::ReadOnly))
            return Json();
        return core::parseJson(file.readAll().toStdString()).value_or(Json());
    }();
    return loaded;
}

core::BuiltinTypeSchema schemaFor(const Json& object)
{
    const auto kind = core::groupVersionKindOf(object);
    return core::BuiltinTypeSchema({kind.group, kind.kind});
}

Json withoutManaged(Json object)
{
    if (Json* metadata = core::find(object, "metadata"))
        metadata->get_object().erase("managedFields");
    return object;
}

core::WallTime at(int second)
{
    return core::WallTime(std::chrono::seconds(1'760'000'000 + second));
}

/// {"a/Apply": [".data.k"]}, the form of the cases.
Json ownersOf(const Json& object)
{
    JsonObject result;
    const auto managed = ManagedFields::of(object).value_or(ManagedFields());
    for (const auto& entry : managed.entries()) {
        std::vector<std::string> paths;
        for (const auto& path : entry.fields.paths())
            paths.push_back(core::displayText(path));
        std::ranges::sort(paths);
        const std::string name = entry.manager + "/" + std::string(toString(entry.operation))
            + (entry.subresource.empty() ? "" : "/" + entry.subresource);
        result.emplace(name, core::JsonArray(paths.begin(), paths.end()));
    }
    return result;
}

/// A random object of a made-up type, small enough that managers meet each other.
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
        JsonObject spec;
        for (const char* name : {"replicas", "paused", "minReadySeconds"})
            if (below(2))
                spec.emplace(name, below(3));
        core::JsonArray containers;
        for (const char* name : {"a", "b", "c"})
            if (below(2))
                containers.push_back(container(name));
        if (!containers.empty())
            spec.emplace("template",
                         JsonObject {{"spec", JsonObject {{"containers", containers}}}});
        JsonObject labels;
        for (const char* name : {"x", "y"})
            if (below(2))
                labels.emplace(name, std::to_string(below(3)));
        JsonObject metadata {{"name", "d"}};
        if (!labels.empty())
            metadata.emplace("labels", labels);
        JsonObject result {
            {"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"metadata", metadata}};
        if (!spec.empty())
            result.emplace("spec", spec);
        return result;
    }

private:
    Json container(const char* name)
    {
        JsonObject result {{"name", name}};
        if (below(2))
            result.emplace("image", "i:" + std::to_string(below(3)));
        if (below(3) == 0)
            result.emplace("args", core::JsonArray {std::to_string(below(2))});
        return result;
    }
    std::mt19937 m_random;
};

/// Every declared path is there with its value: a of b.
bool isContainedIn(const Json& patch, const Json& object, const core::TypeSchema& schema)
{
    return core::isEqual(core::mergeTyped(object, patch, schema), object);
}

} // namespace

class TestApply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scripts_data()
    {
        QTest::addColumn<int>("index");
        QVERIFY(cases().is_array());
        QVERIFY(cases().get_array().size() >= 20);
        int index = 0;
        for (const Json& script : cases().get_array())
            QTest::newRow(std::string(core::stringAt(script, {"name"})).c_str()) << index++;
    }
    void scripts()
    {
        QFETCH(int, index);
        const Json& script = cases().get_array()[std::size_t(index)];
        std::optional<Json> live;
        int second = 0;
        for (const Json& step : core::find(script, "steps")->get_array()) {
            const std::string_view op = core::stringAt(step, {"op"});
            const Json& object = *core::find(step, "object");
            const auto schema = schemaFor(object);
            const core::WriteOptions options {
                .manager = std::string(core::stringAt(step, {"as"})),
                .subresource = std::string(core::stringAt(step, {"subresource"})),
                .time = at(++second),
                .force = op == "force"};
            if (op == "untracked") {
                live = object;
                continue;
            }
            if (op == "update") {
                live = core::updateTracked(live ? &*live : nullptr, object, schema, options);
                continue;
            }
            const auto outcome =
                core::applyServerSide(live ? &*live : nullptr, object, schema, options);
            QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
            QCOMPARE(outcome->conflicts.empty() ? "" : core::conflictText(outcome->conflicts),
                     std::string(core::stringAt(step, {"conflict"})));
            if (!outcome->conflicts.empty())
                continue;
            QCOMPARE(outcome->isChanged, !core::boolAt(step, {"unchanged"}));
            live = outcome->object;
        }
        QVERIFY(live);
        QCOMPARE(core::toText(withoutManaged(*live)), core::toText(*core::find(script, "object")));
        QCOMPARE(core::toCanonicalText(ownersOf(*live)),
                 core::toCanonicalText(*core::find(script, "owners")));
    }

    void refusesWhatIsNoPatch()
    {
        const auto refused = [](const char* live, const char* patch) {
            const Json object = core::parseJson(patch).value_or(Json());
            const auto base = core::parseJson(live);
            const auto outcome = core::applyServerSide(base && base->is_object() ? &*base : nullptr,
                                                       object, schemaFor(object), {.manager = "a"});
            return outcome ? std::string() : outcome.error().message;
        };
        QCOMPARE(refused("null", R"({"apiVersion":"v1","kind":"ConfigMap",
                         "metadata":{"name":"c","managedFields":[]}})"),
                 std::string("metadata.managedFields must be nil"));
        QCOMPARE(refused(R"({"apiVersion":"apps/v1"})",
                         R"({"apiVersion":"apps/v2","kind":"Deployment","metadata":{"name":"c"}})"),
                 std::string("Incorrect version specified in apply patch. Specified patch version: "
                             "apps/v2, expected: apps/v1"));
        QCOMPARE(refused("null", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p",
                     "namespace":"n"},"spec":{"containers":[{"name":"a"},{"name":"a"}]}})"),
                 std::string("failed to create typed patch object (n/p; v1, Kind=Pod): "
                             ".spec.containers: duplicate entries for key [name=\"a\"]"));
        QCOMPARE(refused("null", "1"), std::string("the patch is not an object"));
    }

    void serverMadeMetadataStays()
    {
        const Json live = core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":
            {"name":"c","uid":"u","resourceVersion":"7","generation":2,
             "creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"k":"v"}})")
                              .value_or(Json());
        const Json patch = core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":
            {"name":"c","uid":"x","resourceVersion":"9","creationTimestamp":null},
            "data":{"l":"w"}})")
                               .value_or(Json());
        const auto outcome =
            core::applyServerSide(&live, patch, schemaFor(patch), {.manager = "a"});
        QVERIFY(outcome && outcome->conflicts.empty());
        QCOMPARE(core::stringAt(outcome->object, {"metadata", "uid"}), std::string_view("u"));
        QCOMPARE(core::stringAt(outcome->object, {"metadata", "resourceVersion"}),
                 std::string_view("7"));
        QCOMPARE(core::stringAt(outcome->object, {"metadata", "creationTimestamp"}),
                 std::string_view("2026-01-01T00:00:00Z"));
    }

    void keepsTenUpdateEntries()
    {
        Json live =
            core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},
                "data":{"k":"v"}})")
                .value_or(Json());
        const auto schema = schemaFor(live);
        live = core::updateTracked(nullptr, live, schema, {.manager = "creator", .time = at(0)});
        for (int i = 0; i < 25; ++i) {
            Json next = live;
            next.get_object()["data"].get_object()["k" + std::to_string(i)] = "v";
            live = core::updateTracked(&live, next, schema,
                                       {.manager = "m" + std::to_string(i), .time = at(i + 1)});
        }
        const auto managed = ManagedFields::of(live).value_or(ManagedFields());
        QCOMPARE(managed.entries().size(), std::size_t(10));
        const auto* ancient =
            managed.find("ancient-changes", core::ManagedFieldsEntry::Operation::Update);
        QVERIFY(ancient);
        QCOMPARE(ancient->fields.size(), std::size_t(18)); // .data and seventeen keys
        QVERIFY(managed.find("m24", core::ManagedFieldsEntry::Operation::Update));
    }

    /// As a real server has it for "kubectl create deployment".
    void aCreateOwnsWhatItBrings()
    {
        const Json object =
            core::parseJson(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":
              {"name":"d","labels":{"app":"d"}},"spec":{"replicas":1,"selector":{"matchLabels":
              {"app":"d"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
              "template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[
              {"name":"d","image":"i","resources":{"limits":{"cpu":"1"}}}]}}}})")
                .value_or(Json());
        const Json live = core::updateTracked(nullptr, object, schemaFor(object),
                                              {.manager = "kubectl-create", .time = at(1)});
        const auto managed = ManagedFields::of(live).value_or(ManagedFields());
        QCOMPARE(managed.entries().size(), std::size_t(1));
        const std::string container = "k:{~name~:~d~}";
        std::string wanted = "{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},'f:spec':{"
                             "'f:replicas':{},'f:selector':{},'f:strategy':{'f:rollingUpdate':{"
                             "'.':{},'f:maxSurge':{}},'f:type':{}},'f:template':{'f:metadata':{"
                             "'f:labels':{'.':{},'f:app':{}}},'f:spec':{'f:containers':{'"
            + container
            + "':{'.':{},'f:image':{},'f:name':{},'f:resources':{'.':{},'f:limits':{'.':{},"
              "'f:cpu':{}}}}}}}}}";
        QByteArray bytes(wanted.c_str());
        bytes.replace("'", "\"").replace("~", "\\\"");
        QCOMPARE(core::toText(managed.entries()[0].fields.toJson()), bytes.toStdString());
    }

    void anUpdateWithoutEffectIsEqual()
    {
        Generator random(7);
        for (int i = 0; i < 50; ++i) {
            const Json object = random.object();
            const auto schema = schemaFor(object);
            const Json live =
                core::updateTracked(nullptr, object, schema, {.manager = "u", .time = at(1)});
            const Json again =
                core::updateTracked(&live, object, schema, {.manager = "v", .time = at(9)});
            QCOMPARE(core::toText(again), core::toText(live));
        }
    }

    void appliesConverge()
    {
        for (unsigned seed = 0; seed < 150; ++seed) {
            Generator random(seed);
            std::optional<Json> live;
            std::map<std::string, Json> last;
            for (int step = 0; step < 6; ++step) {
                const std::string manager(1, char('a' + random.below(3)));
                const Json object = random.object();
                const auto schema = schemaFor(object);
                const core::WriteOptions options {
                    .manager = manager, .time = at(step), .force = true};
                const auto outcome =
                    core::applyServerSide(live ? &*live : nullptr, object, schema, options);
                QVERIFY(outcome && outcome->conflicts.empty());
                live = outcome->object;
                last[manager] = object;
                QVERIFY2(isContainedIn(object, withoutManaged(*live), schema),
                         core::toText(object).c_str());
                const auto again = core::applyServerSide(&*live, object, schema, options);
                QVERIFY(again && !again->isChanged);
                QCOMPARE(core::toText(again->object), core::toText(*live));
            }
            // Everything that is there is owned, and the owners' values are the object's.
            const auto managed = ManagedFields::of(*live).value_or(ManagedFields());
            const auto schema = schemaFor(*live);
            core::FieldSet owned;
            for (const auto& entry : managed.entries())
                owned = owned.united(entry.fields);
            const Json bare = withoutManaged(*live);
            for (const auto& path : core::liveFieldSetOf(bare, schema).leaves().paths())
                QVERIFY2(owned.contains(path) || core::displayText(path) == ".metadata.name"
                             || path.size() == 1,
                         core::displayText(path).c_str());
            // Letting go of everything removes everything.
            for (const auto& [manager, object] : last) {
                const Json nothing = core::parseJson(
                                         R"({"apiVersion":"apps/v1","kind":"Deployment",
                                             "metadata":{"name":"d"}})")
                                         .value_or(Json());
                const auto outcome = core::applyServerSide(&*live, nothing, schema,
                                                           {.manager = manager, .time = at(99)});
                QVERIFY(outcome && outcome->conflicts.empty());
                live = outcome->object;
            }
            QVERIFY(ManagedFields::of(*live).value_or(ManagedFields()).isEmpty());
            QVERIFY2(core::liveFieldSetOf(withoutManaged(*live), schema).leaves().size() <= 4,
                     core::toText(*live).c_str());
        }
    }
};

WW_TEST_CLASS(TestApply)
#include "tst_apply.moc"

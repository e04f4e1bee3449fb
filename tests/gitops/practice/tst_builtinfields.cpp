// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/builtinfields.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::decodeBuiltin;
using gitops::practice::shapeProblem;

namespace {

const core::GroupVersionKind kMap {"", "v1", "ConfigMap"};
const core::GroupVersionKind kDeployment {"apps", "v1", "Deployment"};
const core::GroupVersionKind kSecret {"", "v1", "Secret"};

core::Json json(const QString& text)
{
    return core::parseJson(text.toStdString()).value_or(core::Json());
}

core::GroupVersionKind kindOf(const QString& name)
{
    return name == "ConfigMap" ? kMap : name == "Secret" ? kSecret : kDeployment;
}

} // namespace

class TestBuiltinFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
    void refuses_data();
    void refuses();
    void findsProblemsOfShape_data();
    void findsProblemsOfShape();
    void leavesOtherKindsAlone();
};

void TestBuiltinFields::decodes_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("kept");
    QTest::addColumn<QString>("unknown");
    QTest::newRow("known") << "ConfigMap" << R"({"data":{"a":"b"}})" << R"({"data":{"a":"b"}})"
                           << "";
    QTest::newRow("unknown") << "ConfigMap" << R"({"dato":1,"metadata":{"nam":"x"}})"
                             << R"({"metadata":{}})" << "dato metadata.nam";
    QTest::newRow("in a list") << "Deployment"
                               << R"({"spec":{"template":{"spec":{"containers":[{"imag":"x"}]}}}})"
                               << R"({"spec":{"template":{"spec":{"containers":[{}]}}}})"
                               << "spec.template.spec.containers[0].imag";
    QTest::newRow("nulls and emptiness")
        << "ConfigMap" << R"({"data":{},"immutable":null,"metadata":{"labels":{},"name":"a"}})"
        << R"({"metadata":{"name":"a"}})" << "";
    QTest::newRow("a null in a map of strings")
        << "ConfigMap" << R"({"data":{"a":null}})" << R"({"data":{"a":""}})" << "";
    QTest::newRow("quantities")
        << "Deployment"
        << R"({"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":1,"memory":"1024Mi"}}}]}}}})"
        << R"({"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]}}}})"
        << "";
    QTest::newRow("empty structs stay")
        << "Deployment" << R"({"spec":{"template":{"spec":{"securityContext":{},"volumes":[]}}}})"
        << R"({"spec":{"template":{"spec":{"securityContext":{}}}}})" << "";
}

void TestBuiltinFields::decodes()
{
    QFETCH(QString, kind);
    QFETCH(QString, given);
    QFETCH(QString, kept);
    QFETCH(QString, unknown);
    const auto decoded = decodeBuiltin(kindOf(kind), json(given));
    QVERIFY(decoded);
    QCOMPARE(decoded->mismatch, std::string());
    QCOMPARE(core::toText(decoded->object), core::toText(json(kept)));
    QStringList names;
    for (const std::string& each : decoded->unknown)
        names << QString::fromStdString(each);
    QCOMPARE(names.join(' '), unknown);
}

void TestBuiltinFields::refuses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("why");
    QTest::newRow("a number for a text")
        << "ConfigMap" << R"({"data":{"a":1}})"
        << "json: cannot unmarshal number into Go struct field ConfigMap.data of type string";
    QTest::newRow("a text for a number") << "Deployment" << R"({"spec":{"replicas":"3"}})"
                                         << "json: cannot unmarshal string into Go struct field "
                                            "DeploymentSpec.spec.replicas of type "
                                            "int32";
    QTest::newRow("a map for a list")
        << "Deployment" << R"({"spec":{"template":{"spec":{"containers":{}}}}})"
        << "json: cannot unmarshal object into Go struct field "
           "PodSpec.spec.template.spec.containers of type []v1.Container";
    QTest::newRow("a text for a struct")
        << "ConfigMap" << R"({"metadata":"a"})"
        << "json: cannot unmarshal string into Go struct field ConfigMap.metadata of type "
           "v1.ObjectMeta";
    QTest::newRow("no base64") << "Secret" << R"({"data":{"a":"abc!"}})"
                               << "illegal base64 data at input byte 3";
    QTest::newRow("no quantity")
        << "Deployment"
        << R"({"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"cpu":"x"}}}]}}}})"
        << "quantities must match the regular expression "
           "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

void TestBuiltinFields::refuses()
{
    QFETCH(QString, kind);
    QFETCH(QString, given);
    QFETCH(QString, why);
    const auto decoded = decodeBuiltin(kindOf(kind), json(given));
    QVERIFY(decoded);
    QCOMPARE(decoded->mismatch, why.toStdString());
}

void TestBuiltinFields::findsProblemsOfShape_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("problem");
    QTest::newRow("none") << R"({"spec":{"replicas":1}})" << "";
    QTest::newRow("a field that is not there")
        << R"({"spec":{"replica":1}})" << ".spec.replica: field not declared in schema";
    QTest::newRow("a text for a number") << R"({"spec":{"replicas":"x"}})"
                                         << ".spec.replicas: expected numeric (int or float), got "
                                            "&value.valueUnstructured{Value:x}";
    QTest::newRow("a number for a list") << R"({"spec":{"template":{"spec":{"containers":7}}}})"
                                         << ".spec.template.spec.containers: expected list, got "
                                            "&value.valueUnstructured{Value:7}";
}

void TestBuiltinFields::findsProblemsOfShape()
{
    QFETCH(QString, given);
    QFETCH(QString, problem);
    QCOMPARE(shapeProblem(kDeployment, json(given)), problem.toStdString());
}

void TestBuiltinFields::leavesOtherKindsAlone()
{
    QVERIFY(!decodeBuiltin({"example.org", "v1", "Widget"}, json(R"({"a":1})")));
    QCOMPARE(shapeProblem({"example.org", "v1", "Widget"}, json(R"({"a":1})")), std::string());
}

WW_TEST_CLASS(TestBuiltinFields)
#include "tst_builtinfields.moc"

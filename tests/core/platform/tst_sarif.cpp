// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

Finding finding()
{
    Finding out;
    out.code = "not-permitted";
    out.severity = Severity::Error;
    out.message = "It may not.";
    out.place = {.file = "a b/web.yaml", .line = 12, .object = "Deployment.apps shop/web"};
    out.related.push_back({.file = "policy.yaml", .line = 3});
    return out;
}

Json logOf(const std::vector<Finding>& findings)
{
    return parseJson(sarif(findings)).value();
}

} // namespace

/// The parts that the format's schema requires, and how code hosts read them.
class TestSarif : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLog()
    {
        const Json log = logOf({});
        QCOMPARE(stringAt(log, {"version"}), std::string_view("2.1.0"));
        const Json& run = log.at("runs").at(0);
        QCOMPARE(stringAt(run, {"tool", "driver", "name"}), std::string_view("Wavewright"));
        QVERIFY(run.at("results").is_array());
        QVERIFY(run.at("results").get_array().empty());
        for (const Json& rule : run.at("tool").at("driver").at("rules").as_array()) {
            QVERIFY(!stringAt(rule, {"id"}).empty());
            QVERIFY(!stringAt(rule, {"shortDescription", "text"}).empty());
            QVERIFY(!stringAt(rule, {"help", "text"}).empty());
        }
    }
    void aResult()
    {
        const Json log = logOf({finding()});
        const Json& run = log.at("runs").at(0);
        const Json& result = run.at("results").at(0);
        QCOMPARE(stringAt(result, {"ruleId"}), std::string_view("not-permitted"));
        QCOMPARE(stringAt(result, {"level"}), std::string_view("error"));
        QCOMPARE(stringAt(result, {"message", "text"}), std::string_view("It may not."));
        const auto index = std::size_t(integerAt(result, {"ruleIndex"}, -1));
        QCOMPARE(stringAt(run.at("tool").at("driver").at("rules").at(index), {"id"}),
                 std::string_view("not-permitted"));
        const Json& physical = result.at("locations").at(0).at("physicalLocation");
        QCOMPARE(stringAt(physical, {"artifactLocation", "uri"}),
                 std::string_view("a%20b/web.yaml"));
        QCOMPARE(integerAt(physical, {"region", "startLine"}, 0), std::int64_t(12));
        QCOMPARE(stringAt(result.at("locations").at(0).at("logicalLocations").at(0),
                          {"fullyQualifiedName"}),
                 std::string_view("Deployment.apps shop/web"));
        QCOMPARE(stringAt(result.at("relatedLocations").at(0),
                          {"physicalLocation", "artifactLocation", "uri"}),
                 std::string_view("policy.yaml"));
        QVERIFY(!find(result, "suppressions"));
    }
    void acceptedOnesAreSuppressed()
    {
        Finding accepted = finding();
        accepted.accepted = true;
        const Json log = logOf({accepted});
        QCOMPARE(
            stringAt(log.at("runs").at(0).at("results").at(0).at("suppressions").at(0), {"kind"}),
            std::string_view("inSource"));
    }
    void fingerprintsOutliveLines()
    {
        Finding moved = finding();
        moved.place.line = 99;
        Finding other = finding();
        other.message = "Another.";
        const Json log = logOf({finding(), moved, other});
        const auto print = [&](std::size_t i) {
            return toText(log.at("runs").at(0).at("results").at(i).at("partialFingerprints"));
        };
        QCOMPARE(print(0), print(1));
        QVERIFY(print(0) != print(2));
    }
    void withoutAPlaceInGit()
    {
        Finding live = finding();
        live.place = {.object = "ConfigMap shop/x"};
        live.related.clear();
        const Json log = logOf({live});
        const Json& location = log.at("runs").at(0).at("results").at(0).at("locations").at(0);
        QVERIFY(!find(location, "physicalLocation"));
        QVERIFY(find(location, "logicalLocations"));
    }
};

WW_TEST_CLASS(TestSarif)
#include "tst_sarif.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/diff/differ.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::Json;

namespace {

Json yaml(const char* text)
{
    return core::parseYaml(text, "").value_or(Json());
}

} // namespace

class TestDisplayYaml : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leavesTheServersOut()
    {
        const Json object = yaml("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
                                 "  uid: u\n  resourceVersion: '1'\n  generation: 2\n"
                                 "  creationTimestamp: x\n  managedFields: []\n"
                                 "data:\n  k: v\nstatus:\n  x: 1\n");
        QCOMPARE(gitops::displayYaml(object),
                 std::string("apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n"
                             "  name: c\n"));
        const std::string whole = gitops::displayYaml(object, true);
        for (const char* part : {"uid: u", "managedFields:", "status:", "generation: 2"})
            QVERIFY2(whole.find(part) != std::string::npos, part);
    }

    void masksBothSidesAlike()
    {
        const Json desired =
            yaml("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: one, b: two}");
        const Json live = yaml("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
                               "data: {a: b25l, b: dGhyZWU=}");
        const auto pair = gitops::displayYaml(&desired, &live);
        QVERIFY(pair.desired.find("a: ++++++++\n") != std::string::npos);
        QVERIFY(pair.desired.find("b: +++++++++\n") != std::string::npos);
        QVERIFY(pair.live.find("a: ++++++++\n") != std::string::npos);
        QVERIFY(pair.live.find("b: ++++++++++\n") != std::string::npos);
        for (const std::string& text : {pair.desired, pair.live, gitops::displayYaml(live, true)})
            for (const char* value : {"one", "two", "b25l", "dGhyZWU"})
                QVERIFY2(text.find(value) == std::string::npos, text.c_str());
        QVERIFY(gitops::displayYaml(nullptr, &live).desired.empty());
    }
};

WW_TEST_CLASS(TestDisplayYaml)
#include "tst_displayyaml.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/syncpolicyreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;

namespace {

core::Application read(const char* yaml, FieldProblems& problems)
{
    const core::Json value = core::parseYaml(yaml, "test.yaml").value();
    FieldReader spec(&value, "spec", problems);
    core::Application out;
    readSyncPolicy(spec, out);
    return out;
}

} // namespace

class TestSyncPolicyReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void automation_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<bool>("automated");
        QTest::addColumn<int>("limit");
        QTest::newRow("none") << QByteArray("x: 1") << false << 0;
        QTest::newRow("empty") << QByteArray("syncPolicy: {automated: {}}") << true << 5;
        QTest::newRow("null") << QByteArray("syncPolicy: {automated: null}") << false << 0;
        QTest::newRow("disabled") << QByteArray("syncPolicy: {automated: {enabled: false}}")
                                  << false << 0;
        QTest::newRow("enabled") << QByteArray("syncPolicy: {automated: {enabled: true}}") << true
                                 << 5;
        QTest::newRow("retry without limit")
            << QByteArray("syncPolicy: {automated: {}, retry: {}}") << true << 0;
        QTest::newRow("without end")
            << QByteArray("syncPolicy: {retry: {limit: -1}}") << false << -1;
    }
    void automation()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(bool, automated);
        QFETCH(int, limit);
        FieldProblems problems;
        const core::Application application = read(yaml, problems);
        QCOMPARE(application.automated, automated);
        QCOMPARE(application.retry.limit, limit);
        QVERIFY(problems.errors.empty());
    }

    void wholePolicy()
    {
        FieldProblems problems;
        const core::Application application = read(R"(
syncPolicy:
  automated: {prune: true, selfHeal: true, allowEmpty: true}
  syncOptions: [CreateNamespace=true, ServerSideApply=true]
  retry: {limit: 7, backoff: {duration: 10s, factor: 3, maxDuration: 1m30s}}
  managedNamespaceMetadata: {labels: {a: b}, annotations: {c: d}}
)",
                                                   problems);
        QVERIFY(application.prune && application.selfHeal && application.allowEmpty);
        QVERIFY(application.hasOption("CreateNamespace=true"));
        QCOMPARE(application.retry.limit, 7);
        QVERIFY(application.retry.duration == 10s && application.retry.maxDuration == 90s);
        QCOMPARE(application.retry.factor, 3.0);
        QCOMPARE(application.managedNamespaceLabels.at("a"), std::string("b"));
        QCOMPARE(application.managedNamespaceAnnotations.at("c"), std::string("d"));
        QVERIFY(problems.errors.empty() && problems.warnings.empty());
    }

    void warnsOfUnknownOptions()
    {
        FieldProblems problems;
        const core::Application application =
            read("syncPolicy: {syncOptions: [CreateNamespaces=true, prune=false]}", problems);
        QCOMPARE(application.syncOptions.size(), std::size_t(2)); // kept as written
        QCOMPARE(problems.warnings.size(), std::size_t(2));
        QVERIFY(problems.warnings[0].ends_with("did you mean CreateNamespace=true"));
    }

    void badValues()
    {
        FieldProblems problems;
        read(R"(
syncPolicy:
  automated: {prune: "yes"}
  retry: {limit: many, backoff: {duration: soon, factor: 0}}
)",
             problems);
        QCOMPARE(problems.errors.size(), std::size_t(4));
        QCOMPARE(problems.errors[0],
                 std::string("spec.syncPolicy.automated.prune must be true or false, not text"));
    }

    void durations()
    {
        QVERIFY(parsePolicyDuration("5s") == 5000ms);
        QVERIFY(parsePolicyDuration("90") == 90s);
        QVERIFY(parsePolicyDuration("1h30m") == 90min);
        for (const char* bad : {"", "-5s", "-1", "5x", "s", "99999999999", "1e9"})
            QVERIFY2(!parsePolicyDuration(bad), bad);
    }
};

WW_TEST_CLASS(TestSyncPolicyReader)
#include "tst_syncpolicyreader.moc"

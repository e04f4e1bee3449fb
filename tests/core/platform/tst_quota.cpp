// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/quota.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

Json yaml(const char* text)
{
    auto value = parseYaml(text, "quota.yaml");
    if (!value)
        qFatal("%s", value.error().text().c_str());
    return *value;
}

QString textOf(const ResourceList& resources)
{
    QStringList out;
    for (const auto& [name, quantity] : resources)
        out << QString::fromStdString(name + "=" + quantity.canonical());
    return out.join(' ');
}

PodFacts podOf(const QString& spec)
{
    return podFactsOf(yaml(qPrintable("{spec: " + spec + "}")), "");
}

} // namespace

class TestQuota : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void needOfAPod_data()
    {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<QString>("limits"); // of a LimitRange, "" for none
        QTest::addColumn<QString>("need");
        const auto row = [](const char* name, const char* spec, const char* limits,
                            const char* need) {
            QTest::newRow(name) << QString(spec) << QString(limits) << QString(need);
        };
        row("nothing said", "{containers: [{name: a}]}", "", "pods=1");
        row("containers add up",
            "{containers: [{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: "
            "{requests: {cpu: '1'}}}]}",
            "", "pods=1 requests.cpu=1100m");
        row("a limit is a request", "{containers: [{name: a, resources: {limits: {cpu: '1'}}}]}",
            "", "limits.cpu=1 pods=1 requests.cpu=1");
        row("the greatest init container",
            "{initContainers: [{name: i, resources: {requests: {cpu: '2'}}}, {name: j, resources: "
            "{requests: {cpu: '1'}}}], containers: [{name: a, resources: {requests: {cpu: "
            "500m}}}]}",
            "", "pods=1 requests.cpu=2");
        row("a smaller one counts not",
            "{initContainers: [{name: i, resources: {requests: {cpu: 100m}}}], containers: [{name: "
            "a, resources: {requests: {cpu: 500m}}}]}",
            "", "pods=1 requests.cpu=500m");
        row("a sidecar adds up",
            "{initContainers: [{name: i, restartPolicy: Always, resources: {requests: {cpu: "
            "100m}}}], containers: [{name: a, resources: {requests: {cpu: 500m}}}]}",
            "", "pods=1 requests.cpu=600m");
        const char* const range = "{type: Container, defaultRequest: {cpu: 200m, memory: 256Mi}, "
                                  "default: {cpu: 500m, memory: 512Mi}}";
        row("defaults", "{containers: [{name: a}]}", range,
            "limits.cpu=500m limits.memory=512Mi pods=1 requests.cpu=200m requests.memory=256Mi");
        row("what is said stands",
            "{containers: [{name: a, resources: {requests: {cpu: 50m}, limits: {cpu: '1'}}}]}",
            range,
            "limits.cpu=1 limits.memory=512Mi pods=1 requests.cpu=50m requests.memory=256Mi");
        row("its own limit is its request",
            "{containers: [{name: a, resources: {limits: {cpu: '1'}}}]}", range,
            "limits.cpu=1 limits.memory=512Mi pods=1 requests.cpu=1 requests.memory=256Mi");
        row("a default limit alone is the request, too", "{containers: [{name: a}]}",
            "{type: Container, default: {cpu: 500m}}", "limits.cpu=500m pods=1 requests.cpu=500m");
        row("max is the default limit", "{containers: [{name: a}]}",
            "{type: Container, max: {cpu: '2'}}", "limits.cpu=2 pods=1 requests.cpu=2");
        row("limits of pods are others", "{containers: [{name: a}]}",
            "{type: Pod, max: {cpu: '2'}}", "pods=1");
    }
    void needOfAPod()
    {
        QFETCH(QString, spec);
        QFETCH(QString, limits);
        QFETCH(QString, need);
        const LimitRangeFacts range =
            LimitRangeFacts::read(yaml(qPrintable("{spec: {limits: [" + limits + "]}}")));
        QCOMPARE(textOf(podNeed(podOf(spec), {&range})), need);
    }
    void whatWasFilledInIsSaid()
    {
        const LimitRangeFacts range = LimitRangeFacts::read(
            yaml("{spec: {limits: [{type: Container, default: {cpu: '1'}}]}}"));
        const PodFacts pod = podOf("{containers: [{name: a}]}");
        const ContainerNeed need = withDefaults(pod.containers.front(), {&range});
        QCOMPARE(need.defaulted, (std::vector<std::string> {"limits.cpu", "requests.cpu"}));
    }
    void quotasAreRead()
    {
        const QuotaFacts facts = QuotaFacts::read(
            yaml("{spec: {hard: {pods: '20', requests.cpu: 4, wrong: x}, scopes: [NotTerminating], "
                 "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: "
                 "Exists}]}}, status: {used: {pods: '3'}}}"));
        QCOMPARE(textOf(facts.hard), QString("pods=20 requests.cpu=4"));
        QCOMPARE(textOf(facts.used), QString("pods=3"));
        QCOMPARE(facts.scopes, (std::vector<std::string> {"NotTerminating", "PriorityClass"}));
    }
    void names_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* written, const char* name) {
            QTest::newRow(written) << QString(written) << QString(name);
        };
        row("cpu", "requests.cpu");
        row("memory", "requests.memory");
        row("limits.cpu", "limits.cpu");
        row("pods", "pods");
        row("count/pods", "pods");
        row("count/deployments.apps", "count/deployments.apps");
    }
    void names()
    {
        QFETCH(QString, written);
        QFETCH(QString, name);
        QCOMPARE(quotaName(written.toStdString()), name.toStdString());
    }
    void sumsKeepTheirFamily()
    {
        ResourceList sum;
        addNeed(sum, {{"memory", *Quantity::parse("256Mi")}}, 3);
        addNeed(sum, {{"memory", *Quantity::parse("256Mi")}}, 0);
        addNeed(sum, {{"memory", *Quantity::parse("256Mi")}}, -1);
        QCOMPARE(textOf(sum), QString("memory=768Mi"));
        QCOMPARE(needFor(sum, "pods"), Quantity());
    }
};

WW_TEST_CLASS(TestQuota)
#include "tst_quota.moc"

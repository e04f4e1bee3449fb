// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/platformmodel.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

const ObjectKey kWeb {"apps", "Deployment", "shop", "web"};

PlatformInputPtr shop()
{
    return PlatformFixture()
        .declare(space("shop", "{team: a}") + deployment("shop", "web")
                 + object("v1", "Service", "shop", "web",
                          "spec: {selector: {app: web}, ports: [{port: 80}]}\n"))
        .build();
}

} // namespace

class TestPlatformModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void indexes()
    {
        const PlatformModel model(shop());
        QVERIFY(model.find(kWeb));
        QVERIFY(!model.find({"apps", "Deployment", "shop", "wob"}));
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(1));
        QCOMPARE(model.space("none").workloads().size(), std::size_t(0));
        QCOMPARE(model.namespaceLabels("shop").at("team"), std::string("a"));
        QCOMPARE(model.namespaceLabels("kube-system").at("kubernetes.io/metadata.name"),
                 std::string("kube-system"));
    }
    void servicesAndTheirPods()
    {
        const PlatformModel model(shop());
        const auto found = model.resolve("web.shop.svc", "other");
        QVERIFY(found);
        QCOMPARE(found->first.namespaceName, std::string("shop"));
        QCOMPARE(model.selected("shop", *found->second.facts).size(), std::size_t(1));
        QVERIFY(model.resolve("web", "shop"));
        QVERIFY(!model.resolve("web", "other"));
        QVERIFY(!model.resolve("example.com", "shop"));
    }
    void factsAreReadOnce()
    {
        const PlatformInputPtr input = shop();
        PlatformModel model(input);
        const ObjectFactsPtr before = model.find(kWeb)->declared;
        model.setInput(input);
        QCOMPARE(model.find(kWeb)->declared.get(), before.get());
        model.setInput(shop()); // new texts
        QVERIFY(model.find(kWeb)->declared.get() != before.get());
    }
    void oneObjectChanges()
    {
        PlatformModel model(shop());
        const auto version = model.space("shop").version();
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(1));
        const auto more = PlatformFixture().declare(deployment("shop", "api")).build();
        model.setObject(more->objects.front());
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(2));
        QVERIFY(model.space("shop").version() > version);
        PlatformObject gone;
        gone.key = kWeb;
        model.setObject(gone);
        QVERIFY(!model.find(kWeb));
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(1));
        const auto labels = PlatformFixture().declare(space("shop", "{team: b}")).build();
        model.setObject(labels->objects.front());
        QCOMPARE(model.namespaceLabels("shop").at("team"), std::string("b"));
    }
    void changedInPlaceIsLikeFromScratch()
    {
        PlatformModel model(shop());
        const auto changed =
            PlatformFixture()
                .declare(deployment("shop", "web", "          resources: {requests: {cpu: '3'}}\n"))
                .build();
        model.setObject(changed->objects.front());
        const auto need = needOf(*model.find(kWeb)->facts(), {});
        QCOMPARE(needFor(need, "requests.cpu").canonical(), std::string("3"));
    }
    void pulledByOwnersAreNoWorkloads()
    {
        PlatformFixture f;
        f.live(object("v1", "Pod", "shop", "web-1", "spec: {containers: [{name: a}]}\n"));
        PlatformInputPtr input = f.build();
        PlatformObject pod = input->objects.front();
        PlatformModel model(input);
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(1));
        auto record = std::make_shared<LiveRecord>(*pod.live);
        record->owners.push_back({{"apps", "ReplicaSet"}, "web", "u"});
        pod.live = record;
        model.setObject(pod);
        QCOMPARE(model.space("shop").workloads().size(), std::size_t(0));
    }
    void needs()
    {
        const auto input = PlatformFixture()
                               .declare(object("batch/v1", "Job", "shop", "j",
                                               "spec: {parallelism: 3, template: {spec: "
                                               "{containers: [{name: a, resources: {requests: "
                                               "{cpu: 100m}}}]}}}\n"))
                               .live(object("batch/v1", "Job", "shop", "done",
                                            "spec: {template: {spec: {containers: [{name: "
                                            "a}]}}}\nstatus: {conditions: [{type: "
                                            "Complete, status: 'True'}]}\n"))
                               .build();
        const PlatformModel model(input);
        const auto need = [&](const char* name) {
            return needOf(*model.find({"batch", "Job", "shop", name})->facts(), {});
        };
        QCOMPARE(needFor(need("j"), "requests.cpu").canonical(), std::string("300m"));
        QCOMPARE(needFor(need("j"), "count/jobs.batch").canonical(), std::string("1"));
        QCOMPARE(needFor(need("done"), "pods"), Quantity());
    }
    void madeBySystem_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("space");
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("made");
        const auto row = [](const char* kind, const char* spaceName, const char* name, bool made) {
            QTest::addRow("%s %s/%s", kind, spaceName, name)
                << QString(kind) << QString(spaceName) << QString(name) << made;
        };
        row("ConfigMap", "shop", "kube-root-ca.crt", true);
        row("ConfigMap", "shop", "mine", false);
        row("ServiceAccount", "shop", "default", true);
        row("ServiceAccount", "shop", "robot", false);
        row("Service", "default", "kubernetes", true);
        row("Service", "shop", "kubernetes", false);
        row("Namespace", "", "kube-system", true);
        row("Namespace", "", "wavewright", true);
        row("Namespace", "", "shop", false);
        row("Event", "shop", "x", true);
    }
    void madeBySystem()
    {
        QFETCH(QString, kind);
        QFETCH(QString, space);
        QFETCH(QString, name);
        QFETCH(bool, made);
        QCOMPARE(isMadeBySystem({"", kind.toStdString(), space.toStdString(), name.toStdString()}),
                 made);
    }
};

WW_TEST_CLASS(TestPlatformModel)
#include "tst_platformmodel.moc"

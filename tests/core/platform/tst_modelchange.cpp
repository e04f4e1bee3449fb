// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/modelchange.h"
#include "core/platform/platformmodel.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using namespace tests;

namespace {

PlatformObject declared(const std::string& yaml)
{
    return PlatformFixture().declare(yaml).build()->objects.front();
}

QString textOf(const ModelAspects& aspects)
{
    QStringList out;
    for (const auto& [aspect, word] :
         {std::pair {ModelAspect::Itself, "itself"}, std::pair {ModelAspect::Network, "network"},
          std::pair {ModelAspect::Frame, "frame"}, std::pair {ModelAspect::Needs, "needs"},
          std::pair {ModelAspect::Names, "names"}, std::pair {ModelAspect::Rights, "rights"},
          std::pair {ModelAspect::Claims, "claims"}, std::pair {ModelAspect::Spaces, "spaces"},
          std::pair {ModelAspect::Services, "services"}})
        if (aspects.has(aspect))
            out << word;
    return out.join(' ');
}

} // namespace

class TestModelChange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aspects_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("aspects");
        const auto row = [](const char* name, const std::string& before, const std::string& after,
                            const char* aspects) {
            QTest::newRow(name) << QString::fromStdString(before) << QString::fromStdString(after)
                                << aspects;
        };
        const std::string web = deployment("shop", "web");
        row("image", web, deployment("shop", "web", "          image: x\n"), "itself needs");
        row("labels", web, deployment("shop", "web", "", "{app: other}"), "itself network needs");
        row("a port", web, deployment("shop", "web", "          ports: [{containerPort: 1}]\n"),
            "itself network needs");
        const auto service = [](const char* more) {
            return object("v1", "Service", "shop", "s",
                          std::string("spec: {selector: {app: web}, ports: [{port: 80") + more
                              + "}]}\n");
        };
        row("Service", service(""), service(", name: http"), "itself network needs services");
        row("node port", service(""), service(", nodePort: 30000"),
            "itself network needs claims services");
        row("Secret", object("v1", "Secret", "shop", "s", "data: {a: b}\n"),
            object("v1", "Secret", "shop", "s", "data: {a: c}\n"), "itself needs names");
        row("policy",
            object("networking.k8s.io/v1", "NetworkPolicy", "shop", "p",
                   "spec: {podSelector: {}}\n"),
            object("networking.k8s.io/v1", "NetworkPolicy", "shop", "p",
                   "spec: {podSelector: {}, policyTypes: [Egress]}\n"),
            "itself network frame needs");
        row("Namespace", space("shop"), space("shop", "{a: b}"), "itself spaces");
        row("Role", object("rbac.authorization.k8s.io/v1", "Role", "shop", "r", "rules: []\n"),
            object("rbac.authorization.k8s.io/v1", "Role", "shop", "r",
                   "rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]\n"),
            "itself needs rights");
    }
    void aspects()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, aspects);
        PlatformModel model(
            PlatformFixture()
                .declare(before.toStdString() + object("v1", "Pod", "shop", "other"))
                .build());
        const auto count = model.changeCount();
        model.setObject(declared(after.toStdString()));
        const auto changes = model.changesSince(count);
        QVERIFY(changes && changes->size() == 1);
        QCOMPARE(textOf(changes->front().aspects), aspects);
        QVERIFY(!model.changesSince(0)); // nobody knows what was before the first input
        QVERIFY(!model.changesSince(model.changeCount() + 1));
    }
    void onlyTheStateInTheCluster()
    {
        PlatformFixture fixture;
        fixture.declare(deployment("shop", "web"));
        const PlatformInputPtr input = fixture.build();
        PlatformModel model(input);
        const auto count = model.changeCount();
        PlatformObject object = input->objects.front();
        LiveRecord record;
        record.health.status = Health::Degraded;
        object.live = std::make_shared<const LiveRecord>(record);
        model.setObject(object);
        QCOMPARE(textOf(model.changesSince(count)->front().aspects), QString("needs"));
        record.health.status = Health::Healthy;
        object.live = std::make_shared<const LiveRecord>(record);
        model.setObject(object);
        QCOMPARE(textOf(model.changesSince(count)->back().aspects), QString());
    }
    /// An input after another tells the objects that differ, and nothing of the rest.
    void anotherInput()
    {
        const std::string web = deployment("shop", "web");
        const PlatformInputPtr before = PlatformFixture().declare(web + space("shop")).build();
        PlatformModel model(before);
        auto count = model.changeCount();
        PlatformInput next = *before;
        next.objects.erase(next.objects.begin()); // the Namespace
        model.setInput(std::make_shared<const PlatformInput>(next));
        QCOMPARE(model.changesSince(count)->size(), std::size_t(1));
        QVERIFY(model.isKnown("shop")); // something is in it
        count = model.changeCount();
        next.objects.clear();
        model.setInput(std::make_shared<const PlatformInput>(next));
        QCOMPARE(model.changesSince(count)->size(), std::size_t(1));
        QVERIFY(!model.isKnown("shop"));
        model.setInput(before); // into an empty model: all are new
        QVERIFY(!model.changesSince(count));
    }
    void manyChangesAreForgotten()
    {
        PlatformModel model(PlatformFixture().declare(space("a")).build());
        const auto count = model.changeCount();
        const PlatformObject a = declared(object("v1", "ConfigMap", "a", "a"));
        const PlatformObject b = declared(object("v1", "ConfigMap", "a", "a", "data: {a: b}\n"));
        for (int i = 0; i < 5'000; ++i)
            model.setObject(i % 2 ? a : b);
        QVERIFY(!model.changesSince(count));
        QVERIFY(model.changesSince(model.changeCount() - 1'000));
    }
    void sameObjects()
    {
        const PlatformObject a = declared(space("a"));
        PlatformObject b = a;
        QVERIFY(isSameObject(a, b));
        b.declared.front().wave = 7;
        QVERIFY(!isSameObject(a, b));
        b = a;
        b.live = std::make_shared<const LiveRecord>();
        QVERIFY(!isSameObject(a, b));
    }
};

WW_TEST_CLASS(TestModelChange)
#include "tst_modelchange.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findingsmodel.h"
#include "core/platform/lineagemodel.h"
#include "tests/core/platform/findingssequence.h"
#include "tests/core/platform/keptviews.h"
#include "tests/core/platform/madeplatform.h"
#include "tests/core/platform/platformcorpus.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QStandardPaths>
#include <QtTest/QTest>

#include <algorithm>
#include <memory>

using namespace core;
using namespace tests;

namespace {

constexpr int kParts = 4;

const std::string kKafka =
    object("kafka.strimzi.io/v1beta2", "Kafka", "kafka", "c",
           "spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}\n");

std::string client(const std::string& space, const std::string& host)
{
    return deployment(space, "web", "          env: [{name: URL, value: 'http://" + host + "'}]\n");
}

std::string egress(const std::string& space, const std::string& rules)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", space, "out",
                  "spec: {podSelector: {}, policyTypes: [Egress], egress: [" + rules + "]}\n");
}

std::string service(const std::string& space, int nodePort)
{
    return object("v1", "Service", space, "web",
                  "spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: "
                      + std::to_string(nodePort) + "}]}\n");
}

/// A platform in which each object below has its say in a finding.
PlatformInputPtr platform()
{
    return PlatformFixture()
        .declare(kKafka + space("kafka") + space("user-a") + space("user-b") + space("shop")
                 + client("shop", "web.data.svc:80") + client("user-a", "web.shop:80")
                 + deployment("data", "web", "          ports: [{containerPort: 80}]\n")
                 + service("data", 30001) + service("shop", 30002) + egress("shop", "{}")
                 + egress("user-a", "{}") + egress("user-b", "{ports: [{port: 443}]}"))
        .build();
}

/// The object of a YAML text, as declared.
PlatformObject declared(const std::string& yaml)
{
    return PlatformFixture().declare(yaml).build()->objects.front();
}

PlatformObject gone(const std::string& yaml)
{
    PlatformObject out = declared(yaml);
    out.declared.clear();
    return out;
}

QString textOf(const Finding& each)
{
    return QString::fromStdString(each.code + " " + each.place.text() + " " + each.message
                                  + (each.accepted ? " accepted: " + each.reason : ""));
}

QStringList textsOf(const std::vector<Finding>& all)
{
    QStringList out;
    for (const Finding& each : all)
        out << textOf(each);
    return out;
}

QStringList textsOf(const std::vector<const Finding*>& all)
{
    QStringList out;
    for (const Finding* each : all)
        out << textOf(*each);
    return out;
}

std::vector<Finding> foundIn(const PlatformInput& input)
{
    const PlatformModel model(std::make_shared<const PlatformInput>(input));
    return findings(model, *makeLineage(input));
}

} // namespace

class TestFindingsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameAsFromScratch_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<bool>("isGone");
        QTest::addColumn<bool>("changes"); // whether any finding comes or goes
        const auto row = [](const char* name, const std::string& yaml, bool isGone = false,
                            bool changes = true) {
            QTest::newRow(name) << QString::fromStdString(yaml) << isGone << changes;
        };
        row("nothing is allowed out any more", egress("shop", ""));
        row("the Service of another namespace goes", service("data", 30001), true);
        row("its pods go", deployment("data", "web"), true, false); // none are left to choose from
        row("a node port meets another", service("data", 30002));
        row("a tenant may reach the listener", egress("user-b", "{ports: [{port: 9092}]}"));
        row("the listener goes", kKafka, true);
        row("a namespace is a tenant now", space("data", "{platform.wavewright.dev/tenant: x}"));
        row("a tenant's Namespace goes", space("user-b"), true); // with it the places
        row("a quota that is too small",
            object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {pods: '0'}}\n"));
        row("a Secret that everybody knows",
            object("v1", "Secret", "new", "s", "stringData: {password: guest}\n"));
        row("only another image",
            deployment("data", "web",
                       "          image: x\n          ports: [{containerPort: 80}]\n"),
            false, false);
        row("a binding to a role that is not there",
            object("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "b",
                   "roleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: ann}]\n"));
    }
    void sameAsFromScratch()
    {
        QFETCH(QString, yaml);
        QFETCH(bool, isGone);
        QFETCH(bool, changes);
        PlatformModel model(platform());
        FindingsModel kept;
        const QStringList before = textsOf(kept.update(model));
        QVERIFY(!before.isEmpty());
        model.setObject(isGone ? gone(yaml.toStdString()) : declared(yaml.toStdString()));
        const QStringList after = textsOf(kept.update(model));
        QCOMPARE(after, textsOf(findings(model)));
        QCOMPARE(after != before, changes);
    }

    void copiesOfAnotherNamespace()
    {
        const std::string wanting =
            deployment("shop", "web", "          envFrom: [{secretRef: {name: s}}]\n");
        const std::string source = object(
            "v1", "Secret", "vault", "s",
            "  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: shop}\n");
        PlatformModel model(PlatformFixture().declare(wanting).build());
        FindingsModel kept;
        const auto has = [&] {
            return std::ranges::any_of(kept.update(model), [](const Finding* each) {
                return each->code == "missing-reference";
            });
        };
        QVERIFY(has());
        model.setObject(declared(source));
        QVERIFY(!has());
        model.setObject(gone(source));
        QVERIFY(has());
    }

    /// A text that names another namespace than before follows what happens there.
    void otherTextsRestOnOthers()
    {
        PlatformModel model(PlatformFixture()
                                .declare(client("shop", "web.data.svc:80") + service("data", 30001)
                                         + object("v1", "ConfigMap", "far", "c"))
                                .build());
        FindingsModel kept;
        kept.update(model);
        for (const std::string& yaml :
             {client("shop", "web.far.svc:80"), service("far", 30002), service("data", 30003)}) {
            model.setObject(declared(yaml));
            QCOMPARE(textsOf(kept.update(model)), textsOf(findings(model)));
        }
        model.setObject(gone(service("far", 30002)));
        QCOMPARE(textsOf(kept.update(model)), textsOf(findings(model)));
    }

    void manyChangesOneAfterAnother()
    {
        PlatformModel model(platform());
        FindingsModel kept;
        kept.update(model);
        for (int i = 0; i < 40; ++i) {
            const std::string name = "user-" + std::to_string(i % 7);
            const std::string text = i % 3 == 0 ? space(name)
                : i % 3 == 1                    ? client(name, "web.data.svc:81")
                                                : service(name, 30001 + i % 2);
            model.setObject(i % 11 == 10 ? gone(text) : declared(text));
            QCOMPARE(textsOf(kept.update(model)), textsOf(findings(model)));
        }
    }
    void onlyWhatChangedIsJudged()
    {
        PlatformModel model(platform());
        FindingsModel kept;
        kept.update(model);
        QCOMPARE(kept.statistics().objects, model.input().objects.size());
        kept.update(model);
        QCOMPARE(kept.statistics().objects, std::size_t(0));
        // What only its own findings rest on.
        model.setObject(declared(deployment(
            "data", "web", "          image: y\n          ports: [{containerPort: 80}]\n")));
        kept.update(model);
        QCOMPARE(kept.statistics().objects, std::size_t(1));
        // What those see of it who name it: itself (also among those of its namespace), the Service
        // there, and one in shop.
        model.setObject(declared(deployment("data", "web", "          image: y\n")));
        kept.update(model);
        QCOMPARE(kept.statistics().objects, std::size_t(4));
        model.setInput(platform());
        QCOMPARE(textsOf(kept.update(model)), textsOf(findings(model)));
    }

    void histories_data()
    {
        QTest::addColumn<QString>("platform"); // "" for a made one
        QTest::addColumn<int>("changes");
        QTest::addColumn<int>("steps");
        for (const int changes : {1, 2})
            QTest::addRow("made, %d", changes) << "" << changes << 80;
        for (const char* name : {"event-driven", "lambda-education", "lakehouse"})
            QTest::newRow(name) << name << 0 << 25;
    }
    /// Whatever came before, what is kept is what is made from scratch.
    void histories()
    {
        QFETCH(QString, platform);
        QFETCH(int, changes);
        QFETCH(int, steps);
        PlatformInput input = madePlatform();
        if (!platform.isEmpty()) {
            if (QStandardPaths::findExecutable("kubectl").isEmpty())
                QSKIP("there is no kubectl to render with");
            PlatformCorpus corpus;
            corpus.addRendered("manifests/" + platform + "/apps/overlays/practice");
            input = corpus.input();
        }
        QVERIFY(input.objects.size() > 20);
        for (std::uint32_t seed = 1; seed <= 3; ++seed) {
            const std::string difference =
                runFindings(input, {}, seed, steps, tests::Changes(changes));
            QVERIFY2(difference.empty(),
                     ("seed " + std::to_string(seed) + ", " + difference).c_str());
        }
    }

    /// A history tells nothing of a rule that never has a say in it: here every rule finds
    /// something, and takes something back.
    void everyRuleComesAndGoes()
    {
        const PlatformInput platform = madePlatform();
        std::vector<PlatformChange> changes = goings(platform);
        for (const auto& more : {madeChanges(), changesBeside(platform)})
            changes.insert(changes.end(), more.begin(), more.end());
        KeptViews kept;
        const std::string difference = checkOneByOne(platform, changes, kept);
        QVERIFY2(difference.empty(), difference.c_str());
        QStringList never;
        for (const FindingRule& rule : findingRules()) {
            const std::string code(rule.code);
            if (!kept.fired().contains(code))
                never << QString::fromStdString(code) + " was never found";
            else if (!kept.withdrawn().contains(code))
                never << QString::fromStdString(code) + " never went";
        }
        QVERIFY2(never.isEmpty(), qPrintable(never.join("; ")));
    }

    void everyMemberCounts_data()
    {
        QTest::addColumn<int>("part");
        for (int part = 0; part < kParts; ++part)
            QTest::addRow("part %d", part) << part;
    }
    /// Each member of each text away, or saying something else; other lines, hands and states.
    void everyMemberCounts()
    {
        QFETCH(int, part);
        const PlatformInput platform = madePlatform();
        const std::vector<PlatformChange> all = changesOf(platform, foundIn(platform));
        std::vector<PlatformChange> changes;
        for (std::size_t i = std::size_t(part); i < all.size(); i += kParts)
            changes.push_back(all[i]);
        KeptViews kept;
        const std::string difference = checkOneByOne(platform, changes, kept);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void changesTogether_data()
    {
        QTest::addColumn<std::uint32_t>("seed");
        for (std::uint32_t seed = 1; seed <= 3; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void changesTogether()
    {
        QFETCH(std::uint32_t, seed);
        const PlatformInput platform = madePlatform();
        std::vector<PlatformChange> changes = changesOf(platform, foundIn(platform));
        for (const auto& more :
             {goings(platform), madeChanges(), madeChanges(), changesBeside(platform)})
            changes.insert(changes.end(), more.begin(), more.end());
        KeptViews kept;
        const std::string difference = checkTogether(platform, changes, seed, 120, kept);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void flowsAreKeptWithTheGraph()
    {
        const std::string topic = "  labels: {strimzi.io/cluster: c}\n";
        const std::string plain =
            object("kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", "t", topic);
        PlatformModel model(PlatformFixture().declare(kKafka + plain).build());
        const LineageGraphPtr graph = makeLineage(model.input());
        FindingsModel kept;
        const auto& all = kept.update(model, graph);
        const auto isAccepted = [](const Finding* each) { return each->accepted; };
        QVERIFY(kept.statistics().nodes > 1);
        QVERIFY(std::ranges::none_of(all, isAccepted));
        model.setObject(declared(object(
            "kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", "t",
            "  annotations: {wavewright.dev/accept: 'no-producer: comes in May'}\n" + topic)));
        const auto& again = kept.update(model, graph);
        QCOMPARE(kept.statistics().nodes, std::size_t(1));
        QCOMPARE(std::ranges::count_if(again, isAccepted), std::ptrdiff_t(1));
        const std::size_t whole = again.size();
        QCOMPARE(kept.update(model).size() + 2, whole); // without the flows
    }
};

WW_TEST_CLASS(TestFindingsModel)
#include "tst_findingsmodel.moc"

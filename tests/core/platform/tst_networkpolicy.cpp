// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkPolicy's semantics, a row for each rule: pods of shop (labels app=web, namespace label
// team=a) want to reach pods of data (app=db, ports sql 5432/TCP and dns 53/UDP, namespace label
// team=b).
#include "core/platform/networkpolicy.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

NetworkPolicyFacts policyOf(const QString& spec)
{
    const auto value = parseYaml("spec: " + spec.toStdString(), "policy.yaml");
    if (!value)
        qFatal("%s", value.error().text().c_str());
    return NetworkPolicyFacts::read(*value);
}

ObjectKey keyOf(const char* space, const char* name)
{
    return {"networking.k8s.io", "NetworkPolicy", space, name};
}

const Labels kWeb {{"app", "web"}};
const Labels kDb {{"app", "db"}};
const Labels kShopLabels {{"kubernetes.io/metadata.name", "shop"}, {"team", "a"}};
const Labels kDataLabels {{"kubernetes.io/metadata.name", "data"}, {"team", "b"}};
const std::vector<ContainerPort> kDbPorts {{"sql", 5432, "TCP"}, {"dns", 53, "UDP"}};
const std::vector<ContainerPort> kNoPorts;

NetworkEnd web()
{
    return {"shop", &kWeb, &kShopLabels, &kNoPorts, false, std::nullopt};
}

NetworkEnd db()
{
    return {"data", &kDb, &kDataLabels, &kDbPorts, false, std::nullopt};
}

QString textOf(Reach reach)
{
    return reach == Reach::Allowed ? "allowed" : reach == Reach::Denied ? "denied" : "depends";
}

} // namespace

class TestNetworkPolicy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void into_data()
    {
        QTest::addColumn<QString>("spec"); // of a policy in data; "" for none
        QTest::addColumn<QString>("reach");
        const auto row = [](const char* name, const char* spec, const char* reach) {
            QTest::newRow(name) << QString(spec) << QString(reach);
        };
        row("no policy: all may", "", "allowed");
        row("a policy without rules isolates", "{podSelector: {}}", "denied");
        row("an empty list of rules, too", "{podSelector: {}, ingress: []}", "denied");
        row("an empty rule opens", "{podSelector: {}, ingress: [{}]}", "allowed");
        row("it selects other pods", "{podSelector: {matchLabels: {app: cache}}}", "allowed");
        row("it selects these pods", "{podSelector: {matchLabels: {app: db}}}", "denied");
        row("by expression",
            "{podSelector: {matchExpressions: [{key: app, operator: In, values: "
            "[db, cache]}]}}",
            "denied");
        row("by expression, not these",
            "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}",
            "allowed");
        row("for egress only", "{podSelector: {}, policyTypes: [Egress]}", "allowed");
        row("for both, without rules", "{podSelector: {}, policyTypes: [Ingress, Egress]}",
            "denied");
        row("pods of its own namespace",
            "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", "denied");
        row("any namespace", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}",
            "allowed");
        row("namespaces by label",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}",
            "allowed");
        row("other namespaces by label",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: c}}}]}]}",
            "denied");
        row("the namespace's own name",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
            "{kubernetes.io/metadata.name: shop}}}]}]}",
            "allowed");
        row("pods of namespaces: both must fit",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, "
            "podSelector: {matchLabels: {app: web}}}]}]}",
            "allowed");
        row("pods of namespaces: the pods do not",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, "
            "podSelector: {matchLabels: {app: job}}}]}]}",
            "denied");
        row("as two peers either fits",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, "
            "{podSelector: {matchLabels: {app: job}}}]}]}",
            "allowed");
        row("an empty peer matches nobody", "{podSelector: {}, ingress: [{from: [{}]}]}", "denied");
        row("an empty list of peers is everybody", "{podSelector: {}, ingress: [{from: []}]}",
            "allowed");
        row("the port", "{podSelector: {}, ingress: [{ports: [{port: 5432}]}]}", "allowed");
        row("another port", "{podSelector: {}, ingress: [{ports: [{port: 5433}]}]}", "denied");
        row("another protocol",
            "{podSelector: {}, ingress: [{ports: [{port: 5432, protocol: UDP}]}]}", "denied");
        row("a range of ports",
            "{podSelector: {}, ingress: [{ports: [{port: 5000, endPort: 6000}]}]}", "allowed");
        row("a range that ends before",
            "{podSelector: {}, ingress: [{ports: [{port: 5000, endPort: 5431}]}]}", "denied");
        row("a named port", "{podSelector: {}, ingress: [{ports: [{port: sql}]}]}", "allowed");
        row("a named port of another protocol",
            "{podSelector: {}, ingress: [{ports: [{port: dns}]}]}", "denied");
        row("a name that no container has", "{podSelector: {}, ingress: [{ports: [{port: http}]}]}",
            "denied");
        row("every port of a protocol", "{podSelector: {}, ingress: [{ports: [{protocol: TCP}]}]}",
            "allowed");
        row("a block of all addresses depends on the plugin",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}", "depends");
        row("a block of private addresses, too",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}", "depends");
        row("a block of the world holds no pods",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}", "denied");
        row("all addresses but private ones",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, "
            "172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]}}]}]}",
            "denied");
        row("a block beside a selector is invalid",
            "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}, podSelector: "
            "{}}]}]}",
            "denied");
        row("rules are a union",
            "{podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 5432}]}]}",
            "allowed");
        row("a selector that cannot be read selects nothing",
            "{podSelector: {matchExpressions: [{key: a, operator: Near}]}}", "allowed");
    }
    void into()
    {
        QFETCH(QString, spec);
        QFETCH(QString, reach);
        NetworkPolicyFacts facts;
        std::vector<NetworkPolicy> policies;
        if (!spec.isEmpty()) {
            facts = policyOf(spec);
            policies.push_back({keyOf("data", "p"), &facts});
        }
        const NetworkVerdict verdict = connectionVerdict(web(), db(), {"TCP", 5432}, {}, policies);
        QCOMPARE(textOf(verdict.reach), reach);
        QCOMPARE(textOf(verdict.egress.reach), QString("allowed"));
        QVERIFY(!verdict.reason().empty());
    }

    void outOf_data()
    {
        QTest::addColumn<QString>("spec"); // of a policy in shop
        QTest::addColumn<QString>("reach");
        const auto row = [](const char* name, const char* spec, const char* reach) {
            QTest::newRow(name) << QString(spec) << QString(reach);
        };
        row("ingress alone does not hold it back", "{podSelector: {}}", "allowed");
        row("egress without types counts when it has rules",
            "{podSelector: {}, egress: [{ports: [{port: 80}]}]}", "denied");
        row("an empty egress without types is none", "{podSelector: {}, egress: []}", "allowed");
        row("default deny", "{podSelector: {}, policyTypes: [Egress]}", "denied");
        row("to its own namespace",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}",
            "denied");
        row("to the target's",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
            "{matchLabels: {team: b}}}], ports: [{port: 5432}]}]}",
            "allowed");
        row("a named port means the target's",
            "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: sql}]}]}",
            "allowed");
        row("rules do not mix peers and ports",
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
            "{matchLabels: {team: b}}}], ports: [{port: 80}]}, {to: [{namespaceSelector: "
            "{matchLabels: {team: c}}}], ports: [{port: 5432}]}]}",
            "denied");
    }
    void outOf()
    {
        QFETCH(QString, spec);
        QFETCH(QString, reach);
        const NetworkPolicyFacts facts = policyOf(spec);
        const NetworkVerdict verdict =
            connectionVerdict(web(), db(), {"TCP", 5432}, {{keyOf("shop", "p"), &facts}}, {});
        QCOMPARE(textOf(verdict.reach), reach);
    }

    void bothEndsMustAllow()
    {
        const NetworkPolicyFacts open =
            policyOf("{podSelector: {}, policyTypes: [Ingress, Egress], "
                     "ingress: [{}], egress: [{}]}");
        const NetworkPolicyFacts closed =
            policyOf("{podSelector: {}, policyTypes: [Ingress, Egress]}");
        const auto reach = [&](const NetworkPolicyFacts& source, const NetworkPolicyFacts& target) {
            return connectionVerdict(web(), db(), {"TCP", 5432}, {{keyOf("shop", "s"), &source}},
                                     {{keyOf("data", "t"), &target}});
        };
        QCOMPARE(reach(open, open).reach, Reach::Allowed);
        QCOMPARE(reach(closed, open).reach, Reach::Denied);
        QCOMPARE(reach(open, closed).reach, Reach::Denied);
        QCOMPARE(reach(open, closed).ingress.policy.name, std::string("t"));
        QCOMPARE(reach(closed, open).egress.policy.name, std::string("s"));
    }
    void policiesAreAUnion()
    {
        const NetworkPolicyFacts closed = policyOf("{podSelector: {}}");
        const NetworkPolicyFacts open = policyOf(
            "{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 80}]}, {}]}");
        const NetworkVerdict verdict =
            connectionVerdict(web(), db(), {"TCP", 5432}, {},
                              {{keyOf("data", "deny"), &closed}, {keyOf("data", "open"), &open}});
        QCOMPARE(verdict.reach, Reach::Allowed);
        QCOMPARE(verdict.ingress.policy.name, std::string("open"));
        QCOMPARE(verdict.ingress.rule, 1);
    }
    void policiesOfOtherNamespacesDoNotCount()
    {
        const NetworkPolicyFacts closed = policyOf("{podSelector: {}}");
        QCOMPARE(
            connectionVerdict(web(), db(), {"TCP", 5432}, {}, {{keyOf("other", "deny"), &closed}})
                .reach,
            Reach::Allowed);
    }

    void theWorld_data()
    {
        QTest::addColumn<QString>("spec"); // egress of shop
        QTest::addColumn<QString>("address"); // "": any
        QTest::addColumn<QString>("reach");
        const auto row =
            [](const char* name, const char* rules, const char* address, const char* reach) {
                QTest::newRow(name)
                    << "{podSelector: {}, policyTypes: [Egress], egress: " + QString(rules) + "}"
                    << QString(address) << QString(reach);
            };
        row("a rule without peers", "[{ports: [{port: 443}]}]", "", "allowed");
        row("selectors mean pods alone", "[{to: [{namespaceSelector: {}}]}]", "8.8.8.8", "denied");
        row("inside the block", "[{to: [{ipBlock: {cidr: 8.8.0.0/16}}]}]", "8.8.8.8", "allowed");
        row("outside", "[{to: [{ipBlock: {cidr: 8.9.0.0/16}}]}]", "8.8.8.8", "denied");
        row("excepted", "[{to: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.8.0/24]}}]}]", "8.8.8.8",
            "denied");
        row("beside the exception", "[{to: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.9.0/24]}}]}]",
            "8.8.8.8", "allowed");
        row("not on a byte's edge", "[{to: [{ipBlock: {cidr: 8.8.8.8/29}}]}]", "8.8.8.15",
            "allowed");
        row("just past it", "[{to: [{ipBlock: {cidr: 8.8.8.8/29}}]}]", "8.8.8.16", "denied");
        row("IPv6", "[{to: [{ipBlock: {cidr: '2001:db8::/32'}}]}]", "2001:db8:1::1", "allowed");
        row("IPv4 is not in an IPv6 block", "[{to: [{ipBlock: {cidr: '::/0'}}]}]", "8.8.8.8",
            "denied");
        row("any address in all of them", "[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", "", "allowed");
        row("any address in some", "[{to: [{ipBlock: {cidr: 8.0.0.0/8}}]}]", "", "depends");
        row("a block that is none", "[{to: [{ipBlock: {cidr: 8.8.8.8}}]}]", "8.8.8.8", "denied");
    }
    void theWorld()
    {
        QFETCH(QString, spec);
        QFETCH(QString, address);
        QFETCH(QString, reach);
        const NetworkPolicyFacts facts = policyOf(spec);
        NetworkEnd world;
        if (!address.isEmpty())
            world.address = IpAddress::parse(address.toStdString());
        const NetworkVerdict verdict =
            connectionVerdict(web(), world, {"TCP", 443}, {{keyOf("shop", "p"), &facts}}, {});
        QCOMPARE(textOf(verdict.reach), reach);
    }

    void hostNetworkIsNotSeen()
    {
        const NetworkPolicyFacts closed = policyOf("{podSelector: {}}");
        NetworkEnd host = db();
        host.hostNetwork = true;
        QCOMPARE(connectionVerdict(web(), host, {"TCP", 5432}, {}, {{keyOf("data", "p"), &closed}})
                     .reach,
                 Reach::Allowed);
        const NetworkPolicyFacts fromShop =
            policyOf("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}");
        NetworkEnd source = web();
        source.hostNetwork = true;
        QCOMPARE(
            connectionVerdict(source, db(), {"TCP", 5432}, {}, {{keyOf("data", "p"), &fromShop}})
                .reach,
            Reach::Denied);
    }

    void blocks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("valid");
        for (const char* good : {"0.0.0.0/0", "10.0.0.0/8", "1.2.3.4/32", "::/0", "fe80::1/128"})
            QTest::newRow(good) << QString(good) << true;
        for (const char* bad : {"", "/", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8",
                                "10.0.0.0/-1", "10.0.0.0/8x"})
            QTest::newRow(*bad ? bad : "empty") << QString(bad) << false;
    }
    void blocks()
    {
        QFETCH(QString, text);
        QFETCH(bool, valid);
        QCOMPARE(IpBlock::parse(text.toStdString()).has_value(), valid);
    }
};

WW_TEST_CLASS(TestNetworkPolicy)
#include "tst_networkpolicy.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/kindplaces.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::KindPlaces;

namespace {

const core::GroupKind kMaps {"", "ConfigMap"};
const core::GroupKind kDeployments {"apps", "Deployment"};
const core::GroupKind kRoles {"rbac.authorization.k8s.io", "ClusterRole"};

} // namespace

class TestKindPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void includes_data()
    {
        QTest::addColumn<QString>("all");
        QTest::addColumn<QString>("some");
        QTest::addColumn<bool>("expected");
        QTest::newRow("nothing of nothing") << "" << "" << true;
        QTest::newRow("nothing of something") << "/ConfigMap a" << "" << true;
        QTest::newRow("the same") << "/ConfigMap a b" << "/ConfigMap b a" << true;
        QTest::newRow("fewer places") << "/ConfigMap a b" << "/ConfigMap b" << true;
        QTest::newRow("a kind anywhere") << "/ConfigMap a" << "/ConfigMap" << true;
        QTest::newRow("more places") << "/ConfigMap a" << "/ConfigMap a b" << false;
        QTest::newRow("another kind") << "/ConfigMap a" << "apps/Deployment a" << false;
        QTest::newRow("each in the other's") << "/ConfigMap a\napps/Deployment b"
                                             << "/ConfigMap b\napps/Deployment a" << false;
    }
    void includes()
    {
        QFETCH(const QString, all);
        QFETCH(const QString, some);
        QFETCH(const bool, expected);
        QCOMPARE(gitops::includesPlaces(gitops::kindPlacesFromText(all.toStdString()),
                                        gitops::kindPlacesFromText(some.toStdString())),
                 expected);
    }

    void text()
    {
        const KindPlaces places {{kMaps, {"one", "two"}}, {kDeployments, {"one"}}, {kRoles, {""}}};
        const std::string text = gitops::toText(places);
        QCOMPARE(text,
                 "/ConfigMap one two\napps/Deployment one\nrbac.authorization.k8s.io/ClusterRole");
        const KindPlaces read = gitops::kindPlacesFromText(text);
        QCOMPARE(read.at(kMaps), (std::set<std::string> {"one", "two"}));
        QVERIFY(read.at(kRoles).empty()); // of the cluster scope: no namespace
        QCOMPARE(gitops::toText(read), text);
    }

    /// Written by whoever may write the record.
    void textOfOthers()
    {
        const KindPlaces read = gitops::kindPlacesFromText(
            "\n\nConfigMap one\n /x\n/ConfigMap  one  \n/ConfigMap two\n/");
        QCOMPARE(read.at(kMaps), (std::set<std::string> {"one", "two"}));
        QVERIFY(!read.contains(kDeployments));
    }

    void everyKindInEveryNamespace()
    {
        KindPlaces places = gitops::placesOf({kMaps, kDeployments}, {"a", "b"});
        QCOMPARE(places.at(kDeployments), (std::set<std::string> {"a", "b"}));
        gitops::addPlaces(places, {{kMaps, {"c"}}, {kRoles, {}}});
        QCOMPARE(places.at(kMaps).size(), std::size_t(3));
        QVERIFY(places.contains(kRoles));
    }
};

WW_TEST_CLASS(TestKindPlaces)
#include "tst_kindplaces.moc"

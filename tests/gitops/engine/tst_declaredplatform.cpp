// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/declaredplatform.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestDeclaredPlatform : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsChildren();
    void whatCannotBeReadIsAGap_data();
    void whatCannotBeReadIsAGap();
};

namespace {

std::string child(const std::string& name, const std::string& path, const std::string& wave)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\n  annotations:\n    argocd.argoproj.io/sync-wave: \"" + wave
        + "\"\nspec:\n  project: default\n  source:\n    repoURL: https://example.com/a.git\n"
          "    path: "
        + path
        + "\n    targetRevision: HEAD\n  destination:\n    server: "
          "https://kubernetes.default.svc\n    namespace: shop\n";
}

std::string configMap(const std::string& name)
{
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  a: b\n";
}

core::PlatformInputPtr declare(std::vector<std::pair<std::string, std::string>> files)
{
    const auto tree = gitops::makeMemoryTree(std::move(files));
    core::Application root;
    root.name = "root";
    root.source.path = "apps";
    core::PlatformInputBuilder builder;
    gitops::declarePlatform(
        {root},
        [&](const core::Application&) -> core::Result<gitops::Revision> {
            gitops::Revision revision;
            revision.commit.id = "c1";
            revision.tree = tree;
            return revision;
        },
        builder);
    return std::move(builder).build();
}

} // namespace

void TestDeclaredPlatform::followsChildren()
{
    const auto input =
        declare({{"apps/a.yaml", child("a", "a", "2")}, {"a/map.yaml", configMap("colours")}});
    QVERIFY(input->gaps.empty());
    QVERIFY(!input->hasLive);
    const core::PlatformApplication* a = input->application("a");
    QVERIFY(a);
    QCOMPARE(a->parent, std::string("root"));
    QCOMPARE(a->wave, 2);
    QCOMPARE(a->revision, std::string("c1"));
    const core::PlatformObject* map = input->find({"", "ConfigMap", "shop", "colours"});
    QVERIFY(map);
    QCOMPARE(map->declared.front().application, std::string("a"));
    QCOMPARE(map->place("/data/a").file, std::string("a/map.yaml"));
    QCOMPARE(map->place("/data/a").line, 6);
}

void TestDeclaredPlatform::whatCannotBeReadIsAGap_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("gap");
    const auto row = [](const char* name, const std::string& path, const std::string& text,
                        const char* gap) {
        QTest::newRow(name) << QString::fromStdString(path) << QString::fromStdString(text)
                            << QString(gap);
    };
    row("a child that is not there", "apps/b.yaml", child("b", "none", "0"), "Application b");
    row("a child declared twice", "apps/b.yaml", child("root", "a", "0"), "more than once");
    row("a child that is wrong", "apps/b.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: b\nspec: 3\n",
        "apps/b.yaml");
    row("a set", "apps/b.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: b\nspec: {}\n",
        "ApplicationSet");
    row("a manifest that does not parse", "a/map2.yaml", "kind: [", "Application a");
}

void TestDeclaredPlatform::whatCannotBeReadIsAGap()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(QString, gap);
    const auto input = declare({{"apps/a.yaml", child("a", "a", "0")},
                                {"a/map.yaml", configMap("colours")},
                                {path.toStdString(), text.toStdString()}});
    QCOMPARE(input->gaps.size(), std::size_t(1));
    QVERIFY2(input->gaps[0].find(gap.toStdString()) != std::string::npos, input->gaps[0].c_str());
}

WW_TEST_CLASS(TestDeclaredPlatform)
#include "tst_declaredplatform.moc"

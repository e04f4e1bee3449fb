// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/applicationfiles.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <fstream>

namespace {

constexpr const char* kApplication = R"(apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  project: team
  source: {repoURL: https://host/web, path: .}
  destination: {name: in-cluster, namespace: shop}
)";

std::string project(const std::string& name)
{
    return "---\napiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: " + name
        + "}\nspec: {sourceRepos: ['*']}\n";
}

} // namespace

class TestApplicationFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void files_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<int>("projects"); ///< -1: refused
        const QByteArray application = kApplication;
        const QByteArray team = QByteArray::fromStdString(project("team"));
        const QByteArray other = QByteArray::fromStdString(project("other"));
        QTest::newRow("none") << application << QByteArray() << 0;
        QTest::newRow("beside the application") << application + team << QByteArray() << 1;
        QTest::newRow("in a file of its own") << application << team + other << 2;
        QTest::newRow("twice") << application + team << team << -1;
        QTest::newRow("wrong") << application
                               << QByteArray("apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
                                             "metadata: {name: x}\nspec: {sourceRepos: 7}\n")
                               << -1;
        QTest::newRow("of another group")
            << application << QByteArray("apiVersion: v1\nkind: AppProject\nspec: 7\n") << 0;
    }
    void files()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QFETCH(int, projects);
        const QTemporaryDir folder;
        std::ofstream((folder.path() + "/a.yaml").toStdString()) << first.toStdString();
        std::ofstream((folder.path() + "/b.yaml").toStdString()) << second.toStdString();
        app::Options options;
        options.files = {folder.path().toStdString()};
        const auto applications = app::loadApplications(options, {});
        QVERIFY2(applications.has_value(), applications ? "" : applications.error().text().c_str());
        QCOMPARE(applications->size(), std::size_t(1));
        const auto found = app::loadProjects(options, {});
        QCOMPARE(found.has_value(), projects >= 0);
        if (found)
            QCOMPARE(int(found->size()), projects);
        else
            QVERIFY(found.error().text().find(".yaml") != std::string::npos);
    }
};

WW_TEST_CLASS(TestApplicationFiles)
#include "tst_applicationfiles.moc"

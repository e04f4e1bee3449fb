// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/applicationreader.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestApplicationFromPath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void inAWorkingCopy()
    {
        const tests::TemporaryFolder folder;
        folder.write(".git/HEAD", "");
        folder.write("overlays/My Dev/kustomization.yaml", "");
        const auto application =
            applicationFromPath(folder.path() + "/overlays/../overlays/My Dev");
        QVERIFY(application.has_value());
        QCOMPARE(application->name, std::string("my-dev"));
        QCOMPARE(application->source.repoUrl, "dir://" + folder.path());
        QCOMPARE(application->source.path, std::string("overlays/My Dev"));
        QCOMPARE(application->destinationName, std::string("in-cluster"));
        QVERIFY(!application->automated);
        QCOMPARE(applicationFromPath(folder.path(), "shop")->source.path, std::string());
    }

    void elsewhere()
    {
        const tests::TemporaryFolder folder;
        folder.write("a/b/x.yaml", "");
        const std::string b = folder.path() + "/a/b";
        QCOMPARE(applicationFromPath(b)->source.repoUrl, "dir://" + b);
        QCOMPARE(applicationFromPath(b, "n", folder.path())->source.path, std::string("a/b"));
        QCOMPARE(applicationFromPath(b, "n", b + "/../..")->source.path, std::string("a/b"));
        QCOMPARE(applicationFromPath(folder.path(), "n", b).error().code, core::ErrorCode::Invalid);
        QCOMPARE(applicationFromPath(folder.path() + "/none").error().code,
                 core::ErrorCode::NotFound);
        QCOMPARE(applicationFromPath(b + "/x.yaml").error().code, core::ErrorCode::Invalid);
        QCOMPARE(applicationFromPath(b, "Bad Name").error().code, core::ErrorCode::Invalid);
    }
};

WW_TEST_CLASS(TestApplicationFromPath)
#include "tst_applicationfrompath.moc"

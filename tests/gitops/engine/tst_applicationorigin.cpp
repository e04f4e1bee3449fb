// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationorigin.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::ApplicationOrigin;

class TestApplicationOrigin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsNoCredentials_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("kept");
        QTest::newRow("user and password") << "https://anna:s3cret@Git.Example.org/Team/shop.git"
                                           << "https://git.example.org/Team/shop";
        QTest::newRow("a token alone") << "https://ghp_1@host/shop/" << "https://host/shop";
        QTest::newRow("a password with an at")
            << "https://anna:s@t@host/shop" << "https://host/shop";
        QTest::newRow("a query") << "https://host/shop?private_token=1" << "https://host/shop";
        QTest::newRow("ssh") << "ssh://git@host:22/shop.git" << "ssh://host:22/shop";
        QTest::newRow("scp") << "git@host:team/shop.git" << "host:team/shop";
        QTest::newRow("a folder") << "dir:///home/a@b/shop.git" << "dir:///home/a@b/shop.git";
        QTest::newRow("a local path") << "/srv/git/a@b/shop.git/" << "/srv/git/a@b/shop";
    }
    void keepsNoCredentials()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, kept);
        core::Application application;
        application.source.repoUrl = url.toStdString();
        QCOMPARE(QString::fromStdString(gitops::originOf(application).repository), kept);
    }
    void knowsAPathInEverySpelling_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("kept");
        QTest::newRow("root") << "." << "";
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("dotted") << "./a//b/" << "a/b";
        QTest::newRow("plain") << "a/b" << "a/b";
    }
    void knowsAPathInEverySpelling()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, kept);
        core::Application application;
        application.source.path = path.toStdString();
        QCOMPARE(QString::fromStdString(gitops::originOf(application).path), kept);
    }
    void tellsAnEditFromAnotherApplication_data()
    {
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("destination");
        QTest::addColumn<QString>("namespaceName");
        QTest::addColumn<bool>("isEdit");
        QTest::newRow("the path moved") << "https://h/a" << "v2" << "shop" << "argocd" << true;
        QTest::newRow("the repository moved")
            << "https://h/b" << "v1" << "shop" << "argocd" << true;
        QTest::newRow("both") << "https://h/b" << "v2" << "shop" << "argocd" << false;
        QTest::newRow("goes elsewhere") << "https://h/a" << "v1" << "other" << "argocd" << false;
        QTest::newRow("another's Application")
            << "https://h/a" << "v1" << "shop" << "team-b" << false;
        QTest::newRow("a folder") << "dir:///a" << "v1" << "shop" << "argocd" << false;
    }
    void tellsAnEditFromAnotherApplication()
    {
        QFETCH(const QString, repository);
        QFETCH(const QString, path);
        QFETCH(const QString, destination);
        QFETCH(const QString, namespaceName);
        QFETCH(const bool, isEdit);
        const ApplicationOrigin before {"https://h/a", "v1", "shop", "argocd"};
        const ApplicationOrigin now {repository.toStdString(), path.toStdString(),
                                     destination.toStdString(), namespaceName.toStdString()};
        QCOMPARE(gitops::isEditOf(before, now), isEdit);
        QCOMPARE(gitops::isEditOf(now, before), isEdit);
    }
    void isReadAsItWasWritten()
    {
        const ApplicationOrigin origin {"https://h/\"a\"", "v1\n", "shop", "argocd"};
        QVERIFY(gitops::originFromText(gitops::toText(origin)) == origin);
        for (const char* damaged : {"", "{", "[]", "\"a\"", "{}", "{\"repository\":3}"})
            QVERIFY2(!gitops::originFromText(damaged), damaged);
        QVERIFY(!gitops::originFromText(std::string(20'000, ' ') + gitops::toText(origin)));
        QCOMPARE(QString::fromStdString(gitops::describeOrigin("{")),
                 QString("an origin that cannot be read"));
        QCOMPARE(QString::fromStdString(
                     gitops::describeOrigin(gitops::toText({"https://h/a", "", "shop", "argocd"}))),
                 QString("https://h/a, path ., into namespace shop (Application in argocd)"));
    }
};

WW_TEST_CLASS(TestApplicationOrigin)
#include "tst_applicationorigin.moc"

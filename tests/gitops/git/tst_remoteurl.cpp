// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remoteurl.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestRemoteUrl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("url"); // of a local one its path
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* text, const char* url, const char* shown) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(url) << QByteArray(shown);
        };
        row("https://host/a/b.git", "https://host/a/b.git", "https://host/a/b.git");
        row("https://host/a/", "https://host/a", "https://host/a");
        row("https://user@host:8443/a", "https://user@host:8443/a", "https://host:8443/a");
        row("HTTPS://Host/a", "https://Host/a", "https://Host/a");
        row("http://127.0.0.1:80/a", "http://127.0.0.1:80/a", "http://127.0.0.1:80/a");
        row("http://[::1]:80/a", "http://[::1]:80/a", "http://[::1]:80/a");
        row("git://localhost/a", "git://localhost/a", "git://localhost/a");
        row("ssh://git@host:22/a/b", "ssh://git@host:22/a/b", "ssh://host:22/a/b");
        row("git@host:a/b.git", "git@host:a/b.git", "host:a/b.git");
        row("/srv/repo.git/", "/srv/repo.git", "/srv/repo.git");
        row("/srv/a b", "/srv/a b", "/srv/a b");
        row("file:///srv/a%20b", "/srv/a b", "/srv/a b");
        row("dir:///srv/a b%20", "/srv/a b%20", "/srv/a b%20");
        row("file://localhost/srv/a", "/srv/a", "/srv/a");
    }
    void accepts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, shown);
        const auto parsed = parseRemoteUrl(text.toStdString());
        QVERIFY(parsed.has_value());
        QCOMPARE(parsed->local ? parsed->path : parsed->url, url.toStdString());
        QCOMPARE(parsed->shown, shown.toStdString());
    }

    void machines_data()
    {
        QTest::addColumn<bool>("loopback");
        const auto row = [](const char* url, bool loopback) { QTest::newRow(url) << loopback; };
        row("https://localhost/a", true);
        row("https://me@LOCALHOST:1/a", true);
        row("http://127.9.9.9:80/a", true);
        row("https://[::1]/a", true);
        row("ssh://git@localhost/a", true);
        row("git@localhost:a/b", true);
        row("https://localhost.example.org/a", false);
        row("https://127.0.0.1.example.org/a", false);
        row("git@host:localhost/b", false);
    }
    void machines()
    {
        QFETCH(bool, loopback);
        QCOMPARE(parseRemoteUrl(QTest::currentDataTag())->loopback, loopback);
    }

    void withoutUsers()
    {
        const auto same = [](const char* url) { QCOMPARE(withoutUser(url), std::string(url)); };
        same("https://host/a");
        same("https://host/a@b");
        same("git@host:a");
        same("");
        QCOMPARE(withoutUser("https://me@host/a@b"), std::string("https://host/a@b"));
        QCOMPARE(withoutUser("https://me:p@ss@host/a"), std::string("https://host/a"));
        QCOMPARE(withoutUser("https://me:word@host"), std::string("https://host"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"",
                                 "repo",
                                 "./repo",
                                 "../repo",
                                 "file://host/a",
                                 "file://a",
                                 "http://host/a",
                                 "git://host/a",
                                 "http://127.0.0.1.evil.org/a",
                                 "http://localhost@evil.org/a",
                                 "ext::sh -c x",
                                 "ext::x",
                                 "ftp://host/a",
                                 "rsync://host/a",
                                 "https://",
                                 "https://host",
                                 "https://host/",
                                 "https:///a",
                                 "https://user:secret@host/a",
                                 "https://host/a b",
                                 "https://ho\nst/a",
                                 "https://host/\x1b",
                                 "ssh://-oProxyCommand=x/a",
                                 "-x@host:a",
                                 "git@-host:a",
                                 "git@host:-x",
                                 "https://[::1/a",
                                 "https://host:123456/a",
                                 "https://host:x/a",
                                 "--upload-pack=x",
                                 "javascript:x://y",
                                 "user:pw@host:a"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("zero byte") << QByteArray("https://host/a\0b", 16);
        QTest::newRow("long") << "https://host/" + QByteArray(3000, 'a');
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto parsed = parseRemoteUrl(text.toStdString());
        QVERIFY(!parsed.has_value());
        QVERIFY(parsed.error().text().find("secret") == std::string::npos);
    }

    void insteadOf_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("mapped");
        const auto row = [](const char* url, const char* mapped) {
            QTest::newRow(url) << QByteArray(url) << QByteArray(mapped);
        };
        row("https://host/org/repo", "/home/me/repo");
        row("https://host/org/repo.git", "/home/me/repo");
        row("https://host/org/repo/", "/home/me/repo");
        row("https://host/org/repository", "ssh://git@host/org/repository");
        row("https://host/org/other.git", "ssh://git@host/org/other.git");
        row("https://hostile/org/repo", "https://hostile/org/repo");
        row("gh:a/b", "https://github.com/a/b");
        row("/srv/x", "/srv/x");
    }
    void insteadOf()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, mapped);
        const std::vector<InsteadOf> rules {{"https://host/", "ssh://git@host/"},
                                            {"https://host/org/repo", "/home/me/repo"},
                                            {"gh:", "https://github.com/"},
                                            {"", "/never"}};
        QCOMPARE(mappedUrl(url.toStdString(), rules), mapped.toStdString());
        QCOMPARE(isLocalRepository(url.toStdString(), rules), mapped.startsWith('/'));
    }
};

WW_TEST_CLASS(TestRemoteUrl)
#include "tst_remoteurl.moc"

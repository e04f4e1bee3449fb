// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/repospec.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::kustomize;

class TestRepoSpec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Each host in each spelling, with and without a path and a reference.
    void hosts_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("host");
        const auto row = [](const char* written, const char* host) {
            QTest::newRow(written) << QByteArray(written) << QByteArray(host);
        };
        row("gitHub.com/", "https://github.com/");
        row("github.com:", "https://github.com/");
        row("http://github.com/", "https://github.com/");
        row("hTTps://github.com/", "https://github.com/");
        row("https://code.example.com/", "https://code.example.com/");
        row("https://someone@code.example.com/", "https://someone@code.example.com/");
        row("ssh://code.example.com:7999/", "ssh://code.example.com:7999/");
        row("ssh://git@code.example.com:7999/", "ssh://git@code.example.com:7999/");
        row("git::https://code.example.com/", "https://code.example.com/");
        row("git::http://code.example.com/", "http://code.example.com/");
        row("git@github.com:", "git@github.com:");
        row("git@github.com/", "git@github.com:");
        row("git::git@github.com:", "git@github.com:");
        row("ssh://git@github.com/", "git@github.com:");
        row("org-12345@github.com:", "org-12345@github.com:");
        row("git@code.example.com:", "git@code.example.com:");
        row("git@code.example.com/", "git@code.example.com/");
    }
    void hosts()
    {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, host);
        for (const std::string path : {"", "base", "base/of/it"})
            for (const std::string reference : {"", "main", "v1.0.0", "group/v1"}) {
                const std::string entry = written.toStdString() + "org/repo"
                    + (path.empty() ? "" : '/' + path)
                    + (reference.empty() ? "" : "?ref=" + reference);
                const auto spec = parseRepoSpec(entry);
                QVERIFY2(spec.has_value(), entry.c_str());
                QCOMPARE(spec->cloneUrl, host.toStdString() + "org/repo");
                QCOMPARE(spec->path, path);
                QCOMPARE(spec->reference, reference);
                QCOMPARE(spec->isCertain, false);
            }
    }

    void paths_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<QByteArray>("cloneUrl");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isCertain");
        const auto row = [](const char* entry, const char* cloneUrl, const char* path,
                            bool isCertain) {
            QTest::newRow(entry) << QByteArray(entry) << QByteArray(cloneUrl) << QByteArray(path)
                                 << isCertain;
        };
        row("https://host/a/b/c//d/e", "https://host/a/b/c", "d/e", true);
        row("https://host/a/b/c//", "https://host/a/b/c", "", true);
        row("https://host/a/b/c///d", "https://host/a/b/c", "d", true);
        row("https://host/a/b/c.git/d/e", "https://host/a/b/c.git", "d/e", false);
        row("https://host/a/b/c.git", "https://host/a/b/c.git", "", true);
        row("https://host/a/b/c.git//d?ref=x", "https://host/a/b/c.git", "d", true);
        row("https://host/a/b/c/d", "https://host/a/b", "c/d", false);
        row("https://host/a/p/_git/r/d/e", "https://host/a/p/_git/r", "d/e", true);
        row("https://host/a/p/_git/r//d/e", "https://host/a/p/_git/r", "d/e", true);
        row("https://host/a/p/_git/r?version=v1", "https://host/a/p/_git/r", "", true);
        row("https://host/a/b?ref=x_git/y", "https://host/a/b", "", false);
        row("https://host/a/b/%-odd", "https://host/a/b", "%-odd", false);
        row("git@host:group/sub/repo//d", "git@host:group/sub/repo", "d", true);
        row("git@host:10022/a/b.git?ref=v1", "git@host:10022/a/b.git", "", true);
        row("git@host/user:name/r.git/d", "git@host/user:name/r.git", "d", false);
        row("git@host:repo.git", "git@host:repo.git", "", true);
        row("file:///a/b/repo", "file:///a/b/repo", "", false);
        row("file:///a/b/repo//d?ref=x", "file:///a/b/repo", "d", true);
        row("file:///a/b/repo.git/d", "file:///a/b/repo.git", "d", false);
        row("file://git@home/repo.git//d", "file://git@home/repo.git", "d", true);
        row("ssh://git@ssh.github.com:443/a/b.git", "ssh://git@ssh.github.com:443/a/b.git", "",
            true);
        row("https://host/a/b//../a", "", "", false);
        row("https://host/a/b//c/../../d", "", "", false);
        for (const char* none :
             {"/tmp", "../../base", "base", "base/github.com/a/b", "github.com", "github.com/a",
              "https://host", "https://host/", "https://host/a", "ssh://host", "htxxp://host/a/b",
              "git::base", "git@host", "git@host:repo", "@host:a/b", "9@host:a/b", "file://",
              "oci://host/a/b", ""})
            row(none, "", "", false);
    }
    void paths()
    {
        QFETCH(QByteArray, entry);
        QFETCH(QByteArray, cloneUrl);
        QFETCH(QByteArray, path);
        QFETCH(bool, isCertain);
        const auto spec = parseRepoSpec(entry.toStdString());
        QCOMPARE(spec.has_value(), !cloneUrl.isEmpty());
        if (!spec)
            return;
        QCOMPARE(spec->cloneUrl, cloneUrl.toStdString());
        QCOMPARE(spec->path, path.toStdString());
        QCOMPARE(spec->isCertain, isCertain);
        QCOMPARE(spec->address().url, spec->cloneUrl);
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<int>("timeout"); // in ms; 0: not given
        QTest::addColumn<bool>("submodules");
        const auto row = [](const char* query, const char* reference, int timeout = 0,
                            bool submodules = true) {
            QTest::newRow(query) << QByteArray(query) << QByteArray(reference) << timeout
                                 << submodules;
        };
        row("", "");
        row("ref=v1.0.0", "v1.0.0");
        row("ref=kustomize%2Fv4.5.7", "kustomize/v4.5.7");
        row("version=main", "main");
        row("version=main&ref=v1", "v1");
        row("ref=v1&ref=v2", "v1");
        row("version=main&submodules=", "main");
        row("version=main&submodules=maybe", "main");
        row("version=main&submodules=false", "main", 0, false);
        row("submodules=0&ref=a", "a", 0, false);
        row("timeout=", "");
        row("timeout=jiffy", "");
        row("timeout=0", "");
        row("timeout=0s", "");
        row("timeout=-5", "");
        row("timeout=61", "", 61'000);
        row("timeout=1m1s", "", 61'000);
        row("timeout=1.5s", "", 1'500);
        row("ref=v1&submodules=false&timeout=2m", "v1", 120'000, false);
        row("other=1", "");
    }
    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, reference);
        QFETCH(int, timeout);
        QFETCH(bool, submodules);
        const auto spec = parseRepoSpec("https://host/a/b?" + query.toStdString());
        QVERIFY(spec.has_value());
        QCOMPARE(spec->reference, reference.toStdString());
        QCOMPARE(spec->timeout.count(), std::int64_t(timeout));
        QCOMPARE(spec->submodules, submodules);
    }

    void durations_data()
    {
        QTest::addColumn<int>("expected"); // in ms; -1: none
        const auto row = [](const char* text, int expected) { QTest::newRow(text) << expected; };
        row("90s", 90'000);
        row("+1h2m3s", 3'723'000);
        row("500ms", 500);
        row("1500us", 1);
        row("1s500ms", 1'500);
        row("s", -1);
        row("1", -1);
        row("1x", -1);
        row("1s2", -1);
        row("-1s", -1);
        row("1e9h", -1);
        row("99999999h", -1);
        row("100ns", -1);
    }
    void durations()
    {
        QFETCH(int, expected);
        const auto parsed = parseGoDuration(QTest::currentDataTag());
        QCOMPARE(parsed ? int(parsed->count()) : -1, expected);
    }

    void webUrls()
    {
        for (const char* url : {"https://host/a.yaml", "HTTP://host", "https://"})
            QCOMPARE(isWebUrl(url), !std::string_view(url).ends_with("//"));
        for (const char* path : {"base", "git@host:a/b", "file:///a", "ssh://host/a", ""})
            QVERIFY(!isWebUrl(path));
    }
};

WW_TEST_CLASS(TestRepoSpec)
#include "tst_repospec.moc"

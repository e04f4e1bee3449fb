// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remotefetcher.h"
#include "tests/gitops/git/gitserver.h"
#include "tests/gitops/git/httpbackend.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <filesystem>
#include <optional>

using namespace gitops;
using namespace std::chrono_literals;
using Kind = RemoteAddress::Kind;
using tests::LoopbackServer;

namespace {

/// A real repository behind a real web server with git http-backend, and a fetcher.
struct Setup
{
    tests::TemporaryRepository repository;
    tests::TemporaryFolder cache;
    tests::TestAuthority authority;
    std::string root = std::filesystem::path(repository.path()).parent_path();
    std::string name = std::filesystem::path(repository.path()).filename();
    std::atomic<int> requests = 0;
    std::unique_ptr<LoopbackServer> server;
    tests::ManualExecutor executor;
    RemoteFetcher::Options options;
    std::unique_ptr<RemoteFetcher> fetcher;

    Setup()
    {
        cache.write("ca.pem", authority.certificatePem());
        options.git.cacheFolder = cache.path();
        options.git.timeout = 20s;
        options.git.http.caFile = options.files.caFile = cache.path() + "/ca.pem";
        serve([root = root](auto& connection, const auto& request) {
            tests::serveGit(connection, request, root);
        });
    }
    void serve(LoopbackServer::Handler handler)
    {
        server = std::make_unique<LoopbackServer>(
            LoopbackServer::Tls {authority.issue("server", "IP:127.0.0.1"), {}},
            [this, handler](auto& connection, const auto& request) {
                ++requests;
                handler(connection, request);
            });
    }
    RemoteAddress at(const std::string& reference = {}) const
    {
        return {Kind::Repository, server->url() + '/' + name, reference};
    }
    core::Result<RemoteContentPtr> fetch(const RemoteAddress& address,
                                         const RemoteContentPtr& known = nullptr)
    {
        if (!fetcher)
            fetcher = std::make_unique<RemoteFetcher>(options);
        std::optional<core::Result<RemoteContentPtr>> answer;
        int answers = 0;
        fetcher->fetch(address, known, executor, [&](core::Result<RemoteContentPtr> found) {
            answer = std::move(found);
            ++answers;
        });
        if (!executor.runUntil([&] { return answer.has_value(); }, 60s) || answers != 1)
            return core::failure(core::ErrorCode::Internal, "no answer came, or several");
        return std::move(*answer);
    }
};

std::string textOf(const core::Result<RemoteContentPtr>& found)
{
    return found ? (*found)->id : found.error().text();
}

} // namespace

class TestRemoteFetcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void references()
    {
        Setup setup;
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.repository.git({"tag", "-a", "-m", "x", "v1"});
        setup.repository.git({"tag", "both"});
        setup.repository.write("file", "2");
        const std::string two = setup.repository.commit("Two");
        setup.repository.git({"branch", "both"});
        setup.repository.git({"branch", "1.x"});
        QCOMPARE(textOf(setup.fetch(setup.at())), two);
        QCOMPARE(textOf(setup.fetch(setup.at("main"))), two);
        QCOMPARE(textOf(setup.fetch(setup.at("refs/heads/both"))), two);
        QCOMPARE(textOf(setup.fetch(setup.at("both"))),
                 one); // a tag goes first, as git fetch has it
        QCOMPARE(textOf(setup.fetch(setup.at("1.x"))), two); // no range
        QCOMPARE(textOf(setup.fetch(setup.at("v1"))), one); // peeled
        QCOMPARE(textOf(setup.fetch(setup.at(one))), one);
        QCOMPARE(*(*setup.fetch(setup.at(one)))->tree->read("file"), std::string("1"));
        QVERIFY((*setup.fetch(setup.at("v1")))->isSettled);
        QVERIFY((*setup.fetch(setup.at(two)))->isSettled);
        QVERIFY(!(*setup.fetch(setup.at("main")))->isSettled);
        const auto none = setup.fetch(setup.at("none"));
        QCOMPARE(none.error().code, core::ErrorCode::NotFound);
        QCOMPARE(none.error().message, std::string("There is no branch, tag or commit \"none\"."));
        QCOMPARE(setup.fetch(setup.at("--upload-pack=x")).error().code, core::ErrorCode::Invalid);
    }

    /// A tag and a commit are fetched once for good, also by the next process; a branch is asked
    /// for again, and what did not move comes back as it was.
    void isAskedForOnce()
    {
        Setup setup;
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.repository.git({"tag", "v1"});
        for (const std::string& reference : {std::string("v1"), one}) {
            QCOMPARE(textOf(setup.fetch(setup.at(reference))), one);
            setup.requests = 0;
            setup.fetcher = std::make_unique<RemoteFetcher>(setup.options);
            QCOMPARE(textOf(setup.fetch(setup.at(reference))), one);
            QCOMPARE(setup.requests.load(), 0);
        }
        const auto main = setup.fetch(setup.at("main"));
        QVERIFY(setup.requests.load() > 0);
        const auto again = setup.fetch(setup.at("main"), *main);
        QCOMPARE(*again, *main);
        setup.repository.write("file", "2");
        const std::string two = setup.repository.commit("Two");
        QCOMPARE(textOf(setup.fetch(setup.at("main"), *main)), two);
        QCOMPARE(*(*main)->tree->read("file"), std::string("1")); // what was found stays readable
    }

    /// Some servers keep "URL" at "URL.git" and say so by a redirect.
    void dotGit()
    {
        Setup setup;
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.serve(
            [&, root = setup.root, name = setup.name](auto& connection, const auto& request) {
                auto asked = request;
                const std::string dotGit = '/' + name + ".git/";
                if (!asked.target.starts_with(dotGit))
                    return connection.respond(301, "", {{"Location", dotGit + "info/refs"}});
                asked.target.replace(0, dotGit.size(), '/' + name + '/');
                tests::serveGit(connection, asked, root);
            });
        QCOMPARE(textOf(setup.fetch(setup.at("main"))), one);
    }

    /// The line breaks in the middle of a fetch: an error, and the next one is whole.
    void interrupted()
    {
        Setup setup;
        std::string noise;
        for (int i = 0; i < 40'000; ++i)
            noise += std::to_string(i * 7919 % 100'003) + '\n';
        setup.repository.write("file", noise);
        const std::string one = setup.repository.commit("One");
        tests::GitServer daemon(setup.root);
        const RemoteAddress address {Kind::Repository, daemon.url(setup.name), "main"};
        daemon.setCutAfter(20'000);
        const auto broken = setup.fetch(address);
        QVERIFY(!broken);
        QVERIFY2(broken.error().isRetryable(), broken.error().text().c_str());
        daemon.setCutAfter(0);
        const auto whole = setup.fetch(address);
        QCOMPARE(textOf(whole), one);
        QCOMPARE((*(*whole)->tree->read("file")).size(), noise.size());
    }

    /// One silent server is given up after the time that its address allows; others answer
    /// meanwhile.
    void silence()
    {
        Setup setup;
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        LoopbackServer silent(LoopbackServer::Tls {setup.authority.issue("s", "IP:127.0.0.1"), {}},
                              [](auto& connection, const auto&) { connection.waitForClient(); });
        setup.fetcher = std::make_unique<RemoteFetcher>(setup.options);
        std::vector<core::Result<RemoteContentPtr>> late;
        const auto take = [&](core::Result<RemoteContentPtr> found) {
            late.push_back(std::move(found));
        };
        for (const Kind kind : {Kind::Repository, Kind::File})
            setup.fetcher->fetch({kind, silent.url() + "/x", "", 3s}, nullptr, setup.executor,
                                 take);
        QCOMPARE(textOf(setup.fetch(setup.at("main"))), one);
        QVERIFY(setup.executor.runUntil([&] { return late.size() == 2; }, 30s));
        for (const auto& found : late) {
            QVERIFY(!found);
            QCOMPARE(found.error().code, core::ErrorCode::Timeout);
            QCOMPARE(found.error().message,
                     std::string("It could not be fetched within 3 seconds."));
            QCOMPARE(found.error().place.object, silent.url() + "/x");
        }
    }

    void files()
    {
        Setup setup;
        std::atomic<int> version = 1;
        setup.serve([&](auto& connection, const auto& request) {
            const std::string etag = '"' + std::to_string(version) + '"';
            if (core::header(request.headers, "If-None-Match") == etag)
                return connection.respond(304, "", {{"ETag", etag}});
            connection.respond(200, "version " + std::to_string(version), {{"ETag", etag}});
        });
        const RemoteAddress address {Kind::File, setup.server->url() + "/a.yaml", {}};
        const auto first = setup.fetch(address);
        QVERIFY2(first.has_value(), textOf(first).c_str());
        QCOMPARE((*first)->text, std::string("version 1"));
        QVERIFY(!(*first)->isSettled);
        QCOMPARE(*setup.fetch(address, *first), *first);
        version = 2;
        const auto second = setup.fetch(address, *first);
        QCOMPARE((*second)->text, std::string("version 2"));
        QVERIFY((*second)->id != (*first)->id);
    }

    /// What the configuration maps is never asked for as a file.
    void mappedRepositories()
    {
        Setup setup;
        setup.repository.write("file", "1");
        const std::string one = setup.repository.commit("One");
        setup.options.git.insteadOf = {{"https://host.invalid/o/r", setup.repository.path()}};
        QCOMPARE(textOf(setup.fetch({Kind::Repository, "https://host.invalid/o/r", "main"})), one);
        const auto file = setup.fetch({Kind::File, "https://host.invalid/o/r/base", ""});
        QCOMPARE(file.error().code, core::ErrorCode::NotFound);
        setup.options.git.insteadOf = {{"https://host.invalid/o/r.git", setup.repository.path()}};
        setup.fetcher.reset();
        QCOMPARE(textOf(setup.fetch({Kind::Repository, "https://host.invalid/o/r", "main"})), one);
    }

    /// Nothing of ours is called when it goes while servers are silent.
    void goesWhileServersAreSilent()
    {
        Setup setup;
        LoopbackServer silent(LoopbackServer::Tls {setup.authority.issue("s", "IP:127.0.0.1"), {}},
                              [](auto& connection, const auto&) { connection.waitForClient(); });
        setup.fetcher = std::make_unique<RemoteFetcher>(setup.options);
        int answers = 0;
        for (const Kind kind : {Kind::Repository, Kind::File})
            setup.fetcher->fetch({kind, silent.url() + "/x", ""}, nullptr, setup.executor,
                                 [&](core::Result<RemoteContentPtr>) { ++answers; });
        QVERIFY(setup.executor.runUntil([&] { return silent.connectionCount() == 2; }));
        setup.fetcher.reset();
        setup.executor.advance(1h);
        QCOMPARE(answers, 0);
    }
};

WW_TEST_CLASS(TestRemoteFetcher)
#include "tst_remotefetcher.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/libgit2service.h"
#include "gitops/git/sshtransport.h"
#include "tests/gitops/git/servicecaller.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QtTest/QTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace gitops;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

const char* const kServer = "/usr/sbin/sshd";

bool run(const QString& program, const QStringList& arguments, QByteArray* output = nullptr)
{
    QProcess process;
    process.start(program, arguments);
    const bool good = process.waitForFinished() && process.exitCode() == 0;
    if (output != nullptr)
        *output = process.readAllStandardOutput().trimmed();
    return good;
}

/// A repository behind a real sshd, which ssh reaches through a pipe (ProxyCommand) instead of a
/// port.
struct Setup
{
    TemporaryRepository repository;
    TemporaryFolder folder;
    std::unique_ptr<LibGit2Service> service;
    GitOptions options;
    QByteArray user;
    std::string commit;

    explicit Setup(const QString& keyType = "ed25519")
    {
        repository.write("file", "1");
        commit = repository.commit("One");
        run("id", {"-un"}, &user);
        const QString path = QString::fromStdString(folder.path());
        run("ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-f", path + "/host"});
        run("ssh-keygen", {"-q", "-t", keyType, "-N", "", "-f", path + "/key"});
        fs::copy_file(folder.path() + "/key.pub", folder.path() + "/authorized");
        QByteArray hostKey;
        run("cut", {"-d", " ", "-f", "1,2", path + "/host.pub"}, &hostKey);
        folder.write("known", "server.test " + hostKey.toStdString() + "\n");
        folder.write("sshd_config",
                     "HostKey " + folder.path() + "/host\nAuthorizedKeysFile " + folder.path()
                         + "/authorized\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
                           "PasswordAuthentication no\nKbdInteractiveAuthentication no\n");
        options.cacheFolder = folder.path() + "/cache";
        options.timeout = 30s;
        options.ssh.arguments = {
            "-F",
            "none",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
            "-i",
            folder.path() + "/key",
            "-o",
            "UserKnownHostsFile=" + folder.path() + "/known",
            "-o",
            "GlobalKnownHostsFile=/dev/null",
            "-o",
            "ProxyCommand=" + std::string(kServer) + " -i -f " + folder.path() + "/sshd_config"};
    }
    core::Result<Revision> find(const std::string& path)
    {
        if (!service)
            service = std::make_unique<LibGit2Service>(options);
        return tests::resolve(*service, user.toStdString() + "@server.test:" + path, "main");
    }
};

} // namespace

class TestSshTransport : public QObject
{
    Q_OBJECT

    static bool haveServer()
    {
        return fs::exists(kServer) && (::geteuid() != 0 || fs::exists("/run/sshd"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void clonesAndFetches_data()
    {
        QTest::addColumn<QString>("keyType");
        QTest::newRow("ed25519") << "ed25519";
        QTest::newRow("rsa") << "rsa"; // which libgit2's own client cannot use
    }
    void clonesAndFetches()
    {
        if (!haveServer())
            QSKIP("sshd is not installed, or its folder /run/sshd is missing");
        QFETCH(QString, keyType);
        Setup setup(keyType);
        const auto first = setup.find(setup.repository.path());
        QVERIFY2(first.has_value(), first ? "" : first.error().text().c_str());
        QCOMPARE(first->commit.id, setup.commit);
        setup.repository.write("file", std::string(3'000'000, 'x'));
        const std::string two = setup.repository.commit("Two");
        const auto second = setup.find(setup.repository.path());
        QVERIFY2(second.has_value(), second ? "" : second.error().text().c_str());
        QCOMPARE(second->commit.id, two);
        QCOMPARE(second->tree->read("file")->size(), std::size_t(3'000'000));
        const auto byUrl = tests::resolve(
            *setup.service,
            "ssh://" + setup.user.toStdString() + "@server.test" + setup.repository.path(), two);
        QCOMPARE(byUrl->commit.id, two);
    }

    void oddNamesAreQuoted()
    {
        if (!haveServer())
            QSKIP("sshd is not installed, or its folder /run/sshd is missing");
        Setup setup;
        const std::string odd = setup.folder.path() + "/a'b$(touch${IFS}ran)!`x`;c.git";
        tests::git(setup.folder.path(), {"clone", "-q", "--bare", setup.repository.path(), odd});
        const auto found = setup.find(odd);
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(found->commit.id, setup.commit);
    }

    void refusals()
    {
        if (!haveServer())
            QSKIP("sshd is not installed, or its folder /run/sshd is missing");
        Setup setup;
        QCOMPARE(setup.find("/nonexistent/x.git").error().code, core::ErrorCode::NotFound);
        fs::rename(setup.folder.path() + "/authorized", setup.folder.path() + "/away");
        QCOMPARE(setup.find(setup.repository.path()).error().code, core::ErrorCode::Unauthorized);
        fs::rename(setup.folder.path() + "/away", setup.folder.path() + "/authorized");
        setup.folder.write("known", "");
        const auto unknown = setup.find(setup.repository.path());
        QCOMPARE(unknown.error().code, core::ErrorCode::Forbidden);
        QVERIFY(unknown.error().place.object.find('@') == std::string::npos);
        QCOMPARE(fs::file_size(setup.folder.path() + "/known"), std::uintmax_t(0)); // nor learnt
        QByteArray otherKey;
        QVERIFY(
            run("cut",
                {"-d", " ", "-f", "1,2", QString::fromStdString(setup.folder.path() + "/key.pub")},
                &otherKey));
        setup.folder.write("known", "server.test " + otherKey.toStdString() + "\n");
        QCOMPARE(setup.find(setup.repository.path()).error().code, core::ErrorCode::Forbidden);
    }

    void aSilentProgramIsKilled()
    {
        Setup setup;
        setup.folder.write("silent",
                           "#!/bin/sh\necho $$ > '" + setup.folder.path()
                               + "/pid'\nsleep 1000 & wait\n");
        fs::permissions(setup.folder.path() + "/silent", fs::perms::owner_all);
        setup.options.ssh = {.program = setup.folder.path() + "/silent", .arguments = {}};
        setup.options.timeout = 300ms;
        QCOMPARE(setup.find("/x").error().code, core::ErrorCode::Timeout);
        std::ifstream file(setup.folder.path() + "/pid");
        int process = 0;
        file >> process;
        QVERIFY(process > 1);
        QTRY_VERIFY(::kill(-process, 0) != 0); // with its child
    }

    void noProgram()
    {
        Setup setup;
        setup.options.ssh = {.program = "no-such-ssh", .arguments = {}};
        QCOMPARE(setup.find("/x").error().code, core::ErrorCode::Unsupported);
    }
};

WW_TEST_CLASS(TestSshTransport)
#include "tst_sshtransport.moc"

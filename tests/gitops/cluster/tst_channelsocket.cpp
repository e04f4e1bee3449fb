// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/channelsocket.h"
#include "tests/gitops/cluster/oddserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>

using namespace gitops;
using core::ErrorCode;
using tests::LoopbackServer;
using tests::OddServer;

namespace {

using Message = core::Result<std::optional<ChannelSocket::Message>>;

/// A socket to a server, and what came over it.
struct Talk
{
    boost::asio::io_context io;
    /// It goes on though there is nothing to do yet.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> waits {
        io.get_executor()};
    boost::asio::thread_pool work {1};
    std::optional<core::Result<std::shared_ptr<ChannelSocket>>> opened;
    std::optional<Message> read;

    explicit Talk(ClusterAccess& access, const std::string& target = "/exec")
    {
        ChannelSocket::open(io, work, access, {target, "v5.channel.k8s.io, v4.channel.k8s.io"},
                            [this](core::Result<std::shared_ptr<ChannelSocket>> socket) {
                                opened = std::move(socket);
                            });
        runUntil([&] { return opened.has_value(); });
    }
    ~Talk()
    {
        if (opened && *opened)
            (**opened)->close();
        work.join();
        io.poll();
    }
    template<class Condition>
    bool runUntil(Condition condition)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition() && std::chrono::steady_clock::now() < end)
            io.run_one_for(std::chrono::milliseconds(20));
        return condition();
    }
    /// "1:bytes", "end", or the error's words.
    std::string next()
    {
        if (!opened || !*opened)
            return "not open";
        read.reset();
        (**opened)->read([this](Message message) { read = std::move(message); });
        if (!runUntil([&] { return read.has_value(); }))
            return "nothing";
        if (!*read)
            return read->error().text();
        return **read ? std::to_string((**read)->channel) + ":" + (**read)->data : "end";
    }
};

std::string message(char channel, const std::string& data)
{
    return tests::frame(2, std::string(1, channel) + data);
}

} // namespace

class TestChannelSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsChannels()
    {
        OddServer server("v4.channel.k8s.io", [](LoopbackServer::Connection& to) {
            to.write(tests::frame(2, "")); // some servers open with nothing
            to.write(message(1, "out") + message(2, "err"));
            to.write(tests::frame(1, std::string(1, '\3') + "text"));
            to.write(tests::frame(8, "\x03\xe8"));
            to.waitForClient();
        });
        Talk talk(server.access());
        QVERIFY(talk.opened && *talk.opened);
        QCOMPARE((**talk.opened)->protocol(), std::string("v4.channel.k8s.io"));
        QCOMPARE(talk.next(), std::string("1:out"));
        QCOMPARE(talk.next(), std::string("2:err"));
        QCOMPARE(talk.next(), std::string("3:text"));
        QCOMPARE(talk.next(), std::string("end"));
    }

    void breaks_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("words");
        QTest::newRow("at once") << QByteArray() << "broke";
        QTest::newRow("no frames") << QByteArray("\xff\xff\xff\xff") << "broke";
        QTest::newRow("half a message")
            << QByteArray::fromStdString(message(1, "half").substr(0, 4)) << "broke";
        QTest::newRow("larger than is read")
            << QByteArray("\x82\x7f\0\0\0\0\x10\0\0\0", 10) << "larger";
    }
    void breaks()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, words);
        OddServer server("v4.channel.k8s.io", [&](LoopbackServer::Connection& to) {
            to.write(bytes.toStdString());
            to.close();
        });
        Talk talk(server.access());
        const std::string said = talk.next();
        QVERIFY2(said.find(words.toStdString()) != std::string::npos, said.c_str());
    }

    /// A server that answers the upgrade as if it were an ordinary request.
    void anAnswerThatIsNoSocket()
    {
        LoopbackServer plain(
            {}, [](LoopbackServer::Connection& to, const LoopbackServer::Request& request) {
                if (request.target.ends_with("/none"))
                    to.respond(404,
                               core::toText(core::JsonObject {{"kind", "Status"},
                                                              {"reason", "NotFound"},
                                                              {"code", 404},
                                                              {"message", "pods p not found"}}));
                else
                    to.respond(200, "{}");
            });
        QTemporaryDir folder;
        QFile file(folder.filePath("config"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: "
            "{server: \""
            + plain.url("localhost") + "/prefix\"}}]\nusers: [{name: u, user: {}}]\n"
            + "contexts: [{name: c, context: {cluster: c, user: u}}]\n"));
        file.close();
        KubeconfigSource source;
        source.explicitPath = file.fileName().toStdString();
        const auto access = ClusterAccess::open(source, {});
        QVERIFY(access);
        Talk plainly(**access);
        QVERIFY(plainly.opened && !*plainly.opened);
        QCOMPARE(plainly.opened->error().code, ErrorCode::Unsupported);
        Talk missing(**access, "/none");
        QVERIFY(missing.opened && !*missing.opened);
        QCOMPARE(missing.opened->error().code, ErrorCode::NotFound);
        QVERIFY(missing.opened->error().text().find("pods p not found") != std::string::npos);
    }

    void afterCloseNobodyIsCalled()
    {
        OddServer server("v5.channel.k8s.io", [](LoopbackServer::Connection& to) {
            to.write(message(1, "late"));
            to.waitForClient();
        });
        Talk talk(server.access());
        QVERIFY(talk.opened && *talk.opened);
        bool isCalled = false;
        (**talk.opened)->read([&](const Message&) { isCalled = true; });
        (**talk.opened)->close();
        talk.io.run_for(std::chrono::milliseconds(50));
        QVERIFY(!isCalled);
    }
};

WW_TEST_CLASS(TestChannelSocket)
#include "tst_channelsocket.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/control.h"
#include "tests/support/fakeengine.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <sys/stat.h>

namespace {

/// Publishes without end, as an engine does while a platform arrives: nobody but the reader holds
/// the snapshot that it reads.
class BusyEngine : public tests::FakeEngine
{
public:
    core::SnapshotPtr snapshot() const override
    {
        auto made = std::make_shared<core::Snapshot>();
        for (int i = 0; i < 200; ++i) {
            auto state = std::make_shared<core::ApplicationState>();
            state->spec.name = "application-" + std::to_string(1000 + i);
            state->healthMessage = std::string(200, 'x');
            made->applications[state->spec.name] = std::move(state);
        }
        return made;
    }
};

} // namespace

class TestControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusOfAnEngineThatPublishes()
    {
        const QTemporaryDir folder;
        BusyEngine engine;
        const auto server = app::ControlServer::start(engine, folder.path().toStdString());
        QVERIFY(server);
        for (int round = 0; round < 20; ++round) {
            const auto answer = app::askControl(folder.path().toStdString(), {{"verb", "status"}});
            QVERIFY(answer);
            const core::JsonArray& all = core::find(*answer, "applications")->as_array();
            QCOMPARE(all.size(), std::size_t(200));
            QCOMPARE(std::string(core::stringAt(all[199], {"name"})),
                     std::string("application-1199"));
        }
    }
    void commandsReachTheEngine()
    {
        const QTemporaryDir folder;
        tests::FakeEngine engine;
        const std::string path = folder.path().toStdString();
        const auto server = app::ControlServer::start(engine, path);
        QVERIFY(server);
        QVERIFY(app::askControl(path, {{"verb", "resume"}, {"application", "shop"}}));
        QVERIFY(app::askControl(path, {{"verb", "terminate"}, {"application", "shop"}}));
        QVERIFY(app::askControl(path, {{"verb", "refresh"}, {"application", "shop"}}));
        QVERIFY(
            app::askControl(path, {{"verb", "sync"}, {"application", "shop"}, {"dryRun", true}}));
        const auto commands = engine.commands();
        QCOMPARE(commands.size(), std::size_t(4));
        QVERIFY(std::holds_alternative<core::command::Terminate>(commands[1]));
        QVERIFY(std::holds_alternative<core::command::Refresh>(commands[2]));
        QVERIFY(std::get<core::command::Sync>(commands[3]).dryRun);
        const auto unknown = app::askControl(path, {{"verb", "dance"}});
        QVERIFY(!unknown);
        QVERIFY(unknown.error().text().find("not known") != std::string::npos);
        struct stat info {};
        QCOMPARE(stat((path + "/control.sock").c_str(), &info), 0);
        QCOMPARE(int(info.st_mode & 0777), 0600);
    }
    void nobodyListens()
    {
        const QTemporaryDir folder;
        const auto answer = app::askControl(folder.path().toStdString(), {{"verb", "status"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, core::ErrorCode::NotFound);
    }
};

WW_TEST_CLASS(TestControl)
#include "tst_control.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusterobjects.h"
#include "gitops/cluster/podlogs.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/testregistry.h"

#include <atomic>
#include <mutex>

using namespace gitops;

class TestPodLogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForWhatIsWanted();
    void cutsLines_data();
    void cutsLines();
    void readsSeveralAtOnce();
    void tellsWhyThereIsNone();
};

void TestPodLogs::asksForWhatIsWanted()
{
    const LogSource source {"shop", "web-0", "c"};
    QCOMPARE(logTarget(source, {}), "/api/v1/namespaces/shop/pods/web-0/log?container=c");
    LogOptions all {.follow = true,
                    .previous = true,
                    .timestamps = true,
                    .since = std::chrono::seconds(60),
                    .tail = 0};
    QCOMPARE(logTarget(source, all),
             "/api/v1/namespaces/shop/pods/web-0/log?container=c&follow=true&previous=true"
             "&timestamps=true&sinceSeconds=60&tailLines=0");
}

void TestPodLogs::cutsLines_data()
{
    QTest::addColumn<QStringList>("pieces");
    QTest::addColumn<QStringList>("lines");
    QTest::newRow("one") << QStringList {"a\n"} << QStringList {"a"};
    QTest::newRow("no end") << QStringList {"a\nb"} << QStringList {"a", "b"};
    QTest::newRow("in pieces") << QStringList {"a", "b", "c\nd", "\n"} << QStringList {"abc", "d"};
    QTest::newRow("carriage return") << QStringList {"a\r\nb\r", "\n"} << QStringList {"a", "b"};
    QTest::newRow("empty lines") << QStringList {"\n\n"} << QStringList {"", ""};
    QTest::newRow("nothing") << QStringList {""} << QStringList {};
    const QString longest(65'536, 'x');
    QTest::newRow("long") << QStringList {longest, longest, "y\n"}
                          << QStringList {longest, longest, "y"};
}

void TestPodLogs::cutsLines()
{
    QFETCH(QStringList, pieces);
    QFETCH(QStringList, lines);
    QStringList out;
    const auto take = [&out](std::string_view line) {
        out += QString::fromUtf8(line.data(), qsizetype(line.size()));
    };
    LogLines cutter;
    for (const QString& piece : pieces)
        cutter.feed(piece.toStdString(), take);
    cutter.end(take);
    QCOMPARE(out, lines);
}

void TestPodLogs::readsSeveralAtOnce()
{
    tests::PracticePod practice;
    QVERIFY(!practice.readyPod().empty());
    const auto pods = podsOf(practice.access(), "default", "deployment/web", "");
    QVERIFY2(pods, pods ? "" : pods.error().text().c_str());
    QCOMPARE(pods->size(), 2u);
    std::vector<LogSource> sources;
    for (const core::Json& pod : *pods)
        sources.push_back({"default", std::string(core::stringAt(pod, {"metadata", "name"})),
                           defaultContainer(pod)});
    std::mutex mutex;
    std::map<LogSource, std::string> said;
    std::atomic<int> ended = 0;
    const PodLogs logs(
        practice.access().transport(), sources, {.follow = true},
        {[&](const LogSource& source, std::string_view line) {
             const std::lock_guard lock(mutex);
             said[source] += line;
         },
         [&](const LogSource&, std::optional<core::Error> error) { ended += error ? 100 : 1; }});
    QTRY_COMPARE(ended.load(), 2);
    for (const LogSource& source : sources)
        QVERIFY(said[source].find("practice") != std::string::npos
                && said[source].find(source.pod) != std::string::npos);
}

void TestPodLogs::tellsWhyThereIsNone()
{
    tests::PracticePod practice;
    std::mutex mutex;
    std::string why;
    const PodLogs logs(practice.access().transport(), {{"default", "gone", "c"}}, {},
                       {[](const LogSource&, std::string_view) {},
                        [&](const LogSource&, std::optional<core::Error> error) {
                            const std::lock_guard lock(mutex);
                            why = error ? error->message : "none";
                        }});
    QTRY_VERIFY((std::unique_lock(mutex), why.find("gone") != std::string::npos));
}

WW_TEST_CLASS(TestPodLogs)
#include "tst_podlogs.moc"

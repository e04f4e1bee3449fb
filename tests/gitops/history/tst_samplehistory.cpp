// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/samplehistory.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <cmath>

using namespace gitops;
using core::Measure;

namespace {

core::WallTime at(int second)
{
    return core::WallTime(std::chrono::seconds(1'767'225'600 + second));
}

core::Series series(const std::string& subject, std::vector<core::Sample> samples,
                    const std::string& part = {}, const std::string& source = "Kafka")
{
    return {{subject, Measure::Lag, part}, source, source == "simulated", std::move(samples)};
}

} // namespace

class TestSampleHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void outlivesARestart()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("samples.db").toStdString();
        {
            const auto history = SampleHistory::open(path);
            QVERIFY(history);
            QVERIFY((*history)->add({series("a", {{at(0), 1}, {at(60), 2.5, true}}, "group"),
                                     series("a", {{at(0), 7}}, "", "simulated"),
                                     series("b", {{at(0), 9}})}));
        }
        const auto history = SampleHistory::open(path);
        QVERIFY(history);
        const auto found = (*history)->of("a", {}, at(-10), at(100));
        QCOMPARE(found.size(), std::size_t(2));
        QCOMPARE(found[0].source, std::string("simulated"));
        QVERIFY(found[0].simulated && !found[1].simulated);
        QCOMPARE(found[1].key, (core::SeriesKey {"a", Measure::Lag, "group"}));
        QCOMPARE(found[1].samples, (std::vector<core::Sample> {{at(0), 1}, {at(60), 2.5, true}}));
        QCOMPARE((*history)->of("a", {}, at(30), at(100)).size(), std::size_t(1));
        QVERIFY((*history)->of("a", {Measure::Depth}, at(0), at(100)).empty());
        QVERIFY((*history)->of("none", {}, at(0), at(100)).empty());
    }

    void theSameTimeAgainReplaces()
    {
        const auto history = SampleHistory::open(":memory:");
        QVERIFY((*history)->add({series("a", {{at(0), 1}})}));
        QVERIFY((*history)->add({series("a", {{at(0), 2}, {at(5), std::nan("")}})}));
        const auto found = (*history)->of("a", {}, at(0), at(10));
        QCOMPARE(found.front().samples, (std::vector<core::Sample> {{at(0), 2}}));
    }

    void namesOfEveryKind()
    {
        const auto history = SampleHistory::open(":memory:");
        const std::string odd = "rabbitmq://x/%2F/queue/it's a \"queue\"; DROP TABLE sample; ü";
        QVERIFY((*history)->add({series(odd, {{at(0), 1}}, "g'--")}));
        QCOMPARE((*history)->of(odd, {}, at(0), at(1)).front().key.part, std::string("g'--"));
    }

    void aDayIsKept()
    {
        const auto history = SampleHistory::open(":memory:");
        QVERIFY((*history)->add(
            {series("a", {{at(0), 1}, {at(50'000), 2}}), series("old", {{at(0), 1}})}));
        QVERIFY((*history)->prune(at(90'000)));
        QCOMPARE((*history)->of("a", {}, at(0), at(90'000)).front().samples.size(), std::size_t(1));
        QVERIFY((*history)->of("old", {}, at(0), at(90'000)).empty());
    }

    void whatIsDamagedIsBegunAnew()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("samples.db"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        const auto history = SampleHistory::open(file.fileName().toStdString());
        QVERIFY2(history, history ? "" : history.error().message.c_str());
        QVERIFY((*history)->add({series("a", {{at(0), 1}})}));
    }

    void aFolderThatIsNotThereIsAnError()
    {
        QVERIFY(!SampleHistory::open("/nowhere/at/all/samples.db"));
    }
};

WW_TEST_CLASS(TestSampleHistory)
#include "tst_samplehistory.moc"

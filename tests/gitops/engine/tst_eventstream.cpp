// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/eventstream.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <vector>

class TestEventStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAndTimes();
    void endedSubscription();
    void sinkThatEndsItself();
};

void TestEventStream::numbersAndTimes()
{
    tests::ManualClock clock;
    gitops::EventStream stream(clock);
    std::vector<core::Event> seen;
    const auto subscription =
        stream.subscribe([&](const core::Event& event) { seen.push_back(event); });
    stream.send(core::event::ConditionCleared {"shop", "Paused"});
    clock.advance(std::chrono::seconds(3));
    stream.send(core::event::ConditionCleared {"shop", "ReadOnly"});
    QCOMPARE(seen.size(), std::size_t(2));
    QCOMPARE(seen[1].number, seen[0].number + 1);
    QVERIFY(seen[1].at - seen[0].at == std::chrono::seconds(3));
    QCOMPARE(std::get<core::event::ConditionCleared>(seen[1].what).type, std::string("ReadOnly"));
}

void TestEventStream::endedSubscription()
{
    tests::ManualClock clock;
    gitops::EventStream stream(clock);
    int first = 0;
    int second = 0;
    auto one = stream.subscribe([&](const core::Event&) { ++first; });
    const auto two = stream.subscribe([&](const core::Event&) { ++second; });
    stream.send(core::event::ConditionCleared {});
    one.reset();
    stream.send(core::event::ConditionCleared {});
    QCOMPARE(first, 1);
    QCOMPARE(second, 2);
}

void TestEventStream::sinkThatEndsItself()
{
    tests::ManualClock clock;
    gitops::EventStream stream(clock);
    int calls = 0;
    std::unique_ptr<gitops::Subscription> subscription;
    subscription = stream.subscribe([&](const core::Event&) {
        ++calls;
        subscription.reset();
    });
    stream.send(core::event::ConditionCleared {});
    stream.send(core::event::ConditionCleared {});
    QCOMPARE(calls, 1);
}

WW_TEST_CLASS(TestEventStream)
#include "tst_eventstream.moc"

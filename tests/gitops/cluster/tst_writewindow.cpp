// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/writewindow.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::WriteWindow;
using namespace std::chrono_literals;

class TestWriteWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void growsToItsLimit();
    void halvesOnceARound();
    void neverBelowOne();
    void becomingSlowShrinks();
    void slowFromTheStartIsNormal();
};

void TestWriteWindow::growsToItsLimit()
{
    WriteWindow window;
    const int first = window.limit();
    WriteWindow::Time now {1h};
    for (int i = 0; i < 10'000; ++i)
        window.succeeded(now += 5ms, 5ms);
    QVERIFY(window.limit() > first);
    QCOMPARE(window.limit(), 64);
}

void TestWriteWindow::halvesOnceARound()
{
    WriteWindow window;
    const int first = window.limit();
    const WriteWindow::Time now {1h};
    for (int i = 0; i < first; ++i)
        window.overloaded(now);
    QCOMPARE(window.limit(), first / 2);
    window.overloaded(now + 1s);
    QCOMPARE(window.limit(), first / 4);
}

void TestWriteWindow::neverBelowOne()
{
    WriteWindow window;
    for (int i = 0; i < 100; ++i)
        window.overloaded(WriteWindow::Time {std::chrono::hours(i + 1)});
    QCOMPARE(window.limit(), 1);
}

void TestWriteWindow::becomingSlowShrinks()
{
    WriteWindow window;
    WriteWindow::Time now {1h};
    for (int i = 0; i < 100; ++i)
        window.succeeded(now += 10ms, 10ms);
    const int before = window.limit();
    for (int i = 0; i < 5; ++i)
        window.succeeded(now += 5s, 5s);
    QVERIFY(window.limit() < before);
}

void TestWriteWindow::slowFromTheStartIsNormal()
{
    WriteWindow window;
    const int before = window.limit();
    WriteWindow::Time now {1h};
    for (int i = 0; i < 200; ++i)
        window.succeeded(now += 2s, 2s);
    QVERIFY(window.limit() > before);
}

WW_TEST_CLASS(TestWriteWindow)
#include "tst_writewindow.moc"

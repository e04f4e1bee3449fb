// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/practiceport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::PracticePort;

class TestPracticePort : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void waitsForTheWholeHead();
    void endsALongHead();
};

void TestPracticePort::answers_data()
{
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("begins");
    QTest::addColumn<bool>("isOver");
    QTest::newRow("nothing") << "" << "" << false;
    QTest::newRow("http") << "GET / HTTP/1.1\r\n\r\n" << "HTTP/1.1 503 " << true;
    QTest::newRow("half a method") << "GE" << "" << false;
    QTest::newRow("other") << "hello" << "practice cluster: nothing runs behind this port" << false;
    QTest::newRow("binary") << QString(QChar(1)) << "practice cluster:" << false;
}

void TestPracticePort::answers()
{
    QFETCH(QString, sent);
    QFETCH(QString, begins);
    QFETCH(bool, isOver);
    PracticePort port("web-0", 80);
    const std::string answer = port.take(sent.toStdString());
    QVERIFY2(QString::fromStdString(answer).startsWith(begins), answer.c_str());
    QCOMPARE(answer.empty(), begins.isEmpty());
    QCOMPARE(port.isOver(), isOver);
    if (!answer.empty())
        QVERIFY(answer.find("pod web-0, port 80") != std::string::npos);
}

void TestPracticePort::waitsForTheWholeHead()
{
    PracticePort port("web-0", 80);
    std::string answer;
    for (const char byte : std::string_view("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")) {
        QCOMPARE(answer, "");
        answer = port.take(std::string(1, byte));
    }
    QVERIFY(answer.starts_with("HTTP/1.1 503"));
    QVERIFY(answer.ends_with("\r\n\r\n")); // a HEAD has no body
    QCOMPARE(port.take("more"), "");
}

void TestPracticePort::endsALongHead()
{
    PracticePort port("web-0", 80);
    QCOMPARE(port.take("GET / "), "");
    QVERIFY(port.take(std::string(20'000, 'x')).starts_with("HTTP/1.1 503"));
    QVERIFY(port.isOver());
}

WW_TEST_CLASS(TestPracticePort)
#include "tst_practiceport.moc"

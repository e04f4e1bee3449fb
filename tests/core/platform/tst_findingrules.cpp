// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace core;

class TestFindingRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// It is searched by halves, so that a code out of its place would not be found.
    void eachIsFoundByItsCode()
    {
        QVERIFY(findingRules().size() > 30);
        for (const FindingRule& rule : findingRules())
            QCOMPARE(findingRule(rule.code), &rule);
        QVERIFY(!findingRule("nonsense"));
        QVERIFY(!findingRule(""));
    }
    void eachSaysWhatToDo()
    {
        for (const FindingRule& rule : findingRules()) {
            QVERIFY2(!rule.title.empty() && !rule.title.ends_with('.'), rule.code.data());
            QVERIFY2(rule.help.ends_with('.'), rule.code.data());
        }
    }
};

WW_TEST_CLASS(TestFindingRules)
#include "tst_findingrules.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/event.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestEventText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void driftNamesFieldManagerAndTime()
    {
        ResourceDiff diff;
        diff.verdict = ResourceDiff::Verdict::Different;
        diff.key = {"apps", "Deployment", "kafka", "web"};
        diff.changes.push_back(
            {FieldChange::Type::Different,
             "/spec/replicas",
             "spec.replicas",
             "3",
             "5",
             FieldAuthor {"kubectl", "Update", "scale", parseRfc3339("2026-08-22T12:03:04Z")},
             {}});
        const Event event {1, {}, event::DriftFound {"shop", diff}};
        QCOMPARE(describe(event),
                 std::string("shop: Deployment kafka/web drifted: spec.replicas is 5, Git says 3 "
                             "(kubectl/scale at 12:03:04)"));
        QCOMPARE(applicationOf(event), std::string_view("shop"));
    }
    void deletionsHaveNoAuthor()
    {
        ResourceDiff diff;
        diff.verdict = ResourceDiff::Verdict::MissingLive;
        diff.key = {"", "Service", "shop", "web"};
        QVERIFY(describe({1, {}, event::DriftFound {"shop", diff}}).find("not recorded")
                != std::string::npos);
    }
    void controlCharactersBecomeVisible()
    {
        Condition condition {"SyncError", "bad \x1b[2J", {}, {}};
        const std::string text = describe({1, {}, event::ConditionRaised {"shop", condition}});
        QVERIFY(text.find('\x1b') == std::string::npos);
        QVERIFY(text.find("\\x1b") != std::string::npos);
    }
};

WW_TEST_CLASS(TestEventText)
#include "tst_eventtext.moc"

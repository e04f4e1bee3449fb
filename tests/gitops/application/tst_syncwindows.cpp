// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/syncwindows.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

/// Windows as a project has them, without its reader's checks.
std::vector<Project::SyncWindow> windowsOf(const QByteArray& yaml)
{
    std::vector<Project::SyncWindow> windows;
    const core::Json list = core::parseYaml(yaml.toStdString(), "w.yaml").value();
    for (const core::Json& each : list.as_array()) {
        const auto texts = [&](std::string_view name) {
            std::vector<std::string> out;
            if (const core::Json* values = core::find(each, name))
                for (const core::Json& value : values->as_array())
                    out.emplace_back(std::string_view(value.as_string()));
            return out;
        };
        const std::string_view kind = core::stringAt(each, {"kind"});
        windows.push_back({.allow = kind != "deny",
                           .schedule = std::string(core::stringAt(each, {"schedule"})),
                           .duration = std::string(core::stringAt(each, {"duration"})),
                           .applications = texts("applications"),
                           .namespaces = texts("namespaces"),
                           .clusters = texts("clusters"),
                           .manualSync = core::boolAt(each, {"manualSync"}),
                           .timeZone = std::string(core::stringAt(each, {"timeZone"})),
                           .andOperator = core::boolAt(each, {"andOperator"}),
                           .syncOverrun = core::boolAt(each, {"syncOverrun"})});
    }
    return windows;
}

core::Application webApplication()
{
    core::Application application;
    application.name = "web-shop";
    application.destinationNamespace = "shop";
    application.destinationServer = "https://kubernetes.default.svc";
    return application;
}

/// "automated manual running": what is allowed.
QByteArray allowed(const WindowVerdict& verdict)
{
    QByteArrayList words;
    if (verdict.allowsAutomated)
        words += "automated";
    if (verdict.allowsManual)
        words += "manual";
    if (verdict.allowsRunning)
        words += "running";
    return words.join(' ');
}

} // namespace

class TestSyncWindows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QByteArray>("windows");
        QTest::addColumn<QByteArray>("now");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QByteArray>("until");
        const auto row = [](const char* name, const char* windows, const char* now,
                            const char* expected, const char* until = "") {
            QTest::newRow(name) << QByteArray(windows) << QByteArray(now) << QByteArray(expected)
                                << QByteArray(until);
        };
        const char* all = "automated manual running";
        row("none", "[]", "2026-08-22T10:00:00Z", all);
        const char* deny =
            "[{kind: deny, schedule: '0 22 * * *', duration: 1h, applications: ['*']}]";
        row("deny, before", deny, "2026-08-22T21:59:59Z", all, "2026-08-22T22:00:00Z");
        row("deny, as it begins", deny, "2026-08-22T22:00:00Z", "", "2026-08-22T23:00:00Z");
        row("deny, at its end", deny, "2026-08-22T22:59:59Z", "", "2026-08-22T23:00:00Z");
        row("deny, after", deny, "2026-08-22T23:00:00Z", all, "2026-08-23T22:00:00Z");
        const char* allow =
            "[{kind: allow, schedule: '0 22 * * *', duration: 1h, applications: ['*']}]";
        row("allow, closed", allow, "2026-08-22T21:00:00Z", "", "2026-08-22T22:00:00Z");
        row("allow, open", allow, "2026-08-22T22:30:00Z", all, "2026-08-22T23:00:00Z");
        row("allow, closed, by hand",
            "[{kind: allow, schedule: '0 22 * * *', duration: 1h, applications: ['*'], "
            "manualSync: true}]",
            "2026-08-22T21:00:00Z", "manual", "2026-08-22T22:00:00Z");
        row("allow, closed, running may end",
            "[{kind: allow, schedule: '0 22 * * *', duration: 1h, applications: ['*'], "
            "syncOverrun: true}]",
            "2026-08-22T23:30:00Z", "running", "2026-08-23T22:00:00Z");
        row("two allows, one open",
            "[{schedule: '0 22 * * *', duration: 1h, applications: ['*']}, "
            "{schedule: '0 10 * * *', duration: 1h, applications: ['*']}]",
            "2026-08-22T10:30:00Z", all, "2026-08-22T11:00:00Z");
        row("two allows closed: by hand only if both say so",
            "[{schedule: '0 22 * * *', duration: 1h, applications: ['*'], manualSync: true}, "
            "{schedule: '0 10 * * *', duration: 1h, applications: ['*']}]",
            "2026-08-22T12:00:00Z", "", "2026-08-22T22:00:00Z");
        row("deny goes before allow",
            "[{schedule: '0 10 * * *', duration: 5h, applications: ['*']}, "
            "{kind: deny, schedule: '0 12 * * *', duration: 1h, applications: ['*'], "
            "manualSync: true}]",
            "2026-08-22T12:30:00Z", "manual", "2026-08-22T13:00:00Z");
        row("a deny that is not active leaves the allow",
            "[{schedule: '0 10 * * *', duration: 5h, applications: ['*']}, "
            "{kind: deny, schedule: '0 20 * * *', duration: 1h, applications: ['*']}]",
            "2026-08-22T12:30:00Z", all, "2026-08-22T15:00:00Z");
        row("another application",
            "[{kind: deny, schedule: '* * * * *', duration: 1h, applications: ['api-*']}]",
            "2026-08-22T12:30:00Z", all);
        row("its namespace",
            "[{kind: deny, schedule: '* * * * *', duration: 1h, namespaces: ['sh*']}]",
            "2026-08-22T12:30:00Z", "", "2026-08-22T12:31:00Z");
        row("its cluster by name",
            "[{kind: deny, schedule: '0 12 * * *', duration: 1h, clusters: [in-cluster]}]",
            "2026-08-22T12:30:00Z", "", "2026-08-22T13:00:00Z");
        row("its cluster by URL",
            "[{kind: deny, schedule: '0 12 * * *', duration: 1h, clusters: "
            "['https://kubernetes.*']}]",
            "2026-08-22T12:30:00Z", "", "2026-08-22T13:00:00Z");
        row("any of the lists",
            "[{kind: deny, schedule: '0 12 * * *', duration: 1h, applications: [x], "
            "namespaces: [shop]}]",
            "2026-08-22T12:30:00Z", "", "2026-08-22T13:00:00Z");
        row("all of the lists",
            "[{kind: deny, schedule: '0 12 * * *', duration: 1h, applications: [x], "
            "namespaces: [shop], andOperator: true}]",
            "2026-08-22T12:30:00Z", all);
        row("all of the lists that are there",
            "[{kind: deny, schedule: '0 12 * * *', duration: 1h, applications: ['web-*'], "
            "namespaces: [shop], andOperator: true}]",
            "2026-08-22T12:30:00Z", "", "2026-08-22T13:00:00Z");
        row("no list: for nobody", "[{kind: deny, schedule: '* * * * *', duration: 1h}]",
            "2026-08-22T12:30:00Z", all);
        const char* berlin =
            "[{kind: deny, schedule: '0 22 * * *', duration: 1h, applications: ['*'], "
            "timeZone: Europe/Berlin}]";
        row("summer in Berlin", berlin, "2026-08-22T20:30:00Z", "", "2026-08-22T21:00:00Z");
        row("summer in Berlin, over", berlin, "2026-08-22T21:00:00Z", all, "2026-08-23T20:00:00Z");
        row("winter in Berlin", berlin, "2026-12-22T21:30:00Z", "", "2026-12-22T22:00:00Z");
        row("over midnight",
            "[{kind: deny, schedule: '0 22 * * *', duration: 4h, applications: ['*']}]",
            "2026-08-23T01:00:00Z", "", "2026-08-23T02:00:00Z");
        row("longer than its period",
            "[{kind: deny, schedule: '0 * * * *', duration: 90m, applications: ['*']}]",
            "2026-08-22T12:10:00Z", "", "2026-08-22T12:30:00Z");
        row("a schedule that cannot be read blocks",
            "[{kind: deny, schedule: 'never', duration: 1h, applications: ['*'], "
            "manualSync: true}]",
            "2026-08-22T12:10:00Z", "");
        row("so does a duration", "[{schedule: '* * * * *', duration: x, applications: ['*']}]",
            "2026-08-22T12:10:00Z", "");
        row("and a zone",
            "[{schedule: '* * * * *', duration: 1h, applications: ['*'], timeZone: Nowhere/Land}]",
            "2026-08-22T12:10:00Z", "");
        row("but not for others",
            "[{kind: deny, schedule: 'never', duration: 1h, applications: [x]}]",
            "2026-08-22T12:10:00Z", all);
    }
    void verdicts()
    {
        QFETCH(QByteArray, windows);
        QFETCH(QByteArray, now);
        QFETCH(QByteArray, expected);
        QFETCH(QByteArray, until);
        if (!isTimeZone("Europe/Berlin"))
            QSKIP("this machine has no table of time zones");
        const auto list = windowsOf(windows);
        const WindowVerdict verdict =
            judgeWindows(list, webApplication(), core::parseRfc3339(now.toStdString()).value());
        QCOMPARE(allowed(verdict), expected);
        QCOMPARE(verdict.reason.empty(), verdict.allowsAutomated);
        QCOMPARE(verdict.until ? QByteArray::fromStdString(core::formatRfc3339(*verdict.until))
                               : QByteArray(),
                 until);
    }

    void reasons()
    {
        const auto windows =
            windowsOf("[{kind: deny, schedule: '0 22 * * *', duration: 1h, applications: ['*']}]");
        QCOMPARE(judgeWindows(windows, webApplication(),
                              core::parseRfc3339("2026-08-22T22:30:00Z").value())
                     .reason,
                 std::string("A sync window is active: deny \"0 22 * * *\" for 1h. Until "
                             "2026-08-22T23:00:00Z at least."));
    }
};

WW_TEST_CLASS(TestSyncWindows)
#include "tst_syncwindows.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/remotecontent.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using Kind = RemoteAddress::Kind;

class TestRemoteContent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shown()
    {
        const auto shown = [](Kind kind, const char* url, const char* reference = "") {
            return RemoteAddress {kind, url, reference}.shown();
        };
        QCOMPARE(shown(Kind::Repository, "https://host/o/r", "v1"),
                 std::string("https://host/o/r?ref=v1"));
        QCOMPARE(shown(Kind::Repository, "git@host:o/r"), std::string("git@host:o/r"));
        QCOMPARE(shown(Kind::Repository, "https://me:word@host/o/r"),
                 std::string("https://host/o/r"));
        QCOMPARE(shown(Kind::File, "https://me:word@host/a.yaml?token=word"),
                 std::string("https://host/a.yaml"));
        QCOMPARE(shown(Kind::File, "https://host/a\x1b.yaml"),
                 std::string("https://host/a\\x1b.yaml"));
    }

    void identity()
    {
        const RemoteAddress one {Kind::Repository, "https://host/o/r", "v1"};
        RemoteAddress other = one;
        other.timeout = std::chrono::seconds(5); // says how to ask, not for what
        QVERIFY(one == other && !(one < other) && !(other < one));
        for (const auto& different : {RemoteAddress {Kind::File, one.url, one.reference},
                                      RemoteAddress {one.kind, "https://host/o/s", one.reference},
                                      RemoteAddress {one.kind, one.url, "v2"}}) {
            QVERIFY(!(one == different));
            QVERIFY((one < different) != (different < one));
        }
    }
};

WW_TEST_CLASS(TestRemoteContent)
#include "tst_remotecontent.moc"

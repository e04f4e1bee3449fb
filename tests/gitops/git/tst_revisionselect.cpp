// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/revisionselect.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestRevisionSelect : public QObject
{
    Q_OBJECT

    const std::vector<GitReference> m_references {
        {"HEAD", "", "refs/heads/main"},
        {"refs/heads/main", std::string(40, 'a'), ""},
        {"refs/heads/both", std::string(40, 'b'), ""},
        {"refs/heads/feature/x", std::string(40, 'c'), ""},
        {"refs/heads/deadbeef", std::string(40, '9'), ""},
        {"refs/tags/both", std::string(40, 'd'), ""},
        {"refs/tags/v1.2.3", std::string(40, '1'), ""},
        {"refs/tags/v1.2.10", std::string(40, '2'), ""},
        {"refs/tags/v1.3.0", std::string(40, '3'), ""},
        {"refs/tags/v2.0.0-rc.1", std::string(40, '4'), ""},
        {"refs/tags/1.2", std::string(40, '5'), ""},
    };

private Q_SLOTS:
    void selects_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<char>("digit");
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char* title, const char* revision, char digit, const char* name) {
            QTest::newRow(title) << QByteArray(revision) << digit << QByteArray(name);
        };
        row("head", "HEAD", 'a', "HEAD");
        row("empty is head", "", 'a', "HEAD");
        row("branch", "main", 'a', "main");
        row("branch with a slash", "feature/x", 'c', "feature/x");
        row("a branch before a tag", "both", 'b', "both");
        row("the tag by its full name", "refs/tags/both", 'd', "refs/tags/both");
        row("tag", "v1.2.3", '1', "v1.2.3");
        row("range", "1.2.*", '2', "v1.2.10");
        row("all", "*", '3', "v1.3.0");
        row("with pre-releases", ">=1-0", '4', "v2.0.0-rc.1");
        row("plain version is a name", "1.2", '5', "1.2");
        row("a branch that looks like a commit", "deadbeef", '9', "deadbeef");
    }
    void selects()
    {
        QFETCH(QByteArray, revision);
        QFETCH(char, digit);
        QFETCH(QByteArray, name);
        const auto selected = selectRevision(revision.toStdString(), m_references);
        QVERIFY(selected.has_value());
        QCOMPARE(selected->id, std::string(40, digit));
        QCOMPARE(selected->name, name.toStdString());
    }

    void selectsReferences_data()
    {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<char>("digit"); // ' ': there is none
        const auto row = [](const char* reference, char digit) {
            QTest::newRow(reference) << QByteArray(reference) << digit;
        };
        row("", 'a');
        row("HEAD", 'a');
        row("main", 'a');
        row("feature/x", 'c');
        row("both", 'd'); // a tag before a branch
        row("heads/both", 'b');
        row("refs/heads/both", 'b');
        row("v1.2.3", '1');
        row("1.2", '5');
        row("1.2.*", ' '); // no ranges
        row("*", ' ');
        row("nothing", ' ');
        row("--upload-pack=x", ' ');
    }
    void selectsReferences()
    {
        QFETCH(QByteArray, reference);
        QFETCH(char, digit);
        const auto selected = selectReference(reference.toStdString(), m_references);
        QCOMPARE(selected ? selected->id : std::string(40, ' '), std::string(40, digit));
        QCOMPARE(selectReference("0123456", m_references)->commit, std::string("0123456"));
        QCOMPARE(selectReference(std::string(40, 'A'), {})->commit, std::string(40, 'a'));
    }

    void commits()
    {
        const std::string full = "0123456789ABCDEF0123456789abcdef01234567";
        QCOMPARE(selectRevision(full, m_references)->commit,
                 std::string("0123456789abcdef0123456789abcdef01234567"));
        QCOMPARE(selectRevision("0123456", {})->commit, std::string("0123456"));
        QCOMPARE(selectRevision("012345", {}).error().code, core::ErrorCode::NotFound);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("revision");
        QTest::addColumn<bool>("invalid");
        QTest::newRow("unknown") << QByteArray("nothing") << false;
        QTest::newRow("empty range") << QByteArray("9.x") << false;
        QTest::newRow("option") << QByteArray("--upload-pack=x") << true;
        QTest::newRow("up") << QByteArray("refs/../config") << true;
        QTest::newRow("escape") << QByteArray("a\x1b[2J") << true;
        QTest::newRow("line end") << QByteArray("a\nb") << true;
        QTest::newRow("colon") << QByteArray("main:secret") << true;
        QTest::newRow("reflog") << QByteArray("main@{1}") << true;
        QTest::newRow("long") << QByteArray(300, 'a') << true;
        QTest::newRow("no utf-8") << QByteArray("\xff\xfe") << true;
    }
    void refuses()
    {
        QFETCH(QByteArray, revision);
        QFETCH(bool, invalid);
        const auto selected = selectRevision(revision.toStdString(), m_references);
        QVERIFY(!selected.has_value());
        QCOMPARE(selected.error().code,
                 invalid ? core::ErrorCode::Invalid : core::ErrorCode::NotFound);
    }

    void emptyRepository()
    {
        QCOMPARE(selectRevision("HEAD", {}).error().code, core::ErrorCode::NotFound);
        QCOMPARE(selectRevision("HEAD", {{"HEAD", "", "refs/heads/main"}}).error().code,
                 core::ErrorCode::NotFound);
    }
};

WW_TEST_CLASS(TestRevisionSelect)
#include "tst_revisionselect.moc"

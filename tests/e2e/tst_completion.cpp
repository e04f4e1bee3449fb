// SPDX-License-Identifier: GPL-3.0-or-later
// The completion scripts, in the shells that they are for.
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QStandardPaths>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

class TestCompletion : public QObject
{
    Q_OBJECT
private:
    /// What the shell proposes for a line, after the script that wavewright prints was sourced.
    static QStringList proposals(const QString& shell, const QString& line, bool isStubbed = false)
    {
        Workspace here;
        here.write("manifests/a.yaml", "a: b\n");
        here.write("script", here.wavewright({"completion", shell}).output);
        QString path = qEnvironmentVariable("PATH");
        if (isStubbed) {
            here.write(
                "bin/wavewright",
                "#!/bin/sh\n[ \"$*\" = 'status -o name' ] && printf 'kafka\\nrabbitmq\\n'\n");
            QFile::setPermissions(here.repository() + "/bin/wavewright",
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            path.prepend(here.repository() + "/bin:");
        }
        const Finished finished =
            here.program(shell,
                         {shell == "zsh"        ? "-f"
                              : shell == "fish" ? "--no-config"
                                                : "--norc",
                          QStringLiteral(TEST_DATA_DIR "/completion/ask.") + shell},
                         {"SCRIPT=" + here.repository() + "/script", "LINE=" + line,
                          "HOME=" + here.path(), "TERM=dumb", "PATH=" + path});
        if (!finished.errors.isEmpty())
            qWarning("%s: %s", qPrintable(shell), qPrintable(finished.errors));
        return finished.output.split('\n', Qt::SkipEmptyParts);
    }
    static bool isInstalled(const QString& shell)
    {
        return !QStandardPaths::findExecutable(shell).isEmpty();
    }

private Q_SLOTS:
    void completes_data()
    {
        QTest::addColumn<QString>("shell");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("has");
        QTest::addColumn<QStringList>("hasNot");
        for (const QString shell : {"bash", "zsh", "fish"}) {
            const auto row = [&](const char* name, const char* line, const QStringList& has,
                                 const QStringList& hasNot) {
                QTest::addRow("%s, %s", qPrintable(shell), name)
                    << shell << QString(line) << has << hasNot;
            };
            row("a verb", "wavewright st", {"status"}, {"sync", "diff"});
            row("an option", "wavewright diff --ti", {"--timeout"}, {"--until-healthy"});
            row("a format", "wavewright status -o ", {"text", "json", "yaml"}, {"manifests/"});
            row("a format after the long option", "wavewright sync --output j", {"json"}, {});
            row("a shell", "wavewright completion ", {"bash", "zsh", "fish"}, {});
        }
    }
    void completes()
    {
        QFETCH(QString, shell);
        QFETCH(QString, line);
        QFETCH(QStringList, has);
        QFETCH(QStringList, hasNot);
        if (!isInstalled(shell))
            QSKIP(qPrintable(shell + " is not installed: its completion is not tried"));
        const QStringList found = proposals(shell, line);
        for (const QString& each : has)
            QVERIFY2(found.contains(each), qPrintable(each + " in " + found.join(' ')));
        for (const QString& each : hasNot)
            QVERIFY2(!found.contains(each), qPrintable(each));
    }
    void applications_data() { files_data(); }
    /// Names come from the Wavewright that runs; here a program in its place.
    void applications()
    {
        QFETCH(QString, shell);
        if (!isInstalled(shell))
            QSKIP(qPrintable(shell + " is not installed: its completion is not tried"));
        const QStringList found = proposals(shell, "wavewright pause ka", true);
        QVERIFY2(found.contains("kafka") && !found.contains("rabbitmq"),
                 qPrintable(found.join(' ')));
    }
    void files_data()
    {
        QTest::addColumn<QString>("shell");
        for (const char* shell : {"bash", "zsh", "fish"})
            QTest::newRow(shell) << QString(shell);
    }
    void files()
    {
        QFETCH(QString, shell);
        if (!isInstalled(shell))
            QSKIP(qPrintable(shell + " is not installed: its completion is not tried"));
        const QStringList found = proposals(shell, "wavewright render mani");
        QVERIFY2(found.contains("manifests") || found.contains("manifests/"),
                 qPrintable(found.join(' ')));
    }
};

WW_TEST_CLASS(TestCompletion)
#include "tst_completion.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/settings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using widgets::Settings;
using widgets::ThemeChoice;

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembers()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("desktop.ini");
        {
            Settings settings(file);
            QVERIFY(settings.theme() == ThemeChoice::System);
            settings.setTheme(ThemeChoice::Dark);
            settings.setBlob("geometry", QByteArray("\0\1x", 3));
        }
        Settings settings(file);
        QVERIFY(settings.theme() == ThemeChoice::Dark);
        QCOMPARE(settings.blob("geometry"), QByteArray("\0\1x", 3));
    }

    void anotherVersionIsLeftAside()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("desktop.ini");
        {
            QSettings other(file, QSettings::IniFormat);
            other.setValue("version", Settings::kVersion + 1);
            other.setValue("theme", "dark");
        }
        Settings settings(file);
        QVERIFY(settings.theme() == ThemeChoice::System);
    }

    void deterministicRemembersNothing()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("desktop.ini");
        Settings settings(file, true);
        settings.setTheme(ThemeChoice::Dark);
        QVERIFY(settings.theme() == ThemeChoice::System);
        QVERIFY(!QFile::exists(file));
    }
};

WW_TEST_CLASS(TestSettings)
#include "tst_settings.moc"
